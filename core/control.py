"""When whom is told of a deadline: to its executor a reminder, then one level up after the other. Pure.

Shares and hours are of the executor's working time, of what is urgent of the clock's. What has passed already
when a deadline is set is not made up for: at most one step is told at once, the others wait their turn. So a
deadline that is set in the past is due at once, and whoever missed it has the hours until the next level.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.config import Control
from core.deadlines import WorkCalendar, deadline, share


class Step(StrEnum):
    """What control does with a deadline, in order; the last three pass it up."""

    HALF = "half"
    PRE_ALARM = "pre_alarm"
    DUE = "due"
    OVERDUE = "overdue"
    HEAD = "head"
    DEPUTY = "deputy"
    MAYOR = "mayor"


STEPS = tuple(Step)
LEVELS = STEPS[STEPS.index(Step.HEAD) :]
DUE = STEPS.index(Step.DUE)
ESCALATED = "escalated"


def kind_of(step: Step) -> str:
    """The kind of notice by which it is told."""
    return ESCALATED if step in LEVELS else step.value


@dataclass(frozen=True, slots=True)
class Pace:
    """What the instants of an appeal's steps follow from, besides its deadline."""

    calendar: WorkCalendar
    settings: Control
    urgent: bool
    pre_alarm_share: float

    def delays(self) -> tuple[float, ...]:
        """Hours from the deadline to itself and to each later step, never falling."""
        of, prefix = self.settings, "urgent_" if self.urgent else ""
        found = [0.0]
        for step in STEPS[DUE + 1 :]:
            found.append(max(found[-1], getattr(of, f"{prefix}{step}_hours")))
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Next:
    """The step that control takes next, as its index in STEPS, and when."""

    index: int
    at: datetime

    @property
    def step(self) -> Step:
        return STEPS[self.index]


def plan(
    start: datetime,
    due: datetime,
    calendar: WorkCalendar,
    settings: Control,
    urgent: bool,  # noqa: FBT001 - as the appeal has it
    pre_alarm_share: float,
) -> tuple[datetime, ...]:
    """The instant of each of STEPS, never falling, for a deadline that was set at `start`."""
    pace = Pace(calendar, settings, urgent, pre_alarm_share)
    due = max(start, due)
    half = share(start, due, calendar, settings.half_share, around_clock=urgent)
    early = share(start, due, calendar, pre_alarm_share, around_clock=urgent)
    return half, max(half, early), *_from_due(pace, DUE, due)


def begin(now: datetime, start: datetime, due: datetime, pace: Pace, *, told: int = 0) -> Next | None:
    """What comes next for a deadline that is set `now` for work since `start`.

    The first `told` steps are not taken again. None where all were.
    """
    since = start if now < due else now
    instants = plan(since, due, pace.calendar, pace.settings, pace.urgent, pace.pre_alarm_share)
    return _latest(instants, 0, now, told)


def holds(now: datetime, planned: Next, due: datetime, pace: Pace) -> Next:
    """The latest step whose time has come, where the one that was planned is due: one sweep may be late."""
    return _latest(_rest(planned, due, pace), planned.index, now, planned.index) or planned


def after(planned: Next, taken: int, due: datetime, pace: Pace) -> Next | None:
    """What comes after the step `taken`, when `planned` was due. None after the last."""
    if taken + 1 >= len(STEPS):
        return None
    return Next(taken + 1, _rest(planned, due, pace)[taken + 1 - planned.index])


def _latest(instants: Sequence[datetime], first: int, now: datetime, least: int) -> Next | None:
    """Of the steps from `first` on, the last that has come; where none has, the next. Not before `least`."""
    left = [Next(first + at, instant) for at, instant in enumerate(instants) if first + at >= least]
    passed = [each for each in left if each.at <= now]
    return passed[-1] if passed else left[0] if left else None


def _rest(planned: Next, due: datetime, pace: Pace) -> tuple[datetime, ...]:
    """The instants of the planned step and of all after it: each follows from the one before it."""
    at = planned.at
    if planned.index >= DUE:
        return _from_due(pace, planned.index, at)
    due = max(at, due)
    if planned.step is not Step.HALF:
        return at, *_from_due(pace, DUE, due)
    half = pace.settings.half_share
    left = max(0.0, (pace.pre_alarm_share - half) / (1 - half))  # of what was left at half time
    early = share(at, due, pace.calendar, left, around_clock=pace.urgent)
    return at, early, *_from_due(pace, DUE, due)


def _from_due(pace: Pace, index: int, at: datetime) -> tuple[datetime, ...]:
    """The instants of the step `index`, which is at `at`, and of those after it."""
    delays = pace.delays()[index - DUE :]
    return tuple(
        deadline(at, hours - delays[0], pace.calendar, around_clock=pace.urgent) if hours > delays[0] else at
        for hours in delays
    )
