"""Changes of calendars that open deadlines have still to follow: how far it is, and what it means for one."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from core.calendar_changes import CalendarChange, Course
from core.models import Appeal, Job
from core.queries.sql import Where, document, select
from core.workflow import STATUTORY

NAME: Final = "follow_calendars"
AS_OF: Final = "revision"  # in the history of a deadline: of which revision of the city who set it knew
CLOCKS = timedelta(hours=1)  # by which the clocks of processes may differ


@dataclass(frozen=True, slots=True)
class State:
    """`changes` wait, the first is under way: `last` is the appeal up to which, None when that is over.

    `far`: by executor, how many of its deadlines moved by more than a day and the last of them, of which
    it has not heard yet.
    """

    turn: int = 0
    changes: tuple[Mapping[str, Any], ...] = ()
    last: int | None = 0
    far: Mapping[str, tuple[int, int]] = field(default_factory=dict)


async def read_state() -> State:
    row = await Job.get_or_none(name=NAME)
    return state_of(row.data if row else {})


def state_of(data: Mapping[str, Any]) -> State:
    if not data:
        return State()
    far = {executor: (n, last) for executor, (n, last) in data["far"].items()}
    return State(data["turn"], tuple(data["changes"]), data["last"], far)


async def as_of(ids: Collection[int], since: datetime) -> dict[int, int]:
    """By appeal, of which revision of the city who last set its deadline knew; only what was set since."""
    if not ids:
        return {}
    where = Where()
    where.add(f"appeal_id IN ({where.listed(tuple(ids))})")
    where.add(f"at >= {where.value(since)}")
    rows = await select(f"SELECT appeal_id, data FROM event {where} ORDER BY id", where.values)  # noqa: S608
    told = [(row["appeal_id"], document(row["data"])) for row in rows]
    return {appeal: data[AS_OF] for appeal, data in told if AS_OF in data}


def due_by(course: Course, appeal: Appeal, due: datetime) -> datetime | None:
    """What a deadline of this appeal becomes; None where it stays."""
    if not appeal.open or appeal.extended or (appeal.urgent and appeal.kind not in STATUTORY):
        return None
    return course.due(due, appeal.executor_id, appeal.kind, appeal.created_at)


async def due_now(appeal: Appeal, due: datetime, *, revision: int) -> datetime:
    """Its deadline in the time of the city's `revision`: carried on where it is not its turn yet."""
    state = await read_state()
    waiting = [
        each
        for place, each in enumerate(state.changes)
        if each["revision"] <= revision and (place or (state.last is not None and appeal.id > state.last))
    ]
    if not waiting:
        return due
    changes = [(each["revision"], CalendarChange.kept(each)) for each in waiting]
    knew = (await as_of([appeal.id], changes[0][1].at - CLOCKS)).get(appeal.id, -1)
    for made, change in changes:
        if knew < made:
            due = due_by(Course(change), appeal, due) or due
    return due
