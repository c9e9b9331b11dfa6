"""The city's figures counted anew in plain SQL, from appeals, their history and surveys.

Nothing of core/figures is asked for anything: a day is what lies between two midnights of the city.
"""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from core import db
from core.models import Event, Rollup
from core.workflow import Status, Verb
from tests.quarter.life import KYIV
from tests.quarter.promises import Past

Counts = Counter[tuple[str, date, str]]  # what is counted, the day, the category or nothing for all
_EVENTS = (
    "FROM event JOIN appeal ON appeal.id = event.appeal_id"
    " JOIN days ON event.at >= begins AND event.at < ends WHERE event.verb IN ({})"
)
_SURVEYS = (
    "FROM survey JOIN appeal ON appeal.id = survey.appeal_id"
    " JOIN days ON survey.sent_at >= begins AND survey.sent_at < ends WHERE {}"
)
_COUNTED = {
    "received": "FROM appeal JOIN days ON appeal.created_at >= begins AND appeal.created_at < ends",
    "handed": _EVENTS.format("'assign', 'reassign'"),
    "answered": _EVENTS.format("'resolve', 'explain', 'reject', 'forward'"),
    "solved": _EVENTS.format("'resolve'"),
    "explained": _EVENTS.format("'explain'"),
    "rework": _EVENTS.format("'rework'"),
    "reopened": _EVENTS.format("'reopen'"),
    "asked": _SURVEYS.format("true"),
    "judged": _SURVEYS.format("survey.solved IS NOT NULL"),
    "confirmed": _SURVEYS.format("survey.solved = true"),
    "starred": _SURVEYS.format("survey.stars IS NOT NULL"),
}


async def figures_equal_a_recount(of: Past) -> int:
    """Of each day and month, for the city and each category; how many answers were counted."""
    should = Counter(_on_time(of))
    for name, rest in _COUNTED.items():
        for row in await _rows(
            of, f"SELECT day, category_id, count(*) AS n {rest} GROUP BY day, category_id"
        ):
            for key in ("", row["category_id"]):
                should[name, date.fromisoformat(row["day"]), key] += row["n"]
    months: Counts = Counter()
    for (name, day, key), number in should.items():
        months[name, day.replace(day=1), key] += number
    for grain, recounted in (("d", should), ("m", months)):
        kept = await _kept(grain)
        assert kept == recounted, {"more": kept - recounted, "fewer": recounted - kept}
    return sum(number for (name, _, key), number in should.items() if name == "answered" and not key)


async def _kept(grain: str) -> Counts:
    found: Counts = Counter()
    for row in await Rollup.filter(slice__in=("all", "category"), grain=grain):
        key = row.key if row.slice == "category" else ""
        for name in (*_COUNTED, "on_time"):
            if number := getattr(row, name):
                found[name, row.begins, key] += number
    return found


async def _rows(of: Past, sql: str) -> list[dict[str, Any]]:
    """With `days`: each of the quarter's, and the instants between which it lies."""
    first = of.rounds[0].astimezone(KYIV).date() - timedelta(days=1)
    rows, values = [], list[Any]()
    for number in range((of.rounds[-1].date() - first).days + 2):
        day = first + timedelta(days=number)
        places = [db.placeholder(len(values) + place) for place in (1, 2, 3)]
        values += [day.isoformat(), _midnight(day), _midnight(day + timedelta(days=1))]
        if db.is_sqlite():
            rows.append(f"({', '.join(places)})")
        else:
            text, begins, ends = places
            rows.append(f"({text}::text, {begins}::timestamptz, {ends}::timestamptz)")
    query = f"WITH days (day, begins, ends) AS (VALUES {', '.join(rows)}) {sql}"
    found: list[dict[str, Any]] = await db.connection().execute_query_dict(query, values)
    return found


def _midnight(day: date) -> object:
    """As the engine compares instants."""
    instant = datetime.combine(day, time(), KYIV).astimezone(UTC)
    return f"{instant:%Y-%m-%d %H:%M:%S}+00:00" if db.is_sqlite() else instant


def _on_time(of: Past) -> Counts:
    """Answers by the deadline as it stood; of who was asked just then, as it stood when they were asked."""
    found: Counts = Counter()
    answers = (Verb.RESOLVE, Verb.EXPLAIN)
    for one, events in of.events.items():
        for place, event in enumerate(events):
            if event.verb not in answers:
                continue
            at, upto = event.at, place
            if event.from_status is Status.NEEDS_INFO:
                upto = max(number for number in range(place) if events[number].verb is Verb.ASK)
                at = events[upto].at
            due = _due_before(of, one, events, upto)
            if due is not None and at <= due:
                day = event.at.astimezone(KYIV).date()
                for key in ("", of.appeals[one].category_id):
                    found["on_time", day, key] += 1
    return found


def _due_before(of: Past, one: int, events: list[Event], place: int) -> datetime | None:
    """The deadline before an event, by what the next change of it says it was."""
    changed = next((event for event in events[place:] if "deadline" in event.data), None)
    if changed is None:
        return of.appeals[one].due_at
    written = changed.data["deadline"][0]
    return datetime.fromisoformat(written) if written else None
