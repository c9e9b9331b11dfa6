"""A calendar has changed, the city's or an executor's: the open deadlines that hang on it follow.

Each keeps the working time it had left at that instant (see deadlines.carried); those by law look for their
last day anew. What is urgent runs around the clock, what had passed stays passed, and what a person extended
stays where they put it. A deadline that moves is a mark in the history, and leaves the version of its appeal
alone: nobody's open form is lost. Who has it, and who waits, hear of it where it moves by more than a day.

Here is what is done to some of them at once; core/following_calendars.py goes through the whole city.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from core import clock, db
from core.actions import reckoned
from core.actions.move import moved
from core.calendar_changes import CalendarChange, Course
from core.calendars import Calendars
from core.log import current_trace
from core.models import Appeal, Event
from core.waiting_calendars import CLOCKS, as_of, due_by
from core.workflow import STATUTORY, Kind, Role, Verb

LOOKED = 3_000  # deadlines that are looked at before somebody saves, the farthest
TOLD = timedelta(days=1)  # a deadline that moves by more is news
_BY_LAW = list(STATUTORY)
Moving = Mapping[int, datetime]  # by appeal: the deadline before


@dataclass(slots=True)
class Foreseen:
    """How many open deadlines would move; how many of them by more than a day, later or earlier.

    `among`: only so many were looked at, for there are more.
    """

    moved: int = 0
    later: int = 0
    earlier: int = 0
    among: int = 0

    def __bool__(self) -> bool:
        return bool(self.moved or self.among)

    @property
    def line(self) -> str:
        """For the command line."""
        far = f"{self.later} by more than a day later, {self.earlier} earlier"
        among = (
            f", among the {self.among} that are due last; the others follow likewise" if self.among else ""
        )
        return f"Open deadlines: {self.moved} move within minutes ({far}){among}"


async def foresee(before: Calendars, after: Calendars) -> Foreseen:
    """What a change would come to. Bounded: of many deadlines it looks at those that are due last."""
    found = Foreseen()
    if before == after:
        return found
    course = Course(CalendarChange.of(before, after, clock.now()))
    farthest = Appeal.filter(_hanging(course.change)).order_by("-due_at").limit(LOOKED + 1)
    rows = await _read(farthest)
    found.among = LOOKED if len(rows) > LOOKED else 0
    for _, was, executor, kind, filed in rows[:LOOKED]:
        due = course.due(was, executor, kind, filed)
        if due is not None:
            found.moved += 1
            found.later += due - was > TOLD
            found.earlier += was - due > TOLD
    return found


async def look(course: Course, revision: int, after: int, *, limit: int) -> tuple[Moving, int | None]:
    """Which of the next appeals move, by id; and the last of them, None where there are no more.

    Left out is what was reckoned already by who knew the city's `revision` of the change.
    """
    batch = Appeal.filter(_hanging(course.change), id__gt=after).order_by("id").limit(limit)
    rows = await _read(batch)
    moving = {
        one: was
        for one, was, executor, kind, filed in rows
        if course.due(was, executor, kind, filed) is not None
    }
    knew = await as_of(moving, course.change.at - CLOCKS)
    moving = {one: was for one, was in moving.items() if knew.get(one, -1) < revision}
    return moving, rows[-1][0] if len(rows) == limit else None


async def carry(course: Course, moving: Moving, *, by: int | None) -> list[Appeal]:
    """Move them, within the open transaction; those that moved far, of which who waits for them was told.

    Held, and only where they are as they were looked at: who acted since knew the new calendar.
    """
    if not moving:
        return []
    held = Appeal.filter(id__in=list(moving)).order_by("id").select_for_update()
    rows = [appeal for appeal in await held if appeal.due_at == moving[appeal.id] and _move(course, appeal)]
    sql = _KEEP.format(*(db.placeholder(position) for position in range(1, 4)))
    if rows:
        await db.connection().execute_many(sql, [[row.due_at, row.remind_at, row.id] for row in rows])
        now = clock.now()
        await Event.bulk_create([_event(appeal, moving[appeal.id], now, by) for appeal in rows])
    far = [appeal for appeal in rows if appeal.due_at and abs(appeal.due_at - moving[appeal.id]) > TOLD]
    await reckoned.residents(far)
    return far


_KEEP = "UPDATE appeal SET due_at = {}, remind_at = {} WHERE id = {}"
_Row = tuple[int, datetime, str | None, Kind, datetime]


def _hanging(change: CalendarChange) -> Q:
    """The open appeals whose deadlines may move."""
    ahead = Q(open=True, due_at__gt=change.at, extended=0)
    if change.city[0] == change.city[1]:
        return ahead & Q(urgent=False, executor_id__in=list(change.own)) & ~Q(kind__in=_BY_LAW)
    same = list(change.same)
    common = Q(executor_id=None) | ~Q(executor_id__in=same) if same else Q()
    return ahead & (Q(kind__in=_BY_LAW) | (Q(urgent=False) & common))


async def _read(found: QuerySet[Appeal]) -> list[_Row]:
    rows = await found.values_list("id", "due_at", "executor_id", "kind", "created_at")
    return [(one, was, executor, Kind(kind), filed) for one, was, executor, kind, filed in rows]


def _move(course: Course, appeal: Appeal) -> bool:
    """Give it its deadline, and the next step of control; whether it moves."""
    was, at = appeal.due_at, appeal.remind_at
    due = due_by(course, appeal, was) if was else None
    if due is None:
        return False
    if at is not None and at > course.change.at:
        appeal.remind_at = due if at == was else min(course.carry(appeal.executor_id)(at), due)
    appeal.due_at = due
    return True


def _event(appeal: Appeal, was: datetime, now: datetime, by: int | None) -> Event:
    return Event(
        appeal_id=appeal.id,
        at=now,
        verb=Verb.RECKON,
        role=Role.SYSTEM if by is None else Role.ADMINISTRATOR,
        staff_id=by,
        from_status=appeal.status,
        to_status=appeal.status,
        data=moved(was, appeal.due_at),
        trace=current_trace(),
    )
