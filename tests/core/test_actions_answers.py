"""What the desk asks, tells and answers: each action's whole effect."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from core.actions import desk, executor
from core.city import City
from core.errors import Invalid
from core.models import Appeal, Outbox, Survey
from core.workflow import Status
from tests.builders import make_appeal
from tests.core.conftest import GAS, WORDS, Cast, Time, last_event, noticed, queued, reported

# asking


async def test_the_clock_stands_still_while_the_resident_is_asked(city: City, cast: Cast, time: Time) -> None:
    appeal = await make_appeal(city, cast.account)
    time.passes(hours=3)
    asked = await desk.ask(city, appeal.id, cast.operator, expected=0, question="З якого боку?")
    assert (asked.status, asked.due_at, asked.remind_at) == (Status.NEEDS_INFO, None, None)
    assert (asked.time_left, asked.asked_from) == (9 * 3600, Status.ASSIGNED)
    message = await Outbox.get(appeal_id=appeal.id)
    assert (message.kind, message.body["text"]) == ("question", "З якого боку?")


async def test_asked_twice_it_returns_to_where_it_came_from(city: City, cast: Cast, time: Time) -> None:
    appeal = await make_appeal(city, cast.account)
    await executor.start(city, appeal.id, cast.officer, expected=0)
    await desk.ask(city, appeal.id, cast.operator, expected=1, question="Де?")
    time.passes(hours=1)
    again = await desk.ask(city, appeal.id, cast.operator, expected=2, question="Який під'їзд?")
    assert again.asked_from is Status.IN_PROGRESS
    assert again.time_left == 12 * 3600, "the second question stops nothing more"
    assert await queued(appeal.id) == ["started", "question", "question"]


@pytest.mark.parametrize("how", ["resolve", "reject", "explain", "reassign"])
async def test_whoever_ends_the_question_starts_the_clock(
    city: City, cast: Cast, time: Time, how: str
) -> None:
    appeal = await make_appeal(city, cast.account)
    await desk.ask(city, appeal.id, cast.operator, expected=0, question="Де?")
    time.passes(days=2)
    calls: dict[str, Callable[[], Awaitable[Appeal]]] = {
        "resolve": lambda: desk.resolve(city, appeal.id, cast.operator, expected=1, answer=WORDS),
        "reject": lambda: desk.reject(city, appeal.id, cast.operator, expected=1, reason=WORDS),
        "explain": lambda: desk.explain(city, appeal.id, cast.operator, expected=1, reason=WORDS),
        "reassign": lambda: desk.reassign(
            city, appeal.id, cast.operator, expected=1, executor=GAS, reason=WORDS
        ),
    }
    moved = await calls[how]()
    assert (moved.time_left, moved.due_at) == (None, time.now + timedelta(hours=12))


# telling, notes


async def test_tell_and_note(city: City, cast: Cast) -> None:
    appeal = await make_appeal(city, cast.account)
    await desk.tell(city, appeal.id, cast.operator, expected=0, text="Бригада в дорозі")
    await desk.note(city, appeal.id, cast.officer, expected=1, text="ключ у двірника")
    assert await queued(appeal.id) == ["message"], "a note is for colleagues"
    stored = await Appeal.get(id=appeal.id)
    assert (stored.status, stored.version) == (Status.ASSIGNED, 2)
    with pytest.raises(Invalid, match=r"note\.needed"):
        await desk.note(city, appeal.id, cast.operator, expected=2, text="\n")
    with pytest.raises(Invalid, match=r"words\.too_long"):
        await desk.tell(city, appeal.id, cast.operator, expected=2, text="я" * 4001)


async def test_who_has_no_chat_cannot_be_written_to(city: City, cast: Cast) -> None:
    appeal = await make_appeal(city, cast.account)
    await Appeal.filter(id=appeal.id).update(account_id=None)
    with pytest.raises(Invalid, match=r"resident\.no_chat"):
        await desk.ask(city, appeal.id, cast.operator, expected=0, question="Де?")
    with pytest.raises(Invalid, match=r"resident\.no_chat"):
        await desk.tell(city, appeal.id, cast.operator, expected=0, text=WORDS)
    stored = await Appeal.get(id=appeal.id)
    assert (stored.status, stored.version) == (Status.ASSIGNED, 0)
    await executor.start(city, appeal.id, cast.officer, expected=0)
    assert await queued() == []


# ending


async def test_resolve_needs_words_or_the_report(city: City, cast: Cast, time: Time) -> None:
    appeal = await make_appeal(city, cast.account)
    with pytest.raises(Invalid, match=r"answer\.needed"):
        await desk.resolve(city, appeal.id, cast.operator, expected=0)
    await executor.report(city, appeal.id, cast.officer, expected=0, text=WORDS)
    moved = await desk.resolve(city, appeal.id, cast.operator, expected=1)
    assert (moved.status, moved.answer, moved.answered_at) == (Status.RESOLVED, WORDS, time.now)
    assert not moved.open
    assert (await last_event(appeal)).text == WORDS
    assert await queued(appeal.id) == [], "the next sweep tells, with the photo and the poll"
    assert await Survey.all().count() == 0


async def test_the_operators_words_go_before_the_report(city: City, cast: Cast) -> None:
    appeal = await reported(city, cast)
    moved = await desk.resolve(city, appeal.id, cast.operator, expected=1, answer="Перевірено на місці")
    assert moved.answer == "Перевірено на місці"


async def test_rework_goes_back_with_the_reason(city: City, cast: Cast) -> None:
    appeal = await reported(city, cast)
    with pytest.raises(Invalid, match=r"reason\.needed"):
        await desk.rework(city, appeal.id, cast.operator, expected=1, reason="")
    moved = await desk.rework(city, appeal.id, cast.operator, expected=1, reason="яма лишилась")
    assert (moved.status, moved.rework_count, moved.due_at) == (Status.REWORK, 1, appeal.due_at)
    assert (await last_event(appeal)).text == "яма лишилась"
    assert await noticed(cast.water) == ["urgent", "rework"]
    assert await queued(appeal.id) == [], "between the city and its executor"


@pytest.mark.parametrize(
    ("verb", "status", "closed"),
    [("explain", Status.EXPLAINED, False), ("reject", Status.REJECTED, True)],
)
async def test_a_refusal_needs_a_reason_that_is_told(
    city: City,
    cast: Cast,
    time: Time,
    verb: str,
    status: Status,
    closed: bool,  # noqa: FBT001 - a column
) -> None:
    appeal = await make_appeal(city, cast.account)
    act = desk.explain if verb == "explain" else desk.reject
    with pytest.raises(Invalid, match=r"reason\.needed"):
        await act(city, appeal.id, cast.operator, expected=0, reason=" ")
    moved = await act(city, appeal.id, cast.operator, expected=0, reason="Це територія області")
    assert (moved.status, moved.answer, moved.open) == (status, "Це територія області", False)
    assert (moved.closed_at, moved.answered_at) == ((time.now, None) if closed else (None, time.now))
    message = await Outbox.get(appeal_id=appeal.id)
    assert (message.kind, message.body["text"]) == (status.value, "Це територія області")
