"""What a resident does to an appeal of theirs, after it is filed."""

from datetime import timedelta

from core import clock, db
from core.actions import notify
from core.actions.actor import SYSTEM, Actor
from core.actions.move import look_up, move, words
from core.city import City
from core.errors import Conflict, Invalid
from core.models import Appeal, Attachment, Event, Survey
from core.models.appeals import AttachmentState
from core.workflow import Status, Verb

STARS = range(1, 6)


async def answer(city: City, appeal_id: int, actor: Actor, *, text: str, draft: str = "") -> Appeal:
    """Answer the operator's question; the appeal and its clock go on where they stood.

    Where nothing was asked, the words are added to an appeal in work. `draft` is the token under which
    photos were sent along.
    """
    async with db.transaction():
        before = await look_up(appeal_id, actor)
        verb = Verb.ANSWER if before.status is Status.NEEDS_INFO else Verb.ADD
        appeal, event = await move(
            city,
            verb,
            appeal_id,
            actor,
            to=before.asked_from if verb is Verb.ANSWER else None,
            text=await _words_or_photos(text, actor, draft),
            asked_from=None if verb is Verb.ANSWER else before.asked_from,
        )
        await _take_photos(appeal, event, draft)
        await notify.desk(appeal, "answered", occasion=str(event.id))
    return appeal


async def reopen(city: City, appeal_id: int, actor: Actor, *, text: str, draft: str = "") -> Appeal:
    """It is not fixed, the resident says: back to the same executor with a new deadline, seen by the desk."""
    async with db.transaction():
        before = await look_up(appeal_id, actor)
        now = clock.now()
        days = city.schedule.reopen_days
        if before.closed_at is not None and now - before.closed_at > timedelta(days=days):
            raise Invalid("reopen.too_late", n=round(days))
        due = city.deadline(before.category_id, now, urgent=before.urgent)
        appeal, event = await move(
            city,
            Verb.REOPEN,
            appeal_id,
            actor,
            to=None if before.executor_id else Status.REGISTERED,
            text=await _words_or_photos(text, actor, draft),
            reopen_count=before.reopen_count + 1,
            due_at=due,
            answered_at=None,
            closed_at=None,
            triage=before.executor_id is None,
        )
        await _take_photos(appeal, event, draft)
        await Survey.filter(appeal_id=appeal.id, round=before.reopen_count).update(
            solved=False, words=event.text, answered_at=now
        )
        await notify.officers(appeal, "reopened", occasion=str(event.id))
        await notify.desk(appeal, "reopened", occasion=str(event.id))
    return appeal


async def confirm(city: City, appeal_id: int, actor: Actor) -> Appeal:
    """Yes, it is solved: the appeal closes. Said twice, it is said once."""
    async with db.transaction():
        before = await look_up(appeal_id, actor)
        if before.status is Status.CLOSED:
            return before
        appeal, _ = await move(city, Verb.CLOSE, appeal_id, actor, closed_at=clock.now())
        await Survey.filter(appeal_id=appeal.id, round=appeal.reopen_count).update(
            solved=True, answered_at=clock.now()
        )
    return appeal


async def rate(city: City, appeal_id: int, actor: Actor, *, stars: int) -> Appeal:
    """One to five stars for the last result; changeable."""
    if stars not in STARS:
        raise Invalid("stars.range")
    async with db.transaction():
        appeal, _ = await move(city, Verb.RATE, appeal_id, actor, data={"stars": stars})
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


async def _words_or_photos(text: str, actor: Actor, draft: str) -> str:
    waiting = Attachment.filter(account__resident_id=actor.resident_id, draft=draft, appeal_id=None)
    if draft and await waiting.exists():
        return text.replace("\x00", "").strip()
    return words(text, key="words.needed")


async def _take_photos(appeal: Appeal, event: Event, draft: str) -> None:
    if not draft:
        return
    taken = (
        await Attachment.filter(account__resident_id=appeal.resident_id, draft=draft, appeal_id=None)
        .exclude(state=AttachmentState.REFUSED)
        .values_list("id", flat=True)
    )
    if taken:
        await Attachment.filter(id__in=taken).update(appeal_id=appeal.id, event_id=event.id, draft="")
        await Appeal.filter(id=appeal.id).update(photos=appeal.photos + len(taken))
