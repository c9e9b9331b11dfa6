"""Saved filters: one's own, and to who sees the whole city those that others share.

A filter may name a resident or a phone, by which officers can't search.
"""

from dataclasses import dataclass

from core.actions.actor import Actor
from core.queries.sql import Where, select
from core.workflow import Role

SHOWN = 60


@dataclass(frozen=True, slots=True)
class Saved:
    """`owner`: the name of who keeps it."""

    id: int
    staff_id: int
    name: str
    query: str
    shared: bool
    owner: str


async def shown(actor: Actor) -> tuple[Saved, ...]:
    """One's own first, by name."""
    where = Where()
    mine = f"saved_filter.staff_id = {where.value(actor.staff_id)}"
    theirs = "" if actor.role is Role.EXECUTOR else f" OR shared = {where.value(True)}"
    where.add(f"({mine}{theirs})")
    rows = await select(
        "SELECT saved_filter.id, staff_id, saved_filter.name, query, shared, staff.name AS owner"  # noqa: S608
        f" FROM saved_filter JOIN staff ON staff.id = staff_id {where}"
        f" ORDER BY saved_filter.name, saved_filter.id LIMIT {SHOWN}",
        where.values,
    )
    found = (Saved(**{**row, "shared": bool(row["shared"])}) for row in rows)
    return tuple(sorted(found, key=lambda one: one.staff_id != actor.staff_id))
