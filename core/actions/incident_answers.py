"""One action on an incident, done to each of its appeals that can take it, in one transaction."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from core import db
from core.actions import desk, notify
from core.actions.actor import Actor
from core.actions.incident import take
from core.actions.move import words
from core.city import City
from core.errors import Conflict, Forbidden, Invalid
from core.models import Appeal, IncidentState
from core.workflow import Status


@dataclass(frozen=True, slots=True)
class Left:
    """An appeal to which it wasn't done, and why."""

    appeal: int
    number: str
    why: Conflict | Invalid | Forbidden


@dataclass(frozen=True, slots=True)
class AppliedTo:
    """`done`: ids of the appeals to which it was done."""

    done: tuple[int, ...]
    left: tuple[Left, ...]


Do = Callable[[Appeal, Actor], Awaitable[object]]


async def tell(city: City, incident_id: int, actor: Actor, *, expected: int, text: str) -> AppliedTo:
    """Write to all who reported it."""
    text = words(text, key="message.needed")
    return await _each(
        incident_id,
        actor,
        expected,
        lambda one, who: desk.tell(city, one.id, who, expected=one.version, text=text),
    )


async def assign(
    city: City, incident_id: int, actor: Actor, *, expected: int, executor: str, reason: str
) -> AppliedTo:
    """Give all to one executor; who had one hears the reason."""
    reason = words(reason, key="reason.needed")
    if executor not in city.executors or not city.executors[executor].active:
        raise Invalid("executor.unknown")

    async def give(one: Appeal, who: Actor) -> None:
        if one.status is Status.REGISTERED:
            await desk.assign(city, one.id, who, expected=one.version, executor=executor)
        else:
            await desk.reassign(city, one.id, who, expected=one.version, executor=executor, reason=reason)

    async with db.transaction():
        applied = await _each(incident_id, actor, expected, give)
        for first in await Appeal.filter(id__in=applied.done[:1]):
            occasion = f"incident{incident_id}.{expected}"
            await notify.officers(first, "assigned_many", occasion=occasion, n=len(applied.done))
    return applied


async def resolve(city: City, incident_id: int, actor: Actor, *, expected: int, answer: str) -> AppliedTo:
    """It is done; each resident hears so and is asked whether it is true."""
    answer = words(answer, key="answer.needed")
    return await _each(
        incident_id,
        actor,
        expected,
        lambda one, who: desk.resolve(city, one.id, who, expected=one.version, answer=answer),
    )


async def explain(city: City, incident_id: int, actor: Actor, *, expected: int, reason: str) -> AppliedTo:
    """Answer all why it can't be done."""
    reason = words(reason, key="reason.needed")
    return await _each(
        incident_id,
        actor,
        expected,
        lambda one, who: desk.explain(city, one.id, who, expected=one.version, reason=reason),
    )


async def _each(incident_id: int, actor: Actor, expected: int, do: Do) -> AppliedTo:
    """Each has its own savepoint: what one can't take leaves the others as they are."""
    done, left = [], []
    async with db.transaction():
        incident = await take(incident_id, actor, expected, (IncidentState.OPEN,))
        acting = replace(actor, incident=incident.id)
        for appeal in await Appeal.filter(incident_id=incident.id).order_by("id"):
            try:
                await do(appeal, acting)
            except (Conflict, Invalid, Forbidden) as refused:
                left.append(Left(appeal.id, appeal.number, refused))
            else:
                done.append(appeal.id)
    return AppliedTo(tuple(done), tuple(left))
