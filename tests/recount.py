"""A full recount of a period in plain SQL over the histories, beside which the kept figures are judged.

It knows nothing of facts and sums. It counts a past in which nothing was put back and nobody was asked twice
in a row, as the seed makes it; each row of `answers` is one answer, each of `begun` one beginning.
"""

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

ANSWERS = "'resolve', 'explain', 'reject', 'forward'"
_COUNTED = "a.kind NOT IN ('thanks', 'consultation')"
_HAD = """(SELECT CASE WHEN g.verb = 'decline' THEN '' ELSE {executor} END FROM event g
    WHERE g.appeal_id = e.appeal_id AND g.id <= e.id AND g.verb IN ('assign', 'reassign', 'decline')
    ORDER BY g.id DESC LIMIT 1)"""
_OF = "a.category_id AS category, coalesce(a.district_id, '') AS district, a.channel AS channel"
_EVENTS = """
SELECT e.verb, {of}, coalesce({had}, '') AS executor, count(*) AS n
FROM event e JOIN appeal a ON a.id = e.appeal_id
WHERE {counted} AND e.verb IN ('assign', 'reassign', 'rework', 'reopen')
    AND e.at >= {since} AND e.at < {until}
GROUP BY 1, 2, 3, 4, 5
"""
_RECEIVED = """
SELECT {of}, count(*) AS n FROM appeal a
WHERE {counted} AND a.created_at >= {since} AND a.created_at < {until}
GROUP BY 1, 2, 3
"""
_ANSWERS = """
WITH answers AS (
    SELECT e.id, e.appeal_id, e.at, e.to_status, e.from_status, a.created_at, a.due_at, {of},
        coalesce({had}, '') AS executor,
        (SELECT max(r.id) FROM event r
            WHERE r.appeal_id = e.appeal_id AND r.verb = 'reopen' AND r.id < e.id) AS reopened,
        (SELECT min(d.id) FROM event d
            WHERE d.appeal_id = e.appeal_id AND d.id > e.id AND {was_d} IS NOT NULL) AS moved,
        (SELECT max(q.id) FROM event q
            WHERE q.appeal_id = e.appeal_id AND q.verb = 'ask' AND q.id < e.id) AS asked
    FROM event e JOIN appeal a ON a.id = e.appeal_id
    WHERE {counted} AND e.verb IN ({answers}) AND e.at >= {since} AND e.at < {until}
)
SELECT x.to_status, x.category, x.district, x.channel, x.executor,
    CASE WHEN x.from_status = 'needs_info' THEN {time_q} <= {due_q}
        ELSE {time_x} <= coalesce({due_d}, {due_x}) END AS good,
    ({time_x} - coalesce({time_r}, {time_c})) - coalesce((
        SELECT sum({time_left} - {time_asked})
        FROM event went JOIN event came ON came.id = (
            SELECT max(q.id) FROM event q
            WHERE q.appeal_id = went.appeal_id AND q.verb = 'ask' AND q.id < went.id)
        WHERE went.appeal_id = x.appeal_id AND went.from_status = 'needs_info' AND went.id <= x.id
            AND went.id > coalesce(x.reopened, 0)), 0) AS seconds
FROM answers x LEFT JOIN event d ON d.id = x.moved LEFT JOIN event r ON r.id = x.reopened
    LEFT JOIN event q ON q.id = x.asked
"""
_BEGUN = """
SELECT {time_s} - {time_e} AS seconds, {executor_e} AS executor
FROM event e JOIN appeal a ON a.id = e.appeal_id JOIN event s ON s.id = (
    SELECT min(b.id) FROM event b WHERE b.appeal_id = e.appeal_id AND b.id > e.id
        AND b.verb IN ('start', 'report', 'decline', 'need_time'))
WHERE {counted} AND e.verb IN ('assign', 'reassign') AND s.at >= {since} AND s.at < {until} AND NOT EXISTS (
    SELECT 1 FROM event o WHERE o.appeal_id = e.appeal_id AND o.id > e.id AND o.id < s.id
        AND o.verb IN ('assign', 'reassign'))
"""
_SURVEYS = """
SELECT {of}, count(*) AS asked, count(v.solved) AS judged,
    sum(CASE WHEN v.solved THEN 1 ELSE 0 END) AS confirmed,
    count(v.stars) AS starred, coalesce(sum(v.stars), 0) AS stars
FROM survey v JOIN appeal a ON a.id = v.appeal_id
WHERE {counted} AND v.sent_at >= {since} AND v.sent_at < {until} GROUP BY 1, 2, 3
"""
_COUNT = {"resolved": "solved", "explained": "explained", "rejected": "refused", "forwarded": "forwarded"}

