"""One thing done to many appeals that a person chose: each in its own transaction, by the rules of one.

What is done carries a mark in the history, by which it can be put back for a while: see undo.py.
"""

from collections.abc import AsyncIterator, Mapping
from copy import copy
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from core import db
from core.actions import desk, join
from core.actions.actor import Actor
from core.actions.decline import proposal, refuse_hand_over
from core.actions.move import words
from core.actions.notify_many import handed_many
from core.actions.prioritise import prioritise, said_of, term, urgent_in
from core.actions.terms import handed
from core.city import City
from core.errors import Conflict, Invalid, ZvernysError
from core.models import Appeal
from core.workflow import OPEN, Status, Verb, allows

MOST = 200
VERBS: Final = (Verb.ASSIGN, Verb.CATEGORISE, Verb.MERGE, Verb.PRIORITISE)


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be done to each; of what follows the verb, only what it asks for counts."""

    verb: Verb
    executor: str = ""
    category: str = ""
    into: int = 0  # id of the appeal that the others report the same as
    urgent: bool = True
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What would become of an appeal, or why it can't be done."""

    appeal: Appeal
    verb: Verb
    refused: ZvernysError | None = None
    executor: str | None = None  # who would have it
    urgent: bool = False
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one: done, or why not."""

    appeal: int
    number: str
    refused: ZvernysError | None = None


def check(city: City, order: Order, foreseen: tuple[Foreseen, ...]) -> None:
    """Invalid where what was chosen is of no use to any of them, or a reason is missing."""
    if order.verb not in VERBS:
        raise Invalid("bulk.unknown")
    if not foreseen:
        raise Invalid("bulk.nothing")
    if order.verb is Verb.ASSIGN and (
        order.executor not in city.executors or not city.executors[order.executor].active
    ):
        raise Invalid("executor.unknown")
    if order.verb is Verb.CATEGORISE and (
        order.category not in city.categories or not city.categories[order.category].active
    ):
        raise Invalid("category.unknown")
    if order.verb is Verb.MERGE and order.into not in {each.appeal.id for each in foreseen}:
        raise Invalid("bulk.no_main")
    possible = [each for each in foreseen if each.refused is None]
    if not possible:
        raise Invalid("bulk.none_possible")
    if any(each.verb is Verb.REASSIGN for each in possible) or order.reason.strip():
        words(order.reason, key="reason.needed")


async def foresee(city: City, actor: Actor, order: Order, ids: tuple[int, ...]) -> tuple[Foreseen, ...]:
    """For each that exists for this person, in the order asked for; Invalid where they are too many."""
    if len(ids) > MOST:
        raise Invalid("bulk.too_many", limit=MOST)
    found = {appeal.id: appeal for appeal in await Appeal.filter(id__in=ids) if actor.sees(appeal)}
    appeals = [found[each] for each in dict.fromkeys(ids) if each in found]
    said = await said_of(list(found)) if order.verb is Verb.CATEGORISE else {}
    main = found.get(order.into)
    return tuple([await _foreseen(city, actor, order, appeal, main, said) for appeal in appeals])


async def carry_out(
    city: City, actor: Actor, order: Order, picks: Mapping[int, int], *, mark: str
) -> AsyncIterator[Outcome]:
    """Do it to each, by id and the version that was seen; what one can't take leaves the others alone."""
    acting = replace(actor, bulk=mark)
    rows = await Appeal.filter(id__in=list(picks)).values_list("id", "number")
    numbers = {int(str(one)): str(number) for one, number in rows}
    given: dict[str, int] = {}
    for one, seen in picks.items():
        if one not in numbers or (order.verb is Verb.MERGE and one == order.into):
            continue
        refused: ZvernysError | None = None
        try:
            async with db.transaction():
                await _do(city, acting, order, one, seen, given)
        except ZvernysError as refusal:
            refused = refusal
        yield Outcome(one, numbers[one], refused)


