"""What happens in the city now, for the wall: no name, no telephone, no words of residents, no house."""

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from core import clock
from core.models import Alarm, AlarmCall, Incident, IncidentState
from core.queries.alarms import STANDING
from core.queries.sql import Where, instant, select
from core.workflow import Status, Verb

LISTED = 12  # urgent appeals with words, as far as they have room; the map has more
MAPPED = 300
_ANSWERS = (Verb.RESOLVE, Verb.EXPLAIN, Verb.REJECT, Verb.FORWARD)


@dataclass(frozen=True, slots=True)
class Rings:
    """An alarm that nobody has acknowledged: of its `people` so many were called; `next_at` the next is."""

    number: str
    category: str
    district: str | None
    surge: bool
    unanswered: bool
    began_at: datetime
    next_at: datetime | None
    called: int
    people: int


@dataclass(frozen=True, slots=True)
class Urgent:
    """An open urgent appeal; `lat` and `lon` where they are known."""

    number: str
    category: str
    district: str | None
    executor: str | None
    status: Status
    due_at: datetime | None
    lat: float | None
    lon: float | None


@dataclass(frozen=True, slots=True)
class Group:
    """An incident that is proposed or open, with the number of its appeals."""

    id: int
    state: IncidentState
    category: str
    district: str | None
    began_at: datetime
    appeals: int


@dataclass(frozen=True, slots=True)
class Board:
    alarms: tuple[Rings, ...]
    urgent: tuple[Urgent, ...]
    incidents: tuple[Group, ...]
    received: int  # today
    answered: int  # today
    overdue: int  # now
    open: int
    at: datetime


async def board(zone: str) -> Board:
    """Seven queries, each over an index, however large the city is."""
    numbers = await _numbers(zone)
    return Board(
        alarms=await _alarms(),
        urgent=await _urgent(),
        incidents=await _incidents(),
        received=numbers["received"],
        answered=numbers["answered"],
        overdue=numbers["overdue"],
        open=numbers["open"],
        at=clock.now(),
    )


async def _alarms() -> tuple[Rings, ...]:
    rows = (
        await Alarm.filter(state__in=STANDING)
        .order_by("-state", "began_at")
        .select_related("appeal", "incident")
    )
    calls: dict[int, list[bool]] = {row.id: [] for row in rows}
    for alarm_id, called in await _calls(list(calls)):
        calls[alarm_id].append(called)
    return tuple(
        Rings(
            number=row.appeal.number if row.appeal else "",
            category=(row.incident or row.appeal).category_id if row.appeal else "",
            district=(row.incident or row.appeal).district_id if row.appeal else None,
            surge=row.incident is not None,
            unanswered=row.next_at is None,
            began_at=row.began_at,
            next_at=row.next_at,
            called=sum(calls[row.id]),
            people=len(calls[row.id]),
        )
        for row in rows
    )


async def _calls(alarms: list[int]) -> list[tuple[int, bool]]:
    found = await AlarmCall.filter(alarm_id__in=alarms) if alarms else []
    return [(call.alarm_id, call.called_at is not None) for call in found]


async def _urgent() -> tuple[Urgent, ...]:
    """Those with the least time left first; whose clock stands still, last."""
    where = Where()
    where.add(f"open = {where.value(True)} AND urgent = {where.value(True)}")
    rows = await select(
        "SELECT number, category_id, district_id, executor_id, status, due_at, lat, lon"  # noqa: S608
        f" FROM appeal {where}"
        f" ORDER BY CASE WHEN due_at IS NULL THEN 1 ELSE 0 END, due_at, id LIMIT {MAPPED}",
        where.values,
    )
    return tuple(
        Urgent(
            number=row["number"],
            category=row["category_id"],
            district=row["district_id"],
            executor=row["executor_id"],
            status=Status(row["status"]),
            due_at=instant(row["due_at"]),
            lat=row["lat"],
            lon=row["lon"],
        )
        for row in rows
    )


async def _incidents() -> tuple[Group, ...]:
    rows = (
        await Incident.filter(state__in=(IncidentState.PROPOSED, IncidentState.OPEN)).order_by("-id").limit(6)
    )
    where = Where()
    if not rows:
        return ()
    where.add(f"incident_id IN ({where.listed(tuple(row.id for row in rows))})")
    counted = await select(
        f"SELECT incident_id, count(*) AS n FROM appeal {where} GROUP BY incident_id",  # noqa: S608
        where.values,
    )
    appeals = {row["incident_id"]: row["n"] for row in counted}
    return tuple(
        Group(row.id, row.state, row.category_id, row.district_id, row.began_at, appeals.get(row.id, 0))
        for row in rows
    )


async def _numbers(zone: str) -> dict[str, Any]:
    """Today's by the city's clock, from the history; what is open and overdue now, from the appeals."""
    now = clock.now()
    midnight = datetime.combine(now.astimezone(ZoneInfo(zone)).date(), time(), ZoneInfo(zone))
    where = Where()
    filed = f"sum(CASE WHEN verb = {where.value(Verb.SUBMIT)} THEN 1 ELSE 0 END)"
    answered = f"count(DISTINCT CASE WHEN verb IN ({where.listed(_ANSWERS)}) THEN appeal_id END)"
    where.add(f"at >= {where.value(midnight)}")
    (today,) = await select(
        f"SELECT {filed} AS received, {answered} AS answered FROM event {where}",  # noqa: S608
        where.values,
    )
    late = Where()
    overdue = f"sum(CASE WHEN due_at < {late.value(now)} THEN 1 ELSE 0 END)"
    late.add(f"open = {late.value(True)}")
    (standing,) = await select(
        f"SELECT count(*) AS n, {overdue} AS overdue FROM appeal {late}",  # noqa: S608
        late.values,
    )
    return {
        "received": today["received"] or 0,
        "answered": today["answered"] or 0,
        "overdue": standing["overdue"] or 0,
        "open": standing["n"],
    }
