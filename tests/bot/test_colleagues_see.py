"""Who may work from the chat, what ends it, and what they see there: the list, the card, notices."""

from datetime import timedelta

import pytest

from bot.conversation.state import Step
from bot.messages import Act
from bot.render import render_reply
from core import auth, colleagues
from core.actions import desk, executor
from core.actions.actor import Actor
from core.actions.forgetting import forget
from core.actions.submit import Place
from core.models import Absence, Appeal, Channel, Event, Outbox, OutboxState, Staff
from core.models.appeals import AttachmentState
from core.workflow import Role, Status, Verb
from tests.bot.chatting import Chat, Did, buttons, keys
from tests.bot.officers import PHOTO, looked, offered, press, says
from tests.builders import make_account, make_appeal, make_photo, make_staff
from tests.core.conftest import GAS, WATER, Time

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ACTIONS = ("take", "done", "more_time", "not_ours", "task", "where", "shots")


@SQLITE
@pytest.mark.parametrize("action", ACTIONS)
async def test_anothers_appeal_is_none(chat: Chat, officer: Staff, action: str) -> None:
    appeal = await make_appeal(chat.city, category="gas.leak")
    await Appeal.filter(id=appeal.id).update(executor_id=GAS)
    await Event.filter(appeal_id=appeal.id, verb=Verb.ASSIGN).delete()
    assert await press(chat, f"{action}:{appeal.id}") == {"appeal.not_found"}
    assert (await Appeal.get(id=appeal.id)).version == appeal.version
    assert officer.active


@SQLITE
@pytest.mark.parametrize("action", [*ACTIONS, "heard"])
async def test_a_resident_who_makes_up_a_button_is_no_officer(chat: Chat, action: str) -> None:
    await chat.begin(Channel.VIBER, [])
    appeal = await make_appeal(chat.city, chat.account)
    assert await press(chat, f"{action}:{appeal.id}") == {"work.nobody"}
    assert (await Appeal.get(id=appeal.id)).version == 0
    assert chat.state.step is Step.IDLE


@SQLITE
@pytest.mark.parametrize("end", ["unlink", "deactivate", "forget", "reassign"])
async def test_what_ends_it_ends_it_at_once(chat: Chat, officer: Staff, end: str) -> None:
    """With a report half written: its words come back, and nothing is sent."""
    appeal = await make_appeal(chat.city)
    await press(chat, f"done:{appeal.id}")
    await says(chat, "Замінено")
    send = offered(chat, "report")
    if end == "unlink":
        await auth.unlink(officer)
    elif end == "deactivate":
        await colleagues.deactivate(await make_staff(Role.ADMINISTRATOR), officer.id)
    elif end == "forget":
        await forget(chat.city, chat.account)
    else:
        await desk.reassign(chat.city, appeal.id, chat.operator, expected=0, executor=GAS, reason="газ")
    version = (await Appeal.get(id=appeal.id)).version
    said = await says(chat, "і засипано")
    assert {"work.gone" if end == "reassign" else "work.nobody", "work.unsent"} <= said
    assert (chat.state.step, chat.state.work) == (Step.IDLE, None)
    assert await press(chat, send) == {"work.gone" if end == "reassign" else "work.nobody"}
    assert await press(chat, f"take:{appeal.id}") == {"work.gone" if end == "reassign" else "work.nobody"}
    assert (await Appeal.get(id=appeal.id)).version == version


@SQLITE
@pytest.mark.parametrize("end", ["unlink", "deactivate", "another chat"])
async def test_what_of_work_waited_for_the_chat_is_not_sent(chat: Chat, officer: Staff, end: str) -> None:
    appeal = await make_appeal(chat.city, category="roads.pothole")
    await desk.reassign(
        chat.city, appeal.id, chat.operator, expected=0, executor=WATER, reason="тут колодязь"
    )
    held = Outbox.filter(account_id=officer.account_id, kind="staff.assigned")
    assert (await held.get()).state is OutboxState.HELD
    if end == "unlink":
        await auth.unlink(officer)
    elif end == "deactivate":
        await colleagues.deactivate(await make_staff(Role.ADMINISTRATOR), officer.id)
    else:
        await auth.claim_link_token(await auth.make_link_token(officer), await make_account())
    assert (await held.get()).state is OutboxState.DROPPED


