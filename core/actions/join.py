"""Many who report the same: a resident joins, an operator merges, and all of them hear of the one appeal.

What is merged keeps its own supporters; the appeal it goes to has copies of them, made anew from what is
merged into it whenever that changes. So a merge can be undone, and nobody who joined by themselves is lost.
"""

from typing import Any

from core import clock, db
from core.actions import alarms, notify
from core.actions.actor import Actor
from core.actions.move import exists_for, look_up, move, step, words
from core.actions.notify_many import take_back
from core.actions.said import as_supporter, held, line_of, photos_wait, take_photos
from core.actions.withdraw import left
from core.city import City
from core.errors import Conflict, Invalid, NotFound
from core.models import Account, Appeal, Event, Supporter
from core.understanding.urgency import urgency_of
from core.workflow import BY_NAME, OPEN, Status, Verb

REPORTS = (Verb.SUBMIT, Verb.JOIN, Verb.ADD)


async def join(
    city: City,
    account: Account,
    appeal_id: int,
    text: str = "",
    draft: str = "",
    *,
    heard_by: int | None = None,
) -> Appeal:
    """Report the same as an open appeal: the words and the draft's photos go there.

    Who is there already, as the first reporter or since before, only adds what they newly say. Of an appeal
    that was merged, what it was merged into is joined. Raises Conflict where it has ended.
    `heard_by`: who of the staff writes it down, where they ring.
    """
    actor = Actor.resident(account.resident_id, heard_by=heard_by)
    said = words(text, key="words.needed") if text.replace("\x00", "").strip() else ""
    async with db.transaction():
        before = await held((await line_of(appeal_id))[-1])
        verb = Verb.JOIN
        if await exists_for(actor, before):
            verb = Verb.ADD
            await Supporter.filter(appeal_id=before.id, resident_id=actor.resident_id).update(merged_id=None)
            if left(actor, before):
                await Appeal.filter(id=before.id).update(account_id=account.id)
            if not await _is_new(before, said) and not await photos_wait(actor, draft):
                return before
        elif before.kind in BY_NAME:  # nobody's but who filed it
            raise NotFound("appeal.not_found")
        elif before.status in OPEN:
            await Supporter.create(
                appeal_id=before.id,
                resident_id=account.resident_id,
                account_id=account.id,
                joined_at=clock.now(),
            )
        else:
            raise Conflict("conflict.status", appeal=before.id, status=before.status.value)
        appeal, event = await move(
            city,
            verb,
            before.id,
            actor,
            text=said,
            data=as_supporter(before, actor),
            supporters=before.supporters + (verb is Verb.JOIN),
            **(danger := _danger(city, before, said)),
        )
        await take_photos(appeal, event, actor, draft)
        if danger:
            await alarms.urgent(city, appeal, occasion=str(event.id))
    return appeal


async def merge(
    city: City, appeal_id: int, actor: Actor, *, expected: int, into: int, reason: str = ""
) -> Appeal:
    """It reports the same as `into`, or as what that was merged into: all who follow it follow that one.

    Raises Invalid where the two can't be one: the same appeal, of different kinds, or the other has ended.
    """
    reason = words(reason, key="reason.needed") if reason.strip() else ""
    async with db.transaction():
        before = await look_up(appeal_id, actor)
        target = await _target(before, into, actor)
        appeal, _ = await move(
            city,
            Verb.MERGE,
            appeal_id,
            actor,
            expected=expected,
            text=reason,
            data={"into": target.id, "number": target.number},
            duplicate_of_id=target.id,
            due_at=before.due_at,  # stands as it is, should this be undone
            time_left=before.time_left,
            closed_at=clock.now(),
        )
        await step(
            city,
            Verb.MERGE,
            target,
            actor,
            to=target.status,
            text=reason,
            data={"took": appeal.id, "number": appeal.number},
            supporters=await _gather(target),
        )
        await notify.resident(appeal, "merged", into=target.number, into_id=target.id)
    return appeal


