"""What a resident does to an appeal of theirs: answers, additions, reopening, the poll."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from core.actions import desk, executor, poll, resident
from core.city import City
from core.errors import Conflict, Invalid, NotFound
from core.models import Appeal, Attachment, Survey
from core.models.appeals import AttachmentState
from core.workflow import Status, Verb
from tests.builders import make_account, make_appeal, make_photo
from tests.core.conftest import WATER, Cast, Time, last_event, noticed, queued

ANSWER = "з двору, біля третього під'їзду"


async def resolved(city: City, cast: Cast, *, polled: bool = True) -> Appeal:
    appeal = await make_appeal(city, cast.account)
    appeal = await desk.resolve(city, appeal.id, cast.operator, expected=0, answer="Замінено трубу")
    if polled:
        await Survey.create(appeal_id=appeal.id, round=0, sent_at=appeal.updated_at)
    return appeal


# answers


async def test_an_answer_lets_the_clock_run_with_the_time_that_was_left(
    city: City, cast: Cast, time: Time
) -> None:
    appeal = await make_appeal(city, cast.account)
    await executor.start(city, appeal.id, cast.officer, expected=0)
    time.passes(hours=2)
    await desk.ask(city, appeal.id, cast.operator, expected=1, question="Де?")
    time.passes(days=5)
    answered = await resident.answer(city, appeal.id, cast.resident, text=f"{ANSWER}\x00")
    assert answered.status is Status.IN_PROGRESS
    assert [answered.asked_from, answered.time_left] == [None, None]
    assert answered.due_at == time.now + timedelta(hours=10)
    assert answered.remind_at == time.now + timedelta(hours=5), "half of what is left"
    event = await last_event(appeal)
    assert (event.verb, event.text, event.staff_id) == (Verb.ANSWER, ANSWER, None)
    assert await noticed(cast.desk) == ["urgent", "answered"]


async def test_what_was_overdue_when_asked_is_due_when_answered(city: City, cast: Cast, time: Time) -> None:
    appeal = await make_appeal(city, cast.account)
    time.passes(hours=20)
    await desk.ask(city, appeal.id, cast.operator, expected=0, question="Де?")
    time.passes(hours=1)
    answered = await resident.answer(city, appeal.id, cast.resident, text=ANSWER)
    assert answered.due_at == answered.remind_at == time.now


async def test_words_for_an_appeal_nobody_asked_about_are_added(city: City, cast: Cast, time: Time) -> None:
    appeal = await make_appeal(city, cast.account)
    time.passes(hours=1)
    added = await resident.answer(city, appeal.id, cast.resident, text=ANSWER)
    assert (added.status, added.due_at, added.remind_at) == (appeal.status, appeal.due_at, appeal.remind_at)
    assert (await last_event(appeal)).verb is Verb.ADD
    with pytest.raises(Invalid, match=r"words\.needed"):
        await resident.answer(city, appeal.id, cast.resident, text=" ")
    assert (await Appeal.get(id=appeal.id)).version == 1


async def test_a_photo_alone_is_an_answer(city: City, cast: Cast) -> None:
    appeal = await make_appeal(city, cast.account)
    photo = await make_photo(cast.account, draft=f"to{appeal.id}")
    await make_photo(await make_account(), draft=f"to{appeal.id}")
    await resident.answer(city, appeal.id, cast.resident, text="", draft=f"to{appeal.id}")
    event = await last_event(appeal)
    taken = await Attachment.filter(appeal_id=appeal.id)
    assert [(each.id, each.event_id, each.draft) for each in taken] == [(photo.id, event.id, "")]
    assert (await Appeal.get(id=appeal.id)).photos == 1


async def test_a_refused_photo_is_no_answer_to_count(city: City, cast: Cast) -> None:
    appeal = await make_appeal(city, cast.account)
    await make_photo(cast.account, draft="x", state=AttachmentState.REFUSED)
    await resident.answer(city, appeal.id, cast.resident, text="ось", draft="x")
    assert (await Appeal.get(id=appeal.id)).photos == 0


async def test_an_ended_appeal_takes_no_more_words(city: City, cast: Cast) -> None:
    appeal = await make_appeal(city, cast.account)
    await desk.reject(city, appeal.id, cast.operator, expected=0, reason="Не наше місто")
    with pytest.raises(Conflict):
        await resident.answer(city, appeal.id, cast.resident, text=ANSWER)


@pytest.mark.parametrize("action", ["answer", "reopen", "confirm", "rate"])
async def test_a_strangers_appeal_does_not_exist(city: City, cast: Cast, action: str) -> None:
    appeal = await resolved(city, cast)
    calls = {
        "answer": lambda: resident.answer(city, appeal.id, cast.stranger, text=ANSWER),
        "reopen": lambda: resident.reopen(city, appeal.id, cast.stranger, text=ANSWER),
        "confirm": lambda: poll.confirm(city, appeal.id, cast.stranger),
        "rate": lambda: poll.rate(city, appeal.id, cast.stranger, stars=1),
    }
    with pytest.raises(NotFound):
        await calls[action]()
    assert (await Appeal.get(id=appeal.id)).version == appeal.version
    survey = await Survey.get()
    assert (survey.solved, survey.stars, survey.words) == (None, None, "")


# reopening


async def test_reopened_it_goes_to_the_same_executor_with_a_new_deadline(
    city: City, cast: Cast, time: Time
) -> None:
    appeal = await resolved(city, cast)
    time.passes(days=3)
    again = await resident.reopen(city, appeal.id, cast.resident, text="у дворі далі тече\x00")
    stored = await Appeal.get(id=appeal.id)
    assert (stored.status, stored.executor_id, stored.reopen_count) == (Status.REOPENED, WATER, 1)
    assert (stored.open, stored.answered_at, stored.closed_at) == (True, None, None)
    assert stored.due_at == again.due_at == time.now + timedelta(hours=12)
    assert stored.remind_at == time.now + timedelta(hours=6), "not at once, though it was filed long ago"
    survey = await Survey.get()
    assert (survey.solved, survey.words, survey.answered_at) == (False, "у дворі далі тече", time.now)
    assert await noticed(cast.water) == ["urgent", "reopened"]
    assert await noticed(cast.desk) == ["urgent", "reopened"]
    assert (await last_event(appeal)).text == "у дворі далі тече"


async def test_a_closed_one_is_reopened_within_the_term_and_not_after(
    city: City, cast: Cast, time: Time
) -> None:
    city = replace(city, schedule=city.schedule.model_copy(update={"reopen_days": 30}))
    appeal = await resolved(city, cast)
    await poll.confirm(city, appeal.id, cast.resident)
    time.passes(days=30, seconds=1)
    with pytest.raises(Invalid, match=r"reopen\.too_late") as late:
        await resident.reopen(city, appeal.id, cast.resident, text=ANSWER)
    assert late.value.params == {"n": 30}
    assert (await Appeal.get(id=appeal.id)).status is Status.CLOSED
    time.passes(seconds=-1)
    again = await resident.reopen(city, appeal.id, cast.resident, text=ANSWER)
    assert (again.status, again.closed_at) == (Status.REOPENED, None)


async def test_what_the_desk_itself_explained_goes_back_to_the_desk(city: City, cast: Cast) -> None:
    appeal = await make_appeal(city, cast.account, sure=False)
    await desk.explain(city, appeal.id, cast.operator, expected=0, reason="Ремонт восени")
    again = await resident.reopen(city, appeal.id, cast.resident, text="знову яма")
    assert (again.status, again.executor_id, again.triage) == (Status.REGISTERED, None, True)
    assert await noticed(cast.desk) == ["triage", "reopened"]


async def test_reopening_needs_words_or_a_photo(city: City, cast: Cast) -> None:
    appeal = await resolved(city, cast)
    with pytest.raises(Invalid, match=r"words\.needed"):
        await resident.reopen(city, appeal.id, cast.resident, text=" ")
    await make_photo(cast.account, draft="x")
    again = await resident.reopen(city, appeal.id, cast.resident, text="", draft="x")
    assert again.status is Status.REOPENED
    assert (await Appeal.get(id=appeal.id)).photos == 1


async def test_said_twice_at_once_it_is_reopened_once(city: City, cast: Cast) -> None:
    appeal = await resolved(city, cast)
    said = await asyncio.gather(
        *(resident.reopen(city, appeal.id, cast.resident, text=ANSWER) for _ in range(3)),
        return_exceptions=True,
    )
    assert sorted(type(each).__name__ for each in said) == ["Appeal", "Conflict", "Conflict"]
    assert (await Appeal.get(id=appeal.id)).reopen_count == 1


# the poll


async def test_confirmed_it_closes_and_saying_so_again_changes_nothing(
    city: City, cast: Cast, time: Time
) -> None:
    appeal = await resolved(city, cast)
    closed = await poll.confirm(city, appeal.id, cast.resident)
    assert (closed.status, closed.closed_at) == (Status.CLOSED, time.now)
    time.passes(hours=1)
    again = await poll.confirm(city, appeal.id, cast.resident)
    assert (again.version, again.closed_at) == (closed.version, closed.closed_at)
    survey = await Survey.get()
    assert (survey.solved, survey.answered_at) == (True, closed.closed_at)
    assert await queued(appeal.id) == []


async def test_stars_can_be_changed_and_stay_between_one_and_five(city: City, cast: Cast) -> None:
    appeal = await resolved(city, cast)
    for wrong in (0, 6, -1):
        with pytest.raises(Invalid, match=r"stars\.range"):
            await poll.rate(city, appeal.id, cast.resident, stars=wrong)
    await poll.rate(city, appeal.id, cast.resident, stars=2)
    await poll.confirm(city, appeal.id, cast.resident)
    await poll.rate(city, appeal.id, cast.resident, stars=5)
    survey = await Survey.get()
    assert (survey.stars, survey.solved) == (5, True)


async def test_a_second_round_has_its_own_stars(city: City, cast: Cast) -> None:
    appeal = await resolved(city, cast)
    await poll.rate(city, appeal.id, cast.resident, stars=1)
    await resident.reopen(city, appeal.id, cast.resident, text=ANSWER)
    await desk.resolve(city, appeal.id, cast.operator, expected=3, answer="Тепер справді")
    await Survey.create(appeal_id=appeal.id, round=1, sent_at=appeal.created_at)
    await poll.rate(city, appeal.id, cast.resident, stars=5)
    assert [
        (survey.round, survey.solved, survey.stars) for survey in await Survey.all().order_by("round")
    ] == [
        (0, False, 1),
        (1, None, 5),
    ]


async def test_an_open_appeal_is_neither_confirmed_nor_rated(city: City, cast: Cast) -> None:
    appeal = await make_appeal(city, cast.account)
    with pytest.raises(Conflict):
        await poll.confirm(city, appeal.id, cast.resident)
    with pytest.raises(Conflict):
        await poll.rate(city, appeal.id, cast.resident, stars=5)
