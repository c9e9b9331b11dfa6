"""What the queue's view and filters ask of an appeal, in SQL that the indexes answer in the list's order."""

from collections.abc import Mapping
from datetime import timedelta

from core import clock, db
from core.actions.actor import Actor
from core.queries.panel.filters import OF_STATUS, Filters, View, midnight, today
from core.queries.sql import Where
from core.workflow import AT_EXECUTOR, OPEN, Kind, Role, Status

MANY = 0.05
_UNINDEXED = ("channel", "photos")
SLACK = timedelta(days=1)  # by which what was filed later may have an earlier id
_OF_OPEN = frozenset(View) - {View.ALL}


def only_open(filters: Filters) -> bool | None:
    """Whether what is looked for is open; None where it may be either."""
    statuses = _statuses(filters)
    if filters.view in _OF_OPEN or filters.overdue or filters.due or filters.idle:
        return True
    if statuses is None or not (statuses <= OPEN or not statuses & OPEN):
        return None
    return statuses <= OPEN


def order(filters: Filters) -> str:
    """Of the list, as the index for these filters has it: of one status alone all are open, or none is."""
    return (
        "ORDER BY urgent DESC, id DESC"
        if status_alone(filters)
        else "ORDER BY open DESC, urgent DESC, id DESC"
    )


def add(where: Where, actor: Actor, filters: Filters, counts: Mapping[View, int]) -> None:
    """All that the filters ask but the category."""
    is_open, statuses = only_open(filters), _statuses(filters)
    if is_open is not None and not status_alone(
        filters
    ):  # said even where the status says it: there are indexes that have it next
        where.add(f"open = {where.value(is_open)}")
        statuses = statuses & OPEN if statuses is not None and is_open else statuses
    if statuses is not None:
        where.add(f"status IN ({where.listed(tuple(sorted(statuses)))})" if statuses else "1 = 0")
    if filters.view is View.URGENT:
        where.add(f"urgent = {where.value(True)}")
    if filters.view is View.MINE:
        _mine(where, actor)
    _kind(where, filters)
    _due(where, filters, counts)
    _plain(where, filters)
    _rare(where, filters)


def _rare(where: Where, filters: Filters) -> None:
    """In the words of the partial indexes (see search.py)."""
    if filters.supporters:
        where.add("supporters > 0")
    if filters.reopened:
        where.add("reopen_count > 0")
    if filters.reworked:
        where.add("rework_count > 0")
    if filters.incident == 0:
        where.add("incident_id IS NOT NULL")
    elif filters.incident:
        where.add(f"incident_id = {where.value(filters.incident)}")
    if filters.photos:
        where.add("photos > 0")
    if filters.idle:
        where.add(f"updated_at < {where.value(clock.now() - timedelta(days=filters.idle))}")


def filed(where: Where, filters: Filters) -> None:
    """Within the days of filing; what lies together is found by its ids."""
    ids(where, filters, "id")
    since, until = filters.filed
    at = _aside("created_at")
    days = [f"{at} >= {where.value(since)}"] if since else []
    days += [f"{at} < {where.value(until)}"] if until else []
    if days and db.is_sqlite():
        where.conditions += days
    elif days:  # in a form for which it has no index, and doesn't think that next to nothing is left
        where.add(f"CASE WHEN {' AND '.join(days)} THEN true ELSE false END")


def ids(where: Where, filters: Filters, column: str) -> None:
    """The ids of the days of filing and some around them: they grow with time."""
    since, until = filters.filed
    if since:
        where.add(f"{column} >= ({_edge(where, '>=', since - SLACK, 'ASC')})")
    if until:
        where.add(f"{column} <= ({_edge(where, '<', until + SLACK, 'DESC')})")


def status_alone(filters: Filters) -> bool:
    """Whether a list is of one status and nothing else has an index that is better."""
    statuses = _statuses(filters)
    if statuses is None or len(statuses) != 1 or not (statuses <= OPEN or filters.view is View.ALL):
        return False
    return not filters.words and not set(filters.chosen) - {"status", *_UNINDEXED}


def _edge(where: Where, than: str, at: object, order: str) -> str:
    found = f"SELECT id FROM appeal WHERE created_at {than} {where.value(at)}"  # noqa: S608
    return f"{found} ORDER BY created_at {order}, id {order} LIMIT 1"


def _aside(column: str) -> str:
    """A column that SQLite shall not look for an index of."""
    return f"+{column}" if db.is_sqlite() else column


def _statuses(filters: Filters) -> set[Status] | None:
    """Which statuses the view and the filter leave; None where any will do."""
    statuses: set[Status] | None = None
    if filters.view in OF_STATUS:
        statuses = {OF_STATUS[filters.view]}
    elif filters.view is View.EXECUTORS:
        statuses = set(AT_EXECUTOR)
    if filters.status is None:
        return statuses
    return {filters.status} & (set(Status) if statuses is None else statuses)


def _mine(where: Where, actor: Actor) -> None:
    if actor.role is Role.EXECUTOR:
        where.add(f"executor_id IN ({where.listed(tuple(sorted(actor.executors)) or ('',))})")
    else:
        followed = f"SELECT appeal_id FROM follow WHERE staff_id = {where.value(actor.staff_id)}"  # noqa: S608
        where.add(f"id IN ({followed})")


def _kind(where: Where, filters: Filters) -> None:
    for kind in (Kind.CONSULTATION if filters.view is View.CONSULTATIONS else None, filters.kind):
        if kind:
            where.add(f"kind = {where.value(kind)}")
        if kind and kind is not Kind.REQUEST:
            where.add("kind <> 'request'")  # what the index of those says of itself


def _due(where: Where, filters: Filters, counts: Mapping[View, int]) -> None:
    """SQLite, which doesn't know how many there are, is told to walk down the list where they are many."""
    now, ends = today(filters.zone)
    near = counts.get(View.OVERDUE, 0) if filters.view is not View.TODAY else counts.get(View.TODAY, 0)
    many = near > MANY * max(1, counts.get(View.OPEN, 0))
    due = _aside("due_at") if many else "due_at"
    if filters.overdue or filters.view is View.OVERDUE:
        where.add(f"{due} < {where.value(now)}")
    if filters.view is View.TODAY:
        where.add(f"{due} >= {where.value(now)}")
        where.add(f"{due} < {where.value(ends)}")
    if before := midnight(filters.due, filters.zone, days=1):
        where.add(f"{due} < {where.value(before)}")


def _plain(where: Where, filters: Filters) -> None:
    chosen = {"district_id": filters.district, "executor_id": filters.executor, "channel": filters.channel}
    for column, wanted in chosen.items():
        if wanted:
            where.add(f"{column} = {where.value(wanted)}")
    if filters.urgent is not None:
        where.add(f"urgent = {where.value(filters.urgent)}")