@SQLITE
async def test_who_stands_in_may_what_the_absent_may(chat: Chat, officer: Staff, time: Time) -> None:
    absent = await make_staff(Role.EXECUTOR, GAS)
    appeal = await make_appeal(chat.city)
    await desk.reassign(chat.city, appeal.id, chat.operator, expected=0, executor=GAS, reason="газ")
    assert await press(chat, f"take:{appeal.id}") == {"work.gone"}
    begins, ends = time.now - timedelta(days=1), time.now + timedelta(days=1)
    await Absence.create(staff_id=absent.id, substitute_id=officer.id, begins_at=begins, ends_at=ends)
    assert "work.taken" in await press(chat, f"take:{appeal.id}")


@SQLITE
@pytest.mark.parametrize("role", [Role.OPERATOR, Role.MANAGER, Role.ADMINISTRATOR])
async def test_the_desk_looks_and_acts_in_the_panel(chat: Chat, role: Role) -> None:
    await chat.begin(Channel.TELEGRAM, [])
    await make_staff(role, account_id=chat.account.id)
    appeal = await make_appeal(chat.city)
    for action in ("take", "done", "not_ours"):
        (reply,) = await looked(chat, Did(Act.BUTTON, button=f"{action}:{appeal.id}"))
        assert not {"take", "done", "not_ours", "more_time"} & {
            each.partition(":")[0] for each in buttons(reply)
        }
    assert (await Appeal.get(id=appeal.id)).version == 0
    assert await press(chat, "work") == {"work.in_panel"}


@SQLITE
async def test_a_deputy_mayor_sees_the_portfolio(chat: Chat) -> None:
    await chat.begin(Channel.TELEGRAM, [])
    portfolio = chat.city.executors[WATER].portfolio
    assert portfolio
    await make_staff(Role.MANAGER, account_id=chat.account.id, post="deputy", portfolio=portfolio)
    appeal = await make_appeal(chat.city)
    assert "work.list" in await press(chat, "work")
    assert f"task:{appeal.id}" in chat.offered


@SQLITE
async def test_the_list_is_by_urgency_and_deadline_and_paged(chat: Chat, officer: Staff, time: Time) -> None:
    appeals = [await make_appeal(chat.city) for _ in range(8)]
    for n, appeal in enumerate(appeals):
        await Appeal.filter(id=appeal.id).update(due_at=time.now + timedelta(hours=8 - n), urgent=n == 0)
    await Appeal.filter(id=appeals[7].id).update(status=Status.NEEDS_INFO, due_at=None)
    await make_appeal(chat.city, category="gas.leak")
    (reply,) = await looked(chat, Did(Act.TEXT, text="робота"))
    listed = [each for each in buttons(reply) if each.startswith("task")]
    assert listed == [f"task:{appeals[n].id}" for n in (0, 6, 5, 4, 3, 2)]
    assert reply.lines[0].n == 8
    (reply,) = await looked(chat, Did(Act.BUTTON, button="work:6"))
    assert [each for each in buttons(reply) if each.startswith("task")] == [
        f"task:{appeals[n].id}" for n in (1, 7)
    ]
    assert await press(chat, "work:99") == {"work.none"}
    assert "work.list" in await says(chat, "/work")
    assert "work" in buttons((await chat.does(Did(Act.TEXT, text="меню")))[0])
    assert officer.active


@SQLITE
async def test_the_list_is_for_those_who_work_here(chat: Chat) -> None:
    await chat.begin(Channel.TELEGRAM, [])
    assert await says(chat, "/work") == {"work.nobody"}
    assert "work" not in buttons((await chat.does(Did(Act.TEXT, text="меню")))[0])


