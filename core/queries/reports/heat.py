"""Where the appeals of a period come from, by coarse cells of h3: no address of anybody is in it.

Two queries, whatever the period: one adds up the city, one looks closer at the few cells that lead.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeVar, cast

import h3.api.basic_int as h3

from core import db
from core.city import City
from core.pack import StreetSpec
from core.periods import Period
from core.queries.panel.filters import midnight
from core.queries.sql import Where, select
from core.understanding.nearness import place_key
from core.understanding.street_types import street_types
from core.understanding.surge import coarse

T = TypeVar("T")

LEADING = 15  # cells that the table tells of
CLASSES = 6  # colours of the map
STREETS = 2  # by which a cell is called


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Of which appeals; empty where of all."""

    categories: tuple[str, ...] = ()
    executors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Street:
    """Its name with its type, as the gazetteer has it: never the words of who reported there."""

    uk: str
    en: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One area of some 0.7 km²; `before` counts the period before.

    `outline`: its corners, as latitude and longitude. `streets`, `district` and `category` are those of most
    of its appeals, and are known of the leading cells alone.
    """

    id: int
    count: int
    before: int
    rank: int  # of its colour, from 1
    outline: tuple[tuple[float, float], ...]
    streets: tuple[Street, ...] = ()
    district: str | None = None
    category: str | None = None


@dataclass(frozen=True, slots=True)
class Heat:
    """`unplaced` of the `total` have no coordinates and are on no map.

    `steps`: the least count of each colour.
    """

    total: int
    before: int
    unplaced: int
    cells: tuple[Cell, ...]  # most appeals first
    steps: tuple[int, ...]

    @property
    def leading(self) -> tuple[Cell, ...]:
        return self.cells[:LEADING]


@dataclass(slots=True)
class _Seen:
    """What the appeals of one coarse cell say of it."""

    streets: Counter[Street] = field(default_factory=Counter)
    districts: Counter[str] = field(default_factory=Counter)
    categories: Counter[str] = field(default_factory=Counter)


async def heat(city: City, period: Period, narrowed: Narrowed) -> Heat:
    now, before = Counter[int | None](), Counter[int | None]()
    fine = defaultdict[int, list[int]](list)
    for cell, count, earlier in await _counted(city, period, narrowed):
        area = coarse(cell)
        now[area] += count
        before[area] += earlier
        if area is not None and cell is not None:
            fine[area].append(cell)
    placed = [area for area in now if area is not None and now[area]]
    placed.sort(key=lambda area: (-now[area], area))
    seen = await _seen(city, period, narrowed, {area: fine[area] for area in placed[:LEADING]})
    scale = steps(now[placed[0]] if placed else 0)
    return Heat(
        total=now.total(),
        before=before.total(),
        unplaced=now[None],
        cells=tuple(_cell(area, now[area], before[area], scale, seen.get(area, _Seen())) for area in placed),
        steps=scale,
    )


def steps(most: int) -> tuple[int, ...]:
    """The least count of each colour: by factors, since a few cells have many and many have few."""
    return tuple(sorted({math.ceil(most ** (at / CLASSES) - 1e-9) for at in range(CLASSES)})) if most else ()


async def _counted(city: City, period: Period, narrowed: Narrowed) -> list[tuple[int | None, int, int]]:
    """Each fine cell, None for what has none, with the counts of the period and of the one before.

    By the index of the cells, which has all it needs where no executor is asked for: SQLite, left alone,
    would look for each appeal of the year by its day.
    """
    where, zone = Where(), city.pack.timezone
    began = where.value(midnight(period.since, zone))
    earlier = where.value(midnight(period.since, zone))
    at = "+created_at" if db.is_sqlite() else "created_at"
    where.add(f"{at} >= {where.value(midnight(period.before.since, zone))}")
    where.add(f"{at} < {where.value(midnight(period.until, zone, days=1))}")
    _narrow(where, narrowed)
    rows = await select(
        f"SELECT cell, sum(CASE WHEN created_at >= {began} THEN 1 ELSE 0 END) AS now,"  # noqa: S608
        f" sum(CASE WHEN created_at < {earlier} THEN 1 ELSE 0 END) AS before"
        f" FROM appeal {where} GROUP BY cell",
        where.values,
    )
    return [(row["cell"], int(row["now"]), int(row["before"])) for row in rows]


async def _seen(
    city: City, period: Period, narrowed: Narrowed, areas: Mapping[int, Sequence[int]]
) -> dict[int, _Seen]:
    """What the appeals of these areas, each with its fine cells, say of where and what they are."""
    found: dict[int, _Seen] = {area: _Seen() for area in areas}
    if not areas:
        return found
    where, zone = Where(), city.pack.timezone
    where.add(f"cell IN ({where.listed(tuple(cell for cells in areas.values() for cell in cells))})")
    where.add(f"created_at >= {where.value(midnight(period.since, zone))}")
    where.add(f"created_at < {where.value(midnight(period.until, zone, days=1))}")
    _narrow(where, narrowed)
    street = (
        "substr(place_key, 1, instr(place_key, '|') - 1)"
        if db.is_sqlite()
        else "split_part(place_key, '|', 1)"
    )
    home = {cell: area for area, cells in areas.items() for cell in cells}
    known = _streets(city.pack.streets)
    for row in await select(
        f"SELECT cell, category_id, district_id, {street} AS street, count(*) AS n"  # noqa: S608
        f" FROM appeal {where} GROUP BY 1, 2, 3, 4",
        where.values,
    ):
        seen, count = found[home[row["cell"]]], int(row["n"])
        seen.categories[row["category_id"]] += count
        if row["district_id"]:
            seen.districts[row["district_id"]] += count
        if row["street"] in known:
            seen.streets[known[row["street"]]] += count
    return found


def _narrow(where: Where, narrowed: Narrowed) -> None:
    if narrowed.categories:
        where.add(f"category_id IN ({where.listed(narrowed.categories)})")
    if narrowed.executors:
        where.add(f"executor_id IN ({where.listed(narrowed.executors)})")


@lru_cache(maxsize=2)
def _streets(streets: tuple[StreetSpec, ...]) -> dict[str, Street]:
    """The city's streets by how a place's key spells them."""
    found = {}
    for street in streets:
        uk, en = street_types()[street.type].shown(street.name)
        if key := place_key(uk, "1"):
            found[key.rpartition("|")[0]] = Street(uk, en)
    return found


def _cell(area: int, count: int, before: int, scale: Sequence[int], seen: _Seen) -> Cell:
    corners = cast("tuple[tuple[float, float], ...]", h3.cell_to_boundary(area))
    return Cell(
        id=area,
        count=count,
        before=before,
        rank=sum(count >= least for least in scale),
        outline=tuple((round(lat, 5), round(lon, 5)) for lat, lon in corners),
        streets=tuple(_most(seen.streets, STREETS)),
        district=next(iter(_most(seen.districts, 1)), None),
        category=next(iter(_most(seen.categories, 1)), None),
    )


def _most(counted: Counter[T], few: int) -> list[T]:
    return sorted(counted, key=lambda thing: (-counted[thing], str(thing)))[:few]
