"""All that the quarter has left behind, and how each appeal stood at any instant of it, by its history."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time

from core.models import Appeal, Event, Staff
from core.workflow import MARKS, Status, Verb
from tests.quarter.cast import Town
from tests.quarter.life import KYIV, history


@dataclass(frozen=True, slots=True)
class Standing:
    """An appeal just before an instant."""

    status: Status
    executor: str | None
    due: datetime | None
    moved_at: datetime


@dataclass(frozen=True, slots=True)
class Past:
    """`rounds`: when the sweeps looked."""

    town: Town
    rounds: Sequence[datetime]
    appeals: dict[int, Appeal]
    events: dict[int, list[Event]]
    people: Sequence[Staff]

    def first_round(self, since: datetime) -> datetime | None:
        place = bisect_left(self.rounds, since)
        return self.rounds[place] if place < len(self.rounds) else None

    def stood(self, appeal: int, at: datetime) -> Standing | None:
        """None before it was filed. The deadline is what the next change of it says it was."""
        events = self.events[appeal]
        place = bisect_left(events, at, key=lambda event: event.at)
        if not place:
            return None
        executor = None
        for event in events[:place]:
            if event.verb in (Verb.ASSIGN, Verb.REASSIGN):
                executor = event.data["executor"]
            elif event.verb is Verb.DECLINE:
                executor = None
        moved = next(event for event in reversed(events[:place]) if event.verb not in MARKS)
        return Standing(moved.to_status, executor, self.due(appeal, place), moved.at)

    def due(self, appeal: int, place: int) -> datetime | None:
        """The deadline before the event at a place of the history."""
        later = self.events[appeal][place:]
        changed = next((event.data["deadline"] for event in later if "deadline" in event.data), None)
        if changed is None:
            return self.appeals[appeal].due_at
        return datetime.fromisoformat(changed[0]) if changed[0] else None

    def is_day(self, at: datetime) -> bool:
        """Whether it is outside the hours in which the city tells only what is urgent."""
        begins, ends = (
            time.fromisoformat(each)
            for each in (self.town.city.schedule.quiet_to, self.town.city.schedule.quiet_from)
        )
        return begins <= at.astimezone(KYIV).time() < ends


async def past(town: Town, rounds: Sequence[datetime]) -> Past:
    rows = {row.id: row for row in await Appeal.all()}
    people = await Staff.filter(active=True).order_by("id")
    return Past(town, rounds, rows, await history(), people)
