"""The city's figures counted anew in plain SQL, from appeals, their history and surveys.

Nothing of core/figures is asked for anything: a day is what lies between two midnights of the city. Lengths
of time are those of tests/recount.py, over the whole quarter.
"""

import math
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from core import db
from core.figures.spans import WIDTH
from core.models import Event, Rollup
from core.periods import Period
from core.queries.figures import whole
from core.queries.sql import select
from core.workflow import Status, Verb
from tests.quarter.life import KYIV
from tests.quarter.past import Past
from tests.recount import recount

Counts = Counter[tuple[str, str, date, str]]  # what is counted, the slice, the day, its key
_SLICES = ("all", "category", "district", "executor", "executor+category")
# The executor who had it at an event, by the last hand-over or refusal up to that.
_HAD = """coalesce((SELECT CASE WHEN g.verb = 'decline' THEN '' ELSE {executor_g} END FROM event g
    WHERE g.appeal_id = appeal.id AND g.verb IN ('assign', 'reassign', 'decline') AND g.id <= {upto}
    ORDER BY g.id DESC LIMIT 1), '')"""
_RESULT = """(SELECT max(a.id) FROM event a WHERE a.appeal_id = appeal.id AND a.verb = 'resolve'
    AND a.at <= survey.sent_at)"""
_OF = "SELECT day, category_id AS category, coalesce(district_id, '') AS district"
_EVENTS = f"""{_OF}, {_HAD.replace("{upto}", "event.id")} AS executor, 1 AS n
FROM event JOIN appeal ON appeal.id = event.appeal_id JOIN days ON event.at >= begins AND event.at < ends
WHERE event.verb IN ({{verbs}})"""
_SURVEYS = f"""{_OF}, {_HAD.replace("{upto}", _RESULT)} AS executor, {{n}} AS n
FROM survey JOIN appeal ON appeal.id = survey.appeal_id
JOIN days ON survey.sent_at >= begins AND survey.sent_at < ends WHERE {{which}}"""
_RECEIVED = f"""{_OF}, '' AS executor, 1 AS n
FROM appeal JOIN days ON appeal.created_at >= begins AND appeal.created_at < ends"""
_BEGUN = f"""{_OF}, {{executor_event}} AS executor, 1 AS n
FROM event JOIN appeal ON appeal.id = event.appeal_id JOIN event b ON b.id = (
    SELECT min(s.id) FROM event s WHERE s.appeal_id = appeal.id AND s.id > event.id
        AND s.verb IN ('start', 'report', 'decline', 'need_time'))
JOIN days ON b.at >= begins AND b.at < ends
WHERE event.verb IN ('assign', 'reassign') AND NOT EXISTS (
    SELECT 1 FROM event o WHERE o.appeal_id = appeal.id AND o.id > event.id AND o.id < b.id
        AND o.verb IN ('assign', 'reassign'))"""
_VERBS = {
    "handed": "'assign', 'reassign'",
    "answered": "'resolve', 'explain', 'reject', 'forward'",
    "solved": "'resolve'",
    "explained": "'explain'",
    "refused": "'reject'",
    "forwarded": "'forward'",
    "rework": "'rework'",
    "reopened": "'reopen'",
}
_ASKED = {
    "asked": ("1", "true"),
    "judged": ("1", "survey.solved IS NOT NULL"),
    "confirmed": ("1", "survey.solved = true"),
    "starred": ("1", "survey.stars IS NOT NULL"),
    "stars": ("survey.stars", "survey.stars IS NOT NULL"),
}
_COUNTED = ("received", "begun", *_VERBS, *_ASKED)


async def figures_equal_a_recount(of: Past) -> dict[str, int]:
    """Of each day and month, for the city and each of its slices; how many were counted of each."""
    should = _on_time(of)
    for name in _COUNTED:
        for row in await _rows(of, _query(name)):
            day = date.fromisoformat(row["day"])
            for place, key in _keys(row["category"], row["district"], row["executor"]):
                should[name, place, day, key] += int(row["n"])
    months: Counts = Counter()
    for (name, place, day, key), number in should.items():
        months[name, place, day.replace(day=1), key] += number
    for grain, recounted in (("d", should), ("m", months)):
        kept = await _kept(grain)
        assert kept == recounted, {"more": kept - recounted, "fewer": recounted - kept}
    found: Counter[str] = Counter()
    for (name, place, _, _), number in should.items():
        found[name] += number if place == "all" else 0
    return {name: found[name] for name in (*_COUNTED, "on_time")}


