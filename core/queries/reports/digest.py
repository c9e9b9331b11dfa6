"""What a deputy mayor should know beyond the sums: which appeals cry loudest, what the dissatisfied say.

The appeals are those open now, whatever the period: nothing else can still be helped.
"""

from dataclasses import dataclass
from datetime import datetime

from core import clock
from core.city import City
from core.periods import Period
from core.queries.figures.reading import ALL, NOTHING, Only
from core.queries.figures.words import dissatisfied
from core.queries.reports.report import executors_of
from core.queries.reports.sums import Row, Rows
from core.queries.sql import Where, instant, select

SHOWN = 5  # of each
ENOUGH = 5  # answers, from which on a share says something of an executor
LONGEST = 300  # characters of somebody's words


@dataclass(frozen=True, slots=True)
class Loud:
    """An open appeal. `supporters`: residents besides the one who filed it."""

    id: int
    number: str
    category: str
    district: str | None
    executor: str | None
    supporters: int
    created_at: datetime | None
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody who isn't satisfied wrote, without what tells who."""

    appeal: int
    number: str
    category: str
    executor: str | None
    words: str


@dataclass(frozen=True, slots=True)
class Digest:
    supported: tuple[Loud, ...]  # most people first
    overdue: tuple[Loud, ...]  # the longest first
    said: tuple[Said, ...]  # the latest first


async def digest(city: City, period: Period, portfolio: str = "") -> Digest:
    """Of the whole city, or of one deputy mayor's field."""
    chosen = executors_of(city, portfolio)
    where = _open(chosen)
    where.add("supporters > 0")  # in the words of the partial index
    supported = await _loud(where, "supporters DESC, id")
    where = _open(chosen)
    where.add(f"due_at < {where.value(clock.now())}")
    return Digest(supported, await _loud(where, "due_at, id"), await _said(city, period, chosen))


def slowest(executors: Rows) -> tuple[Row, ...]:
    """Executors with the least share of answers in time, of those with enough answers to say so."""
    judged = [row for row in executors if row.key and row.now.answered >= ENOUGH]
    judged = [row for row in judged if row.now.on_time < row.now.answered]
    return tuple(
        sorted(judged, key=lambda row: (row.now.on_time / row.now.answered, -row.now.answered))[:SHOWN]
    )


def _open(chosen: frozenset[str] | None) -> Where:
    where = Where()
    where.add(f"open = {where.value(True)}")
    if chosen is not None:
        where.add(f"executor_id IN ({where.listed(tuple(sorted(chosen)) or ('',))})")
    return where


async def _loud(where: Where, order: str) -> tuple[Loud, ...]:
    rows = await select(
        "SELECT id, number, category_id, district_id, executor_id, supporters, created_at, due_at"  # noqa: S608
        f" FROM appeal {where} ORDER BY {order} LIMIT {SHOWN}",
        where.values,
    )
    return tuple(
        Loud(
            id=row["id"],
            number=row["number"],
            category=row["category_id"],
            district=row["district_id"],
            executor=row["executor_id"],
            supporters=row["supporters"],
            created_at=instant(row["created_at"]),
            due_at=instant(row["due_at"]),
        )
        for row in rows
    )


async def _said(city: City, period: Period, chosen: frozenset[str] | None) -> tuple[Said, ...]:
    only = ALL if chosen is None else Only(executor=tuple(sorted(chosen)) or NOTHING)
    found, _ = await dissatisfied(period, city.pack.timezone, only, limit=SHOWN)
    return tuple(
        Said(one.appeal, one.number, one.category, one.executor or None, _short(one.said)) for one in found
    )


def _short(said: str) -> str:
    said = " ".join(said.split())
    return said if len(said) <= LONGEST else f"{said[:LONGEST].rsplit(' ', 1)[0]}…"
