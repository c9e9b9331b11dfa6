"""Stretches of days that reports speak of, and the stretch before each to compare it with. Pure.

A period is named by its days alone: whole months and quarters are compared with those before them, anything
else with as many days before it.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from core.errors import Invalid

EARLIEST = date(2000, 1, 1)
LONGEST = timedelta(days=3 * 366)
_DAY = timedelta(days=1)
_MONTHS = {1: "month", 3: "quarter", 12: "year"}


class Span(StrEnum):
    """How long a period is, where that has a name."""

    DAY = "day"
    WEEK = "week"  # from Monday
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    DAYS = "days"


@dataclass(frozen=True, slots=True)
class Period:
    """From the city's day `since` to its day `until`, both included."""

    since: date
    until: date

    @property
    def days(self) -> int:
        return (self.until - self.since).days + 1

    @property
    def span(self) -> Span:
        if self.since == self.until:
            return Span.DAY
        if self.days == 7 and self.since.weekday() == 0:  # noqa: PLR2004 - a week
            return Span.WEEK
        if self.since.day == 1 and (self.until + _DAY).day == 1:
            months = _months(self.since, self.until + _DAY)
            if months in _MONTHS and (self.since.month - 1) % months == 0:
                return Span(_MONTHS[months])
        return Span.DAYS

    @property
    def before(self) -> "Period":
        """What it is compared with."""
        months = {Span.MONTH: 1, Span.QUARTER: 3, Span.YEAR: 12}.get(self.span)
        first = _earlier(self.since, months) if months else self.since - timedelta(days=self.days)
        return Period(first, self.since - _DAY)

    @property
    def whole_months(self) -> tuple[date, date] | None:
        """The first of its first whole month and of the month after its last whole one; None without any."""
        first = self.since if self.since.day == 1 else _later(self.since)
        after = self.until + _DAY
        last = after.replace(day=1)
        return (first, last) if first < last else None

    def part(self, day: date, *, monthly: bool) -> "Period":
        """What it has of the month of `day`, or of that day alone."""
        if not monthly:
            return Period(day, day)
        return Period(max(day.replace(day=1), self.since), min(_later(day) - _DAY, self.until))


def last(span: Span, today: date) -> Period:
    """The latest period of that length that is over by `today`; of DAY and DAYS yesterday."""
    if span is Span.WEEK:
        monday = today - timedelta(days=today.weekday())
        return Period(monday - timedelta(days=7), monday - _DAY)
    months = {name: count for count, name in _MONTHS.items()}.get(span)
    if months is None:
        return Period(today - _DAY, today - _DAY)
    began = date(today.year, (today.month - 1) // months * months + 1, 1)
    return Period(_earlier(began, months), began - _DAY)


def chosen(since: date | None, until: date | None, today: date) -> Period:
    """The days that somebody asks for. Raises Invalid for what is no such stretch of days."""
    if since is None or until is None:
        raise Invalid("period.needed")
    if since > until:
        raise Invalid("period.order")
    if until > today:
        raise Invalid("period.future")
    if since < EARLIEST:
        raise Invalid("period.early")
    if until - since >= LONGEST:
        raise Invalid("period.long")
    return Period(since, until)


def _months(first: date, after: date) -> int:
    return (after.year - first.year) * 12 + after.month - first.month


def _later(day: date) -> date:
    """The first of the month after."""
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1)


def _earlier(first: date, months: int) -> date:
    at = first.year * 12 + first.month - 1 - months
    return date(at // 12, at % 12 + 1, 1)
