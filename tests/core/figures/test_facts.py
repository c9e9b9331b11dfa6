"""What a history counts as: each rule of core/figures/facts.py, on histories written out step by step."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from core.figures.facts import Asked, Happened, Step, Story, facts_of
from core.figures.spans import WIDTH, middle, percentile, span_of
from core.figures.wilson import interval
from core.models.control import FactKind
from core.workflow import Status, Verb

KYIV = ZoneInfo("Europe/Kyiv")
BEGAN = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
DUE = BEGAN + timedelta(hours=24)
WATER, GAS = "kryvbasvodokanal", "gas_networks"
S, V = Status, Verb


At = tuple[float, Verb, Status, dict[str, Any]]  # hours after the filing, and what happened


def story(*steps: At, **more: Any) -> list[Happened]:
    """The facts of steps that are so many hours after the filing."""
    values: dict[str, Any] = {"executor": WATER, "due": DUE} | more
    filed = Step(1, BEGAN, V.SUBMIT, S.REGISTERED, {})
    taken = [
        Step(number, BEGAN + timedelta(hours=hour), verb, to, data)
        for number, (hour, verb, to, data) in enumerate(steps, start=2)
    ]
    return facts_of(Story(BEGAN, steps=[filed, *taken], **values), KYIV)


def of(kind: FactKind, facts: list[Happened]) -> list[Happened]:
    return [fact for fact in facts if fact.kind is kind]


def moved(was: datetime | None, due: datetime | None) -> dict[str, Any]:
    return {"deadline": [each.isoformat() if each else None for each in (was, due)]}


HANDED: At = (0, V.ASSIGN, S.ASSIGNED, {"executor": WATER})
STARTED: At = (2, V.START, S.IN_PROGRESS, {})
RESOLVED: At = (10, V.RESOLVE, S.RESOLVED, {})


def test_the_usual_way() -> None:
    asked = Asked(0, BEGAN + timedelta(hours=10), solved=True, stars=4)
    facts = story(HANDED, STARTED, (8, V.REPORT, S.REPORTED, {}), RESOLVED, asked=[asked])
    day = date(2026, 3, 2)
    assert facts == [
        Happened(FactKind.RECEIVED, day),
        Happened(FactKind.HANDED, day, WATER),
        Happened(FactKind.BEGUN, day, WATER, minutes=120),
        Happened(FactKind.ANSWERED, day, WATER, result="resolved", minutes=600, good=True),
        Happened(FactKind.ASKED, day, WATER),
        Happened(FactKind.JUDGED, day, WATER, good=True, stars=4),
    ]


def test_days_are_the_citys() -> None:
    facts = story(HANDED, (14.5, V.EXPLAIN, S.EXPLAINED, {}))  # half an hour past midnight in Kyiv
    assert [fact.day.day for fact in facts] == [2, 2, 3]


@pytest.mark.parametrize("verb", [V.START, V.REPORT, V.DECLINE, V.NEED_TIME])
def test_the_first_thing_an_executor_does_is_counted_once(verb: Verb) -> None:
    facts = story(
        HANDED, (1, V.NOTE, S.ASSIGNED, {}), (3, verb, S.IN_PROGRESS, {}), (4, V.REPORT, S.REPORTED, {})
    )
    assert [(fact.executor, fact.minutes) for fact in of(FactKind.BEGUN, facts)] == [(WATER, 180)]


def test_each_executor_counts_from_when_it_was_handed_over() -> None:
    given: At = (5, V.REASSIGN, S.ASSIGNED, {"executor": GAS, "was": WATER})
    facts = story(HANDED, STARTED, given, (6, V.START, S.IN_PROGRESS, {}), RESOLVED, executor=GAS)
    assert [(fact.executor, fact.minutes) for fact in of(FactKind.BEGUN, facts)] == [(WATER, 120), (GAS, 60)]
    assert [fact.executor for fact in of(FactKind.HANDED, facts)] == [WATER, GAS]
    assert of(FactKind.ANSWERED, facts)[0].executor == GAS


def test_who_declined_has_it_no_longer() -> None:
    facts = story(HANDED, (1, V.DECLINE, S.REGISTERED, {"executor": WATER}), (2, V.REJECT, S.REJECTED, {}))
    answer = of(FactKind.ANSWERED, facts)[0]
    assert (answer.executor, answer.result) == ("", "rejected")


@pytest.mark.parametrize(("hour", "good"), [(23.9, True), (24, True), (24.1, False)])
def test_the_deadline_is_the_last_moment_in_time(hour: float, *, good: bool) -> None:
    assert of(FactKind.ANSWERED, story(HANDED, (hour, V.RESOLVE, S.RESOLVED, {})))[0].good is good


def test_a_deadline_moved_in_time_counts_and_one_moved_afterwards_does_not() -> None:
    later = DUE + timedelta(hours=24)
    moves = moved(DUE, later)
    extended = story(HANDED, (5, V.EXTEND, S.ASSIGNED, moves), (30, V.RESOLVE, S.RESOLVED, {}), due=later)
    assert of(FactKind.ANSWERED, extended)[0].good
    reopened = story(HANDED, (30, V.RESOLVE, S.RESOLVED, {}), (31, V.REOPEN, S.REOPENED, moves), due=later)
    assert not of(FactKind.ANSWERED, reopened)[0].good


def test_a_reopened_one_is_answered_anew_from_then_on() -> None:
    again: At = (30, V.REOPEN, S.REOPENED, moved(DUE, DUE + timedelta(hours=30)))
    facts = story(HANDED, RESOLVED, again, (33, V.RESOLVE, S.RESOLVED, {}), due=DUE + timedelta(hours=30))
    assert [fact.minutes for fact in of(FactKind.ANSWERED, facts)] == [600, 180]
    assert [fact.good for fact in of(FactKind.ANSWERED, facts)] == [True, True]
    assert [fact.executor for fact in of(FactKind.REOPENED, facts)] == [WATER]


def test_the_residents_time_is_not_the_citys() -> None:
    ask: At = (4, V.ASK, S.NEEDS_INFO, moved(DUE, None))
    answered: At = (34, V.ANSWER, S.ASSIGNED, moved(None, DUE + timedelta(hours=30)))
    facts = story(HANDED, ask, answered, (40, V.RESOLVE, S.RESOLVED, {}), due=DUE + timedelta(hours=30))
    answer = of(FactKind.ANSWERED, facts)[0]
    assert (answer.minutes, answer.good) == (600, True)


@pytest.mark.parametrize(("hour", "good"), [(4, True), (25, False)])
def test_rejected_while_the_resident_is_silent(hour: float, *, good: bool) -> None:
    """The clock stood: what counts is whether the deadline had passed before."""
    end = BEGAN + timedelta(hours=200)
    rejected: At = (200, V.REJECT, S.REJECTED, moved(None, end + timedelta(hours=20 if good else 0)))
    facts = story(HANDED, (hour, V.ASK, S.NEEDS_INFO, moved(DUE, None)), rejected, due=end)
    answer = of(FactKind.ANSWERED, facts)[0]
    assert (answer.good, answer.minutes) == (good, hour * 60)


@pytest.mark.parametrize("end", [(V.MERGE, S.DUPLICATE), (V.WITHDRAW, S.WITHDRAWN)])
def test_merged_or_withdrawn_is_no_answer(end: tuple[Verb, Status]) -> None:
    facts = story(HANDED, STARTED, (5, *end, {}))
    assert [fact.kind for fact in facts] == [FactKind.RECEIVED, FactKind.HANDED, FactKind.BEGUN]


def test_what_was_put_back_never_happened() -> None:
    given: At = (1, V.REASSIGN, S.ASSIGNED, {"executor": GAS, "was": WATER})
    undo: At = (1.1, V.UNDO, S.ASSIGNED, {"undid": [3], "executor": WATER})
    facts = story(HANDED, given, undo, (3, V.START, S.IN_PROGRESS, {}))
    assert [fact.executor for fact in of(FactKind.HANDED, facts)] == [WATER]
    assert [(fact.executor, fact.minutes) for fact in of(FactKind.BEGUN, facts)] == [(WATER, 180)]


def test_what_the_resident_says_belongs_to_whose_result_it_was() -> None:
    again: At = (30, V.REOPEN, S.REOPENED, {})
    given: At = (31, V.REASSIGN, S.ASSIGNED, {"executor": GAS, "was": WATER})
    asked = [Asked(0, BEGAN + timedelta(hours=10), solved=False, stars=None)]
    asked.append(Asked(1, BEGAN + timedelta(hours=50), solved=None, stars=None))
    facts = story(HANDED, RESOLVED, again, given, (50, V.RESOLVE, S.RESOLVED, {}), executor=GAS, asked=asked)
    assert [fact.executor for fact in of(FactKind.ASKED, facts)] == [WATER, GAS]
    assert [(fact.executor, fact.good) for fact in of(FactKind.JUDGED, facts)] == [(WATER, False)]


def test_spans_are_as_narrow_as_they_say() -> None:
    for minutes in [*range(1, 3000), *range(3000, 600_000, 997)]:
        ratio = middle(span_of(minutes)) / minutes
        assert 1 / WIDTH**0.5 <= ratio <= WIDTH**0.5
    assert [middle(span_of(minutes)) for minutes in range(21)] == list(range(21))


def test_percentiles_are_by_nearest_rank() -> None:
    spans = {span_of(1): 5, span_of(10): 4, span_of(20): 1}
    assert [percentile(spans, share) for share in (0.5, 0.51, 0.9, 0.91)] == [1, 10, 10, 20]
    assert percentile({}, 0.5) is None


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [(8, 10, 0.490, 0.943), (5, 5, 0.566, 1.0), (0, 4, 0.0, 0.490), (500, 1000, 0.469, 0.531), (0, 0, 0, 1)],
)
def test_how_far_a_share_can_be_trusted(part: int, whole: int, low: float, high: float) -> None:
    assert interval(part, whole) == pytest.approx((low, high), abs=0.001)
