"""What an executor has to do, as the chat of its officer lists it: the urgent first, then by the deadline."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from core import db
from core.queries.sql import Where, instant, select
from core.workflow import AT_EXECUTOR, Status

PAGE = 6


@dataclass(frozen=True, slots=True)
class Row:
    id: int
    number: str
    status: Status
    urgent: bool
    category: str
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Page:
    """`total`: how many are open in all; `onward`: how many to skip for the next page, None on the last."""

    rows: tuple[Row, ...]
    total: int
    onward: int | None


async def page(executors: Collection[str], *, skip: int = 0) -> Page:
    """Open appeals of these executors; what waits for the desk or the resident comes last."""
    if not executors:
        return Page((), 0, None)
    skip = min(max(0, skip), db.LARGEST_ID)
    where = Where()
    where.add(f"open = {where.value(True)}")
    where.add(f"executor_id IN ({where.listed(tuple(sorted(executors)))})")
    at_executor = where.listed(tuple(sorted(AT_EXECUTOR)))
    found = await select(
        f"{_COLUMNS} FROM appeal {where} ORDER BY CASE WHEN status IN ({at_executor}) THEN 0 ELSE 1 END,"
        f" urgent DESC, CASE WHEN due_at IS NULL THEN 1 ELSE 0 END, due_at, id"
        f" LIMIT {PAGE + 1} OFFSET {skip}",
        where.values,
    )
    rows = tuple(
        Row(
            id=row["id"],
            number=row["number"],
            status=Status(row["status"]),
            urgent=bool(row["urgent"]),
            category=row["category_id"],
            due_at=instant(row["due_at"]),
        )
        for row in found
    )
    return Page(
        rows[:PAGE],
        int(found[0]["total"]) if found else 0,
        skip + PAGE if len(rows) > PAGE else None,
    )


_COLUMNS = "SELECT id, number, status, urgent, category_id, due_at, count(*) OVER () AS total"
