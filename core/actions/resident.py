"""What residents do to an appeal of theirs after it is filed; theirs is also the one they joined.

What is said of an appeal that was merged is said of what it was merged into.
"""

from datetime import timedelta

from core import clock, db
from core.actions import notify
from core.actions.actor import SYSTEM, Actor
from core.actions.move import move
from core.actions.said import as_supporter, meant, take_photos, words_or_photos
from core.city import City
from core.errors import Conflict, Invalid
from core.models import Appeal, Supporter, Survey
from core.workflow import Status, Verb, allows

STARS = range(1, 6)


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
        days = city.schedule.reopen_days
        if before.closed_at is not None and now - before.closed_at > timedelta(days=days):
            raise Invalid("reopen.too_late", n=round(days))
        due = city.deadline(before.category_id, now, urgent=before.urgent)
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


async def confirm(city: City, appeal_id: int, actor: Actor) -> Appeal:
    """Yes, it is solved: the appeal closes when the first reporter says so. Said twice, it is said once."""
    async with db.transaction():
        before = await meant(appeal_id, actor)
        if not actor.sees(before):
            return await _supporters_word(before, actor, solved=True)
        if before.status is Status.CLOSED:
            return before
        appeal, _ = await move(city, Verb.CLOSE, before.id, actor, closed_at=clock.now())
        await Survey.filter(appeal_id=appeal.id, round=appeal.reopen_count).update(
            solved=True, answered_at=clock.now()
        )
    return appeal


async def rate(city: City, appeal_id: int, actor: Actor, *, stars: int) -> Appeal:
    """One to five stars for the last result; changeable."""
    if stars not in STARS:
        raise Invalid("stars.range")
    async with db.transaction():
        before = await meant(appeal_id, actor)
        if not actor.sees(before):
            return await _supporters_word(before, actor, stars=stars)
        appeal, _ = await move(city, Verb.RATE, before.id, actor, data={"stars": stars})
        await Survey.filter(appeal_id=appeal.id, round=appeal.reopen_count).update(
            stars=stars, answered_at=clock.now()
        )
    return appeal


async def close_silent(city: City, appeal: Appeal) -> bool:
    """Close what the resident left unanswered; False where somebody moved it meanwhile."""
    try:
        async with db.transaction():
            await move(city, Verb.CLOSE, appeal.id, SYSTEM, expected=appeal.version, closed_at=clock.now())
    except Conflict:
        return False
    return True


async def _supporters_word(appeal: Appeal, actor: Actor, **word: bool | int) -> Appeal:
    """What one who joined thinks of the result: kept beside the first reporter's word, and closes nothing."""
    if not allows(Verb.RATE, appeal.status):
        raise Conflict("conflict.status", appeal=appeal.id, status=appeal.status.value)
    joined = Supporter.filter(appeal_id=appeal.id, resident_id=actor.resident_id)
    await joined.update(answered_at=clock.now(), **word)
    return appeal
