"""Whose working time is reckoned how: the city's calendar, and those of executors with their own. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.deadlines import WorkCalendar
from core.pack.calendars import CalendarSpec, kept_calendar

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Calendars:
    city: WorkCalendar
    own: Mapping[str, WorkCalendar]  # by executor

    def of(self, executor: str | None) -> WorkCalendar:
        """The executor's own, or the city's; the city's where nobody has the appeal."""
        return self.own.get(executor or "", self.city)


def calendars_of(hours: CalendarSpec, timezone: str, own: Mapping[str, Values | None]) -> Calendars:
    """`hours` are the city's; `own` is what executors say of theirs, as their rows keep it.

    Raises PackError or ValueError where somebody could never work.
    """
    kept = {slug: kept_calendar(slug, values) for slug, values in own.items() if values}
    theirs = {slug: spec.over(hours).work(timezone) for slug, spec in kept.items()}
    return Calendars(hours.work(timezone), theirs)
