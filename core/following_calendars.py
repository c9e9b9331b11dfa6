"""The sweep that lets open deadlines follow a calendar that changed: through the whole city, by id.

The change itself only notes what is to be done. It is begun when every process knows the new calendar; then
what was reckoned by the old one is told from the rest by the revision that the history says (AS_OF).
Who stops the clock of an appeal before it is its turn carries its deadline on by themselves.

Changes are carried out one after the other, in their order: from the first to the last at once would not be
the same, since work goes on between them, and some deadlines were set by the calendars in the middle.
"""

from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from core import city as cities
from core import clock, db
from core.actions import reckoned
from core.actions.reckon import carry, look
from core.calendar_changes import CalendarChange, Course
from core.calendars import Calendars
from core.models import Appeal, Job
from core.pieces import More
from core.queries.sql import Where, document, select
from core.waiting_calendars import NAME, State, read_state, state_of

if TYPE_CHECKING:
    from core.jobs import Desk

BATCH = 200  # appeals looked at in one transaction
WAITS = timedelta(seconds=3 * cities.LOOKS)  # until every process has looked, and read what it found


async def note(before: Calendars, after: Calendars, *, revision: int, by: int | None) -> None:
    """Deadlines are to follow, within the transaction of the change that makes the city's `revision`.

    `by`: who of the staff changed it.
    """
    if before == after:
        return
    change = CalendarChange.of(before, after, clock.now()).values | {"revision": revision, "by": by}
    await Job.bulk_create([Job(name=NAME)], ignore_conflicts=True)
    row = await Job.filter(name=NAME).select_for_update().get()
    state = state_of(row.data)
    await _keep(replace(state, turn=state.turn + 1, changes=(*state.changes, change)))


async def follow_calendars(desk: "Desk") -> int:
    """How many deadlines moved, or executors were told; More while there is something to do.

    Nothing where another process does it.
    """
    del desk
    state = await read_state()
    if not state.changes or clock.now() < datetime.fromisoformat(state.changes[0]["at"]) + WAITS:
        return 0
    done = await (_tell(state) if state.last is None else _walk(state, state.last))
    return 0 if done is None else More(done)


async def _walk(state: State, last: int) -> int | None:
    """Looking is done outside of the transaction; it comes to nothing where another process is quicker."""
    first = state.changes[0]
    course = Course(CalendarChange.kept(first))
    moving, to = await look(course, first["revision"], last, limit=BATCH)
    async with db.transaction():
        if not await _take(state):
            return None
        far = await carry(course, moving, by=first["by"])
        told = dict(state.far)
        for appeal in far:
            if appeal.executor_id is not None:
                told[appeal.executor_id] = (told.get(appeal.executor_id, (0, 0))[0] + 1, appeal.id)
        await _keep(replace(state, turn=state.turn + 1, last=to, far=told))
    return len(moving)


async def _tell(state: State) -> int | None:
    """One executor's officers at a time, once for all of theirs; then it is the next change's turn."""
    async with db.transaction():
        if not await _take(state):
            return None
        far, told = dict(state.far), int(bool(state.far))
        if far:
            executor = min(far)
            n, last = far.pop(executor)
            await reckoned.officers(executor, await Appeal.get(id=last), n=n)
        if far:
            await _keep(replace(state, turn=state.turn + 1, far=far))
        else:
            await _keep(State(turn=state.turn + 1, changes=state.changes[1:]))
    return told


async def _keep(state: State) -> None:
    """The scheduler writes into the job's row, too: only this column is ours."""
    await Job.filter(name=NAME).update(data=asdict(state))


async def _take(state: State) -> bool:
    """Whether nobody was quicker; within the open transaction, which then holds the row."""
    where = Where()
    where.add(f"name = {where.value(NAME)}")
    rows = await select(f"SELECT data FROM job {where} {db.skip_locked()}", where.values)  # noqa: S608
    return bool(rows) and document(rows[0]["data"]).get("turn", 0) == state.turn
