"""After sending, in both messengers: the list and the card, photos, reminding the city, taking back."""

from datetime import timedelta

from bot.simulator import Phone
from core import clock
from core.models import Appeal, Attachment, Event, Notice, Supporter
from core.models.appeals import AttachmentState
from core.workflow import Status, Verb
from tests.flows.conftest import CARD, LEAK, Town, files, until


async def test_my_appeals_page_and_card(phone: Phone) -> None:
    for number in range(8):
        await files(phone, f"прорвало трубу на вул. Соборності {number + 1}")
    await phone.text("мої заявки")
    page = await phone.wait("Ваші заявки")
    assert page.text.count("№") == 6
    await phone.press("Давніші")
    older = await phone.wait("Ваші заявки")
    assert older.text.count("№") == 2
    first = await Appeal.all().order_by("id").first()
    assert first is not None
    await phone.text(f"де моя заявка {int(first.number[3:])}?")
    card = await phone.wait(f"Заявка № {first.number}")
    for part in ("Соборності, 1", "Кривбасводоканал", "сьогодні о", "подано", "передано"):
        assert part in card.text
    await phone.press("Додати щось")
    await phone.wait("Напишіть, що додати")
    await phone.text("ще й асфальт просів")
    await phone.wait("Передав")
    assert await Event.filter(appeal_id=first.id, verb=Verb.ADD, text="ще й асфальт просів").exists()


async def test_photos_come_back(phone: Phone, picture: bytes) -> None:
    await phone.photo(picture, picture, caption=LEAK)
    await phone.wait("2 фото")
    await phone.text("так")
    await phone.wait("у роботі")
    stored = Attachment.filter(state=AttachmentState.STORED)

    async def both_are_stored() -> bool:
        return await stored.count() == 2

    await until(both_are_stored)
    await phone.text("мої заявки")
    await phone.wait("Ваші заявки")
    await phone.press(f"№ {(await Appeal.get()).number}")
    await phone.wait("Заявка №")
    assert pictures(phone) == 0
    await phone.press("Фото")
    await phone.wait("Фото до заявки")
    await phone.settle(1)
    assert pictures(phone) == 2


def pictures(phone: Phone) -> int:
    """How many the city sent."""
    return sum(bubble.side == "bot" and bubble.photo is not None for bubble in phone.messages)


async def test_a_city_that_is_late_is_reminded(town: Town, phone: Phone) -> None:
    appeal = await files(phone)
    await phone.text("що з моєю заявкою?")
    await phone.wait("Термін:")
    await Appeal.filter(id=appeal.id).update(due_at=clock.now() - timedelta(hours=1), remind_at=None)
    await phone.text("ну що там із заявкою?")
    await phone.wait("Термін минув")
    await phone.press("Нагадати місту")
    await phone.wait("Нагадав про заявку")
    assert await Notice.filter(appeal_id=appeal.id, kind="nudged").count() == 2
    await phone.text(appeal.number)
    card = await phone.wait("Термін минув")
    assert "нагадали про термін" in card.text
    await phone.press("Нагадати місту")
    await phone.wait("вже нагадали")
    await town.sign_in("operator")
    async with town.http.get(f"{town.base}/admin/appeals/{appeal.id}") as page:
        assert "Мешканець нагадує" in await page.text()


async def test_taken_back(town: Town, phone: Phone) -> None:
    appeal = await files(phone)
    await phone.text(appeal.number)
    await phone.wait("Заявка №")
    await phone.press("Відкликати")
    await phone.wait("Відкликати заявку")
    await phone.press("Ні, залишити")
    await phone.settle()
    assert (await Appeal.get()).open
    await phone.text(appeal.number)
    await phone.wait("Заявка №")
    await phone.press("Відкликати")
    await phone.wait("Відкликати заявку")
    await phone.text("так")
    await phone.wait("Відкликав заявку")
    assert (await Appeal.get()).status is Status.WITHDRAWN
    assert await Notice.filter(appeal_id=appeal.id, kind="withdrawn").count() == 2
    await town.sign_in("operator")
    assert await town.act(appeal.id, "resolve", expected=appeal.version, text="Зроблено") == 409


async def test_a_neighbour_joins_and_leaves(town: Town, phone: Phone) -> None:
    appeal = await files(town.sim.telegram.resident("Перша"))
    await phone.text(LEAK)
    await phone.wait("Це те саме?")
    await phone.press("Приєднатися")
    await phone.wait("ви приєдналися")
    assert await Supporter.all().count() == 1
    await phone.text(appeal.number)
    await phone.wait(f"Заявка № {appeal.number}")
    await phone.press("Більше не стежити")
    await phone.wait("більше не писатиму")
    assert (await Appeal.get()).supporters == await Supporter.all().count() == 0
    await phone.text("мої заявки")
    await phone.wait("ще немає заявок")
    assert CARD not in phone.last.text
