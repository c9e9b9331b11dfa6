"""Which open appeals report the same: of one category, near by or at one address, not long ago.

One query, each half of it by an index of its own; likeness of words then decides among the nearest.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from core.city import City
from core.queries.sql import Where, instant, select
from core.understanding import nearness
from core.understanding.normalise import MAX_CHARACTERS
from core.workflow import BY_NAME, Status

SHOWN = 3
READ = 20  # of each half: the nearest points, the newest of the address
COMPARED = 8  # whose words are compared; that costs more than finding them
EXCERPT = 200
# What speaks for two being the same; together they make 1.
PLACE, WORDS, AGE = 0.5, 0.3, 0.2


@dataclass(frozen=True, slots=True)
class Alike:
    """An open appeal that may be the same. `people`: how many reported it, the first one included.

    `metres` is None where one of the two has no coordinates. `likeness` (of words) and `score` are 0 to 1.
    `excerpt` is what its resident wrote: for the staff, never for another resident.
    """

    appeal_id: int
    number: str
    status: Status
    category: str
    metres: int | None
    same_address: bool
    people: int
    since: datetime
    photos: int
    likeness: float
    score: float
    excerpt: str


async def alike(
    city: City,
    *,
    category: str,
    lat: float | None,
    lon: float | None,
    place_key: str | None,
    text: str,
    at: datetime,
    exclude: int | None = None,
) -> tuple[Alike, ...]:
    """Up to three, best first; for one that was merged, what it was merged into. `exclude` is an appeal's id.

    What is official is between its resident and the city: nobody joins it.
    None where the category needs no place, or no place is known.
    """
    if category not in city.categories or not city.categories[category].needs_place:
        return ()
    place = _Place(lat, lon, place_key, city.schedule.alike_metres)
    oldest = at - timedelta(days=city.schedule.alike_days)
    if (query := _query(place, category, oldest)) is None:
        return ()
    found: dict[int, tuple[float, dict[str, Any]]] = {}
    for row in await select(*query):
        if exclude in (row["near_id"], row["id"]):
            continue
        score = PLACE * place.nearness(row) + AGE * _freshness(row, at, city.schedule.alike_days)
        if score > found.get(row["id"], (-1.0,))[0] and place.holds(row):
            found[row["id"]] = score, row
    likely = sorted(found.values(), key=lambda each: -each[0])[:COMPARED]
    likenesses = city.understander.likenesses(text, [row["words"] for _, row in likely])
    known = [
        _alike(row, place, score, likeness) for (score, row), likeness in zip(likely, likenesses, strict=True)
    ]
    return tuple(sorted(known, key=lambda each: -each.score)[:SHOWN])


@dataclass(frozen=True, slots=True)
class _Place:
    lat: float | None
    lon: float | None
    key: str | None
    reach: float  # metres

    def metres(self, row: dict[str, Any]) -> float | None:
        if self.lat is None or self.lon is None or row["lat"] is None:
            return None
        return nearness.metres_between(self.lat, self.lon, row["lat"], row["lon"])

    def same_address(self, row: dict[str, Any]) -> bool:
        return self.key is not None and row["place_key"] == self.key

    def holds(self, row: dict[str, Any]) -> bool:
        metres = self.metres(row)
        return self.same_address(row) or (metres is not None and metres <= self.reach)

    def nearness(self, row: dict[str, Any]) -> float:
        metres = self.metres(row)
        return 1.0 if self.same_address(row) or metres is None else max(0.0, 1 - metres / self.reach)


def _freshness(row: dict[str, Any], at: datetime, days: float) -> float:
    filed = instant(row["near_at"])
    return max(0.0, 1 - abs(at - filed) / timedelta(days=days)) if filed else 0.0


def _alike(row: dict[str, Any], place: _Place, score: float, likeness: float) -> Alike:
    metres, since = place.metres(row), instant(row["created_at"])
    assert since is not None  # noqa: S101 - the column is not null
    return Alike(
        appeal_id=row["id"],
        number=row["number"],
        status=Status(row["status"]),
        category=row["category_id"],
        metres=None if metres is None else round(metres),
        same_address=place.same_address(row),
        people=row["supporters"] + 1,
        since=since,
        photos=row["photos"],
        likeness=min(1.0, likeness),
        score=score + WORDS * min(1.0, likeness),
        excerpt=row["excerpt"],
    )


_NEAR = f"id, duplicate_of_id, lat, lon, place_key, substr(text, 1, {MAX_CHARACTERS}) AS text, created_at"
_THE_SAME = f"""
SELECT near.id AS near_id, near.lat, near.lon, near.place_key, near.text AS words, near.created_at AS near_at,
    it.id, it.number, it.status, it.category_id, it.supporters, it.created_at, it.photos,
    substr(it.text, 1, {EXCERPT}) AS excerpt
FROM ({{halves}}) AS near JOIN appeal AS it ON it.id = coalesce(near.duplicate_of_id, near.id) WHERE it.open
"""  # noqa: S608 - nothing in it comes from outside


def _query(place: _Place, category: str, oldest: datetime) -> tuple[str, list[Any]] | None:
    values: list[Any] = []
    halves: list[str] = []

    def half(place_is: Callable[[Where], str], nearest: Callable[[Where], str]) -> None:
        where = Where(values=values)  # numbered on: both halves are one query
        where.add(place_is(where))
        where.add(f"category_id = {where.value(category)}")
        where.add(f"kind NOT IN ({where.listed(tuple(sorted(BY_NAME)))})")
        where.add(f"created_at >= {where.value(oldest)}")
        where.add("(open OR status = 'duplicate')")
        part = f"SELECT {_NEAR} FROM appeal {where} ORDER BY {nearest(where)} LIMIT {READ}"  # noqa: S608
        halves.append(f"SELECT * FROM ({part}) AS half{len(halves)}")  # noqa: S608

    if place.lat is not None and place.lon is not None:
        lat, lon, narrow = place.lat, place.lon, math.cos(math.radians(place.lat))
        cells = tuple(nearness.cells_within(lat, lon, place.reach))
        half(
            lambda where: f"cell IN ({where.listed(cells)})",
            lambda where: (
                f"abs(lat - {where.value(lat)}) + abs(lon - {where.value(lon)}) * {where.value(narrow)}"
            ),
        )
    if place.key is not None:
        half(lambda where: f"place_key = {where.value(place.key)}", lambda _where: "created_at DESC")
    return (_THE_SAME.format(halves=" UNION ALL ".join(halves)), values) if halves else None
