"""What of an appeal moved, read off its history: its deadline ever, and everything since one last looked."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from admin import wording
from admin.format import exact
from admin.story import Line, line, who_did
from core.city import City
from core.i18n import t
from core.models import Event
from core.workflow import Status, Verb


@dataclass(frozen=True, slots=True)
class Moved:
    """One thing that is no longer what it was, in words. `what`: "status", "executor" … (see _parts)."""

    what: str
    was: str
    now: str
    who: str  # moved it last


@dataclass(frozen=True, slots=True)
class Shift:
    """One move of the deadline and the event that brought it; None is a clock that stands still."""

    was: datetime | None
    now: datetime | None
    by: Line


def shifts(city: City, events: Iterable[Event], language: str) -> list[Shift]:
    """Each move of the deadline, oldest first."""
    moving = (event for event in events if "deadline" in event.data)
    return [Shift(*_instants(event), line(city, event, (), language)) for event in moving]


def moved(city: City, events: Sequence[Event], language: str) -> list[Moved]:
    """From what to what these events brought the appeal; what came back to itself is left out."""
    first: dict[str, str] = {}
    last: dict[str, tuple[str, str]] = {}
    for event in events:
        for what, (was, now) in _of(city, event, language).items():
            first.setdefault(what, was)
            last[what] = now, who_did(event, language)
    return [Moved(what, first[what], now, who) for what, (now, who) in last.items() if first[what] != now]


def _of(city: City, event: Event, language: str) -> Mapping[str, tuple[str, str]]:
    return dict(_parts(city, event, language))


def _parts(city: City, event: Event, language: str) -> Iterator[tuple[str, tuple[str, str]]]:
    data, none = event.data, t("panel.moved.none", language)
    came_from: Status | None = event.from_status
    if came_from is not None and came_from is not event.to_status:
        words = [t(f"panel.status.{status}", language) for status in (came_from, event.to_status)]
        yield "status", (words[0], words[1])
    if event.verb is Verb.CATEGORISE:
        was, now = (wording.called(city.categories, data.get(key), language) for key in ("was", "category"))
        yield "category", (was, now)
    if event.verb in (Verb.ASSIGN, Verb.REASSIGN):
        was, now = (_executors(city, [data.get(key)], language) for key in ("was", "executor"))
        yield "executor", (was, now)
    if event.verb is Verb.DECLINE:
        yield "executor", (_executors(city, [data.get("executor")], language), none)
    if event.verb is Verb.HELP:
        was, now = (_executors(city, data.get(key) or (), language) for key in ("was", "co_executors"))
        yield "co_executors", (was, now)
    if "deadline" in data:
        zone, still = city.pack.timezone, t("panel.left.still", language)
        before, after = (exact(at, language, zone) if at else still for at in _instants(event))
        yield "deadline", (before, after)


def _executors(city: City, slugs: Iterable[object], language: str) -> str:
    named = [slug for slug in slugs if slug]
    return wording.executors(city, named, language) if named else t("panel.moved.none", language)


def _instants(event: Event) -> tuple[datetime | None, datetime | None]:
    was, now = (datetime.fromisoformat(at) if at else None for at in event.data["deadline"])
    return was, now
