"""An officer works from the chat alone: who may, what is said when it can't be done, and nothing twice."""

from datetime import timedelta

import pytest

from bot.conversation.state import Step
from bot.messages import Act, FileRef, Reply
from bot.render import render_reply
from core import auth, colleagues, media_fetch
from core.actions import desk, executor
from core.actions.actor import Actor
from core.actions.forgetting import forget
from core.actions.need_time import request_in
from core.actions.submit import Place
from core.city import City
from core.models import Absence, Appeal, Attachment, Channel, Event, Outbox, OutboxState, Staff
from core.models.appeals import AttachmentKind, AttachmentState
from core.queries import mine
from core.workflow import Role, Status, Verb
from tests.bot.chatting import Chat, Did, buttons, keys
from tests.bot.looks import check_look
from tests.builders import make_account, make_appeal, make_photo, make_staff
from tests.core.conftest import GAS, WATER, Time

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PHOTO = FileRef("photo-1", 1000)


@pytest.fixture
async def officer(chat: Chat) -> Staff:
    """The water utility's officer, whose chat this is."""
    await chat.begin(Channel.TELEGRAM, [])
    return await make_staff(Role.EXECUTOR, WATER, name="Іван Бондар", account_id=chat.account.id)


async def press(chat: Chat, button: str) -> set[str]:
    return keys(await looked(chat, Did(Act.BUTTON, button=button)))


async def says(chat: Chat, text: str) -> set[str]:
    return keys(await looked(chat, Did(Act.TEXT, text=text)))


async def shows(chat: Chat, text: str = "", file: FileRef = PHOTO) -> set[str]:
    return keys(await looked(chat, Did(Act.FILE, text=text, file=file)))


async def looked(chat: Chat, did: Did) -> list[Reply]:
    """What is said, which fits both platforms."""
    replies = await chat.does(did)
    assert len(replies) == 1
    check_look(replies[0], chat.city)
    return replies


def standing(chat: Chat) -> Step:
    return chat.state.step


def offered(chat: Chat, action: str) -> str:
    """The newest button of that action."""
    return next(each for each in chat.offered if each.partition(":")[0] == action)


async def verbs(appeal: Appeal) -> list[Verb]:
    return [event.verb for event in await Event.filter(appeal_id=appeal.id).order_by("id")]


async def test_taken_into_work_once_and_in_their_name(chat: Chat, officer: Staff) -> None:
    appeal = await make_appeal(chat.city)
    assert "work.taken" in await press(chat, f"take:{appeal.id}")
    event = await Event.get(appeal_id=appeal.id, verb=Verb.START)
    assert (event.role, event.staff_id) == (Role.EXECUTOR, officer.id)
    assert "work.now_you" in await press(chat, f"take:{appeal.id}")
    assert (await verbs(appeal)).count(Verb.START) == 1


async def test_who_comes_second_hears_who_was_first(chat: Chat, officer: Staff) -> None:
    appeal = await make_appeal(chat.city)
    first = await make_staff(Role.EXECUTOR, WATER, name="Ганна Мороз")
    await executor.start(chat.city, appeal.id, Actor.staff(first), expected=0)
    (reply,) = await looked(chat, Did(Act.BUTTON, button=f"take:{appeal.id}"))
    assert "Ганна Мороз" in render_reply(reply, "uk", chat.city).text
    assert f"done:{appeal.id}" in buttons(reply)
    assert f"take:{appeal.id}" not in buttons(reply), "what can't be done is not offered"
    assert officer.id not in {event.staff_id for event in await Event.filter(appeal_id=appeal.id)}


