"""What an operator does with a call: they were reached and said something, or nobody took it.

What the caller says is recorded by the same actions as in the chat, with who heard it.
"""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from core import clock, db
from core.actions import poll, resident
from core.actions.actor import Actor
from core.actions.calls import whom
from core.actions.move import move
from core.city import City
from core.errors import Conflict, Forbidden, NotFound
from core.models import Appeal, Event, Task, TaskKind
from core.workflow import ANSWERED, MAY, Status, Verb

TRIES = 3
AGAIN = timedelta(hours=2)  # after which an unanswered call is tried once more
RESULTS = ANSWERED | {Status.CLOSED}  # of which a caller may say whether it is so


@dataclass(frozen=True, slots=True)
class Said:
    """What the one who was reached said: whether it is solved, stars, in their words; each may lack."""

    solved: bool | None = None
    stars: int | None = None
    words: str = ""


def mark(task: Task) -> str:
    """Tells these words from later ones: what was told is what the operator had before them."""
    return hashlib.sha256(task.words.encode()).hexdigest()[:12]


async def told(city: City, task_id: int, actor: Actor, said: Said, *, seen: str) -> Appeal:
    """They were reached, and this is what they said; `seen` is the mark of the words that were read out.

    Raises Conflict where there is something else to say by now, or somebody was faster; Invalid where the
    poll or the reopening refuses it.
    """
    async with db.transaction():
        task = await _held(task_id, actor)
        if mark(task) != seen:
            raise Conflict("call.changed")
        caller = Actor.resident((await whom(task)).resident_id, heard_by=actor.staff_id)
        await _record(city, task.appeal_id, caller, said)
        data = {"call": task.id, "outcome": "told"}
        appeal, _ = await move(city, Verb.NOTE, task.appeal_id, actor, text=task.words, data=data)
        await _end(task, actor, "told", said.words)
    return appeal


async def unanswered(city: City, task_id: int, actor: Actor) -> int:
    """Nobody took the call; how many tries are left. After the last the task ends, with a note."""
    async with db.transaction():
        task = await _held(task_id, actor)
        tries = await tried(task) + 1
        data = {"call": task.id, "outcome": "unanswered", "try": tries}
        await move(city, Verb.NOTE, task.appeal_id, actor, data=data)
        if tries >= TRIES:
            await _end(task, actor, "unanswered", "")
        else:
            await Task.filter(id=task.id).update(due_at=clock.now() + AGAIN)
    return TRIES - tries


async def tried(task: Task) -> int:
    """How often nobody took this call."""
    notes = Event.filter(appeal_id=task.appeal_id, verb=Verb.NOTE, at__gte=task.created_at)
    return sum(event.data.get("call") == task.id for event in await notes)


async def _record(city: City, appeal_id: int, caller: Actor, said: Said) -> None:
    """By the same actions as in the chat."""
    if said.solved is False:
        await resident.reopen(city, appeal_id, caller, text=said.words)
        return
    if said.solved:
        await poll.confirm(city, appeal_id, caller)
    if said.stars is not None:
        await poll.rate(city, appeal_id, caller, stars=said.stars)
    if said.words.strip():
        status = (await Appeal.get(id=appeal_id)).status
        speak = poll.comment if status in RESULTS else resident.answer
        await speak(city, appeal_id, caller, text=said.words)


async def _held(task_id: int, actor: Actor) -> Task:
    """The call as it is now; nobody else ends it until the transaction does."""
    if actor.role not in MAY[Verb.TELL]:
        raise Forbidden("action.not_yours")
    known = 0 < task_id <= db.LARGEST_ID
    task = await Task.select_for_update().get_or_none(id=task_id, kind=TaskKind.CALL) if known else None
    if task is None:
        raise NotFound("call.gone")
    if task.done_at is not None:
        raise Conflict("call.done")
    return task


async def _end(task: Task, actor: Actor, outcome: str, finding: str) -> None:
    """With its key let go of, the next notice is another call."""
    await Task.filter(id=task.id).update(
        done_at=clock.now(), done_by_id=actor.staff_id, outcome=outcome, finding=finding, dedupe=None
    )
