"""What residents think of the result: whether it is solved, stars, what was wrong, in their own words.

All of it can be changed as long as the appeal can be reopened. The first reporter's word is in the survey;
of those who joined, each one's is kept beside it, and what they say in words is in the history.
"""

from collections.abc import Sequence
from typing import Any

from tortoise.expressions import F

from core import clock, db
from core.actions import followers
from core.actions.actor import SYSTEM, Actor
from core.actions.move import move
from core.actions.resident import reopens
from core.actions.said import as_supporter, meant, take_photos, words_or_photos
from core.city import City
from core.errors import Conflict, Invalid
from core.log import current_trace
from core.models import Appeal, Event, Supporter, Survey
from core.workflow import Status, Verb, allows

STARS = range(1, 6)
FEW = 3  # stars; so many or fewer, and the city asks why
REASONS = ("slow", "not_done", "rude", "not_told", "other")


async def confirm(city: City, appeal_id: int, actor: Actor) -> Appeal:
    """Yes, it is solved: the appeal closes when the first reporter says so. Said twice, it is said once."""
    async with db.transaction():
        before = await meant(appeal_id, actor)
        if not actor.sees(before):
            return await _supporters_word(city, before, actor, solved=True)
        if before.status is Status.CLOSED:
            said = Survey.filter(appeal_id=before.id, round=before.reopen_count, solved=True)
            if reopens(city, before) and not await said.exists():  # silence closed it, and now they speak
                before, _ = await move(city, Verb.RATE, before.id, actor, data={"solved": True})
                await _note(before, solved=True)
            return before
        appeal, _ = await move(city, Verb.CLOSE, before.id, actor, closed_at=clock.now())
        await _note(appeal, solved=True)
    return appeal


async def rate(city: City, appeal_id: int, actor: Actor, *, stars: int) -> Appeal:
    """One to five stars for the last result; good ones take away what was said to be wrong."""
    if stars not in STARS:
        raise Invalid("stars.range")
    async with db.transaction():
        before = await meant(appeal_id, actor)
        if not actor.sees(before):
            return await _supporters_word(city, before, actor, stars=stars)
        _refuse_late(city, before)
        appeal, _ = await move(city, Verb.RATE, before.id, actor, data={"stars": stars})
        await _note(appeal, stars=stars, **({} if stars <= FEW else {"reasons": None}))
    return appeal


async def give_reason(
    city: City, appeal_id: int, actor: Actor, *, reason: str
) -> tuple[Appeal, tuple[str, ...]]:
    """What was wrong, one of REASONS; several may be given, each once. Also returns all given so far."""
    if reason not in REASONS:
        raise Invalid("reason.unknown")
    async with db.transaction():
        before = await meant(appeal_id, actor)
        _refuse_late(city, before)
        given = await _reasons(before, actor)
        if reason in given:
            return before, tuple(given)
        reasons = [each for each in REASONS if each in {*given, reason}]
        data = {"reasons": reasons, **as_supporter(before, actor)}
        appeal, _ = await move(city, Verb.RATE, before.id, actor, data=data)
        if actor.sees(appeal):
            await _note(appeal, reasons=reasons)
    return appeal, tuple(reasons)


async def comment(city: City, appeal_id: int, actor: Actor, *, text: str, draft: str = "") -> Appeal:
    """What they think of the result in their own words, or with photos that wait under `draft`."""
    async with db.transaction():
        before = await meant(appeal_id, actor)
        _refuse_late(city, before)
        said = await words_or_photos(text, actor, draft)
        data = as_supporter(before, actor)
        appeal, event = await move(city, Verb.RATE, before.id, actor, text=said, data=data)
        await take_photos(appeal, event, actor, draft)
        if said and actor.sees(appeal):
            await _note(appeal, words=said)
    return appeal


async def close_silent(appeals: Sequence[Appeal]) -> None:
    """Close what the resident left unanswered, all of them held by the open transaction."""
    now, trace = clock.now(), current_trace()
    ids = [appeal.id for appeal in appeals]
    await Appeal.filter(id__in=ids).update(
        status=Status.CLOSED,
        open=False,
        closed_at=now,
        remind_at=None,
        updated_at=now,
        version=F("version") + 1,
    )
    await Event.bulk_create(
        [
            Event(
                appeal_id=appeal.id,
                at=now,
                verb=Verb.CLOSE,
                role=SYSTEM.role,
                from_status=appeal.status,
                to_status=Status.CLOSED,
                data={},
                trace=trace,
            )
            for appeal in appeals
        ]
    )
    known = {appeal.id: appeal for appeal in appeals}
    events = await Event.filter(appeal_id__in=ids, verb=Verb.CLOSE, at=now)
    await followers.tell_all([(known[event.appeal_id], event) for event in events])


async def _note(appeal: Appeal, **word: Any) -> None:  # noqa: ANN401 - columns of Survey
    """In the survey of the last result. One that isn't there yet the sweep makes when it tells the result.

    Of a closed appeal it won't: the resident was quicker than the sweep.
    """
    now = clock.now()
    if appeal.status is Status.CLOSED:
        first = Survey(appeal_id=appeal.id, round=appeal.reopen_count, sent_at=now)
        await Survey.bulk_create([first], ignore_conflicts=True)
    await Survey.filter(appeal_id=appeal.id, round=appeal.reopen_count).update(answered_at=now, **word)


async def _reasons(appeal: Appeal, actor: Actor) -> list[str]:
    """What this person has said to be wrong with the last result."""
    if actor.sees(appeal):
        survey = await Survey.get_or_none(appeal_id=appeal.id, round=appeal.reopen_count)
        return list(survey.reasons or ()) if survey else []
    said = Event.filter(appeal_id=appeal.id, verb__in=[Verb.RATE, Verb.REOPEN]).order_by("-id")
    for event in await said.limit(20):
        if event.verb is Verb.REOPEN:
            break
        if event.data.get("supporter") == actor.resident_id and "reasons" in event.data:
            return [str(each) for each in event.data["reasons"]]
    return []


def _refuse_late(city: City, appeal: Appeal) -> None:
    if not allows(Verb.RATE, appeal.status):
        raise Conflict("conflict.status", appeal=appeal.id, status=appeal.status.value)
    if not reopens(city, appeal):
        raise Invalid("poll.too_late")


async def _supporters_word(city: City, appeal: Appeal, actor: Actor, **word: bool | int) -> Appeal:
    """What one who joined thinks of the result: it closes nothing."""
    _refuse_late(city, appeal)
    joined = Supporter.filter(appeal_id=appeal.id, resident_id=actor.resident_id)
    await joined.update(answered_at=clock.now(), **word)
    return appeal
