"""What residents say to an appeal of theirs in work, or to its result; theirs is also the one they joined.

What is said of an appeal that was merged is said of what it was merged into. What they think of the result
is in poll.py.
"""

from datetime import timedelta

from core import clock, db
from core.actions import notify
from core.actions.actor import Actor
from core.actions.move import move
from core.actions.said import as_supporter, meant, take_photos, words_or_photos
from core.city import City
from core.errors import Conflict, Invalid
from core.models import Appeal, Supporter, Survey
from core.workflow import Status, Verb, allows

NUDGE_EVERY = timedelta(days=1)


async def answer(city: City, appeal_id: int, actor: Actor, *, text: str, draft: str = "") -> Appeal:
    """Answer the operator's question; the appeal and its clock go on where they stood.

    Where nothing was asked, the words are added to an appeal in work. `draft` is the token under which
    photos were sent along.
    """
    async with db.transaction():
        before = await meant(appeal_id, actor)
        verb = Verb.ANSWER if before.status is Status.NEEDS_INFO else Verb.ADD
        appeal, event = await move(
            city,
            verb,
            before.id,
            actor,
            to=before.asked_from if verb is Verb.ANSWER else None,
            text=await words_or_photos(text, actor, draft),
            data=as_supporter(before, actor),
            asked_from=None if verb is Verb.ANSWER else before.asked_from,
        )
        await take_photos(appeal, event, actor, draft)
        await notify.desk(appeal, "answered", occasion=str(event.id))
    return appeal


async def reopen(city: City, appeal_id: int, actor: Actor, *, text: str, draft: str = "") -> Appeal:
    """It is not fixed, the resident says: back to the same executor with a new deadline, seen by the desk."""
    async with db.transaction():
        before = await meant(appeal_id, actor)
        now = clock.now()
        if allows(Verb.REOPEN, before.status) and not reopens(city, before):
            raise Invalid("reopen.too_late", n=round(city.schedule.reopen_days))
        due = city.deadline(
            before.category_id, now, urgent=before.urgent, kind=before.kind, executor=before.executor_id
        )
        appeal, event = await move(
            city,
            Verb.REOPEN,
            before.id,
            actor,
            to=None if before.executor_id else Status.REGISTERED,
            text=await words_or_photos(text, actor, draft),
            data=as_supporter(before, actor),
            reopen_count=before.reopen_count + 1,
            due_at=due,
            answered_at=None,
            closed_at=None,
            triage=before.executor_id is None,
        )
        await take_photos(appeal, event, actor, draft)
        await Supporter.filter(appeal_id=appeal.id).update(solved=None, stars=None, answered_at=None)
        await Survey.filter(appeal_id=appeal.id, round=before.reopen_count).update(
            solved=False, words=event.text, answered_at=now
        )
        await notify.officers(appeal, "reopened", occasion=str(event.id))
        await notify.desk(appeal, "reopened", occasion=str(event.id))
    return appeal


async def nudge(city: City, appeal_id: int, actor: Actor) -> Appeal:
    """Call attention to a deadline that has passed, once a day whoever of them does it.

    Raises Invalid where it hasn't passed, or where somebody did so within the day; Conflict where it ended.
    """
    async with db.transaction():
        before = await meant(appeal_id, actor)
        now = clock.now()
        if not allows(Verb.NUDGE, before.status):
            raise Conflict("conflict.status", appeal=before.id, status=before.status.value)
        if not overdue(before):
            raise Invalid("nudge.early")
        if before.nudged_at is not None and now < (again := before.nudged_at + NUDGE_EVERY):
            raise Invalid("nudge.again", since=again.isoformat())
        appeal, event = await move(
            city, Verb.NUDGE, before.id, actor, data=as_supporter(before, actor), nudged_at=now
        )
        await notify.officers(appeal, "nudged", occasion=str(event.id))
        await notify.desk(appeal, "nudged", occasion=str(event.id))
    return appeal


def overdue(appeal: Appeal) -> bool:
    """Whether the city is late; while the resident is asked, it isn't."""
    return appeal.open and appeal.due_at is not None and appeal.due_at <= clock.now()


def reopens(city: City, appeal: Appeal) -> bool:
    """Whether the resident may still say that it isn't so."""
    if not allows(Verb.REOPEN, appeal.status):
        return False
    term = timedelta(days=city.schedule.reopen_days)
    return appeal.closed_at is None or clock.now() - appeal.closed_at <= term
