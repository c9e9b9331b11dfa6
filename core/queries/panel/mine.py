"""What waits for an officer: theirs in the order of the deadlines, and what they only follow."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from core import clock
from core.actions.actor import Actor
from core.queries.panel.queue import scopes
from core.queries.sql import Where, instant, select
from core.workflow import AT_EXECUTOR, Status

SHOWN = 200  # of each executor they act for: nobody scrolls farther on a phone
EXCERPT = 160


@dataclass(frozen=True, slots=True)
class Mine:
    id: int
    number: str
    status: Status
    urgent: bool
    category: str
    district: str | None
    excerpt: str
    address: str
    photos: int
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Day:
    """`elsewhere`: what waits for the desk's check or the resident's answer. `more`: there are others."""

    overdue: tuple[Mine, ...]
    today: tuple[Mine, ...]
    later: tuple[Mine, ...]
    elsewhere: tuple[Mine, ...]
    helping: tuple[Mine, ...]
    more: bool


async def day(actor: Actor, zone: str) -> Day:
    """Of an officer; today ends at midnight by the clock of `zone`."""
    now = clock.now()
    tomorrow = now.astimezone(ZoneInfo(zone)).date() + timedelta(days=1)
    midnight = datetime.combine(tomorrow, time(), ZoneInfo(zone))
    rows = await select(*_query(actor))
    counts = [sum(row["scope"] == scope for row in rows) for scope in {row["scope"] for row in rows}]
    last = len(scopes(actor)) - 1  # what they only help with
    helping = tuple(_mine(row) for row in rows if row["scope"] == last)
    own = [_mine(row) for row in rows if row["scope"] != last]
    working = [one for one in own if one.status in AT_EXECUTOR]
    due = {one.id: one.due_at or midnight for one in working}
    return Day(
        overdue=tuple(one for one in working if due[one.id] < now),
        today=tuple(one for one in working if now <= due[one.id] < midnight),
        later=tuple(one for one in working if due[one.id] >= midnight),
        elsewhere=tuple(one for one in own if one.status not in AT_EXECUTOR),
        helping=helping,
        more=max(counts, default=0) >= SHOWN,
    )


_COLUMNS = (
    "id, number, status, urgent, category_id, district_id,"
    f" substr(text, 1, {EXCERPT}) AS excerpt, address, photos, due_at"
)


def _query(actor: Actor) -> tuple[str, list[Any]]:
    values: list[Any] = []
    parts = []
    for number, scope in enumerate(scopes(actor)):
        where = Where(values=values)  # numbered on: all parts are one query
        waits = f"CASE WHEN status IN ({where.listed(tuple(sorted(AT_EXECUTOR)))}) THEN 0 ELSE 1 END"
        where.add(f"open = {where.value(True)}")
        scope(where)
        columns = f"{number} AS scope, {waits} AS waits, {_COLUMNS}"
        part = f"SELECT {columns} FROM appeal {where} ORDER BY waits, due_at, id LIMIT {SHOWN}"  # noqa: S608
        parts.append(f"SELECT * FROM ({part}) AS part{number}")  # noqa: S608
    return f"{' UNION ALL '.join(parts)} ORDER BY waits, due_at, id", values


def _mine(row: dict[str, Any]) -> Mine:
    return Mine(
        id=row["id"],
        number=row["number"],
        status=Status(row["status"]),
        urgent=bool(row["urgent"]),
        category=row["category_id"],
        district=row["district_id"],
        excerpt=row["excerpt"],
        address=row["address"],
        photos=row["photos"],
        due_at=instant(row["due_at"]),
    )
