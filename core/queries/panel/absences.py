"""Who is and will be away, and who could stand in."""

from core import clock
from core.models import Absence, Staff

SHOWN = 200


async def to_come(*, of: int | None = None) -> tuple[Absence, ...]:
    """Present and planned absences, the first to begin first, each with `staff` and `substitute`."""
    rows = Absence.filter(ends_at__gt=clock.now())
    if of is not None:
        rows = rows.filter(staff_id=of)
    return tuple(await rows.order_by("begins_at", "id").limit(SHOWN).select_related("staff", "substitute"))


async def stood_in_for(staff_id: int) -> tuple[Absence, ...]:
    """For whom this person stands in, now or later, each with `staff`."""
    rows = Absence.filter(ends_at__gt=clock.now(), substitute_id=staff_id)
    return tuple(await rows.order_by("begins_at", "id").limit(SHOWN).select_related("staff"))


async def people(*, like: Staff | None = None) -> tuple[Staff, ...]:
    """Active staff by name; with `like`, their colleagues of the same role."""
    found = Staff.filter(active=True)
    if like is not None:
        found = found.filter(role=like.role).exclude(id=like.id)
    return tuple(await found.order_by("name", "id"))
