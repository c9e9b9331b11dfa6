"""What an operator does to an appeal."""

from typing import Any

from core import db
from core.actions import alarms, checking, helping, notify
from core.actions.actor import Actor
from core.actions.correct import correct
from core.actions.decline import proposal, refuse_hand_over
from core.actions.follow import call
from core.actions.independent import refuse_own
from core.actions.move import look_up, move, words
from core.actions.prioritise import said_of, urgent_in
from core.actions.terms import handed
from core.city import City
from core.clock import now
from core.errors import Invalid
from core.models import Appeal, Event
from core.waiting_calendars import due_now
from core.workflow import Status, Verb


async def categorise(city: City, appeal_id: int, actor: Actor, *, expected: int, category: str) -> Appeal:
    """Accept the suggested category or set another: the deadline follows from the filing, the route anew.

    An appeal that waited for this is assigned at once; one already with an executor stays there, since
    taking it away needs a reason (see reassign).
    """
    if category not in city.categories or not city.categories[category].active:
        raise Invalid("category.unknown")
    async with db.transaction():
        appeal = await look_up(appeal_id, actor)
        urgent = urgent_in(city, appeal, category, said=(await said_of([appeal.id])).get(appeal.id))
        becomes_urgent = urgent and not appeal.urgent
        due = city.deadline(
            category, appeal.created_at, urgent=urgent, kind=appeal.kind, executor=appeal.executor_id
        )
        appeal, event = await move(
            city,
            Verb.CATEGORISE,
            appeal_id,
            actor,
            expected=expected,
            data={"category": category, "was": appeal.category_id},
            category_id=category,
            urgent=urgent,
            triage=False,
            due_at=due if appeal.time_left is None else None,
        )
        await correct(appeal, actor)
        route = await proposal(city, appeal) if appeal.status is Status.REGISTERED else None
        if route:
            seen = appeal.version
            return await _assign(city, appeal_id, actor, expected=seen, data=route.data, rings=becomes_urgent)
        if becomes_urgent:
            await alarms.urgent(city, appeal, occasion=str(event.id))
    return appeal


async def assign(city: City, appeal_id: int, actor: Actor, *, expected: int, executor: str) -> Appeal:
    """Give an appeal that nobody has to an executor."""
    _known(city, executor)
    async with db.transaction():
        refuse_hand_over(await look_up(appeal_id, actor), actor)
        return await _assign(city, appeal_id, actor, expected=expected, data={"executor": executor})


async def reassign(
    city: City, appeal_id: int, actor: Actor, *, expected: int, executor: str, reason: str
) -> Appeal:
    """Take it from one executor and give it to another, who is told why. The deadline stays."""
    _known(city, executor)
    reason = words(reason, key="reason.needed")
    async with db.transaction():
        before = await look_up(appeal_id, actor)
        refuse_hand_over(before, actor)
        if before.executor_id == executor and before.version == expected:
            raise Invalid("executor.same")
        appeal, event = await move(
            city,
            Verb.REASSIGN,
            appeal_id,
            actor,
            expected=expected,
            text=reason,
            data={"executor": executor, "was": before.executor_id},
            executor_id=executor,
            triage=False,
        )
        await helping.leave(appeal)
        await _hand_over(city, appeal, actor, occasion=str(event.id))
        await notify.resident(appeal, "assigned")
    return appeal


async def ask(city: City, appeal_id: int, actor: Actor, *, expected: int, question: str) -> Appeal:
    """Ask the resident; the deadline's clock stands still until the answer."""
    question = words(question, key="question.needed")
    async with db.transaction():
        before = await look_up(appeal_id, actor)
        origin = before.asked_from if before.status is Status.NEEDS_INFO else before.status
        appeal, _ = await move(
            city, Verb.ASK, appeal_id, actor, expected=expected, text=question, asked_from=origin
        )
        _reachable(appeal)
        await notify.resident(appeal, "question", text=question)
    return appeal


async def tell(city: City, appeal_id: int, actor: Actor, *, expected: int, text: str) -> Appeal:
    """Write to the resident without asking anything."""
    text = words(text, key="message.needed")
    async with db.transaction():
        appeal, _ = await move(city, Verb.TELL, appeal_id, actor, expected=expected, text=text)
        _reachable(appeal)
        await notify.resident(appeal, "message", text=text)
    return appeal


async def note(city: City, appeal_id: int, actor: Actor, *, expected: int, text: str) -> Appeal:
    """A note for colleagues, who are told where it calls them by @login; the resident never sees it."""
    async with db.transaction():
        appeal, event = await move(
            city, Verb.NOTE, appeal_id, actor, expected=expected, text=words(text, key="note.needed")
        )
        await call(appeal, event)
    return appeal


