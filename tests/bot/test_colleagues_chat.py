"""An officer works from the chat alone: what is begun, sent, put off and given up, and nothing twice."""

from datetime import timedelta

import pytest

from bot.conversation.state import Step
from bot.messages import Act, FileRef
from bot.render import render_reply
from core import auth, media_fetch
from core.actions import desk, executor
from core.actions.actor import Actor
from core.actions.need_time import request_in
from core.city import City
from core.forgotten import end_forgotten
from core.models import Appeal, Attachment, Event, Outbox, Staff
from core.models.appeals import AttachmentKind, AttachmentState
from core.queries import mine
from core.workflow import Role, Status, Verb
from tests.bot.chatting import Chat, Did, buttons, keys
from tests.bot.officers import looked, offered, press, says, shows, standing, verbs
from tests.builders import make_account, make_appeal, make_photo, make_staff
from tests.core.conftest import WATER, Time

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


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
async def test_photos_sent_before_the_chat_was_unlinked_come_into_no_report(
    chat: Chat, officer: Staff
) -> None:
    appeal = await make_appeal(chat.city)
    await press(chat, f"done:{appeal.id}")
    await shows(chat)
    await auth.unlink(officer)
    assert await end_forgotten(chat.sweeps) == 1
    await Staff.filter(id=officer.id).update(account_id=chat.account.id)  # and linked again
    assert "report.card" in await says(chat, "Замінено")
    await press(chat, offered(chat, "report"))
    assert (await Appeal.get(id=appeal.id)).status is Status.REPORTED
    assert not await Attachment.exists()


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
