"""The sweep that keeps figures: facts of the appeals that moved, then the sums of the days that those change.

First it walks through the whole city by id, then it follows the events. Looking and reckoning is done outside
of any transaction; what would be written is dropped where another process was quicker (`turn`). An event may
be committed later than it says it happened: so the last minutes are always looked at again, which changes
nothing where nothing came.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from core import clock, db
from core.figures import rollups
from core.figures.history import Facts, facts
from core.figures.sums import Counted
from core.models import Fact, Job
from core.pieces import More
from core.queries.sql import Where, document, instant, select

if TYPE_CHECKING:
    from core.jobs import Desk

NAME = "count_figures"
BATCH = 500  # appeals read at once
EVENTS = 5_000  # of the past looked through at once
DAYS = 3  # added up at once
OVERLAP = timedelta(minutes=10)  # by which an event may be committed late
_COLUMNS = tuple(field.name for field in fields(Counted))


@dataclass(frozen=True, slots=True)
class State:
    """How far it is. `walked`: the appeal up to which the first walk came; None when that is over.

    `seen`: up to when events were followed. `days`: those whose sums are not what their facts are.
    """

    turn: int = 0
    walked: int | None = 0
    seen: str = ""
    days: tuple[str, ...] = ()


async def count_figures(desk: "Desk") -> int:
    """How many appeals' facts changed, and days were added up; More while there is more of either."""
    state = await read_state()
    zone = ZoneInfo(desk.city.pack.timezone)
    if state.walked is not None:
        return More(await _walk(state, state.walked, zone))
    done, more = await _follow(state, zone, desk.counted)
    if more or done:  # what that changes is added up in a piece of its own
        return More(done)
    state = await read_state()
    added = await _add_up(state) if state.days else 0
    return More(added) if len(state.days) > DAYS else added


async def begin_anew() -> None:
    """Walk through the whole city again: its past was written from outside. Within the open transaction."""
    await Job.bulk_create([Job(name=NAME)], ignore_conflicts=True)
    await Job.filter(name=NAME).select_for_update().get()  # held: nobody brings facts in between
    state = await read_state()
    await _keep(replace(state, walked=0, turn=state.turn + 1))


async def read_state() -> State:
    row = await Job.get_or_none(name=NAME)
    return State(**{**row.data, "days": tuple(row.data["days"])}) if row and row.data else State()


async def _keep(state: State) -> None:
    """The scheduler writes into the job's row, too: only this column is ours."""
    await Job.bulk_create([Job(name=NAME)], ignore_conflicts=True)
    await Job.filter(name=NAME).update(data=asdict(state))


async def _take(state: State) -> bool:
    """Whether nobody was quicker; within the open transaction, which then holds the row."""
    await Job.bulk_create([Job(name=NAME)], ignore_conflicts=True)
    where = Where()
    where.add(f"name = {where.value(NAME)}")
    rows = await select(f"SELECT data FROM job {where} {db.skip_locked()}", where.values)  # noqa: S608
    return bool(rows) and document(rows[0]["data"]).get("turn", 0) == state.turn


async def _walk(state: State, walked: int, zone: ZoneInfo) -> int:
    where = Where()
    where.add(f"id > {where.value(walked)}")
    found = await select(f"SELECT id FROM appeal {where} ORDER BY id LIMIT {BATCH}", where.values)  # noqa: S608
    ids = [row["id"] for row in found]
    seen = (
        state.seen if walked else clock.now().isoformat()
    )  # what happens from now on is followed afterwards
    after = replace(state, walked=ids[-1] if len(ids) == BATCH else None, seen=seen)
    written = await _bring(state, after, ids, zone)
    return written[1] if written else 0


async def _follow(state: State, zone: ZoneInfo, counted: set[int]) -> tuple[int, bool]:
    """How many appeals' facts changed, and whether there is more to look through.

    Of the last minutes, which are looked at again and again, what this process has `counted` is left out.
    """
    now = clock.now()
    since = datetime.fromisoformat(state.seen) - OVERLAP
    until = await _until(since, now)
    touched = await _touched(since, until)
    fresh = sorted({appeal for mark, appeal in touched.items() if mark not in counted})
    ids, last = fresh[:BATCH], len(fresh) <= BATCH
    after = replace(state, seen=min(until + OVERLAP, now).isoformat()) if last else state
    written = await _bring(state, after, ids, zone)
    if written is None:
        return 0, True
    if last:
        counted.intersection_update(touched)
    brought = set(ids)
    counted |= {mark for mark, appeal in touched.items() if appeal in brought}
    return written[1], not last or until < now


async def _until(since: datetime, now: datetime) -> datetime:
    """Where a look through the events since an instant ends: now, or in a long past after so many of them."""
    where = Where()
    where.add(f"at >= {where.value(since)}")
    far = f"SELECT at FROM event {where} ORDER BY at LIMIT 1 OFFSET {EVENTS}"  # noqa: S608
    rows = await select(far, where.values)
    at = instant(rows[0]["at"]) if rows else None
    return now if at is None or at + OVERLAP >= now or at <= since else at


async def _touched(since: datetime, until: datetime) -> dict[int, int]:
    """Whose appeals the events and fresh surveys between two instants are; an answered survey has its event.

    By the event's id, or less than nothing by the survey's.
    """
    where = Where()
    span = f"{where.value(since)} AND {where.value(until)}"
    moved = f"SELECT id AS mark, appeal_id FROM event WHERE at BETWEEN {span}"  # noqa: S608
    span = f"{where.value(since)} AND {where.value(until)}"
    fresh = "SELECT -id, appeal_id FROM survey WHERE solved IS NULL AND reminded_at IS NULL"
    rows = await select(f"{moved} UNION ALL {fresh} AND sent_at BETWEEN {span}", where.values)
    return {row["mark"]: row["appeal_id"] for row in rows}


async def _bring(before: State, after: State, ids: Sequence[int], zone: ZoneInfo) -> tuple[State, int] | None:
    """Write the facts of these appeals where they changed; None where another process was quicker."""
    stand, should = await facts(ids, zone) if ids else ({}, {})
    changed, days = _changes(stand, should)
    after = replace(after, days=tuple(sorted({*before.days, *days})))
    if after == before and not changed:
        return before, 0
    after = replace(after, turn=before.turn + 1)
    async with db.transaction():
        if not await _take(before):
            return None
        if changed:
            await Fact.filter(appeal_id__in=changed).delete()
            await Fact.bulk_create([_row(one, fact) for one in changed for fact in should[one]])
        await _keep(after)
    return after, len(changed)


def _changes(stand: Facts, should: Facts) -> tuple[list[int], set[str]]:
    """Whose facts changed, and the days of which the sums change by that."""
    changed, days = [], set()
    for one, its in should.items():
        was, now = Counter(stand.get(one, ())), Counter(its)
        if was != now:
            changed.append(one)
            days |= {fact.day.isoformat() for fact in (was - now) | (now - was)}
    return changed, days


def _row(appeal: int, fact: Counted) -> Fact:
    return Fact(appeal_id=appeal, **{name: getattr(fact, name) for name in _COLUMNS})


async def _add_up(state: State) -> int:
    """Add up the first of the days that wait."""
    days = [date.fromisoformat(day) for day in state.days[:DAYS]]
    changes = await rollups.changes(days)
    async with db.transaction():
        if not await _take(state):
            return 0
        await rollups.write(changes)
        await _keep(replace(state, turn=state.turn + 1, days=state.days[DAYS:]))
    return len(days)
