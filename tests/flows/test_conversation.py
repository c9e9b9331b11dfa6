"""The dialogue as residents live it: any order, corrections, asides, restarts; equal in both messengers."""

from pathlib import Path

import pytest

from bot import channels
from bot.simulator import Phone, Simulator
from core import courier, db
from core.models import Account, Appeal, Attachment, Outbox, OutboxState
from core.workflow import Status
from tests.flows.conftest import (
    CARD,
    LEAK,
    SIMULATED,
    Town,
    files,
    press_raw,
    running,
    settings_for,
    until,
)


async def test_place_photo_and_words_in_any_order(phone: Phone, picture: bytes) -> None:
    await phone.location(47.905, 33.39)
    await phone.wait("Що там сталося")
    await phone.photo(picture)
    await phone.wait("Що сталося")
    await phone.text("прорвало трубу, заливає дорогу")
    card = await phone.wait(CARD)
    assert "Металургійний район" in card.text
    assert "1 фото" in card.text
    await phone.text("так")
    await phone.wait("у роботі")
    appeal = await Appeal.get()
    assert (appeal.lat, appeal.lon) == (47.905, 33.39)
    assert appeal.district_id == "metalurhiinyi"
    assert appeal.photos == 1


async def test_an_album_gets_one_answer(phone: Phone, picture: bytes) -> None:
    await phone.photo(*[picture] * 4, caption=LEAK)
    card = await phone.wait("4 фото")
    assert CARD in card.text
    await phone.settle(1.2)
    cards = [bubble for bubble in phone.messages if bubble.side == "bot"]
    assert len(cards) == 1
    await phone.press("Надіслати")
    await phone.wait("у роботі")
    assert await Attachment.filter(appeal_id=(await Appeal.get()).id).count() == 4


async def test_only_what_is_missing_is_asked(phone: Phone) -> None:
    await phone.text("нема світла у під'їзді")
    await phone.wait("Де це?")
    await phone.text("95 квартал 14 під 3")
    card = await phone.wait(CARD)
    assert "95-й квартал, 14, під'їзд 3" in card.text


async def test_topic_and_place_can_be_changed(phone: Phone) -> None:
    await phone.text(LEAK)
    await phone.wait(CARD)
    await phone.press("Інша тема")
    await phone.wait("Оберіть тему")
    await phone.press("Інше…")
    await phone.wait("загалом")
    await phone.press("Вода та каналізація")
    await phone.wait("Оберіть тему")
    await phone.press("Засмічення каналізації, вилив стоків")
    await phone.wait("Засмічення каналізації")
    await phone.press("Інше місце")
    await phone.wait("правильну адресу")
    await phone.text("біля нового ринку, де зупинка")
    card = await phone.wait(CARD)
    assert "біля нового ринку" in card.text
    await phone.press("Надіслати")
    await phone.wait("у роботі")
    appeal = await Appeal.get()
    assert appeal.category_id == "sewer.blocked"
    assert appeal.address == "біля нового ринку, де зупинка"


async def test_not_sure_leaves_it_to_the_operator(phone: Phone) -> None:
    await phone.text("щось дивне коїться у нас, розберіться")
    await phone.wait("Про що це?")
    await phone.press("Не знаю, вирішіть ви")
    if "Де це?" in (await phone.wait()).text:
        await phone.text("вул. Соборності, 5")
        await phone.wait(CARD)
    await phone.text("так")
    await phone.wait("Оператор визначить")
    appeal = await Appeal.get()
    assert appeal.triage
    assert appeal.executor_id is None
    assert appeal.status is Status.REGISTERED


async def test_cancelled_leaves_nothing(phone: Phone, picture: bytes) -> None:
    await phone.photo(picture, caption=LEAK)
    await phone.wait(CARD)
    await phone.press("Скасувати")
    await phone.wait("Нічого не надіслано")
    await phone.text("так")
    await phone.wait("Слухаю")
    assert not await Appeal.exists()


async def test_english(phone: Phone) -> None:
    await phone.text("English")
    await phone.wait("From now on I write in English")
    await phone.text(LEAK)
    card = await phone.wait("Here is what I understood")
    assert "Burst or leaking water main" in card.text
    assert "12 hours" in card.text
    await phone.press("Send")
    await phone.wait("is in work")
    await phone.text("my appeals")
    await phone.wait("Your appeals:")


async def test_the_client_language_is_taken(town: Town) -> None:
    for messenger in (town.sim.telegram, town.sim.viber):
        phone = messenger.resident("John", language="en")
        await phone.start()
        await phone.wait("tell the city about a problem")


