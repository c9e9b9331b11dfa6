"""The step every action takes: check who and whether, change the row, write the history. Or Conflict."""

from datetime import datetime, timedelta
from typing import Any

from core import clock, db, deadlines
from core.actions import followers
from core.actions.actor import Actor
from core.actions.bulk_marks import bulk_marks
from core.actions.controlled import followed
from core.city import City
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.log import current_trace
from core.models import Appeal, CoExecutor, Event, Supporter
from core.waiting_calendars import AS_OF, due_now
from core.workflow import CLOCK_STOPS, OPEN, TRANSITIONS, Role, Status, Verb, allows, may

MAX_WORDS = 4000
_INSTANT = timedelta(milliseconds=1)  # SQLite keeps one and the same in more than one way


async def look_up(appeal_id: int, actor: Actor) -> Appeal:
    """The appeal, if it exists for this person; NotFound otherwise, whatever the reason."""
    appeal = await Appeal.get_or_none(id=appeal_id) if 0 < appeal_id <= db.LARGEST_ID else None
    if appeal is None or not await exists_for(actor, appeal):
        raise NotFound("appeal.not_found")
    return appeal


async def exists_for(actor: Actor, appeal: Appeal) -> bool:
    """Whether there is such an appeal for this person: theirs, joined, or one their executor helps with."""
    if actor.sees(appeal):
        return True
    if actor.role is Role.RESIDENT:
        return await Supporter.filter(appeal_id=appeal.id, resident_id=actor.resident_id).exists()
    helped = CoExecutor.filter(appeal_id=appeal.id, executor_id__in=actor.executors)
    return bool(actor.executors) and await helped.exists()


def refuse_helper(verb: Verb, appeal: Appeal, actor: Actor) -> None:
    """Forbidden to an officer whose executor only helps: they see the appeal and leave notes."""
    if actor.role is Role.EXECUTOR and verb is not Verb.NOTE and not actor.sees(appeal):
        raise Forbidden("action.of_executor")


async def move(
    city: City,
    verb: Verb,
    appeal_id: int,
    actor: Actor,
    *,
    expected: int | None = None,
    to: Status | None = None,
    text: str = "",
    data: dict[str, Any] | None = None,
    **changes: Any,  # noqa: ANN401 - columns of Appeal
) -> tuple[Appeal, Event]:
    """Take the step within the open transaction; `expected` is the version the person was looking at.

    `to` overrides the table's target where that depends on the appeal (an answer returns it to where the
    question came from). Raises NotFound, Forbidden, or Conflict when somebody else was faster.
    """
    appeal = await look_up(appeal_id, actor)
    if not may(verb, actor.role):
        raise Forbidden("action.not_yours")
    refuse_helper(verb, appeal, actor)
    if expected is not None and appeal.version != expected:
        raise Conflict("conflict.changed", appeal=appeal.id, version=appeal.version)
    if not allows(verb, appeal.status):
        raise Conflict("conflict.status", appeal=appeal.id, status=appeal.status.value)
    target = to or TRANSITIONS[verb][1] or appeal.status
    return await step(city, verb, appeal, actor, to=target, text=text, data=data, **changes)


async def step(
    city: City,
    verb: Verb,
    appeal: Appeal,
    actor: Actor,
    *,
    to: Status,
    text: str = "",
    data: dict[str, Any] | None = None,
    **changes: Any,  # noqa: ANN401 - columns of Appeal
) -> tuple[Appeal, Event]:
    """Change the row and write the history, where it is settled already who may do it and when.

    Raises Conflict when somebody else changed the row since it was read, or a calendar moved its deadline.
    """
    now = clock.now()
    came_from = appeal.status
    changes = {**await _clock(city, appeal, to, changes.get("executor_id", appeal.executor_id)), **changes}
    if "due_at" in changes:
        data = (data or {}) | moved(appeal.due_at, changes["due_at"], as_of=city.revision)
    start = appeal.created_at if verb is Verb.CATEGORISE else now
    changes = {**followed(city, appeal, to, changes, start=start), **changes}
    changes |= {"status": to, "open": to in OPEN, "updated_at": now, "version": appeal.version + 1}
    if actor.bulk:
        data = (data or {}) | await bulk_marks(appeal, changes, actor.bulk)
    read = Appeal.filter(id=appeal.id, version=appeal.version, **_due(appeal.due_at))
    taken = await read.update(**changes)
    if not taken:  # more than one is counted on SQLite where the words' index changes along
        raise Conflict("conflict.changed", appeal=appeal.id, version=appeal.version)
    appeal.update_from_dict(changes)
    event = await Event.create(
        appeal_id=appeal.id,
        at=now,
        verb=verb,
        role=actor.role,
        staff_id=actor.staff_id,
        from_status=came_from,
        to_status=to,
        text=text,
        data=(data or {}) | ({"incident": actor.incident} if actor.incident else {}),
        trace=current_trace(),
    )
    if to is not came_from:
        await followers.tell(appeal, event)
    return appeal, event


def _due(read: datetime | None) -> dict[str, Any]:
    """That the deadline is still the one that was read."""
    if read is None:
        return {"due_at": None}
    return {"due_at__gte": read - _INSTANT, "due_at__lte": read + _INSTANT}


def moved(was: datetime | None, due: datetime | None, *, as_of: int | None = None) -> dict[str, Any]:
    """What history keeps of a deadline that moved: from when to when, None where its clock stands still."""
    if was == due:
        return {}
    found = {"deadline": [each.isoformat() if each else None for each in (was, due)]}
    return found if as_of is None else found | {AS_OF: as_of}


async def _clock(city: City, appeal: Appeal, target: Status, executor: str | None) -> dict[str, Any]:
    """Stop the deadline's clock, or let it run again with what was left on it.

    `executor`: who has it then, in whose time it runs.

    Only with the status: a word on an appeal that was merged while its clock stood leaves it standing.
    """
    if target is appeal.status:
        return {}
    now = clock.now()
    if target in CLOCK_STOPS and appeal.due_at is not None:
        own = city.calendar(appeal.executor_id)
        due = await due_now(appeal, appeal.due_at, revision=city.revision)
        left = deadlines.remaining(now, due, own, around_clock=appeal.urgent)
        return {"due_at": None, "time_left": left.total_seconds()}
    if target not in CLOCK_STOPS and appeal.time_left is not None:
        left = timedelta(seconds=appeal.time_left)
        due = deadlines.resume(now, left, city.calendar(executor), around_clock=appeal.urgent)
        return {"due_at": due, "time_left": None}
    return {}


def words(text: str, *, key: str) -> str:
    """Words that must be there and fit; Invalid(key) where they don't."""
    cleaned = text.replace("\x00", "").strip()
    if not cleaned:
        raise Invalid(key)
    if len(cleaned) > MAX_WORDS:
        raise Invalid("words.too_long", limit=MAX_WORDS)
    return cleaned
