"""Saved filters: one's own, and those the desk shares."""

from tortoise.expressions import Q

from core.models import SavedFilter

SHOWN = 60


async def shown(staff_id: int) -> tuple[SavedFilter, ...]:
    """One's own first, each with its `staff`, by name."""
    found = SavedFilter.filter(Q(staff_id=staff_id) | Q(shared=True)).select_related("staff")
    rows = await found.order_by("name", "id").limit(SHOWN)
    return tuple(sorted(rows, key=lambda row: row.staff_id != staff_id))