async def test_stale_and_foreign_buttons_are_answered(town: Town, phone: Phone) -> None:
    await phone.text(LEAK)
    card = await phone.wait(CARD)
    rows = card.buttons or (phone.keyboard.rows if phone.keyboard else ())
    send = next(button for row in rows for button in row if button.label == "Надіслати")
    await phone.press("Надіслати")
    await phone.wait("у роботі")
    await phone.text("яма на дорозі, вул. Соборності 3")
    await phone.wait(CARD)
    await press_raw(phone, send.data.replace("send", "cancel"))
    await phone.wait("вже не діє")
    assert await Appeal.all().count() == 1

    stranger = type(phone)
    other = (town.sim.telegram if phone in town.sim.telegram.phones else town.sim.viber).resident("Чужий")
    assert isinstance(other, stranger)
    appeal = await Appeal.get()
    for action in ("appeal", "answer", "yes", "no"):
        await press_raw(other, f"{action}:{appeal.id}")
        await other.wait("Такого звернення немає")
    assert (await Appeal.get()).version == appeal.version


async def test_an_edit_changes_the_draft(town: Town) -> None:
    phone = town.sim.telegram.resident("Марія")
    sent = await phone.text("яма на дорозі, вул. Соборності 3")
    await phone.wait("Ями та розбите")
    await phone.edit(sent.id, "прорвало трубу, вода фонтаном, вул. Соборності 3")
    await phone.wait("Прорив або витік")
    await phone.press("Надіслати")
    await phone.wait("у роботі")
    assert (await Appeal.get()).text == "прорвало трубу, вода фонтаном, вул. Соборності 3"
    await phone.edit(sent.id, "нічого")
    await phone.wait("вже не змінити")


async def test_a_restart_in_the_middle_is_not_noticed(
    database_url: str, folder: Path, free_port: int, picture: bytes
) -> None:
    async with Simulator(SIMULATED) as sim:
        base = f"http://127.0.0.1:{free_port}"
        settings = settings_for(sim, database_url, folder, server={"port": free_port, "public_url": base})
        phones = [sim.telegram.resident("Марія"), sim.viber.resident("Марія")]
        async with running(settings, sim):
            for phone in phones:
                await phone.photo(picture, caption="прорвало трубу на дорозі")
                await phone.wait("Де це?")
        places = ["вул. Соборності, 12", "просп. Поштовий, 40"]
        for phone, place in zip(phones, places, strict=True):
            await phone.text(place)  # while nobody is there
        async with running(settings, sim):
            for phone in phones:  # both, before either is filed and offered to the other
                await phone.wait(CARD, timeout=20)
            for phone in phones:
                await phone.text("так")
                await phone.wait("у роботі")
        async with db.connect(database_url):
            filed = await Appeal.filter(photos=1).order_by("address")
            assert [appeal.address for appeal in filed] == sorted(places)


@pytest.fixture
def nobody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the fall-back, which looks for work that nobody was woken for."""
    monkeypatch.setattr(courier, "POLL", 3600)
    monkeypatch.setattr(channels, "POLL", 3600)


async def test_every_message_leaves_by_being_told_of(nobody_looks: None, phone: Phone) -> None:
    del nobody_looks
    await phone.start()
    await phone.wait("напишіть, що сталося")
    await files(phone)


@pytest.mark.parametrize("messenger", ["telegram", "viber"])
async def test_blocked_and_back(town: Town, messenger: str) -> None:
    phone = getattr(town.sim, messenger).resident("Марія")
    await files(phone)
    await phone.block()
    await until(Account.filter(channel=messenger, reachable=False).exists)
    account = await Account.get(channel=messenger)
    appeal = await Appeal.get()
    await town.sign_in("operator")
    assert await town.act(appeal.id, "tell", expected=appeal.version, text="Бригада виїхала") == 303
    await until(Outbox.filter(kind="message", state=OutboxState.FAILED).exists)
    await phone.unblock()
    await phone.text("мої заявки")
    await phone.wait("Ваші заявки")
    await account.refresh_from_db()
    assert account.reachable


async def test_a_yes_before_any_card_is_a_manner_of_speech(phone: Phone) -> None:
    await phone.location(47.905, 33.39)
    await phone.wait("Що там сталося")
    await phone.text("так не працює ліфт у під'їзді")
    await phone.wait(CARD)
    assert not await Appeal.exists()


async def test_send_pressed_twice_files_once_and_shows_what_was_filed(phone: Phone) -> None:
    await phone.text(LEAK)
    card = await phone.wait(CARD)
    rows = card.buttons or (phone.keyboard.rows if phone.keyboard else ())
    send = next(button for row in rows for button in row if button.label == "Надіслати")
    await phone.press("Надіслати")
    await phone.wait("у роботі")
    await press_raw(phone, send.data)
    again = await phone.wait("передано виконавцю")
    assert (await Appeal.get()).number in again.text


async def test_a_refusal_still_offers_what_can_be_done(phone: Phone) -> None:
    """Viber takes the keyboard away with a message that has none."""
    await phone.text(LEAK)
    await phone.wait(CARD)
    await phone.location(0.0, 0.0)
    await phone.wait("не в нашому місті")
    await phone.press("Надіслати")
    await phone.wait("у роботі")
