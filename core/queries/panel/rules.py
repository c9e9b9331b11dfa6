"""What a change to the routing table would have meant: the last appeals, routed by the old and the new."""

from dataclasses import dataclass

from core import routing
from core.city import City
from core.deadlines import hours_at
from core.models import Appeal
from core.routing import Case, Route, Table

RECENT = 1000  # appeals


@dataclass(frozen=True, slots=True)
class Moved:
    """An appeal that would go elsewhere."""

    id: int
    number: str
    category: str
    district: str | None
    before: Route | None
    after: Route | None


@dataclass(frozen=True, slots=True)
class DryRun:
    """`of`: how many appeals were looked at, the newest."""

    of: int
    moved: tuple[Moved, ...]


async def dry_run(city: City, before: Table, after: Table) -> DryRun:
    """For administrators alone: the route refuses others."""
    columns = ("id", "number", "category_id", "district_id", "kind", "urgent", "created_at")
    rows = await Appeal.all().order_by("-id").limit(RECENT).only(*columns)
    cases = [_case(city, appeal) for appeal in rows]
    moved = tuple(
        _moved(rows[found.index], found.before, found.after)
        for found in routing.differences(before, after, cases)
    )
    return DryRun(len(rows), moved)


def _case(city: City, appeal: Appeal) -> Case:
    return Case(
        category=appeal.category_id,
        group=city.categories[appeal.category_id].group,
        district=appeal.district_id,
        kind=appeal.kind,
        urgent=appeal.urgent,
        hours=hours_at(appeal.created_at, city.calendar(None)),
    )


def _moved(appeal: Appeal, before: Route | None, after: Route | None) -> Moved:
    return Moved(appeal.id, appeal.number, appeal.category_id, appeal.district_id, before, after)
