"""Putting back what was just done to many at once, where nobody has gone on with it since."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from typing import Any

from core import clock, db, tokens
from core.actions import alarms, join, notify
from core.actions.actor import Actor
from core.actions.bulk import Outcome
from core.actions.bulk_marks import AFTER, BEFORE, HELPED, MARK, UNDID, columns
from core.actions.move import look_up, move
from core.actions.notify_many import take_back, take_back_many
from core.city import City
from core.errors import NotFound, ZvernysError
from core.models import Appeal, CoExecutor, Correction, Event, LinkToken
from core.models.staff import Purpose
from core.queries.alarms import standing
from core.workflow import Status, Verb

_PUT_BACK = frozenset({Verb.UNDO, Verb.UNMERGE})
Done = list[tuple[Appeal, list[Event]]]


def mark_of(token: str) -> str:
    """What marks the steps that a token puts back; says nothing of the token."""
    return tokens.digest(token)[:16]


async def find(token: str, actor: Actor) -> LinkToken:
    """The token while it lives; NotFound where it is over, was used, or is somebody else's."""
    found = await tokens.find(token, Purpose.UNDO)
    if found is None or found.staff_id != actor.staff_id:
        raise NotFound("undo.over")
    return found


async def steps(found: LinkToken, mark: str) -> Done:
    """The appeals that it was done to, each with its steps, oldest first."""
    since = found.expires_at - tokens.LIFE[Purpose.UNDO]
    by_appeal: dict[int, list[Event]] = {}
    for event in await Event.filter(at__gte=since, staff_id=found.staff_id).order_by("id"):
        if (
            event.data.get(MARK) == mark and "took" not in event.data
        ):  # what others were merged into only gained
            by_appeal.setdefault(event.appeal_id, []).append(event)
    left = {one: done for one, done in by_appeal.items() if done[-1].verb not in _PUT_BACK}
    appeals = {appeal.id: appeal for appeal in await Appeal.filter(id__in=list(left))} if left else {}
    return [(appeals[one], done) for one, done in left.items()]


async def undo(
    city: City, actor: Actor, found: LinkToken, done: Done, *, mark: str
) -> AsyncIterator[Outcome]:
    """Each in a transaction of its own; Conflict for one that was moved meanwhile. Ends the token."""
    acting, untold = replace(actor, bulk=mark), set[str]()
    for appeal, its in reversed(done):
        refused: ZvernysError | None = None
        try:
            async with db.transaction():
                if its[-1].verb is Verb.MERGE:
                    await join.unmerge(city, appeal.id, acting, expected=its[-1].data[AFTER])
                else:
                    await _put_back(city, acting, appeal, its, untold)
        except ZvernysError as refusal:
            refused = refusal
        yield Outcome(appeal.id, appeal.number, refused)
    await tokens.spend(found)


async def _put_back(city: City, actor: Actor, appeal: Appeal, its: Sequence[Event], untold: set[str]) -> None:
    """`untold`: executors whose officers have been relieved already."""
    was: dict[str, Any] = {}
    helped: list[str] | None = None
    for event in reversed(its):  # the oldest last: that is how it was
        was |= event.data[BEFORE]
        helped = event.data.get(HELPED, helped)
    status = Status(was.pop("status"))
    given = (await look_up(appeal.id, actor)).executor_id
    back, event = await move(
        city,
        Verb.UNDO,
        appeal.id,
        actor,
        expected=its[-1].data[AFTER],
        to=status,
        data={
            UNDID: [event.id for event in its],
            "verb": its[-1].verb.value,
            "executor": was.get("executor_id"),
        },
        **columns(was),
    )
    if helped is not None:
        await _let_help(back, helped)
    if any(event.verb is Verb.CATEGORISE for event in its):
        await Correction.filter(appeal_id=back.id, staff_id=actor.staff_id, at__gte=its[0].at).delete()
    if back.executor_id == given:
        return
    if given is not None and given not in untold:
        await take_back_many(given, mark=actor.bulk)
        untold.add(given)
    if back.urgent and await standing(back).exists():  # for whose it no longer is
        await alarms.handed_over(city, back, occasion=str(event.id), told=True)
    unheard = await take_back(back, "assigned", since=its[0].at)
    if back.executor_id is not None:
        await notify.resident(back, "assigned", but=unheard)


async def _let_help(appeal: Appeal, helped: Sequence[str]) -> None:
    """These and nobody else, as before."""
    await CoExecutor.filter(appeal_id=appeal.id).exclude(executor_id__in=list(helped)).delete()
    rows = [CoExecutor(appeal_id=appeal.id, executor_id=slug, at=clock.now()) for slug in helped]
    await CoExecutor.bulk_create(rows, ignore_conflicts=True)
