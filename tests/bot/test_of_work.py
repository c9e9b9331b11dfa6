"""What an officer is told in a chat is the city's, and what they say there goes where they meant it."""

import json
from datetime import timedelta

import pytest

from bot.conversation.state import Step
from bot.messages import Act, Reply
from bot.render import render_reply
from core import auth
from core.actions import desk, executor, resident
from core.actions.actor import Actor
from core.actions.forgetting import forget
from core.actions.linking import link, link_code
from core.actions.need_time import request_in
from core.actions.person import introduce
from core.actions.said import spoken_of
from core.actions.submit import Place
from core.city import City
from core.models import Appeal, Attachment, Channel, Event, Outbox, OutboxState, Staff
from core.models.appeals import AttachmentState
from core.queries import mine, person
from core.work_chats import COMMANDS
from core.workflow import Role, Status, Verb
from tests.bot.chatting import Chat, Did, keys
from tests.bot.officers import PHOTO, looked, offered, press, says, shows
from tests.builders import make_account, make_appeal, make_staff
from tests.core.conftest import GAS, WATER

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
REPLY = Did(Act.FILE, file=PHOTO, reply=True)


async def last(chat: Chat) -> Outbox:
    said = Outbox.filter(account_id=chat.account.id).exclude(kind=COMMANDS)
    row = await said.order_by("-id").first()
    assert row is not None
    return row


@pytest.mark.usefixtures("officer")
async def test_what_is_said_of_work_is_told_apart(chat: Chat) -> None:
    appeal = await make_appeal(chat.city)
    for button in ("work", f"task:{appeal.id}", f"done:{appeal.id}"):
        await press(chat, button)
        assert (await last(chat)).kind == "staff.reply"
    await says(chat, "скасувати")
    await says(chat, "допомога")
    assert (await last(chat)).kind == "reply"
    await says(chat, f"№ {appeal.number}")
    assert (await last(chat)).kind == "staff.reply"


async def test_what_an_officer_was_shown_is_not_their_data(chat: Chat, officer: Staff) -> None:
    appeal = await make_appeal(chat.city, text="чужі слова Ганни")
    await press(chat, f"done:{appeal.id}")
    await shows(chat)
    await press(chat, offered(chat, "report"))
    await press(chat, f"task:{appeal.id}")
    known = await person.mine(chat.account.resident_id, lambda kind, body: f"{kind} {body}")
    assert "Ганни" not in json.dumps(known, ensure_ascii=False)
    assert await Attachment.filter(account_id=chat.account.id, appeal_id=appeal.id).exists()
    assert await spoken_of(chat.account.resident_id) == [], "nothing of it goes when they are forgotten"
    assert officer.active


async def test_a_forgotten_resident_is_gone_from_what_an_officer_was_shown(
    chat: Chat, officer: Staff
) -> None:
    neighbour = await make_account()
    await introduce(Actor.resident(neighbour.resident_id), name="Людмила Біла", address="вул. Соборності, 12")
    place = Place(address="вул. Соборності, 12, кв. 45", district="metalurhiinyi", lat=47.9, lon=33.39)
    appeal = await make_appeal(chat.city, neighbour, text="Людмила Біла, 067 123-45-67: тече", place=place)
    await press(chat, f"task:{appeal.id}")
    await press(chat, f"where:{appeal.id}")
    await forget(chat.city, neighbour)
    rows = await Outbox.filter(account_id=officer.account_id, kind="staff.reply")
    kept = json.dumps([row.body for row in rows], ensure_ascii=False)
    assert len(rows) == 2
    assert ": тече" in kept
    for secret in ("Людмил", "123-45-67", "кв. 45"):
        assert secret not in kept


async def test_what_was_still_to_be_shown_is_not_sent_to_who_is_unlinked(chat: Chat, officer: Staff) -> None:
    appeal = await make_appeal(chat.city)
    await press(chat, f"task:{appeal.id}")
    await auth.unlink(officer)
    assert (await last(chat)).state is OutboxState.DROPPED


@pytest.mark.usefixtures("officer")
async def test_a_reply_to_work_is_of_work_though_a_draft_is_shown(chat: Chat) -> None:
    appeal = await make_appeal(chat.city)
    await says(chat, "нема світла у під'їзді")
    await press(chat, f"done:{appeal.id}")
    await says(chat, "Замінено")
    notice = (await last(chat)).id
    await press(chat, "draft")
    assert chat.state.step is Step.DRAFT
    await Outbox.filter(account_id=chat.account.id, id__gt=notice).delete()  # so that this is replied to
    assert "report.card" in keys(await looked(chat, REPLY))
    assert chat.state.draft is not None
    assert chat.state.draft.files == {}
    assert chat.state.work is not None
    assert (chat.state.step, len(chat.state.work.photos)) == (Step.REPORT, 1)


@pytest.mark.usefixtures("officer")
@pytest.mark.parametrize("said", ["english", "/start"])
async def test_an_aside_in_a_report_leaves_the_draft_waiting(chat: Chat, said: str) -> None:
    appeal = await make_appeal(chat.city)
    await says(chat, "нема світла у під'їзді")
    await press(chat, f"done:{appeal.id}")
    act = Act.START if said == "/start" else Act.TEXT
    assert "work.waits" in keys(await looked(chat, Did(act, text="" if act is Act.START else said)))
    assert chat.state.step is Step.REPORT
    await says(chat, "Замінено")
    assert chat.state.work is not None
    assert chat.state.work.text == "Замінено"