Fetch = Callable[[str, list[Any]], Awaitable[list[Any]]]


@dataclass(frozen=True)
class Recount:
    """`counts` by column and, of each slice, by key; lengths of time in seconds, shortest first."""

    counts: Counter[tuple[str, str, str]]  # slice, key, column
    to_answer: list[float]
    to_begin: list[float]

    def of(self, column: str) -> int:
        return self.counts["all", "", column]


async def recount(fetch: Fetch, since: datetime, until: datetime, *, sqlite: bool) -> Recount:
    """Five queries over the histories; `fetch` gives mappings."""
    words = _words(sqlite=sqlite)
    values: list[Any] = [since, until]
    counts: Counter[tuple[str, str, str]] = Counter()

    def count(row: Any, column: str, n: int) -> None:
        counts["all", "", column] += n
        for name in ("category", "district", "channel", "executor"):
            if name in row.keys():  # noqa: SIM118 - a row of sqlite3 is no mapping
                counts[name, row[name], column] += n

    for row in await fetch(_RECEIVED.format(**words), values):
        count(row, "received", row["n"])
    for row in await fetch(_EVENTS.format(**words), values):
        count(row, {"rework": "rework", "reopen": "reopened"}.get(row["verb"], "handed"), row["n"])
    to_answer = []
    for row in await fetch(_ANSWERS.format(**words), values):
        count(row, "answered", 1)
        count(row, "on_time", int(bool(row["good"])))
        count(row, _COUNT[row["to_status"]], 1)
        to_answer.append(float(row["seconds"]))
    for row in await fetch(_SURVEYS.format(**words), values):
        for column in ("asked", "judged", "confirmed", "starred", "stars"):
            count(row, column, row[column])
    begun = await fetch(_BEGUN.format(**words), values)
    counts["all", "", "begun"] = len(begun)
    return Recount(counts, sorted(to_answer), sorted(float(row["seconds"]) for row in begun))


def _words(*, sqlite: bool) -> dict[str, str]:
    """What the engines say differently."""

    def time(column: str) -> str:
        return f"(julianday({column}) * 86400)" if sqlite else f"extract(epoch FROM {column})"

    def was(event: str) -> str:
        return (
            f"json_extract({event}.data, '$.deadline[0]')"
            if sqlite
            else f"({event}.data #>> '{{deadline,0}}')"
        )

    def instant(text: str) -> str:
        return time(text if sqlite else f"{text}::timestamptz")

    def executor(event: str) -> str:
        return f"json_extract({event}.data, '$.executor')" if sqlite else f"({event}.data ->> 'executor')"

    return {
        "of": _OF,
        "counted": _COUNTED,
        "answers": ANSWERS,
        "had": _HAD.format(executor=executor("g")),
        "since": "?" if sqlite else "$1",
        "until": "?" if sqlite else "$2",
        "was_d": was("d"),
        "time_x": time("x.at"),
        "time_r": time("r.at"),
        "time_c": time("x.created_at"),
        "time_q": time("q.at"),
        "time_s": time("s.at"),
        "time_e": time("e.at"),
        "time_left": time("went.at"),
        "time_asked": time("came.at"),
        "due_d": instant(was("d")),
        "due_q": instant(was("q")),
        "due_x": time("x.due_at"),
        "executor_e": executor("e"),
    }
