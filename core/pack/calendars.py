"""When the city, or one of its executors, works: as a [calendar] says it and as JSON keeps it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from itertools import pairwise
from typing import Any

from core.deadlines import Shift, WorkCalendar
from core.pack.files import Section
from core.pack.public_holidays import YEARS, public_holidays

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Shifts = tuple[Shift, ...]


@dataclass(frozen=True, slots=True)
class CalendarSpec:
    """What is said of when somebody works. None is what isn't: an executor has that from its city.

    `special`: dates with hours of their own, or with none. `holidays`: yearly days off, as 12-31, besides
    those of the law; both count only with `public_holidays`.
    """

    mon: Shifts | None = None
    tue: Shifts | None = None
    wed: Shifts | None = None
    thu: Shifts | None = None
    fri: Shifts | None = None
    sat: Shifts | None = None
    sun: Shifts | None = None
    days_off: tuple[date, ...] | None = None
    special: tuple[tuple[date, Shifts], ...] | None = None
    public_holidays: bool | None = None
    holidays: tuple[str, ...] | None = None

    def over(self, other: "CalendarSpec") -> "CalendarSpec":
        """This, and what it leaves unsaid as the other says it."""
        pairs = ((getattr(self, each.name), getattr(other, each.name)) for each in fields(self))
        return CalendarSpec(*(theirs if own is None else own for own, theirs in pairs))

    def work(self, timezone: str) -> WorkCalendar:
        """Raises ValueError where nobody could ever work by it."""
        weekly = tuple(getattr(self, day) or () for day in WEEKDAYS)
        days_off = set(self.days_off or ())
        if self.public_holidays and any(weekly):
            days_off |= public_holidays(tuple(map(bool, weekly)))
            days_off |= {date.fromisoformat(f"{year}-{day}") for year in YEARS for day in self.holidays or ()}
        return WorkCalendar(timezone, weekly, frozenset(days_off), dict(self.special or ()))

    @property
    def values(self) -> dict[str, Any]:
        """What is said, as TOML and JSON write it."""
        said = {each.name: getattr(self, each.name) for each in fields(self)}
        found = {name: _plain(value) for name, value in said.items() if value is not None}
        if self.special is not None:
            found["special"] = {day.isoformat(): _plain(shifts) for day, shifts in self.special}
        return found

    @property
    def words(self) -> str:
        """What is said, in one line."""
        values = self.values
        special = values.pop("special", {})
        values |= {"special": [f"{day} {', '.join(shifts) or '-'}" for day, shifts in special.items()]}
        worth = {name: value for name, value in values.items() if value != [] or name in WEEKDAYS}
        return "; ".join(f"{name} {_said(value)}" for name, value in worth.items())


UNSAID = CalendarSpec(*((),) * 7, (), (), public_holidays=False, holidays=())  # what a city leaves out


def read_calendar(section: Section, city: CalendarSpec = UNSAID, timezone: str = "UTC") -> CalendarSpec:
    """What a [calendar] says; refused where nobody could ever work by it, with what it leaves to the city."""
    said = {name: read(section, name) for name, read in _READ.items() if section.raw(name) is not None}
    spec = CalendarSpec(**said)
    section.done()
    try:
        spec.over(city).work(timezone)
    except ValueError as error:
        raise section.wrong("pack.never_works") from error
    return spec


def kept_calendar(slug: str, values: Mapping[str, Any] | None) -> CalendarSpec:
    """That of an executor, as its row keeps it."""
    return read_calendar(Section("executors.toml", slug, values or {}), _ANY)


_ANY = CalendarSpec((Shift(0, 1),))  # of what is kept it is known already that the city's fits it


def hours_text(shift: Shift) -> str:
    """As in 08:00-17:00."""
    return "-".join(f"{minutes // 60:02}:{minutes % 60:02}" for minutes in (shift.opens, shift.closes))


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return [hours_text(each) if isinstance(each, Shift) else str(each) for each in value]
    return value


def _said(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(value) or "-"
    return "true" if value else "false"


def _special(section: Section, key: str) -> tuple[tuple[date, Shifts], ...]:
    inner = section.section(key)
    return tuple(sorted((_date(inner, day), _shifts(inner, day)) for day in inner.keys))


def _days(section: Section, key: str) -> tuple[date, ...]:
    return tuple(sorted({_date(section, text) for text in section.texts(key)}))


def _yearly(section: Section, key: str) -> tuple[str, ...]:
    days = section.texts(key)
    for day in days:
        _date(section, f"{YEARS[1]}-{day}")  # no leap year: 02-29 is none of every year
    return days


def _shifts(section: Section, key: str) -> Shifts:
    texts = section.texts(key)
    shifts = tuple(_shift(section, text) for text in texts)
    if any(late.opens < early.closes for early, late in pairwise(shifts)):
        raise section.wrong("pack.shifts", hours=", ".join(texts))
    return shifts


def _shift(section: Section, text: str) -> Shift:
    try:
        hour, minute, last_hour, last_minute = map(int, re.split(r"[:-]", text))
        return Shift(hour * 60 + minute, last_hour * 60 + last_minute)
    except ValueError as error:
        raise section.wrong("pack.hours", text=text) from error


def _date(section: Section, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise section.wrong("pack.day", why=error) from error


_READ: Mapping[str, Callable[[Section, str], Any]] = {
    **dict.fromkeys(WEEKDAYS, _shifts),
    "days_off": _days,
    "special": _special,
    "public_holidays": Section.flag,
    "holidays": _yearly,
}
