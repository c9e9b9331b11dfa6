"""What of the queue one looks at: the view, what narrows it, and where the page begins."""

import re
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from core import clock
from core.models import Channel
from core.workflow import Kind, Status


class View(StrEnum):
    """What an operator looks at; each but ALL has a counter.

    MINE is for the desk what one follows, for an officer what their executor answers for.
    """

    TRIAGE = "triage"
    URGENT = "urgent"
    MINE = "mine"
    EXECUTORS = "executors"
    VERIFY = "verify"
    REOPENED = "reopened"
    OVERDUE = "overdue"
    TODAY = "today"
    WAITING = "waiting"
    CONSULTATIONS = "consultations"
    OPEN = "open"
    ALL = "all"


OF_STATUS = {
    View.TRIAGE: Status.REGISTERED,
    View.VERIFY: Status.REPORTED,
    View.REOPENED: Status.REOPENED,
    View.WAITING: Status.NEEDS_INFO,
}


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last row of a page: the next one begins below it."""

    open: bool
    urgent: bool
    id: int

    def __str__(self) -> str:
        return f"{self.open:d}.{self.urgent:d}.{self.id}"

    @classmethod
    def parse(cls, text: str) -> "Cursor | None":
        found = re.fullmatch(r"([01])\.([01])\.(\d{1,9})", text, re.ASCII)
        return cls(found[1] == "1", found[2] == "1", int(found[3])) if found else None


@dataclass(frozen=True, slots=True)
class Filters:
    """`since` to `until`: the days of filing, both included; `due`: the last day of the deadline.

    Days are those of the city's `zone`; `slugs` are the categories of `group`. `incident` is one of them,
    or 0 for any. `idle`: for how many days nobody has done anything with it.
    """

    view: View = View.OPEN
    status: Status | None = None
    category: str | None = None
    group: str | None = None
    district: str | None = None
    executor: str | None = None
    kind: Kind | None = None
    channel: Channel | None = None
    urgent: bool | None = None
    since: date | None = None
    until: date | None = None
    due: date | None = None
    overdue: bool = False
    photos: bool = False
    supporters: bool = False
    incident: int | None = None
    reopened: bool = False
    reworked: bool = False
    idle: int | None = None
    words: str = ""
    after: Cursor | None = None
    zone: str = "UTC"
    slugs: tuple[str, ...] = ()

    @property
    def chosen(self) -> dict[str, object]:
        """What narrows the view, by name; the words aside."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {
            name: value
            for name, value in values.items()
            if name not in _AROUND and value is not None and (value or name in _EITHER)
        }

    @property
    def narrowed(self) -> bool:
        """Whether anything but the view is chosen."""
        return bool(self.chosen or self.words)

    def without(self, name: str) -> "Filters":
        """The first page of what is looked at when this is no longer chosen."""
        usual: dict[str, Any] = {field.name: field.default for field in fields(self)}
        slugs = () if name == "group" else self.slugs
        return replace(self, **{name: usual[name], "after": None, "slugs": slugs})

    @property
    def filed(self) -> tuple[datetime | None, datetime | None]:
        """The instants from which, and before which, it was filed."""
        return midnight(self.since, self.zone), midnight(self.until, self.zone, days=1)


_AROUND = {"view", "words", "after", "zone", "slugs"}
_EITHER = {"urgent", "incident"}  # where no and 0 say something, too


def midnight(day: date | None, zone: str, days: int = 0) -> datetime | None:
    """When a day of the city, or one so many days later, begins; None for what no calendar holds."""
    if day is None:
        return None
    try:
        return datetime.combine(day + timedelta(days=days), time(), ZoneInfo(zone)).astimezone(UTC)
    except OverflowError:
        return None


def today(zone: str) -> tuple[datetime, datetime]:
    """From now to the end of the city's day: what is due within is not overdue yet."""
    now = clock.now()
    ends = midnight(now.astimezone(ZoneInfo(zone)).date(), zone, days=1)
    assert ends is not None  # noqa: S101 - now is within the calendar
    return now, ends
