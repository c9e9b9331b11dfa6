"""Who is on duty: those to be reached at an instant, in the order in which they are called."""

from collections.abc import Iterable
from datetime import datetime

from tortoise.expressions import Q

from core import clock
from core.models import Duty


async def on_duty(*executors: str | None) -> list[Duty]:
    """Now, with their `staff`: those of the executors first, then the city's; nobody twice."""
    now = clock.now()
    ours = Q(executor_id=None) | Q(executor_id__in=[slug for slug in executors if slug is not None])
    standing = Duty.filter(ours, begins_at__lte=now, ends_at__gt=now).select_related("staff")
    return in_order(await standing)


def in_order(duties: Iterable[Duty]) -> list[Duty]:
    """As they are called; who no longer works here isn't, and nobody is twice."""
    found: dict[object, Duty] = {}
    for duty in sorted(duties, key=lambda each: (each.executor_id is None, each.position, each.id)):
        if duty.staff is None or duty.staff.active:
            found.setdefault(duty.staff_id or (duty.name, duty.phone), duty)
    return list(found.values())


def overlapping(duties: Iterable[Duty]) -> set[int]:
    """Ids of those who hold the same place of the same roster at the same time as another."""
    found: set[int] = set()
    until: dict[tuple[str | None, int], Duty] = {}
    for duty in sorted(duties, key=lambda each: (each.begins_at, each.id)):
        place = (duty.executor_id, duty.position)
        before = until.get(place)
        if before is not None and duty.begins_at < before.ends_at:
            found |= {duty.id, before.id}
        if before is None or duty.ends_at > before.ends_at:
            until[place] = duty
    return found


def uncovered(duties: Iterable[Duty], begins: datetime, ends: datetime) -> list[tuple[datetime, datetime]]:
    """The stretches between two instants in which nobody of these is on duty."""
    gaps, at = [], begins
    for duty in sorted(duties, key=lambda each: each.begins_at):
        if duty.begins_at > at:
            gaps.append((at, min(duty.begins_at, ends)))
        at = max(at, duty.ends_at)
        if at >= ends:
            break
    else:
        gaps.append((at, ends))
    return [(begin, end) for begin, end in gaps if begin < end]
