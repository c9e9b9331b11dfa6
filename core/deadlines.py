"""Working-time arithmetic: when an appeal is due, and how much of its time is left.

Instants are aware datetimes; what is returned is in UTC. Working time is measured in hours that really
pass between opening and closing on the city's clock, so a night shift over a daylight-saving change is an
hour shorter or longer, and a day shift is not. `around_clock` (urgent categories) ignores the calendar.
"""

from bisect import bisect_left, bisect_right
from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from zoneinfo import ZoneInfo

MIDNIGHT = 24 * 60
NOTHING = timedelta()
BY_LAW = 45  # days from registration in which what is official is answered, extended or not (art. 20)


class Hours(StrEnum):
    """A part of the week, as a calendar divides it."""

    WORKING = "working"
    OFF = "off"


@dataclass(frozen=True, slots=True, order=True)
class Shift:
    """A stretch of one working day, in minutes of the local day: 8:00-17:00 is Shift(480, 1020)."""

    opens: int
    closes: int

    def __post_init__(self) -> None:
        if not 0 <= self.opens < self.closes <= MIDNIGHT:
            raise ValueError(f"a shift opens before it closes, within 0-{MIDNIGHT} minutes: {self}")


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """When an executor works. `special` days replace both the week and the days off.

    `weekly` holds the shifts of Monday to Sunday. A calendar that never works is refused: no deadline
    could be reached on it.
    """

    timezone: str
    weekly: tuple[tuple[Shift, ...], ...]
    days_off: frozenset[date] = frozenset()
    special: Mapping[date, tuple[Shift, ...]] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        if len(self.weekly) != 7 or not any(self.weekly):  # noqa: PLR2004 - days of a week
            raise ValueError("a calendar has seven days from Monday on, with work on at least one")
        for shifts in (*self.weekly, *self.special.values()):
            if any(late.opens < early.closes for early, late in pairwise(shifts)):
                raise ValueError(f"the shifts of a day follow one another: {shifts}")

    def shifts(self, day: date) -> tuple[Shift, ...]:
        if day in self.special:
            return self.special[day]
        return () if day in self.days_off else self.weekly[day.weekday()]


def hours_at(instant: datetime, calendar: WorkCalendar) -> Hours:
    """Whether work goes on at an instant."""
    local = instant.astimezone(ZoneInfo(calendar.timezone))
    minute = local.hour * 60 + local.minute
    open_now = any(shift.opens <= minute < shift.closes for shift in calendar.shifts(local.date()))
    return Hours.WORKING if open_now else Hours.OFF


def deadline(start: datetime, hours: float, calendar: WorkCalendar, *, around_clock: bool) -> datetime:
    """The first instant at which `hours` of (working) time have passed since `start`."""
    return _advance(start, timedelta(hours=hours), calendar, around_clock=around_clock)


def remaining(now: datetime, due: datetime, calendar: WorkCalendar, *, around_clock: bool) -> timedelta:
    """The (working) time from `now` until `due`; negative when it is overdue.

    This is what a stopped clock keeps while the resident is asked: see `resume`.
    """
    now, due = now.astimezone(UTC), due.astimezone(UTC)
    if around_clock:
        return due - now
    if due < now:
        return -remaining(due, now, calendar, around_clock=False)
    left = NOTHING
    for opens, closes in _working(now, calendar):
        if opens >= due:
            break
        left += min(closes, due) - opens
    return left


def resume(now: datetime, left: timedelta, calendar: WorkCalendar, *, around_clock: bool) -> datetime:
    """The new due instant of a clock that was stopped with `left` on it and runs again from `now`.

    What was already overdue is due at once.
    """
    return _advance(now, max(left, NOTHING), calendar, around_clock=around_clock)


def share(
    start: datetime, due: datetime, calendar: WorkCalendar, fraction: float, *, around_clock: bool
) -> datetime:
    """The instant at which `fraction` (0 to 1) of the (working) time from `start` to `due` has passed.

    0.5 is the half-time reminder; the pre-alarm is a share set per category.
    """
    whole = remaining(start, due, calendar, around_clock=around_clock)
    return _advance(start, max(whole, NOTHING) * fraction, calendar, around_clock=around_clock)