async def resolve(
    city: City, appeal_id: int, actor: Actor, *, expected: int, answer: str = "", unchecked: str = ""
) -> Appeal:
    """Confirm that it is done. The resident hears it, and is asked whether it is true, by the next sweep.

    Without words of the operator's own, the executor's report is the answer. `unchecked`: why they don't wait
    for the check on the spot, where one is still to be made. Forbidden to who reported it: independent.py.
    """
    async with db.transaction():
        before = await look_up(appeal_id, actor)
        await refuse_own(before, actor)
        answer = words(answer or before.answer, key="answer.needed")
        expected = await checking.skip(city, before, actor, expected=expected, reason=unchecked)
        appeal, _ = await move(
            city,
            Verb.RESOLVE,
            appeal_id,
            actor,
            expected=expected,
            text=answer,
            answer=answer,
            answered_at=now(),
        )
    return appeal


async def rework(city: City, appeal_id: int, actor: Actor, *, expected: int, reason: str) -> Appeal:
    """Return what was reported done to its executor, with the reason (SE III.3)."""
    reason = words(reason, key="reason.needed")
    async with db.transaction():
        before = await look_up(appeal_id, actor)
        appeal, event = await move(
            city,
            Verb.REWORK,
            appeal_id,
            actor,
            expected=expected,
            text=reason,
            rework_count=before.rework_count + 1,
        )
        await checking.drop_drawn(appeal, actor)
        await notify.officers(appeal, "rework", occasion=str(event.id))
    return appeal


async def explain(city: City, appeal_id: int, actor: Actor, *, expected: int, reason: str) -> Appeal:
    """Answer why it can't be done (KR 3.1); the resident may disagree, which reopens it.

    Forbidden to whose work it is: independent.py.
    """
    return await _refuse(city, Verb.EXPLAIN, appeal_id, actor, expected, reason, answered_at=now())


async def reject(city: City, appeal_id: int, actor: Actor, *, expected: int, reason: str) -> Appeal:
    """Refuse what is no appeal; final, with the reason told. Forbidden to whose work it is, once begun."""
    return await _refuse(city, Verb.REJECT, appeal_id, actor, expected, reason, closed_at=now())


async def _refuse(
    city: City,
    verb: Verb,
    appeal_id: int,
    actor: Actor,
    expected: int,
    reason: str,
    **ended: Any,  # noqa: ANN401 - columns of an appeal
) -> Appeal:
    reason = words(reason, key="reason.needed")
    async with db.transaction():
        begun = Event.filter(appeal_id=appeal_id, verb__in=(Verb.START, Verb.REPORT))
        if verb is Verb.EXPLAIN or await begun.exists():  # their work would end with nobody else's word
            await refuse_own(await look_up(appeal_id, actor), actor)
        appeal, _ = await move(
            city, verb, appeal_id, actor, expected=expected, text=reason, answer=reason, **ended
        )
        await notify.resident(appeal, appeal.status.value, text=reason)
    return appeal


async def _assign(
    city: City, appeal_id: int, actor: Actor, *, expected: int, data: dict[str, Any], rings: bool = False
) -> Appeal:
    """`data` names the executor and, where a rule decided, says which and who helps (see Route.data).

    `rings`: it has become urgent in the same breath.
    """
    executor = data["executor"]
    before = await look_up(appeal_id, actor)
    if before.due_at is not None and city.calendar(before.executor_id) != city.calendar(executor):
        before.due_at = await due_now(before, before.due_at, revision=city.revision)
    due = handed(city, before, executor)
    changes: dict[str, Any] = {} if due == before.due_at else {"due_at": due}
    appeal, event = await move(
        city,
        Verb.ASSIGN,
        appeal_id,
        actor,
        expected=expected,
        data=data,
        executor_id=executor,
        triage=False,
        **changes,
    )
    await helping.leave(appeal)
    if rings:
        await alarms.urgent(city, appeal, occasion=str(event.id))
    else:
        await _hand_over(city, appeal, actor, occasion=str(event.id))
    await helping.join(appeal, data.get("co_executors", ()), occasion=str(event.id))
    await notify.resident(appeal, "assigned")
    return appeal


async def _hand_over(city: City, appeal: Appeal, actor: Actor, *, occasion: str) -> None:
    """Of many that are handed over in one word, only what is urgent rings by itself."""
    if appeal.urgent or not actor.of_many:
        await alarms.handed_over(city, appeal, occasion=occasion, told=actor.incident is not None)


def _known(city: City, executor: str) -> None:
    if executor not in city.executors or not city.executors[executor].active:
        raise Invalid("executor.unknown")


def _reachable(appeal: Appeal) -> None:
    if appeal.account_id is None and not appeal.supporters:
        raise Invalid("resident.no_chat")
