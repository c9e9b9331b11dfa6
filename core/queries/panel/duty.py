"""The roster as the panel shows it: a week, day by day, and who is on duty now."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from tortoise.expressions import Q

from core import clock
from core.models import Duty, Staff
from core.queries.duties import in_order, overlapping, uncovered

DAYS = 7


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a roster, from `begins`; `empty` are its stretches with nobody on duty."""

    day: date
    begins: datetime
    duties: tuple[Duty, ...]
    empty: tuple[tuple[datetime, datetime], ...]


@dataclass(frozen=True, slots=True)
class Week:
    """A week of one roster; `doubled` are those who hold one place at one time."""

    days: tuple[Day, ...]
    doubled: frozenset[int]


async def week(executor: str | None, monday: date, zone: str) -> Week:
    """Each duty stands on every day that it touches."""
    midnights = [
        datetime.combine(monday + timedelta(days=at), time(), ZoneInfo(zone)).astimezone(UTC)
        for at in range(DAYS + 1)
    ]
    rows = Duty.filter(executor_id=executor, begins_at__lt=midnights[-1], ends_at__gt=midnights[0])
    found = await rows.order_by("begins_at", "position", "id").select_related("staff")
    days = []
    for at, (begins, ends) in enumerate(pairwise(midnights)):
        own = tuple(each for each in found if each.begins_at < ends and each.ends_at > begins)
        empty = tuple(uncovered(own, begins, ends))
        days.append(Day(monday + timedelta(days=at), begins, own, empty))
    return Week(tuple(days), frozenset(overlapping(found)))


async def now(executors: Collection[str] | None) -> dict[str | None, tuple[Duty, ...]]:
    """Who is on duty by roster, None for the city's, in the order in which they are called.

    `executors`: only of these; None for all of the city.
    """
    at = clock.now()
    rows = Duty.filter(begins_at__lte=at, ends_at__gt=at)
    if executors is not None:
        rows = rows.filter(Q(executor_id=None) | Q(executor_id__in=tuple(executors)))
    found = await rows.select_related("staff")
    slugs: list[str | None] = [None, *sorted({each.executor_id for each in found if each.executor_id})]
    return {slug: tuple(in_order(each for each in found if each.executor_id == slug)) for slug in slugs}


async def people(executor: str | None) -> tuple[Staff, ...]:
    """Who can be put on a roster: the city's colleagues, or those of the executor; by name."""
    rows = Staff.filter(active=True, executor_id=executor)
    return tuple(await rows.order_by("name", "id"))


async def one(duty_id: int) -> Duty | None:
    return await Duty.get_or_none(id=duty_id).select_related("staff")