async def lengths_equal_a_recount(of: Past) -> dict[str, int]:
    """The middle and the slowest tenth, as near as the scale they are kept by; how many were measured."""
    first, last = (each.astimezone(KYIV).date() for each in (of.rounds[0], of.rounds[-1]))
    since = datetime.combine(first, time(), KYIV).astimezone(UTC)
    until = datetime.combine(last + timedelta(days=1), time(), KYIV).astimezone(UTC)
    true = await recount(select, since, until, sqlite=db.is_sqlite())
    found = await whole(Period(first, last))
    for seconds, half, most in (
        (true.to_answer, found.to_answer, found.to_answer_most),
        (true.to_begin, found.to_begin, found.to_begin_most),
    ):
        for share, kept in ((0.5, half), (0.9, most)):
            exact = math.floor(seconds[math.ceil(share * len(seconds)) - 1] / 60 + 1e-6)
            assert kept is not None
            assert exact / WIDTH**0.5 - 1 <= kept <= exact * WIDTH**0.5 + 1
    return {"lengths to begin": len(true.to_begin), "lengths to answer": len(true.to_answer)}


def _keys(category: str, district: str, executor: str) -> list[tuple[str, str]]:
    keys = ("", category, district, executor, f"{executor}+{category}")
    return list(zip(_SLICES, keys, strict=True))


async def _kept(grain: str) -> Counts:
    found: Counts = Counter()
    for row in await Rollup.filter(slice__in=_SLICES, grain=grain):
        for name in (*_COUNTED, "on_time"):
            if number := getattr(row, name):
                found[name, row.slice, row.begins, row.key] += number
    return found


def _query(name: str) -> str:
    def executor(event: str) -> str:
        sqlite = f"json_extract({event}.data, '$.executor')"
        return sqlite if db.is_sqlite() else f"({event}.data ->> 'executor')"

    words = {"executor_g": executor("g"), "executor_event": executor("event")}
    if name in _VERBS:
        return _EVENTS.format(verbs=_VERBS[name], **words)
    if name in _ASKED:
        number, which = _ASKED[name]
        return _SURVEYS.format(n=number, which=which, **words)
    return {"received": _RECEIVED, "begun": _BEGUN}[name].format(**words)


async def _rows(of: Past, sql: str) -> list[dict[str, Any]]:
    """Added up. With `days`: each of the quarter's, and the instants between which it lies."""
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
    alike = "day, category, district, executor"
    query = (
        f"WITH days (day, begins, ends) AS (VALUES {', '.join(rows)}), found AS ({sql})"
        f" SELECT {alike}, sum(n) AS n FROM found GROUP BY {alike}"
    )
    found: list[dict[str, Any]] = await db.connection().execute_query_dict(query, values)
    return found


def _midnight(day: date) -> object:
    """As the engine compares instants."""
    instant = datetime.combine(day, time(), KYIV).astimezone(UTC)
    return f"{instant:%Y-%m-%d %H:%M:%S}+00:00" if db.is_sqlite() else instant


def _on_time(of: Past) -> Counts:
    """Answers by the deadline as it stood; of who was asked just then, as it stood when they were asked."""
    found: Counts = Counter()
    for one, events in of.events.items():
        executor = ""
        for place, event in enumerate(events):
            if event.verb in (Verb.ASSIGN, Verb.REASSIGN):
                executor = event.data["executor"]
            elif event.verb is Verb.DECLINE:
                executor = ""
            if event.verb in _ANSWERS and _in_time(of, one, events, place):
                appeal, day = of.appeals[one], event.at.astimezone(KYIV).date()
                for of_slice, key in _keys(appeal.category_id, appeal.district_id or "", executor):
                    found["on_time", of_slice, day, key] += 1
    return found


_ANSWERS = frozenset({Verb.RESOLVE, Verb.EXPLAIN, Verb.REJECT, Verb.FORWARD})


def _in_time(of: Past, one: int, events: list[Event], place: int) -> bool:
    at, upto = events[place].at, place
    if events[place].from_status is Status.NEEDS_INFO:
        upto = max(number for number in range(place) if events[number].verb is Verb.ASK)
        at = events[upto].at
    due = of.due(one, upto)
    return due is not None and at <= due