async def unmerge(city: City, appeal_id: int, actor: Actor, *, expected: int) -> Appeal:
    """It was another matter after all: it goes on where it stood, and who came with it follows it alone."""
    async with db.transaction():
        before = await look_up(appeal_id, actor)
        line = await line_of(appeal_id)
        held_ones = await _all_held(line)
        merges = Event.filter(appeal_id=appeal_id, verb=Verb.MERGE, to_status=Status.DUPLICATE)
        last = await merges.order_by("-id").first()
        appeal, event = await move(
            city,
            Verb.UNMERGE,
            appeal_id,
            actor,
            expected=expected,
            to=last.from_status if last else Status.REGISTERED,
            data=dict(last.data) if last else {},
            duplicate_of_id=None,
            due_at=before.due_at,
            time_left=before.time_left,
            closed_at=None,
        )
        target, *further = [held_ones[each] for each in line[1:]]
        await step(
            city,
            Verb.UNMERGE,
            target,
            actor,
            to=target.status,
            data={"took": appeal.id, "number": appeal.number},
            supporters=await _gather(target),
        )
        for each in further:
            await Appeal.filter(id=each.id).update(supporters=await _gather(each))
        unheard: frozenset[int] = frozenset()
        if last is not None and actor.bulk:  # put back at once: officers haven't heard that it was gone
            unheard = await take_back(appeal, "merged", since=last.at)
        else:
            await notify.handed_over(appeal, occasion=str(event.id))
        number = last.data["number"] if last else ""
        await notify.resident(appeal, "unmerged", but=unheard, into=number)
    return appeal


def _danger(city: City, appeal: Appeal, said: str) -> dict[str, Any]:
    """Words of danger make an appeal urgent whoever says them: from now on its term runs around the clock."""
    seen = urgency_of(said)
    if not seen.urgent or appeal.urgent:
        return {}
    changes: dict[str, Any] = {"urgent": True, "danger_words": [*appeal.danger_words, *seen.words]}
    due = city.deadline(appeal.category_id, clock.now(), urgent=True)
    if appeal.due_at is not None and due < appeal.due_at:
        changes["due_at"] = due
    return changes


async def _target(appeal: Appeal, into: int, actor: Actor) -> Appeal:
    """What `into` stands for, held as the appeal itself is."""
    standing = (await line_of(into))[-1]
    if standing == appeal.id:
        raise Invalid("merge.itself")
    target = (await _all_held([appeal.id, standing]))[standing]
    if not await exists_for(actor, target):
        raise NotFound("appeal.not_found")
    if target.kind is not appeal.kind:
        raise Invalid("merge.kind")
    if target.status not in OPEN:
        raise Invalid("merge.ended")
    return target


async def _all_held(ids: list[int]) -> dict[int, Appeal]:
    """In one order, always: or two merges could wait for each other for ever."""
    return {each: await held(each) for each in sorted(ids)}


async def _gather(target: Appeal) -> int:
    """Give the appeal those who came with what is merged into it, and nobody else's; how many follow it."""
    came: dict[int, Supporter] = {}

    def take(resident: int | None, account: int | None, merged: int) -> None:
        if resident is None or account is None:  # forgotten, or they took their report back
            return
        if resident != target.resident_id and resident not in came:
            came[resident] = Supporter(
                appeal_id=target.id,
                resident_id=resident,
                account_id=account,
                merged_id=merged,
                joined_at=clock.now(),
            )

    for appeal in await Appeal.filter(duplicate_of_id=target.id).order_by("id"):
        take(appeal.resident_id, appeal.account_id, appeal.id)
    for supporter in await Supporter.filter(appeal__duplicate_of_id=target.id).order_by("id"):
        take(supporter.resident_id, supporter.account_id, supporter.appeal_id)
    here = Supporter.filter(appeal_id=target.id)
    await here.filter(merged_id__not_isnull=True).exclude(resident_id__in=list(came)).delete()
    await Supporter.bulk_create(came.values(), ignore_conflicts=True)
    return await here.count()


async def _is_new(appeal: Appeal, said: str) -> bool:
    """Whether the words don't stand there yet, from a press that came twice."""
    reports = Event.filter(appeal_id=appeal.id, verb__in=REPORTS, text=said)
    return bool(said) and not await reports.exists()