def statutory(start: datetime, calendar: WorkCalendar) -> datetime:
    """A month from the day it came (Law 393/96, art. 20), to the end of work on its last day.

    A last day on which nobody works gives way to the next one on which somebody does.
    """
    came = start.astimezone(ZoneInfo(calendar.timezone)).date()
    year, month = divmod(came.year * 12 + came.month, 12)  # of the next month, counted from 0
    return _end_of_work(date(year, month + 1, min(came.day, monthrange(year, month + 1)[1])), calendar)


def statutory_end(start: datetime, calendar: WorkCalendar) -> date:
    """The last day to which the law lets a deadline be extended; one off gives way as in `statutory`."""
    came = start.astimezone(ZoneInfo(calendar.timezone)).date()
    return _working_day(came + timedelta(days=BY_LAW), calendar)


def statutory_carried(start: datetime, due: datetime, before: WorkCalendar, after: WorkCalendar) -> datetime:
    """What becomes of a deadline by law when the calendar changes: its last day is looked for anew.

    One that doesn't follow from `start` alone, since its clock stood still, only gives way to a new day off.
    """
    if due == statutory(start, before):
        return statutory(start, after)
    day = due.astimezone(ZoneInfo(after.timezone)).date()
    return due if after.shifts(day) else _end_of_work(day, after)


def carried(now: datetime, before: WorkCalendar, after: WorkCalendar) -> Callable[[datetime], datetime]:
    """What becomes of deadlines when the calendar changes `now`: each keeps the working time it has left.

    So what was worked, or not, stays as it was; nothing becomes late by the change, and nothing that is late
    is excused. What has passed stays, and what no work was left until.
    """
    now = now.astimezone(UTC)
    old, new = _Course(now, before), _Course(now, after)

    def carry(due: datetime) -> datetime:
        left = old.until(due.astimezone(UTC))
        return new.after(left) if left else due

    return carry


class _Course:
    """The working time from an instant on, as far ahead as it was asked for: for many questions to one."""

    def __init__(self, start: datetime, calendar: WorkCalendar) -> None:
        self._ahead = _working(start, calendar)
        self._opens: list[datetime] = []
        self._closes = [start]
        self._passed = [NOTHING]  # before each opening; the last is of what was asked for in all

    def until(self, instant: datetime) -> timedelta:
        while self._closes[-1] < instant:
            self._look()
        at = bisect_right(self._opens, instant) - 1
        if at < 0:
            return NOTHING
        return self._passed[at] + min(instant, self._closes[at + 1]) - self._opens[at]

    def after(self, amount: timedelta) -> datetime:
        while self._passed[-1] < amount:
            self._look()
        at = bisect_left(self._passed, amount) - 1
        return self._opens[at] + amount - self._passed[at]

    def _look(self) -> None:
        opens, closes = next(self._ahead)
        self._opens.append(opens)
        self._closes.append(closes)
        self._passed.append(self._passed[-1] + closes - opens)


def _end_of_work(day: date, calendar: WorkCalendar) -> datetime:
    """On that day, or the next on which somebody works."""
    day = _working_day(day, calendar)
    return _instant(day, calendar.shifts(day)[-1].closes, ZoneInfo(calendar.timezone))


def _working_day(day: date, calendar: WorkCalendar) -> date:
    while not calendar.shifts(day):
        day += timedelta(days=1)
    return day


def _advance(start: datetime, amount: timedelta, calendar: WorkCalendar, *, around_clock: bool) -> datetime:
    if amount < NOTHING:
        raise ValueError(f"time runs forward: {amount}")
    start = start.astimezone(UTC)
    if around_clock or not amount:
        return start + amount
    for opens, closes in _working(start, calendar):
        if amount <= closes - opens:
            return opens + amount
        amount -= closes - opens
    raise OverflowError("the deadline lies beyond the end of the calendar")


def _working(start: datetime, calendar: WorkCalendar) -> Iterator[tuple[datetime, datetime]]:
    """The stretches of working time from `start` on, in UTC, in order and without overlap."""
    zone = ZoneInfo(calendar.timezone)
    day, reached = start.astimezone(zone).date(), start
    while day < date.max - timedelta(days=1):
        for shift in calendar.shifts(day):
            opens = max(_instant(day, shift.opens, zone), reached)
            closes = _instant(day, shift.closes, zone)
            if opens < closes:
                yield opens, closes
                reached = closes
        day += timedelta(days=1)


def _instant(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """The instant of a minute of the local day; 24:00 is the next day's midnight."""
    if minute == MIDNIGHT:
        day, minute = day + timedelta(days=1), 0
    return datetime.combine(day, time(minute // 60, minute % 60), zone).astimezone(UTC)
