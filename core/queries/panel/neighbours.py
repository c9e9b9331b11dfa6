"""What else is reported around an appeal: a glance at the map says whether it is one trouble or many.

One query along the index by h3 cell, which holds the filing, too: of what is older nothing is read.
"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from core import clock
from core.actions.actor import Actor
from core.models import Appeal
from core.queries.sql import Where, instant, select
from core.understanding.nearness import cells_within, metres_between
from core.workflow import Role, Status

REACH = 300.0  # metres
OPEN_DAYS, ENDED_DAYS = 30, 7  # since the filing; an ended one says less
SHOWN = 20  # the nearest


@dataclass(frozen=True, slots=True)
class Neighbour:
    id: int
    number: str
    status: Status
    category: str
    address: str
    lat: float
    lon: float
    metres: int
    created_at: datetime


async def neighbours(actor: Actor, appeal: Appeal) -> tuple[Neighbour, ...]:
    """Nearest first, only those that exist for this person; none where the appeal has no coordinates."""
    lat, lon = appeal.lat, appeal.lon
    if lat is None or lon is None:
        return ()
    found = [_neighbour(row, lat, lon) for row in await select(*_query(actor, appeal.id, lat, lon))]
    near = (one for one in found if one.metres <= REACH)
    return tuple(sorted(near, key=lambda one: (one.metres, -one.id)))


def _query(actor: Actor, appeal_id: int, lat: float, lon: float) -> tuple[str, list[Any]]:
    now, where = clock.now(), Where()
    where.add(f"cell IN ({where.listed(tuple(cells_within(lat, lon, REACH)))})")
    where.add(f"created_at >= {where.value(now - timedelta(days=OPEN_DAYS))}")
    where.add(f"(open OR created_at >= {where.value(now - timedelta(days=ENDED_DAYS))})")
    where.add(f"status <> {where.value(Status.DUPLICATE)}")  # what it was merged into stands for it
    where.add(f"id <> {where.value(appeal_id)}")
    if actor.role is Role.EXECUTOR:
        mine = tuple(sorted(actor.executors)) or ("",)
        helped = f"SELECT appeal_id FROM co_executor WHERE executor_id IN ({where.listed(mine)})"  # noqa: S608 - placeholders
        where.add(f"(executor_id IN ({where.listed(mine)}) OR id IN ({helped}))")
    narrow = math.cos(math.radians(lat))
    nearest = f"abs(lat - {where.value(lat)}) + abs(lon - {where.value(lon)}) * {where.value(narrow)}"
    columns = "id, number, status, category_id, address, lat, lon, created_at"
    return f"SELECT {columns} FROM appeal {where} ORDER BY {nearest} LIMIT {SHOWN}", where.values  # noqa: S608


def _neighbour(row: dict[str, Any], lat: float, lon: float) -> Neighbour:
    created_at = instant(row["created_at"])
    assert created_at is not None  # noqa: S101 - the column is not null
    return Neighbour(
        id=row["id"],
        number=row["number"],
        status=Status(row["status"]),
        category=row["category_id"],
        address=row["address"],
        lat=row["lat"],
        lon=row["lon"],
        metres=round(metres_between(lat, lon, row["lat"], row["lon"])),
        created_at=created_at,
    )
