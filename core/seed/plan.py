"""Who writes when: the rhythm of days and hours, and residents some of whom write again."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from core.models import Channel
from core.seed.life import live
from core.seed.places import Places
from core.seed.record import Filing, Record, World
from core.workflow import Status

DAYS = 90
# Appeals an hour of the day, and of Monday to Sunday, beside one another.
HOURS = (2, 1, 1, 1, 1, 3, 8, 16, 26, 31, 30, 27, 24, 23, 24, 23, 22, 23, 26, 27, 23, 16, 9, 4)
WEEK = (1.25, 1.1, 1.05, 1.0, 1.0, 0.75, 0.65)
LIVELY = 600  # a city that has fewer in so many days is seeded with more of the last, so that there is work
LATELY = 4  # days, on average, that these are old at most
EACH = 3  # of every status that an appeal can have, where there are appeals enough
REACHED = (
    Status.REGISTERED,
    Status.ASSIGNED,
    Status.IN_PROGRESS,
    Status.NEEDS_INFO,
    Status.REPORTED,
    Status.REWORK,
    Status.REOPENED,
    Status.RESOLVED,
    Status.CLOSED,
    Status.EXPLAINED,
    Status.REJECTED,
)


@dataclass(frozen=True, slots=True)
class Person:
    """A resident with one account. `gone`: when they left the chat."""

    number: int
    channel: Channel
    name: str
    language: str
    gone: datetime | None


@dataclass(frozen=True, slots=True)
class Turn:
    """One appeal to come: `seed` makes its story, `faithful` says its story counts on who wrote it."""

    at: datetime
    seed: int
    faithful: bool = False


class Plan:
    def __init__(self, world: World, places: Places, appeals: int, rng: Random, *, days: int = DAYS) -> None:
        self._world, self._places, self._rng, self._days = world, places, rng, days
        phrases = world.phrases
        self._slugs, self._weights = list(phrases.weights), list(phrases.weights.values())
        self._people: list[Person] = []
        wanted = [status for status in REACHED for _ in range(EACH)] if appeals >= EACH * len(REACHED) else []
        turns = [self._in_status(status) for status in wanted]
        turns += [Turn(at, rng.getrandbits(48)) for at in self._instants(appeals - len(turns))]
        self.turns = sorted(turns, key=lambda turn: turn.at)

    def stories(self) -> Iterator[tuple[Person, Record]]:
        """In the order in which the appeals were filed."""
        for turn in self.turns:
            person = self._person(turn)
            yield person, self._live(turn, person.gone)

    def _live(self, turn: Turn, gone: datetime | None) -> Record:
        rng = Random(turn.seed)  # noqa: S311 - a made-up city, no secret
        slug = rng.choices(self._slugs, self._weights)[0]
        category = self._world.city.categories[slug]
        place, said = self._places.draw(rng, somewhere=category.needs_place)
        text = self._world.phrases.complaint(category, rng)
        filing = Filing(
            at=turn.at,
            category=category,
            place=place,
            text=f"{text.rstrip('.')}, {said}" if said else text,
            sure=rng.random() > 0.12,  # noqa: PLR2004 - so many need an operator's eye
            gone=gone,
        )
        return live(self._world, filing, turn.seed + 2)

    def _in_status(self, status: Status) -> Turn:
        """A turn whose story stands in `status` now."""
        while True:
            age = timedelta(days=min(self._rng.expovariate(1 / LATELY), self._days))
            turn = Turn(self._world.until - age, self._rng.getrandbits(48), faithful=True)
            if self._live(turn, None).status is status:
                return turn

    def _instants(self, count: int) -> list[datetime]:
        """When they wrote: by the rhythm over all days, and in a small city more of it lately."""
        lively = max(0.0, 1 - count / (LIVELY * self._days / DAYS)) * 0.6
        recent = [
            self._world.until - timedelta(days=min(self._rng.expovariate(1 / LATELY), self._days))
            for _ in range(int(count * lively))
        ]
        zone = ZoneInfo(self._world.city.pack.timezone)
        begun = self._world.until - timedelta(days=self._days)
        hours = [begun + timedelta(hours=hour) for hour in range(self._days * 24)]
        local = [hour.astimezone(zone) for hour in hours]
        weights = [HOURS[each.hour] * WEEK[each.weekday()] for each in local]
        drawn = self._rng.choices(hours, weights, k=count - len(recent))
        return recent + [hour + timedelta(seconds=self._rng.random() * 3600) for hour in drawn]

    def _person(self, turn: Turn) -> Person:
        rng = Random(turn.seed + 1)  # noqa: S311 - a made-up city, no secret
        if self._people and rng.random() < 0.4:  # noqa: PLR2004 - those who have written before
            known = rng.choice(self._people)
            if known.gone is None:
                return known
        leaves = not turn.faithful and rng.random() < 0.03  # noqa: PLR2004 - of each hundred
        person = Person(
            number=len(self._people),
            channel=Channel.TELEGRAM if rng.random() < 0.62 else Channel.VIBER,  # noqa: PLR2004
            name=self._world.phrases.name(rng) if rng.random() < 0.3 else "",  # noqa: PLR2004
            language="en" if rng.random() < 0.02 else "uk",  # noqa: PLR2004
            gone=turn.at + timedelta(days=rng.expovariate(1 / 3)) if leaves else None,
        )
        self._people.append(person)
        return person
