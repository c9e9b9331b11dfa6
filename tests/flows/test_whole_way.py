"""The whole way of a complaint, in both chats, over real HTTP."""

from bot.simulator import Phone
from core.models import Appeal, Attachment, Event, Survey
from core.models.appeals import AttachmentState
from core.workflow import Status
from tests.flows.conftest import Town, files, until


async def test_reported_resolved_and_confirmed(town: Town, phone: Phone, picture: bytes) -> None:
    await phone.start()
    await phone.wait("напишіть, що сталося")
    await phone.photo(picture, caption="прорвало трубу на соборности 12 третій день")
    card = await phone.wait("Ось як я зрозумів")
    assert "Прорив або витік водогону" in card.text
    assert "Соборності" in card.text
    assert "1 фото" in card.text
    await phone.press("Надіслати")
    filed = await phone.wait("у роботі")

    appeal = await Appeal.get()
    assert appeal.number in filed.text
    assert "Кривбасводоканал" in filed.text
    assert appeal.status is Status.ASSIGNED
    assert appeal.executor_id == "kryvbasvodokanal"

    await town.sign_in("officer")
    assert await town.act(appeal.id, "start", expected=appeal.version) == 303
    await phone.wait("взяли в роботу")
    assert await town.act(appeal.id, "report", expected=appeal.version + 1, text="Замінено 4 м труби") == 303
    assert await town.act(appeal.id, "resolve", expected=appeal.version + 2) in {403, 404}

    await town.sign_in("operator")
    assert await town.act(appeal.id, "resolve", expected=appeal.version + 2, text="") == 303
    told = await phone.wait("виконано")
    assert "Замінено 4 м труби" in told.text
    assert "справді вирішено" in told.text
    await phone.press("Так")
    await phone.wait("Як оцінюєте")
    await phone.press("5 ★")
    await phone.wait("Записав")

    appeal = await Appeal.get()
    assert appeal.status is Status.CLOSED
    survey = await Survey.get()
    assert (survey.solved, survey.stars) == (True, 5)
    await until(Attachment.filter(state=AttachmentState.STORED).exists)
    photo = await Attachment.get()
    assert photo.appeal_id == appeal.id
    verbs = [event.verb for event in await Event.filter(appeal_id=appeal.id).order_by("id")]
    assert verbs == ["submit", "assign", "start", "report", "resolve", "close", "rate"]


async def test_denied_and_reopened(town: Town, phone: Phone) -> None:
    appeal = await files(phone)
    await town.sign_in("operator")
    assert await town.act(appeal.id, "resolve", expected=appeal.version, text="Зроблено") == 303
    await phone.wait("справді вирішено")
    await phone.text("ні, у дворі далі тече")
    await phone.wait("повертаю")
    appeal = await Appeal.get()
    assert appeal.status is Status.REOPENED
    assert appeal.executor_id == "kryvbasvodokanal"
    last = await Event.filter(appeal_id=appeal.id).order_by("-id").first()
    assert last is not None
    assert last.text == "у дворі далі тече"
