"""The numbers on the tabs and in the heading: each one query, over indexes alone, of open appeals only."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.actions.actor import Actor
from core.queries.alarms import STANDING
from core.queries.panel import conditions
from core.queries.panel.filters import OF_STATUS, Filters, View, today
from core.queries.panel.queue import scopes
from core.queries.sql import Where, select
from core.workflow import AT_EXECUTOR, MAY, OPEN, Kind, Role, Verb

HUGE = 10_000  # open appeals from which on the city's numbers, dearer to count, are kept for a while
KEPT = 10.0  # seconds
MANY = 100  # no more than that is counted for the heading
_ASIDE = (View.MINE, View.OVERDUE, View.TODAY, View.CONSULTATIONS)  # what no status tells


@dataclass(frozen=True, slots=True)
class Attention:
    """What calls for the signed-in person from the heading of every page: each as far as MANY."""

    notices: int
    parked: int
    failed: int
    surges: int  # proposed incidents
    unpaid: int  # messages that wait for money
    tasks: int  # to be done beside the panel, by them or by whoever is free
    alarms: int  # that nobody has acknowledged


@dataclass(slots=True)
class _Kept:
    """The city's rows of a process, while they are kept."""

    rows: list[dict[str, Any]]
    until: float


_kept = _Kept([], 0.0)


async def counters(actor: Actor, zone: str = "UTC") -> dict[View, int]:
    """How many appeals wait in each view; nothing for ALL, which would mean counting everything.

    `zone` is the city's: it says when today ends.
    """
    found: dict[View, int] = {view: 0 for view in View if view is not View.ALL}
    for row in await _of_officer(actor, zone) if actor.role is Role.EXECUTOR else await _of_desk(actor, zone):
        n, status = row["n"], row["status"]
        for view in _ASIDE:
            found[view] += row[view.value]
        found[View.OPEN] += n
        found[View.URGENT] += n if row["urgent"] else 0
        found[View.EXECUTORS] += n if status in AT_EXECUTOR else 0
        for view, its_status in OF_STATUS.items():
            found[view] += n if status == its_status else 0
    return found


def forget() -> None:
    """Count anew next time."""
    _kept.until = 0.0


async def _of_desk(actor: Actor, zone: str) -> list[dict[str, Any]]:
    """The city's, each part from an index alone: no appeal is read; and one's own, of those one follows."""
    where = Where()
    mine = _part(where, actor, zone, View.MINE)
    if time.monotonic() < _kept.until:
        return [*_kept.rows, *await select(mine, where.values)]
    parts = [mine, *(_part(where, actor, zone, view) for view in _ASIDE if view is not View.MINE)]
    by_status = Where(values=where.values)
    by_status.add(f"status IN ({by_status.listed(tuple(sorted(OPEN)))})")
    counted = f"SELECT status, urgent, count(*) AS n, {_aside({})} FROM appeal"  # noqa: S608
    parts.append(f"{counted} {by_status} GROUP BY status, urgent")
    rows = await select(" UNION ALL ".join(parts), where.values)
    if sum(row["n"] for row in rows) > HUGE:
        _kept.rows, _kept.until = rows[1:], time.monotonic() + KEPT
    return rows


def _part(where: Where, actor: Actor, zone: str, view: View) -> str:
    of_view = Where(values=where.values)  # numbered on, since all parts are one query
    columns, table = _aside({view: "count(*)"}), "appeal"
    if view is View.MINE:  # from the few that are followed, not from all that are open
        table = "follow CROSS JOIN appeal"
        of_view.add(f"staff_id = {of_view.value(actor.staff_id)} AND appeal.id = appeal_id AND open")
    else:
        conditions.add(of_view, actor, Filters(view=view, zone=zone), {})
    return f"SELECT '' AS status, CAST(NULL AS BOOLEAN) AS urgent, 0 AS n, {columns} FROM {table} {of_view}"  # noqa: S608


async def _of_officer(actor: Actor, zone: str) -> list[dict[str, Any]]:
    """The open appeals of an executor are few enough to be read, once."""
    values: list[Any] = []
    parts = []
    now, ends = today(zone)
    own = len(scopes(actor)) - 1  # the last is what they help with
    for at, scope in enumerate(scopes(actor)):
        where = Where(values=values)
        columns = {
            View.MINE: "count(*)" if at < own else "0",
            View.OVERDUE: _sum(f"due_at < {where.value(now)}"),
            View.TODAY: _sum(f"due_at >= {where.value(now)} AND due_at < {where.value(ends)}"),
            View.CONSULTATIONS: _sum(f"kind = {where.value(Kind.CONSULTATION)}"),
        }
        counted = f"SELECT status, urgent, count(*) AS n, {_aside(columns)} FROM appeal"  # noqa: S608
        where.add(f"open = {where.value(True)}")
        scope(where)
        parts.append(f"{counted} {where} GROUP BY status, urgent")
    return await select(" UNION ALL ".join(parts), values)


def _aside(columns: Mapping[View, str]) -> str:
    return ", ".join(f"{columns.get(view, '0')} AS {view}" for view in _ASIDE)


def _sum(condition: str) -> str:
    return f"sum(CASE WHEN {condition} THEN 1 ELSE 0 END)"


async def attention(actor: Actor) -> Attention:
    """Unread notices; for the desk, also what the channels could not hand over, and surges."""
    where = Where()
    unread = _upto_many(f"notice WHERE staff_id = {where.value(actor.staff_id)} AND read_at IS NULL")
    parked = failed = surges = unpaid = "0"
    if actor.role is not Role.EXECUTOR:
        parked = _upto_many("inbox WHERE state = 'parked'")
        failed = _upto_many("outbox WHERE state = 'failed'")
        surges = _upto_many("incident WHERE state = 'proposed'")
        unpaid = _upto_many("outbox WHERE state = 'held' AND held_for = 'budget'")
    tasks = "0"
    if actor.role in MAY[Verb.CHECKED]:
        mine = f"(assignee_id = {where.value(actor.staff_id)} OR assignee_id IS NULL)"
        tasks = _upto_many(f"task WHERE done_at IS NULL AND {mine}")
    ringing = f"SELECT count(*) FROM alarm WHERE state IN ({where.listed(STANDING)})"  # noqa: S608
    if actor.role is Role.EXECUTOR:
        theirs = f"SELECT alarm_id FROM alarm_call WHERE staff_id = {where.value(actor.staff_id)}"  # noqa: S608
        of_them = where.listed(tuple(sorted(actor.executors)) or ("",))
        about = f"SELECT id FROM appeal WHERE executor_id IN ({of_them})"  # noqa: S608
        ringing += f" AND (id IN ({theirs}) OR (incident_id IS NULL AND appeal_id IN ({about})))"
    columns = f"{unread} AS notices, {parked} AS parked, {failed} AS failed, {surges} AS surges"
    rows = await select(
        f"SELECT {columns}, {unpaid} AS unpaid, {tasks} AS tasks, ({ringing}) AS alarms", where.values
    )
    return Attention(**rows[0])


def _upto_many(which: str) -> str:
    return f"(SELECT count(*) FROM (SELECT 1 FROM {which} LIMIT {MANY}) AS those)"  # noqa: S608
