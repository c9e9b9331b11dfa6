"""Each deadline of an appeal's history, reckoned anew from its category's hours and the calendars.

Nothing of core/deadlines.py is asked: working time is added up from the shifts of each day.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from core.city import City
from core.models import Appeal, Event
from core.workflow import MARKS, Role, Status, Verb
from tests.quarter.expected import WorkTime
from tests.quarter.life import KYIV
from tests.quarter.past import Past

_EXACT = 0.001  # seconds; working time is added up in floats here


async def deadlines_are_those_of_the_rules(of: Past) -> dict[str, int]:
    """At filing and after each step; how many were set, moved by a hand-over, stopped and run again."""
    city = of.town.city
    first, last = of.rounds[0].date() - timedelta(days=3), of.rounds[-1].date() + timedelta(days=200)
    times = {slug: WorkTime(city.calendar(slug), first, last) for slug in (None, *city.executors)}
    found: Counter[str] = Counter()
    for one, appeal in of.appeals.items():
        events = [event for event in of.events[one] if event.verb not in MARKS]
        named = next((event.data["was"] for event in events if event.verb is Verb.CATEGORISE), None)
        course = _Course(city, times, appeal, named or appeal.category_id)
        place = 1
        if len(events) > 1 and events[1].role is Role.SYSTEM and events[1].at == events[0].at:
            course.routed(events[1])
            place = 2
        found["set"] += 1
        for event in events[place:]:
            was = course.due
            found[course.take(event)] += 1
            changed = event.data.get("deadline")
            if changed is None:
                assert _same(was, course.due), f"{appeal.number}: {event.verb} left {was}, not {course.due}"
            else:
                kept = [datetime.fromisoformat(each) if each else None for each in changed]
                assert _same(kept[0], was), f"{appeal.number}: {event.verb} was {kept[0]}, not {was}"
                assert _same(kept[1], course.due), f"{appeal.number}: {event.verb} to {kept[1]}, {course.due}"
        assert _same(appeal.due_at, course.due), f"{appeal.number}: {appeal.due_at}, not {course.due}"
    return {kind: found[kind] for kind in ("set", "reopened", "moved", "extended", "stopped", "resumed")}


@dataclass(slots=True)
class _Has:
    """What the rules look at."""

    executor: str | None
    category: str
    urgent: bool
    declined: int = 0
    extended: int = 0


class _Course:
    """The deadline of one appeal, as its history moves it."""

    def __init__(self, city: City, times: dict[str | None, WorkTime], appeal: Appeal, category: str) -> None:
        self._city, self._times, self._filed = city, times, appeal.created_at
        self._has = _Has(None, category, urgent=False)
        self._left: float | None = None  # on the clock while it stands still
        self._asked_for: datetime | None = None
        self.due: datetime | None = self._of_category(self._filed)

    def routed(self, event: Event) -> None:
        """By the rules, at filing: so it was sure, and is urgent where its category is."""
        self._has.executor = event.data["executor"]
        self._has.urgent = self._city.categories[self._has.category].urgent
        self.due = self._of_category(self._filed)

    def take(self, event: Event) -> str:
        """What kind of change of the deadline it was; empty for none."""
        has, now = self._has, event.at
        kind = self._stop(event)
        if event.verb in (Verb.REASSIGN, Verb.DECLINE):
            has.executor = event.data["executor"] if event.verb is Verb.REASSIGN else None
            has.declined += event.verb is Verb.DECLINE
        kind = self._resume(event) or kind
        if event.verb is Verb.CATEGORISE:
            has.category = event.data["category"]
            has.urgent = self._city.categories[has.category].urgent
            if self._left is None:
                self.due, kind = self._of_category(self._filed), "named"
        elif event.verb is Verb.ASSIGN:
            due, self.due = self.due, self._handed(event.data["executor"], now)
            has.executor = event.data["executor"]
            kind = "moved" if not _same(due, self.due) else kind
        elif event.verb is Verb.REOPEN:
            self.due, kind = self._of_category(now), "reopened"
        elif event.verb is Verb.NEED_TIME:
            day = datetime.fromisoformat(event.data["until"]).astimezone(KYIV).date()
            self._asked_for = datetime.combine(day, time(23, 59), KYIV)
        elif event.verb is Verb.EXTEND:
            self.due, kind = self._asked_for, "extended"
            has.extended += 1
        return kind

    def _stop(self, event: Event) -> str:
        if event.to_status is not Status.NEEDS_INFO or self._left is not None or self.due is None:
            return ""
        now, work = event.at, self._times[self._has.executor]
        urgent = self._has.urgent
        worked = work.until(self.due) - work.until(now)
        self._left = (self.due - now).total_seconds() if urgent else worked
        self.due = None
        return "stopped"

    def _resume(self, event: Event) -> str:
        if event.to_status is Status.NEEDS_INFO or self._left is None:
            return ""
        self.due, self._left = self._later(event.at, max(0.0, self._left)), None
        return "resumed"

    def _handed(self, executor: str, now: datetime) -> datetime | None:
        """Whose hours are their own works by those, as long as nobody had it before."""
        has, due = self._has, self.due
        if due is None or due <= now or has.executor or has.declined or has.urgent or has.extended:
            return due
        if self._city.calendar(executor) == self._city.calendar(None):
            return due
        city, theirs = self._times[None], self._times[executor]
        if _same(due, self._of_category(self._filed)):
            seconds = self._city.categories[has.category].hours * 3600
            anew = theirs.later(self._filed, seconds)
            if anew > now:
                return anew
        left = city.until(due) - city.until(now)
        return theirs.later(now, left) if left > 0 else due

    def _of_category(self, since: datetime) -> datetime:
        return self._later(since, self._city.categories[self._has.category].hours * 3600)

    def _later(self, since: datetime, seconds: float) -> datetime:
        if self._has.urgent:
            return since + timedelta(seconds=seconds)
        return self._times[self._has.executor].later(since, seconds)


def _same(one: datetime | None, other: datetime | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs((one - other).total_seconds()) < _EXACT