async def test_of_two_in_the_same_moment_one_wins(
    chat: Chat, officer: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other is faster between the look and the deed."""
    appeal = await make_appeal(chat.city)
    other, start = await make_staff(Role.EXECUTOR, WATER, name="Ганна Мороз"), executor.start

    async def late(city: City, appeal_id: int, actor: Actor, *, expected: int) -> Appeal:
        await start(city, appeal_id, Actor.staff(other), expected=expected)
        return await start(city, appeal_id, actor, expected=expected)

    monkeypatch.setattr(executor, "start", late)
    (reply,) = await looked(chat, Did(Act.BUTTON, button=f"take:{appeal.id}"))
    assert "Ганна Мороз" in render_reply(reply, "uk", chat.city).text
    assert (await verbs(appeal)).count(Verb.START) == 1
    assert officer.name != other.name


@SQLITE
@pytest.mark.parametrize("beginning", ["words", "photo"])
async def test_a_report_of_words_and_photos_in_any_order(chat: Chat, officer: Staff, beginning: str) -> None:
    appeal = await make_appeal(chat.city)
    assert "report.ask" in await press(chat, f"done:{appeal.id}")
    assert chat.state.step is Step.REPORT
    words = beginning == "words"
    said = [says(chat, "Замінено 4 м труби"), shows(chat)] if words else [shows(chat), shows(chat, "і ще")]
    for each in said:
        assert "report.card" in await each
    assert "report.sent" in await press(chat, offered(chat, "report"))
    assert (chat.state.step, chat.state.work) == (Step.IDLE, None)
    appeal = await Appeal.get(id=appeal.id)
    assert (appeal.status, appeal.answer) == (Status.REPORTED, "Замінено 4 м труби" if words else "і ще")
    report = await Event.get(appeal_id=appeal.id, verb=Verb.REPORT)
    photos = await Attachment.filter(event_id=report.id)
    assert {photo.role for photo in photos} == {Role.EXECUTOR}
    assert len(photos) == (1 if words else 2)
    assert appeal.photos == 0, "those of the resident"
    assert report.staff_id == officer.id


@SQLITE
async def test_a_photo_says_it_as_well(chat: Chat, officer: Staff) -> None:
    appeal = await make_appeal(chat.city)
    await press(chat, f"done:{appeal.id}")
    await shows(chat)
    assert "report.sent" in await says(chat, "так")
    assert (await Appeal.get(id=appeal.id)).answer == "Виконано, дивіться фото."
    assert officer.active


@SQLITE
async def test_sent_twice_it_is_one_report(chat: Chat, officer: Staff) -> None:
    appeal = await make_appeal(chat.city)
    await press(chat, f"done:{appeal.id}")
    await says(chat, "Замінено")
    send = offered(chat, "report")
    await press(chat, send)
    assert "work.now_you" in await press(chat, send)
    assert (await verbs(appeal)).count(Verb.REPORT) == 1
    assert officer.active


@SQLITE
async def test_where_a_photo_is_needed_words_are_not_enough(chat: Chat, officer: Staff) -> None:
    appeal = await make_appeal(chat.city)
    chat.city.categories[appeal.category_id].needs_photo = True
    try:
        assert "report.photo_needed" in await press(chat, f"done:{appeal.id}")
        await says(chat, "Замінено")
        assert "photo.needed" in await press(chat, offered(chat, "report"))
        assert (await Appeal.get(id=appeal.id)).status is Status.ASSIGNED
        assert (chat.state.step, chat.state.work and chat.state.work.text) == (Step.REPORT, "Замінено")
        await shows(chat)
        assert "report.sent" in await press(chat, offered(chat, "report"))
        waiting = await Attachment.get(appeal_id=appeal.id)
        assert waiting.state is AttachmentState.WAITING, "still at the platform, and counted"
    finally:
        chat.city.categories[appeal.category_id].needs_photo = False
    assert officer.active


@SQLITE
async def test_the_resident_waits_for_the_photo_that_is_still_fetched(chat: Chat, officer: Staff) -> None:
    neighbour = await make_account()
    appeal = await make_appeal(chat.city, neighbour)
    await press(chat, f"done:{appeal.id}")
    await shows(chat)
    await press(chat, offered(chat, "report"))
    await desk.resolve(chat.city, appeal.id, chat.operator, expected=1)
    await chat.at_the_desk("sweep")
    told = Outbox.filter(account_id=neighbour.id, kind="resolved")
    assert not await told.exists()
    photo = await Attachment.get(appeal_id=appeal.id)
    await Attachment.filter(id=photo.id).update(state=AttachmentState.STORED)
    await chat.at_the_desk("sweep")
    assert (await told.get()).body["photos"] == [photo.id]
    assert officer.active


@SQLITE
async def test_a_photo_that_can_not_be_fetched_is_told_to_the_officer(chat: Chat, officer: Staff) -> None:
    appeal = await make_appeal(chat.city)
    await make_photo(await make_account(), appeal_id=appeal.id, state=AttachmentState.STORED)
    await Appeal.filter(id=appeal.id).update(photos=1)
    await press(chat, f"done:{appeal.id}")
    await shows(chat, "Замінено")
    await press(chat, offered(chat, "report"))
    photo = await Attachment.get(appeal_id=appeal.id, role=Role.EXECUTOR)
    await media_fetch._refuse(photo, "media.gone", {})
    assert await Outbox.exists(account_id=officer.account_id, kind="photo_refused")
    assert (await Appeal.get(id=appeal.id)).photos == 1, "the resident's stays counted"


@SQLITE
async def test_what_is_no_photo_or_too_large_is_said(chat: Chat, officer: Staff) -> None:
    appeal = await make_appeal(chat.city)
    await press(chat, f"done:{appeal.id}")
    assert "report.photos_only" in await shows(chat, file=FileRef("v", 9, AttachmentKind.VOICE))
    assert "media.too_large" in await shows(chat, file=FileRef("p", 10**9))
    for _ in range(10):
        await shows(chat)
    assert "bad.files" in await shows(chat)
    assert await Attachment.filter(draft=executor.upload_mark(officer.id)).count() == 10


@SQLITE
async def test_a_draft_and_a_report_leave_each_other_alone(chat: Chat, officer: Staff) -> None:
    """Whoever works for the city lives in it, too."""
    appeal = await make_appeal(chat.city)
    await says(chat, "нема світла у під'їзді")
    draft = chat.state.draft
    assert draft is not None
    await press(chat, f"done:{appeal.id}")
    assert "report.card" in await says(chat, "прорвало трубу на вул. Соборності 12, замінили")
    assert chat.state.draft == draft
    await press(chat, "draft")
    assert standing(chat) is Step.DRAFT
    await says(chat, "95 квартал 14 під 3")
    assert "work.waits" in await press(chat, offered(chat, "send"))
    assert standing(chat) is Step.REPORT
    assert "draft" not in chat.state.to_row()
    filed = await Appeal.get(resident_id=chat.account.resident_id)
    assert "Соборності" not in filed.text
    assert "report.sent" in await says(chat, "так")
    assert (await Appeal.get(id=appeal.id)).answer == "прорвало трубу на вул. Соборності 12, замінили"
    assert officer.active


@SQLITE
async def test_a_new_complaint_in_the_midst_of_a_report(chat: Chat, officer: Staff) -> None:
    appeal = await make_appeal(chat.city)
    await press(chat, f"done:{appeal.id}")
    await says(chat, "Замінено")
    assert "work.aside" in await says(chat, "нова заявка")
    await says(chat, "не вивозять сміття на просп. Поштовий 40")
    assert chat.state.draft is not None
    await says(chat, "так")
    assert await Appeal.filter(resident_id=chat.account.resident_id).count() == 1
    assert chat.state.step is Step.REPORT
    assert chat.state.work is not None
    assert chat.state.work.text == "Замінено"
    assert officer.active


@SQLITE
@pytest.mark.parametrize("way", ["скасувати", "button"])
async def test_a_report_given_up_sends_nothing_and_gives_the_words_back(
    chat: Chat, officer: Staff, way: str
) -> None:
    appeal = await make_appeal(chat.city)
    await press(chat, f"done:{appeal.id}")
    await says(chat, "Замінено")
    drop = offered(chat, "drop")
    said = await (press(chat, drop) if way == "button" else says(chat, way))
    assert {"work.dropped", "words"} <= said
    assert chat.state.work is None
    assert await press(chat, drop) == {"bad.stale_nothing"}
    assert (await Appeal.get(id=appeal.id)).version == 0
    assert officer.active


@SQLITE
async def test_what_is_begun_goes_first(chat: Chat, officer: Staff) -> None:
    one, two = await make_appeal(chat.city), await make_appeal(chat.city)
    await press(chat, f"done:{one.id}")
    assert "report.ask" in await press(chat, f"done:{two.id}"), "nothing was said of the first"
    await says(chat, "Замінено")
    assert "work.first" in await press(chat, f"not_ours:{one.id}")
    assert chat.state.work is not None
    assert chat.state.work.appeal == two.id
    assert officer.active


@SQLITE
async def test_an_edited_message_is_edited_in_the_report(chat: Chat, officer: Staff) -> None:
    appeal = await make_appeal(chat.city)
    await press(chat, f"done:{appeal.id}")
    await chat.does(Did(Act.TEXT, text="Замінено 4 м", message_id="77"))
    await chat.does(Did(Act.EDIT, text="Замінено 5 м", message_id="77"))
    assert chat.state.work is not None
    assert chat.state.work.text == "Замінено 5 м"
    assert officer.active


@SQLITE
async def test_a_place_begins_no_draft_in_a_report(chat: Chat, officer: Staff) -> None:
    appeal = await make_appeal(chat.city)
    await press(chat, f"done:{appeal.id}")
    assert "work.no_place" in keys(await chat.does(Did(Act.LOCATION, point=(47.9, 33.39))))
    assert chat.state.draft is None
    assert officer.active


@SQLITE
@pytest.mark.parametrize("day", ["+3", "button", "08.03", "8 березня", "до неділі"])
async def test_more_time_with_a_reason_and_a_day(chat: Chat, officer: Staff, time: Time, day: str) -> None:
    """Monday, the second of March: a leak on the street is due the same day."""
    appeal = await make_appeal(chat.city)
    assert "later.ask" in await press(chat, f"more_time:{appeal.id}")
    assert "later.until" in await says(chat, "чекаємо деталь")
    button = next(each for each in chat.offered if each.startswith("until") and each.endswith(":3"))
    said = await (press(chat, button) if day == "button" else says(chat, day))
    assert "later.sent" in said
    appeal = await Appeal.get(id=appeal.id)
    asked = request_in(appeal, await mine.history(appeal))
    assert asked is not None
    assert asked.why == "чекаємо деталь"
    assert (
        asked.until.date()
        == (time.now + timedelta(days=3 if "3" in day[:2] or day == "button" else 6)).date()
    )
    assert appeal.due_at is not None
    assert appeal.due_at < asked.until, "nobody moves their own deadline"
    assert "need_time.already" in await press(chat, f"more_time:{appeal.id}")
    assert "later.sent" not in await press(chat, button)
    assert (await verbs(appeal)).count(Verb.NEED_TIME) == 1
    assert officer.active


@SQLITE
@pytest.mark.parametrize(
    ("day", "key"),
    [("колись", "later.no_day"), ("01.03.2026", "need_time.not_later"), ("+900", "need_time.too_far")],
)
async def test_a_day_that_will_not_do_is_asked_for_anew(
    chat: Chat, officer: Staff, day: str, key: str
) -> None:
    appeal = await make_appeal(chat.city)
    await press(chat, f"more_time:{appeal.id}")
    await says(chat, "чекаємо деталь")
    assert {key, "later.until"} <= await says(chat, day)
    assert chat.state.step is Step.NEED_TIME
    assert await verbs(appeal) == [Verb.SUBMIT, Verb.ASSIGN]
    assert officer.active


@SQLITE
async def test_not_ours_goes_back_with_the_reason(chat: Chat, officer: Staff) -> None:
    appeal = await make_appeal(chat.city)
    assert "decline.ask" in await press(chat, f"not_ours:{appeal.id}")
    assert "work.words_only" in await shows(chat)
    assert "decline.sent" in await says(chat, "це мережа тепловиків")
    appeal = await Appeal.get(id=appeal.id)
    assert (appeal.status, appeal.executor_id) == (Status.REGISTERED, None)
    event = await Event.get(appeal_id=appeal.id, verb=Verb.DECLINE)
    assert (event.text, event.staff_id) == ("це мережа тепловиків", officer.id)
    for action in ("take", "done", "more_time", "not_ours", "task"):
        assert await press(chat, f"{action}:{appeal.id}") == {"work.gone"}


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
