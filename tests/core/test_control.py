"""The steps of control: when each is due, in order, never several at once."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import control
from core.config import Control
from core.control import DUE, LEVELS, STEPS, Next, Pace, Step, kind_of, plan
from core.deadlines import Shift, WorkCalendar, remaining

DAY = (Shift(8 * 60, 17 * 60),)
WEEK = WorkCalendar("Europe/Kyiv", (*[DAY] * 5, (), ()))
MONDAY = datetime(2026, 3, 2, 8, 0, tzinfo=ZoneInfo("Europe/Kyiv")).astimezone(UTC)
HOUR = timedelta(hours=1)
INSTANTS = st.datetimes(datetime(2026, 1, 5), datetime(2026, 12, 20), timezones=st.just(UTC))  # noqa: DTZ001


def pace(*, urgent: bool = False, share: float = 0.8, **settings: Any) -> Pace:
    return Pace(WEEK, Control(**settings), urgent, share)


def local(instant: datetime) -> str:
    return f"{instant.astimezone(ZoneInfo('Europe/Kyiv')):%a %H:%M}"


def test_the_steps_of_an_ordinary_deadline_are_in_working_time() -> None:
    """Filed on Monday at eight, due in 18 working hours: on Tuesday at five."""
    due = MONDAY + timedelta(days=1, hours=9)
    told = [local(at) for at in plan(MONDAY, due, WEEK, Control(), False, 0.8)]
    assert told == ["Mon 17:00", "Tue 13:24", "Tue 17:00", "Wed 12:00", "Wed 16:00", "Fri 14:00", "Tue 12:00"]


def test_those_of_what_is_urgent_are_by_the_clock() -> None:
    steps = plan(MONDAY, MONDAY + 12 * HOUR, WEEK, Control(), True, 0.8)
    assert [round((at - MONDAY) / HOUR, 2) for at in steps] == [6, 9.6, 12, 12.5, 13, 15, 18]


@given(INSTANTS, st.floats(0, 400), st.floats(0.05, 0.95), st.booleans())
def test_they_never_go_back(start: datetime, hours: float, share: float, urgent: bool) -> None:  # noqa: FBT001
    steps = plan(start, start + timedelta(hours=hours), WEEK, Control(), urgent, share)
    assert len(steps) == len(STEPS)
    assert list(steps) == sorted(steps)
    assert steps[DUE] == start + timedelta(hours=hours)


@given(INSTANTS, st.floats(1, 400), st.floats(0.5, 0.95), st.booleans())
def test_taken_one_by_one_they_come_as_planned(
    start: datetime,
    hours: float,
    share: float,
    urgent: bool,  # noqa: FBT001
) -> None:
    """Each follows from the one before it: nothing else is kept of an appeal."""
    due, of = start + timedelta(hours=hours), pace(urgent=urgent, share=share)
    steps = plan(start, due, WEEK, of.settings, urgent, share)
    found = control.begin(start, start, due, of)
    taken = []
    while found is not None:
        held = control.holds(found.at, found, due, of)
        taken.append((held.index, found.at))
        found = control.after(found, held.index, due, of)
    for index, at in taken:
        assert abs(at - steps[index]) < timedelta(seconds=1) or _same_work(at, steps[index], urgent=urgent)
    assert [index for index, _ in taken] == sorted({index for index, _ in taken})


def _same_work(one: datetime, other: datetime, *, urgent: bool) -> bool:
    """The end of one working day is the beginning of the next, to working time."""
    return abs(remaining(one, other, WEEK, around_clock=urgent)) < timedelta(seconds=1)


def test_one_set_in_the_past_is_due_at_once_and_the_levels_wait_from_now() -> None:
    now, due = MONDAY + 50 * HOUR, MONDAY
    first = control.begin(now, MONDAY, due, pace())
    assert first == Next(DUE, now)
    following = control.after(first, first.index, due, pace())
    assert following is not None
    assert (following.step, local(following.at)) == (Step.OVERDUE, "Wed 14:00")


def test_what_was_told_of_it_already_is_not_told_again() -> None:
    now, due = MONDAY + 50 * HOUR, MONDAY
    found = control.begin(now, MONDAY, due, pace(), told=DUE + 2)
    assert found is not None
    assert (found.step, local(found.at)) == (Step.HEAD, "Thu 09:00")
    assert control.begin(now, MONDAY, due, pace(), told=len(STEPS)) is None


def test_a_late_look_takes_the_latest_step_alone() -> None:
    due, of = MONDAY + 9 * HOUR, pace()
    planned = Next(DUE, due)
    held = control.holds(due + timedelta(days=1), planned, due, of)
    assert held.step is Step.HEAD
    following = control.after(planned, held.index, due, of)
    assert following is not None
    assert following.step is Step.DEPUTY
    assert remaining(due, following.at, WEEK, around_clock=False) == 24 * HOUR


def test_half_a_period_that_has_passed_is_told_when_its_deadline_is_set_anew() -> None:
    due = MONDAY + 9 * HOUR
    assert control.begin(MONDAY + 5 * HOUR, MONDAY, due, pace()) == Next(0, MONDAY + 4.5 * HOUR)
    assert control.begin(MONDAY + 8 * HOUR, MONDAY, due, pace()) == Next(1, MONDAY + 7.2 * HOUR)


def test_delays_that_fall_are_as_long_as_the_one_before() -> None:
    of = pace(head_hours=2, overdue_hours=4)
    assert of.delays() == (0, 4, 4, 24, 40)


@pytest.mark.parametrize("step", STEPS)
def test_the_last_three_pass_it_up(step: Step) -> None:
    assert kind_of(step) == ("escalated" if step in LEVELS else step.value)
    assert LEVELS == (Step.HEAD, Step.DEPUTY, Step.MAYOR)
