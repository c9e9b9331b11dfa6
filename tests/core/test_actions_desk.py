"""What the desk and the executor do to an appeal: each action's whole effect."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from core import clock, deadlines
from core.actions import desk, executor
from core.actions.actor import Actor
from core.city import City
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.models import Appeal, Attachment, Event
from core.models.appeals import AttachmentState
from core.workflow import Role, Status, Verb
from tests.builders import make_appeal, make_staff
from tests.core.conftest import GAS, WATER, WORDS, Cast, Time, last_event, noticed, queued, reported

# the executor


async def test_start_tells_the_resident(city: City, cast: Cast, time: Time) -> None:
    appeal = await make_appeal(city, cast.account)
    time.passes(hours=1)
    moved = await executor.start(city, appeal.id, cast.officer, expected=0)
    stored = await Appeal.get(id=appeal.id)
    assert (stored.status, stored.version, stored.updated_at) == (Status.IN_PROGRESS, 1, time.now)
    assert (stored.due_at, stored.remind_at) == (appeal.due_at, appeal.remind_at), (
        "starting moves no deadline"
    )
    assert (moved.status, moved.version) == (stored.status, stored.version)
    event = await last_event(appeal)
    assert (event.verb, event.staff_id, event.role) == (Verb.START, cast.water.id, Role.EXECUTOR)
    assert await queued(appeal.id) == ["started"]


async def test_a_report_waits_for_the_desk(city: City, cast: Cast) -> None:
    appeal = await make_appeal(city, cast.account)
    common: dict[str, Any] = {"role": Role.EXECUTOR, "created_at": clock.now(), "due_at": clock.now()}
    mine, stored = executor.upload_mark(cast.water.id), AttachmentState.STORED
    photo = await Attachment.create(draft=mine, state=stored, **common)
    somebodys = await Attachment.create(draft=executor.upload_mark(cast.gas.id), state=stored, **common)
    from_chat = await Attachment.create(draft=mine, state=AttachmentState.WAITING, **common)
    gone = await Attachment.create(draft=mine, state=AttachmentState.REFUSED, **common)
    ids = (photo.id, somebodys.id, from_chat.id, gone.id)
    await executor.report(city, appeal.id, cast.officer, expected=0, text=f" {WORDS}\n", photos=ids)
    after = await Appeal.get(id=appeal.id)
    assert (after.status, after.answer, after.open) == (Status.REPORTED, WORDS, True)
    assert after.answered_at is None
    event = await last_event(appeal)
    assert event.text == WORDS
    kept = Attachment.filter(event_id=event.id, appeal_id=appeal.id).order_by("id")
    assert await kept.values_list("id", flat=True) == [photo.id, from_chat.id]
    assert await queued(appeal.id) == [], "the resident hears when the desk has verified it"
    assert await noticed(cast.desk) == ["urgent", "reported"]


@pytest.mark.parametrize("verb", ["resolve", "explain", "reject", "rework", "ask", "reassign"])
async def test_an_officer_cannot_decide(city: City, cast: Cast, verb: str) -> None:
    appeal = await reported(city, cast) if verb == "rework" else await make_appeal(city, cast.account)
    calls: dict[str, Callable[[], Awaitable[Appeal]]] = {
        "resolve": lambda: desk.resolve(city, appeal.id, cast.officer, expected=appeal.version, answer=WORDS),
        "explain": lambda: desk.explain(city, appeal.id, cast.officer, expected=0, reason=WORDS),
        "reject": lambda: desk.reject(city, appeal.id, cast.officer, expected=0, reason=WORDS),
        "rework": lambda: desk.rework(city, appeal.id, cast.officer, expected=1, reason=WORDS),
        "ask": lambda: desk.ask(city, appeal.id, cast.officer, expected=0, question=WORDS),
        "reassign": lambda: desk.reassign(
            city, appeal.id, cast.officer, expected=0, executor=GAS, reason=WORDS
        ),
    }
    with pytest.raises(Forbidden):
        await calls[verb]()
    assert (await Appeal.get(id=appeal.id)).version == appeal.version


async def test_what_is_anothers_does_not_exist(city: City, cast: Cast) -> None:
    appeal = await make_appeal(city, cast.account)
    with pytest.raises(NotFound):
        await executor.start(city, appeal.id, cast.other_officer, expected=0)
    with pytest.raises(NotFound):
        await executor.start(city, appeal.id + 1000, cast.officer, expected=0)
    nobody = Actor(role=Role.EXECUTOR, staff_id=cast.water.id)
    waiting = await make_appeal(city, cast.account, sure=False)
    with pytest.raises(NotFound):
        await executor.start(city, waiting.id, nobody, expected=0)


# categorising, assigning


async def test_categorise_assigns_what_waited_and_times_it_from_the_filing(
    city: City, cast: Cast, time: Time
) -> None:
    appeal = await make_appeal(city, cast.account, sure=False, category="roads.pothole")
    filed = time.now
    time.passes(hours=2)
    moved = await desk.categorise(city, appeal.id, cast.operator, expected=0, category="water.leak")
    assert (moved.status, moved.executor_id, moved.version) == (Status.ASSIGNED, WATER, 2)
    stored = await Appeal.get(id=appeal.id)
    assert (stored.category_id, stored.urgent, stored.triage) == ("water.leak", True, False)
    assert stored.due_at == filed + timedelta(hours=12)
    assert stored.remind_at == time.now + timedelta(hours=5), "half of what its executor has of it"
    events = await Event.filter(appeal_id=appeal.id).order_by("id")
    assert [event.verb for event in events] == ["submit", "categorise", "assign"]
    due = [each.isoformat() for each in (appeal.due_at, stored.due_at) if each]
    said = {"category": "water.leak", "was": "roads.pothole", "deadline": due, "revision": city.revision}
    assert events[1].data == said
    assert await queued(appeal.id) == ["assigned"]
    assert await noticed(cast.water) == ["urgent"]


async def test_a_category_that_turns_urgent_is_reminded_of_around_the_clock(
    city: City, cast: Cast, time: Time
) -> None:
    time.passes(hours=20 * 24 + 8)  # Sunday evening
    appeal = await make_appeal(city, cast.account, sure=False, category="roads.pothole")
    filed = time.now
    moved = await desk.categorise(city, appeal.id, cast.operator, expected=0, category="water.leak")
    assert moved.remind_at == filed + timedelta(hours=6)


async def test_categorise_leaves_an_executor_in_place(city: City, cast: Cast) -> None:
    appeal = await make_appeal(city, cast.account)
    moved = await desk.categorise(city, appeal.id, cast.operator, expected=0, category="gas.leak")
    assert (moved.executor_id, moved.status, moved.category_id) == (WATER, Status.ASSIGNED, "gas.leak")
    assert await queued(appeal.id) == []


@pytest.mark.usefixtures("time")
async def test_categorise_keeps_a_stopped_clock_stopped(city: City, cast: Cast) -> None:
    appeal = await make_appeal(city, cast.account)
    await desk.ask(city, appeal.id, cast.operator, expected=0, question="Де саме?")
    moved = await desk.categorise(city, appeal.id, cast.operator, expected=1, category="sewer.blocked")
    assert (moved.status, moved.due_at, moved.remind_at) == (Status.NEEDS_INFO, None, None)
    assert moved.time_left == 12 * 3600


async def test_an_unknown_category_or_executor_is_refused(city: City, cast: Cast) -> None:
    appeal = await make_appeal(city, cast.account, sure=False)
    with pytest.raises(Invalid, match=r"category\.unknown"):
        await desk.categorise(city, appeal.id, cast.operator, expected=0, category="нема")
    with pytest.raises(Invalid, match=r"executor\.unknown"):
        await desk.assign(city, appeal.id, cast.operator, expected=0, executor="нема")


async def test_assign_gives_it_to_somebody_once(city: City, cast: Cast) -> None:
    appeal = await make_appeal(city, cast.account, sure=False)
    moved = await desk.assign(city, appeal.id, cast.operator, expected=0, executor=GAS)
    assert (moved.executor_id, moved.status, moved.triage) == (GAS, Status.ASSIGNED, False)
    assert (await last_event(appeal)).data == {"executor": GAS}
    assert await noticed(cast.gas) == ["assigned"]
    with pytest.raises(Conflict):
        await desk.assign(city, appeal.id, cast.operator, expected=1, executor=WATER)


async def test_reassign_needs_a_reason_and_somebody_else(city: City, cast: Cast) -> None:
    appeal = await make_appeal(city, cast.account)
    with pytest.raises(Invalid, match=r"reason\.needed"):
        await desk.reassign(city, appeal.id, cast.operator, expected=0, executor=GAS, reason=" ")
    with pytest.raises(Invalid, match=r"executor\.same"):
        await desk.reassign(city, appeal.id, cast.operator, expected=0, executor=WATER, reason=WORDS)
    moved = await desk.reassign(city, appeal.id, cast.operator, expected=0, executor=GAS, reason="не вода")
    assert (moved.executor_id, moved.due_at) == (GAS, appeal.due_at)
    event = await last_event(appeal)
    assert (event.text, event.data) == ("не вода", {"executor": GAS, "was": WATER})
    assert await noticed(cast.gas) == ["urgent"]
    assert await queued(appeal.id) == ["assigned"]
    with pytest.raises(NotFound):
        await executor.start(city, appeal.id, cast.officer, expected=1)


async def test_reassigned_back_is_told_again(city: City, cast: Cast) -> None:
    appeal = await make_appeal(city, cast.account)
    await desk.reassign(city, appeal.id, cast.operator, expected=0, executor=GAS, reason="не вода")
    await desk.reassign(city, appeal.id, cast.operator, expected=1, executor=WATER, reason="таки вода")
    assert await noticed(cast.water) == ["urgent", "urgent"]


# races


async def test_a_stale_look_is_a_conflict_that_tells_what_changed(city: City, cast: Cast) -> None:
    appeal = await make_appeal(city, cast.account)
    await executor.start(city, appeal.id, cast.officer, expected=0)
    with pytest.raises(Conflict) as lost:
        await desk.reject(city, appeal.id, cast.operator, expected=0, reason=WORDS)
    assert (lost.value.key, lost.value.params["version"]) == ("conflict.changed", 1)
    with pytest.raises(Conflict) as impossible:
        await executor.start(city, appeal.id, cast.officer, expected=1)
    assert impossible.value.key == "conflict.status"


async def test_of_many_at_once_one_wins_and_the_others_are_told(city: City, cast: Cast) -> None:
    """On PostgreSQL each has a connection of its own, so these are real races."""
    appeal = await make_appeal(city, cast.account)
    operators = [Actor.staff(await make_staff()) for _ in range(5)]
    attempts = await asyncio.gather(
        *(
            desk.explain(city, appeal.id, operator, expected=0, reason=f"причина {index}")
            if index % 2
            else desk.reassign(city, appeal.id, operator, expected=0, executor=GAS, reason=f"{index}")
            for index, operator in enumerate(operators)
        ),
        return_exceptions=True,
    )
    assert len([each for each in attempts if isinstance(each, Appeal)]) == 1
    assert len([each for each in attempts if isinstance(each, Conflict)]) == 4
    assert (await Appeal.get(id=appeal.id)).version == 1
    assert await Event.filter(appeal_id=appeal.id).count() == 3
    assert len(await queued(appeal.id)) == 1


async def test_time_left_is_working_time_for_what_is_not_urgent(city: City, cast: Cast, time: Time) -> None:
    appeal = await make_appeal(city, cast.account, category="house.entrance")
    time.passes(days=1)
    asked = await desk.ask(city, appeal.id, cast.operator, expected=0, question="Який?")
    assert appeal.due_at is not None
    assert (
        asked.time_left
        == deadlines.remaining(
            time.now, appeal.due_at, city.pack.calendar, around_clock=False
        ).total_seconds()
    )
