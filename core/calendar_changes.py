"""A calendar that changed: from which to which, when, and what becomes of a deadline by it. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from core.calendars import Calendars
from core.deadlines import Shift, WorkCalendar, carried, statutory_carried
from core.workflow import STATUTORY, Kind

Pair = tuple[WorkCalendar, WorkCalendar]  # before and after


@dataclass(frozen=True, slots=True)
class CalendarChange:
    """`own`: executors whose time changes otherwise than the city's; `same`: whose own stays as it is."""

    at: datetime
    city: Pair
    own: Mapping[str, Pair]
    same: frozenset[str]

    @classmethod
    def of(cls, before: Calendars, after: Calendars, at: datetime) -> "CalendarChange":
        pairs = {slug: (before.of(slug), after.of(slug)) for slug in {*before.own, *after.own}}
        own = {slug: pair for slug, pair in pairs.items() if pair[0] != pair[1]}
        return cls(at, (before.city, after.city), own, frozenset(pairs.keys() - own.keys()))

    @classmethod
    def kept(cls, values: Mapping[str, Any]) -> "CalendarChange":
        """From what `values` keeps as JSON."""
        return cls(
            datetime.fromisoformat(values["at"]),
            _pair(values["city"]),
            {slug: _pair(each) for slug, each in values["own"].items()},
            frozenset(values["same"]),
        )

    @property
    def values(self) -> dict[str, Any]:
        return {
            "at": self.at.isoformat(),
            "city": [_plain(each) for each in self.city],
            "own": {slug: [_plain(each) for each in pair] for slug, pair in self.own.items()},
            "same": sorted(self.same),
        }


@dataclass(slots=True)
class Course:
    """How deadlines go by a change; counted once for all that ask."""

    change: CalendarChange
    _carry: dict[str, Callable[[datetime], datetime]] = field(default_factory=dict)

    def carry(self, executor: str | None) -> Callable[[datetime], datetime]:
        """What becomes of an instant in the time of who has it, the city's where nobody does."""
        change = self.change
        key = executor if executor in change.own or executor in change.same else None
        if (key or "") not in self._carry:
            pair = change.own.get(key or "", change.city)
            self._carry[key or ""] = _stays if key in change.same else carried(change.at, *pair)
        return self._carry[key or ""]

    def due(self, was: datetime, executor: str | None, kind: Kind, filed: datetime) -> datetime | None:
        """The deadline after; None where it stays."""
        if was <= self.change.at:
            return None
        due = (
            statutory_carried(filed, was, *self.change.city)
            if kind in STATUTORY
            else self.carry(executor)(was)
        )
        return due if due != was and due > self.change.at else None


def _stays(due: datetime) -> datetime:
    return due


def _plain(calendar: WorkCalendar) -> dict[str, Any]:
    return {
        "timezone": calendar.timezone,
        "weekly": [_minutes(shifts) for shifts in calendar.weekly],
        "days_off": sorted(day.isoformat() for day in calendar.days_off),
        "special": {day.isoformat(): _minutes(shifts) for day, shifts in calendar.special.items()},
    }


def _minutes(shifts: Sequence[Shift]) -> list[list[int]]:
    return [[shift.opens, shift.closes] for shift in shifts]


def _pair(values: Sequence[Mapping[str, Any]]) -> Pair:
    before, after = (
        WorkCalendar(
            each["timezone"],
            tuple(_shifts(shifts) for shifts in each["weekly"]),
            frozenset(date.fromisoformat(day) for day in each["days_off"]),
            {date.fromisoformat(day): _shifts(shifts) for day, shifts in each["special"].items()},
        )
        for each in values
    )
    return before, after


def _shifts(minutes: Sequence[Sequence[int]]) -> tuple[Shift, ...]:
    return tuple(Shift(opens, closes) for opens, closes in minutes)