@SQLITE
async def test_the_card_says_all_that_is_needed_on_the_spot(chat: Chat, officer: Staff) -> None:
    place = Place(address="вул. Соборності, 12", district="metalurhiinyi", lat=47.9, lon=33.39)
    appeal = await make_appeal(chat.city, place=place, text="прорвало " + "дуже " * 600)
    photo = await make_photo(await make_account(), appeal_id=appeal.id, state=AttachmentState.STORED)
    (reply,) = await looked(chat, Did(Act.BUTTON, button=f"task:{appeal.id}"))
    text = render_reply(reply, "uk", chat.city).text
    for each in (appeal.number, "вул. Соборності, 12", "Металургійний", "прорвало", "Термін"):
        assert each in text
    assert {"take", "done", "more_time", "not_ours", "where", "shots", "work"} == {
        each.partition(":")[0] for each in buttons(reply)
    }
    (reply,) = await looked(chat, Did(Act.BUTTON, button=f"where:{appeal.id}"))
    assert reply.point == (47.9, 33.39)
    (reply,) = await looked(chat, Did(Act.BUTTON, button=f"shots:{appeal.id}"))
    assert reply.photos == (photo.id,)
    assert officer.active


@SQLITE
async def test_a_card_tells_why_it_came_back(chat: Chat, officer: Staff) -> None:
    appeal = await make_appeal(chat.city)
    await executor.report(chat.city, appeal.id, Actor.staff(officer), expected=0, text="Зроблено")
    await desk.rework(chat.city, appeal.id, chat.operator, expected=1, reason="на фото інша вулиця")
    (reply,) = await looked(chat, Did(Act.BUTTON, button=f"task:{appeal.id}"))
    assert "на фото інша вулиця" in render_reply(reply, "uk", chat.city).text


@SQLITE
async def test_words_after_a_notice_are_as_good_as_its_buttons(chat: Chat, officer: Staff) -> None:
    appeal = await make_appeal(chat.city)
    await Outbox.filter(account_id=officer.account_id).update(state=OutboxState.SENT, provider_id="n1")
    assert "work.taken" in await says(chat, "беру")
    assert "report.ask" in await says(chat, "готово")
    await says(chat, "скасувати")
    assert "work.card" in await says(chat, f"№ {appeal.number}"), "by its number alone"
    assert (await Appeal.get(id=appeal.id)).status is Status.IN_PROGRESS


@SQLITE
async def test_a_reply_with_a_photo_begins_a_report(chat: Chat, officer: Staff) -> None:
    appeal = await make_appeal(chat.city)
    await Outbox.filter(account_id=officer.account_id).update(state=OutboxState.SENT)
    assert "report.card" in keys(await looked(chat, Did(Act.FILE, text="Замінено", file=PHOTO, reply=True)))
    assert chat.state.work is not None
    assert (chat.state.work.text, len(chat.state.work.photos)) == ("Замінено", 1)
    assert (await Appeal.get(id=appeal.id)).status is Status.ASSIGNED, "nothing is sent unasked"


@SQLITE
async def test_without_a_link_such_words_are_a_residents(chat: Chat) -> None:
    await chat.begin(Channel.TELEGRAM, [])
    for word in ("готово", "беру", "показати"):
        assert not {"work.nobody", "appeal.not_found"} & await says(chat, word)
        await says(chat, "скасувати")


@SQLITE
@pytest.mark.parametrize(
    "button",
    ["take:x", "take:", "task:99999999999999999999", "done:-1", "until:1:2:x", "report:1", "work:x", "drop:"],
)
async def test_nonsense_is_answered_and_changes_nothing(chat: Chat, officer: Staff, button: str) -> None:
    assert await press(chat, button) <= {"bad.stale_nothing", "appeal.not_found"}
    assert (chat.state.step, chat.state.work) == (Step.IDLE, None)
    assert officer.active