async def _do(city: City, actor: Actor, order: Order, one: int, seen: int, given: dict[str, int]) -> None:
    """`given`: how many each executor was told of by now."""
    before = await Appeal.get(id=one)
    if order.verb is Verb.ASSIGN and before.status is Status.REGISTERED:
        appeal = await desk.assign(city, one, actor, expected=seen, executor=order.executor)
    elif order.verb is Verb.ASSIGN:
        to, why = order.executor, order.reason
        appeal = await desk.reassign(city, one, actor, expected=seen, executor=to, reason=why)
    elif order.verb is Verb.CATEGORISE:
        appeal = await desk.categorise(city, one, actor, expected=seen, category=order.category)
    elif order.verb is Verb.MERGE:
        await join.merge(city, one, actor, expected=seen, into=order.into, reason=order.reason)
        return
    else:
        to_be = order.urgent
        await prioritise(city, one, actor, expected=seen, urgent=to_be, reason=order.reason)
        return
    if appeal.executor_id is None or appeal.executor_id == before.executor_id:
        return
    if appeal.urgent:  # told by itself
        return
    n = given.get(appeal.executor_id, 0) + 1
    await handed_many(appeal, mark=actor.bulk, n=n)
    given[appeal.executor_id] = n


async def _foreseen(
    city: City, actor: Actor, order: Order, appeal: Appeal, main: Appeal | None, said: dict[int, bool]
) -> Foreseen:
    waits = appeal.status is Status.REGISTERED
    verb = Verb.REASSIGN if order.verb is Verb.ASSIGN and not waits else order.verb
    now = Foreseen(appeal, verb, None, appeal.executor_id, appeal.urgent, appeal.due_at)
    try:
        if order.verb is Verb.MERGE and main is not None and appeal.id == main.id:
            return now
        if not allows(verb, appeal.status):
            raise Conflict("conflict.status", appeal=appeal.id, status=appeal.status.value)
        if order.verb is Verb.ASSIGN:
            refuse_hand_over(appeal, actor)
            if appeal.executor_id == order.executor:
                raise Invalid("executor.same")
            due = handed(city, appeal, order.executor) if order.executor else appeal.due_at
            return replace(now, executor=order.executor or None, due_at=due)
        if order.verb is Verb.CATEGORISE:
            return await _recategorised(city, order, now, said)
        if order.verb is Verb.MERGE:
            _refuse_merge(appeal, main)
            return now
        if appeal.urgent is order.urgent:
            raise Invalid("priority.urgent_already" if order.urgent else "priority.calm_already")
        return replace(now, urgent=order.urgent, due_at=term(city, appeal, urgent=order.urgent))
    except ZvernysError as refused:
        return replace(now, refused=refused)


async def _recategorised(city: City, order: Order, now: Foreseen, said: dict[int, bool]) -> Foreseen:
    appeal = now.appeal
    if order.category not in city.categories:  # not chosen yet
        return now
    if appeal.category_id == order.category and not appeal.triage:
        raise Invalid("bulk.same_category")
    urgent = urgent_in(city, appeal, order.category, said=said.get(appeal.id))
    has, kind = appeal.executor_id, appeal.kind
    due = city.deadline(order.category, appeal.created_at, urgent=urgent, kind=kind, executor=has)
    then = copy(appeal)
    then.category_id, then.urgent = order.category, urgent
    then.due_at = due if appeal.time_left is None else None
    route = await proposal(city, then) if appeal.status is Status.REGISTERED else None
    return replace(
        now,
        executor=route.executor if route else appeal.executor_id,
        urgent=urgent,
        due_at=handed(city, then, route.executor) if route else then.due_at,
    )


def _refuse_merge(appeal: Appeal, main: Appeal | None) -> None:
    """As join.merge does, of what may be chosen."""
    if main is None:
        return
    if main.kind is not appeal.kind:
        raise Invalid("merge.kind")
    if main.status not in OPEN:
        raise Invalid("merge.ended")
