"""The day's control (SE II.13): what is overdue, due today, returned, or without movement."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from core import clock
from core.queries.panel.filters import today
from core.queries.sql import Where, instant, select
from core.workflow import Status

SHOWN = 20  # of one kind and one executor, the most pressing first


class Part(StrEnum):
    """In the order in which it is read; an appeal may be in several."""

    OVERDUE = "overdue"
    TODAY = "today"
    REOPENED = "reopened"
    IDLE = "idle"


Executors = Collection[str] | None  # slugs; None: the whole city
Counts = dict[Part, int]


@dataclass(frozen=True, slots=True)
class One:
    id: int
    number: str
    status: Status
    urgent: bool
    category: str
    address: str
    executor: str | None
    due_at: datetime | None
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Group:
    """Of one executor (None: those that nobody has): the most pressing of `total`."""

    executor: str | None
    total: int
    rows: tuple[One, ...]


async def groups(executors: Executors, zone: str, idle_days: float) -> dict[Part, tuple[Group, ...]]:
    """One query, however many there are; within a part, the executor with the most of them first."""
    where = Where()
    parts = []
    for part in Part:
        of_part = Where(values=where.values)  # numbered on: all parts are one query
        of_part.add(f"open = {of_part.value(True)}")
        of_part.add(_condition(of_part, part, zone, idle_days))
        _within(of_part, executors)
        order = "updated_at" if part is Part.IDLE else "due_at"
        ranked = (
            f"SELECT {_COLUMNS}, count(*) OVER (PARTITION BY executor_id) AS total, row_number() OVER"  # noqa: S608 - placeholders
            f" (PARTITION BY executor_id ORDER BY urgent DESC, {order}, id) AS place FROM appeal {of_part}"
        )
        parts.append(f"SELECT '{part}' AS part, ranked.* FROM ({ranked}) AS ranked WHERE place <= {SHOWN}")  # noqa: S608
    rows = await select(f"{' UNION ALL '.join(parts)} ORDER BY total DESC, executor_id, place", where.values)
    return {part: _grouped([row for row in rows if row["part"] == part]) for part in Part}


async def counts(zone: str, idle_days: float) -> dict[str | None, Counts]:
    """How many of each, by executor; None is the key of those that nobody has."""
    where = Where()
    sums = [
        f"sum(CASE WHEN {_condition(where, part, zone, idle_days)} THEN 1 ELSE 0 END) AS {part.value}"
        for part in Part
    ]
    where.add(f"open = {where.value(True)}")
    rows = await select(
        f"SELECT executor_id, {', '.join(sums)} FROM appeal {where} GROUP BY executor_id",  # noqa: S608
        where.values,
    )
    return {row["executor_id"]: {part: int(row[part.value]) for part in Part} for row in rows}


def added(found: dict[str | None, Counts], executors: Executors) -> Counts:
    """Those of these executors together."""
    own = [of for slug, of in found.items() if executors is None or slug in executors]
    return {part: sum(of[part] for of in own) for part in Part}


_COLUMNS = "id, number, status, urgent, category_id, address, executor_id, due_at, updated_at"


def _condition(where: Where, part: Part, zone: str, idle_days: float) -> str:
    now, ends = today(zone)
    if part is Part.OVERDUE:
        return f"due_at < {where.value(now)}"
    if part is Part.TODAY:
        return f"due_at >= {where.value(now)} AND due_at < {where.value(ends)}"
    if part is Part.REOPENED:
        return f"status = {where.value(Status.REOPENED.value)}"
    return f"updated_at < {where.value(clock.now() - timedelta(days=idle_days))}"


def _within(where: Where, executors: Executors) -> None:
    if executors is not None:
        where.add(f"executor_id IN ({where.listed(tuple(sorted(executors)) or ('',))})")


def _grouped(rows: list[dict[str, Any]]) -> tuple[Group, ...]:
    by_executor: dict[str | None, list[dict[str, Any]]] = {}
    for row in rows:
        by_executor.setdefault(row["executor_id"], []).append(row)
    return tuple(
        Group(executor, its[0]["total"], tuple(_one(row) for row in its))
        for executor, its in by_executor.items()
    )


def _one(row: dict[str, Any]) -> One:
    updated_at = instant(row["updated_at"])
    assert updated_at is not None  # noqa: S101 - the column is not null
    return One(
        id=row["id"],
        number=row["number"],
        status=Status(row["status"]),
        urgent=bool(row["urgent"]),
        category=row["category_id"],
        address=row["address"],
        executor=row["executor_id"],
        due_at=instant(row["due_at"]),
        updated_at=updated_at,
    )
