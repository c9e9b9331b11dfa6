"""The numbers on the tabs and in the heading: each one query, over indexes alone, of open appeals only."""

from dataclasses import dataclass
from typing import Any

from core import clock
from core.actions.actor import Actor
from core.queries.panel.filters import OF_STATUS, View
from core.queries.panel.queue import scopes
from core.queries.sql import Where, select
from core.workflow import AT_EXECUTOR, OPEN, Role


@dataclass(frozen=True, slots=True)
class Attention:
    """What calls for the signed-in person from the heading of every page."""

    notices: int
    parked: int
    failed: int
    surges: int  # proposed incidents
    unpaid: int  # messages that wait for money


async def counters(actor: Actor) -> dict[View, int]:
    """How many appeals wait in each view; nothing for ALL, which would mean counting everything."""
    found: dict[View, int] = {view: 0 for view in View if view is not View.ALL}
    for row in await _of_officer(actor) if actor.role is Role.EXECUTOR else await _of_city():
        n, status = row["n"], row["status"]
        found[View.OVERDUE] += row["late"]
        found[View.OPEN] += n
        found[View.URGENT] += n if row["urgent"] else 0
        found[View.EXECUTORS] += n if status in AT_EXECUTOR else 0
        for view, its_status in OF_STATUS.items():
            found[view] += n if status == its_status else 0
    return found


async def _of_city() -> list[dict[str, Any]]:
    """By status and by deadline, each from an index alone: no appeal is read."""
    where = Where()
    where.add(f"status IN ({where.listed(tuple(sorted(OPEN)))})")
    late = Where(values=where.values)  # numbered on, since both halves are one query
    late.add(f"open = {late.value(True)}")
    late.add(f"due_at < {late.value(clock.now())}")
    return await select(
        f"SELECT status, urgent, count(*) AS n, 0 AS late FROM appeal {where} GROUP BY status, urgent"  # noqa: S608
        f" UNION ALL SELECT '', NULL, 0, count(*) FROM appeal {late}",
        where.values,
    )


async def _of_officer(actor: Actor) -> list[dict[str, Any]]:
    """The open appeals of an executor are few enough to be read, once."""
    values: list[Any] = []
    parts = []
    for scope in scopes(actor):
        where = Where(values=values)
        late = f"sum(CASE WHEN due_at < {where.value(clock.now())} THEN 1 ELSE 0 END) AS late"
        where.add(f"open = {where.value(True)}")
        scope(where)
        part = f"SELECT status, urgent, count(*) AS n, {late} FROM appeal {where} GROUP BY status, urgent"  # noqa: S608
        parts.append(part)
    return await select(" UNION ALL ".join(parts), values)


async def attention(actor: Actor) -> Attention:
    """Unread notices; for the desk, also what the channels could not hand over, and surges."""
    where = Where()
    unread = f"SELECT count(*) FROM notice WHERE staff_id = {where.value(actor.staff_id)} AND read_at IS NULL"  # noqa: S608
    parked = failed = surges = unpaid = "0"
    if actor.role is not Role.EXECUTOR:
        parked = "(SELECT count(*) FROM inbox WHERE state = 'parked')"
        failed = "(SELECT count(*) FROM outbox WHERE state = 'failed')"
        surges = "(SELECT count(*) FROM incident WHERE state = 'proposed')"
        unpaid = "(SELECT count(*) FROM outbox WHERE state = 'held' AND held_for = 'budget')"
    columns = f"({unread}) AS notices, {parked} AS parked, {failed} AS failed, {surges} AS surges"
    rows = await select(f"SELECT {columns}, {unpaid} AS unpaid", where.values)
    return Attention(**rows[0])