@pytest.mark.usefixtures("officer")
async def test_a_reply_to_a_report_put_aside_goes_on_with_it(chat: Chat) -> None:
    appeal = await make_appeal(chat.city)
    await press(chat, f"done:{appeal.id}")
    await says(chat, "Замінено")
    notice = (await last(chat)).id
    await says(chat, "нова заявка")
    await Outbox.filter(account_id=chat.account.id, id__gt=notice).delete()
    await looked(chat, Did(Act.TEXT, text="і засипано", reply=True))
    assert chat.state.work is not None
    assert (chat.state.work.text, chat.state.work.aside) == ("Замінено\nі засипано", False)
    assert chat.state.step is Step.REPORT


@pytest.mark.usefixtures("officer")
async def test_done_after_the_map_is_of_that_appeal(chat: Chat) -> None:
    place = Place(address="вул. Соборності, 12", district="metalurhiinyi", lat=47.9, lon=33.39)
    appeal = await make_appeal(chat.city, place=place)
    await press(chat, f"where:{appeal.id}")
    assert "report.ask" in await says(chat, "готово")
    await says(chat, "Замінено")
    assert "report.sent" in await says(chat, "так")
    assert "work.now_you" in keys(await looked(chat, REPLY)), "no answer of a resident"
    assert (chat.state.step, chat.state.draft) == (Step.IDLE, None)


@pytest.mark.usefixtures("officer")
async def test_what_was_no_photo_says_nothing(chat: Chat) -> None:
    appeal = await make_appeal(chat.city)
    await press(chat, f"done:{appeal.id}")
    await shows(chat)
    await Attachment.all().update(state=AttachmentState.REFUSED)
    assert "report.ask" in await press(chat, offered(chat, "report"))
    assert (await Appeal.get(id=appeal.id)).status is Status.ASSIGNED
    assert chat.state.step is Step.REPORT


@pytest.mark.usefixtures("officer")
async def test_words_that_come_back_come_whole(chat: Chat) -> None:
    appeal = await make_appeal(chat.city, text="прорвало " * 300)
    await press(chat, f"done:{appeal.id}")
    words = "з" * 3400
    await says(chat, words)
    send = offered(chat, "report")
    other = await make_staff(Role.EXECUTOR, WATER, name="Ганна Мороз")
    await executor.report(chat.city, appeal.id, Actor.staff(other), expected=0, text="Зроблено")
    (reply,) = await looked(chat, Did(Act.BUTTON, button=send))
    assert words in within(reply, chat.city)
    assert "work.now_by" in keys([reply])
    (again,) = await looked(chat, Did(Act.BUTTON, button=send))
    assert (reply.slot, again.slot) == ("", f"work:{appeal.id}"), "no later one takes its place"


def within(reply: Reply, city: City) -> str:
    """As much as a message has room for."""
    return render_reply(reply, "uk", city).text[:4096]


@pytest.mark.usefixtures("officer")
async def test_days_that_are_written_are_those_of_the_button(chat: Chat) -> None:
    appeal = await make_appeal(chat.city)
    assert appeal.due_at is not None
    due = appeal.due_at + timedelta(days=5)
    await Appeal.filter(id=appeal.id).update(due_at=due)
    await press(chat, f"more_time:{appeal.id}")
    await says(chat, "чекаємо деталь")
    assert "later.sent" in await says(chat, "+3 дні")
    appeal = await Appeal.get(id=appeal.id)
    asked = request_in(appeal, await mine.history(appeal))
    assert asked is not None
    assert asked.until.date() == (due + timedelta(days=3)).date()


async def test_who_is_forgotten_elsewhere_hears_that_work_ends(chat: Chat, officer: Staff) -> None:
    work, viber = chat.account, await make_account(Channel.VIBER)
    await link(viber, await link_code(work))
    await viber.refresh_from_db()
    chat.account = viber
    await says(chat, "забути мене")
    assert "forget.colleague" in await press(chat, "forget_yes")
    assert (await Staff.get(id=officer.id)).account_id is None


@pytest.mark.usefixtures("officer")
async def test_who_returned_it_hears_that_it_was_opened(chat: Chat) -> None:
    neighbour = await make_account()
    appeal = await make_appeal(chat.city, neighbour)
    await desk.resolve(chat.city, appeal.id, chat.operator, expected=0, answer="Зроблено")
    await resident.reopen(chat.city, appeal.id, Actor.resident(neighbour.resident_id), text="ще тече")
    for _ in range(2):
        assert "work.card" in await press(chat, f"task:{appeal.id}")
    assert await Outbox.filter(account_id=neighbour.id, kind="seen").count() == 1
    assert "work.taken" in await press(chat, f"take:{appeal.id}")


@pytest.mark.usefixtures("officer")
async def test_what_is_handed_on_in_the_same_moment_is_gone(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    appeal, start = await make_appeal(chat.city), executor.start

    async def late(city: City, appeal_id: int, actor: Actor, *, expected: int) -> Appeal:
        await desk.reassign(city, appeal_id, chat.operator, expected=expected, executor=GAS, reason="газ")
        return await start(city, appeal_id, actor, expected=expected)

    monkeypatch.setattr(executor, "start", late)
    assert await press(chat, f"take:{appeal.id}") == {"work.gone"}
    assert not await Event.filter(appeal_id=appeal.id, verb=Verb.START).exists()
