"""The appeals behind a figure: one row for each fact that it counts, the latest day first.

The sums know on which days there is something, so that only those days' facts are read: as many of them as a
page needs, however long the period and however rare what is asked for.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Any, Final

from core.figures.sums import RESULTS, UNCOUNTED, Sums
from core.models.control import FactKind
from core.periods import Period
from core.queries.figures.figures import Figures
from core.queries.figures.reading import Only, day_of, divides, over_time
from core.queries.sql import Where, select

PAGE: Final = 50
MOST_DAYS: Final = 100  # of which facts are read at once
# What each figure counts: a kind of fact, and what it asks of it besides.
COUNTED: Final[dict[str, tuple[FactKind, str]]] = {
    "received": (FactKind.RECEIVED, ""),
    "handed": (FactKind.HANDED, ""),
    "begun": (FactKind.BEGUN, ""),
    "answered": (FactKind.ANSWERED, ""),
    "on_time": (FactKind.ANSWERED, "good"),
    "late": (FactKind.ANSWERED, "NOT good"),
    **{name: (FactKind.ANSWERED, f"result = '{status}'") for status, name in RESULTS.items()},
    "rework": (FactKind.REWORK, ""),
    "reopened": (FactKind.REOPENED, ""),
    "asked": (FactKind.ASKED, ""),
    "judged": (FactKind.JUDGED, "good IS NOT NULL"),
    "confirmed": (FactKind.JUDGED, "good"),
    "denied": (FactKind.JUDGED, "NOT good"),
    "starred": (FactKind.JUDGED, "stars IS NOT NULL"),
}
_REST: Final = {"late": ("answered", "on_time"), "denied": ("judged", "confirmed")}
_OF_FACT: Final = "fact.id, day, appeal_id, executor, category, district, minutes, good, stars"


@dataclass(frozen=True, slots=True)
class Place:
    """The last row of a page: the next one begins below it."""

    day: date
    appeal: int
    fact: int

    def __str__(self) -> str:
        return f"{self.day}.{self.appeal}.{self.fact}"


@dataclass(frozen=True, slots=True)
class Row:
    """A fact and its appeal: `executor` is who had it then, `holder` who has it now; `status` is of now.

    `minutes` of what was begun and answered, `good` of answers and verdicts, `stars` of verdicts.
    """

    place: Place
    number: str
    status: str
    category: str
    district: str
    executor: str
    holder: str
    minutes: int | None
    good: bool | None
    stars: int | None


@dataclass(frozen=True, slots=True)
class Page:
    """`figures`: of the whole question, None where no sums of it are kept; `more`: below the last row."""

    rows: tuple[Row, ...]
    more: Place | None
    figures: Figures | None


def count(figures: Figures, name: str) -> int:
    """How many rows a figure of COUNTED has."""
    if name in _REST:
        whole, part = _REST[name]
        return figures[whole] - figures[part]
    return figures[name]


async def behind(
    name: str, period: Period, only: Only, *, least: int | None = None, after: Place | None = None
) -> Page:
    """A page of the rows that the figure `name` of COUNTED counts; `least`: so many minutes."""
    known = _known(only)
    days = await over_time(period, known, monthly=False, lengths=False)
    found: list[Row] = []
    for piece in _pieces({day: count(one, name) for day, one in days.items()}, after):
        found += await _facts(name, piece, only, least, after)
        if len(found) > PAGE:
            break
    rows = tuple(found[:PAGE])
    more = rows[-1].place if len(found) > PAGE else None
    return Page(rows, more, _whole(days.values(), only) if known == only else None)


def _pieces(days: dict[date, int], after: Place | None) -> Iterator[list[date]]:
    """The days to look at, latest first: so many as should fill a page, then more and more at a time."""
    piece, here, wanted = list[date](), 0, PAGE + 1
    for day in sorted(days, reverse=True):
        if not days[day] or (after is not None and day > after.day):
            continue
        piece.append(day)
        here += days[day]
        if here >= wanted or len(piece) >= MOST_DAYS:
            yield piece
            piece, here, wanted = [], 0, 2 * wanted
    if piece:
        yield piece


def _whole(days: Iterable[Figures], only: Only) -> Figures:
    sums = Sums()
    for one in days:
        sums.add(one.sums)
    return Figures(sums, of_executors=bool(only.executor))


def _known(only: Only) -> Only:
    """As much of what is chosen as sums are kept of: they may count too many, but on the right days."""
    chosen = only.chosen
    for size in range(len(chosen), 0, -1):
        for names in combinations(chosen, size):
            part = Only(**{name: chosen[name] for name in names})
            # Thanks and consultations are in the sums by kind alone.
            if part.of_kind == only.of_kind and divides("all", part):
                return part
    return Only()


async def _facts(
    name: str, days: Sequence[date], only: Only, least: int | None, after: Place | None
) -> list[Row]:
    kind, condition = COUNTED[name]
    where = Where()
    where.add(f"day IN ({where.listed(tuple(days))})")
    where.add(f"kind = {where.value(kind)}")
    if condition:
        where.add(condition)
    for part, slugs in only.chosen.items():
        where.add(f"{part} IN ({where.listed(slugs)})")
    if not only.of_kind:
        where.add(f"of_kind NOT IN ({where.listed(tuple(sorted(UNCOUNTED)))})")
    if least is not None:
        where.add(f"minutes >= {where.value(least)}")
    if after is not None:
        values = where.listed((after.day, after.appeal, after.fact))
        where.add(f"(day, appeal_id, id) < ({values})")
    latest = "ORDER BY day DESC, appeal_id DESC, id DESC"
    rows = await select(
        f"SELECT {_OF_FACT}, number, status, executor_id AS holder"  # noqa: S608
        f" FROM (SELECT * FROM fact {where} {latest} LIMIT {PAGE + 1}) AS fact"
        f" JOIN appeal ON appeal.id = fact.appeal_id {latest.replace(' id', ' fact.id')}",
        where.values,
    )
    return [_row(row) for row in rows]


def _row(row: dict[str, Any]) -> Row:
    return Row(
        place=Place(day_of(row["day"]), row["appeal_id"], row["id"]),
        number=row["number"],
        status=row["status"],
        category=row["category"],
        district=row["district"],
        executor=row["executor"],
        holder=row["holder"] or "",
        minutes=row["minutes"],
        good=None if row["good"] is None else bool(row["good"]),
        stars=row["stars"],
    )
