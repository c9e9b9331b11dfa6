"""«Забути мене»: the person goes, and what the city has to do stays (Law 2297-VI, art. 8).

Appeals go on without a name; official ones can't by law (Law 393/96, art. 5), and are withdrawn. What is
left of the person is the account by which the last word still reaches them: core/forgotten.py deletes it.
A colleague's is a colleague's no more: nothing of work is done or told there until they link it again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from core import clock, db, work_chats
from core.actions import calls
from core.actions.actor import Actor
from core.actions.move import step
from core.actions.said import held, spoken_of
from core.actions.withdraw import withdraw
from core.city import City
from core.holding import each
from core.media_fetch import let_go
from core.models import (
    Account,
    Appeal,
    Attachment,
    Conversation,
    Correction,
    Event,
    Inbox,
    InboxState,
    LinkCode,
    Outbox,
    OutboxState,
    Resident,
    Staff,
    Supporter,
    Survey,
    Task,
)
from core.privacy import scrub, without
from core.workflow import ANSWERED, OPEN, STATUTORY, Role, Status, Verb


@dataclass(frozen=True, slots=True)
class Stake:
    """What becomes of a person's appeals: how many go on without a name, how many official ones end."""

    anonymous: int
    withdrawn: int


async def stake(resident_id: int) -> Stake:
    """What would become of them now."""
    mine = Appeal.filter(resident_id=resident_id, open=True)
    official = await mine.filter(kind__in=list(STATUTORY)).count()
    return Stake(await mine.count() - official, official)


async def forget(city: City, account: Account) -> Stake:
    """Erase the resident whose account this is, in all their messengers. The account in hand begins anew."""
    async with db.transaction():
        resident = await Resident.select_for_update().get(id=account.resident_id)
        # Not against who only points at them: an action on an appeal would wait for us, and we for it.
        accounts = await Account.select_for_update(no_key=True).filter(resident_id=resident.id).order_by("id")
        person = _Person(resident.id, (resident.name, resident.phone))
        found = await stake(resident.id)
        spoken = await spoken_of(person.id)
        for appeal_id in spoken:
            appeal = await held(appeal_id)
            if appeal.resident_id == person.id:
                await _let_go(city, appeal, person)
            await Supporter.filter(appeal_id=appeal_id, resident_id=person.id).delete()
            followers = await Supporter.filter(appeal_id=appeal_id).count()
            await Appeal.filter(id=appeal_id).update(supporters=followers)
            await _reword(appeal, person)
        await Correction.filter(resident_id=person.id).update(resident_id=None)
        for each in accounts:
            await calls.forget(each.id, spoken)
            await _empty(each)
            if each.id == account.id:
                account.resident_id, account.forget_at = each.resident_id, each.forget_at
        await resident.delete()
    return found


@dataclass(frozen=True, slots=True)
class _Person:
    id: int
    known: tuple[str, ...]  # name and phone, as far as they were given

    def said(self, event: Event, appeal: Appeal) -> bool:
        """Whether these are their words: as the one who filed it, or as one of those who joined."""
        if event.role is not Role.RESIDENT:
            return False
        who = event.data.get("supporter", appeal.resident_id)
        return who is not None and who == self.id


async def _let_go(city: City, appeal: Appeal, person: _Person) -> None:
    """It is nobody's; `appeal` as it was tells whose words are whose."""
    actor = Actor.resident(person.id)
    now = appeal
    if appeal.kind in STATUTORY and appeal.status in OPEN:
        now = await withdraw(city, appeal.id, actor)
    if now.status in OPEN | ANSWERED:
        alone = now.status is Status.NEEDS_INFO and not now.supporters
        await step(
            city,
            Verb.NOTE,
            now,
            actor,
            to=(now.asked_from or Status.REGISTERED) if alone else now.status,  # nobody is left to answer
            data={"forgotten": True},
            asked_from=None if alone else now.asked_from,
        )
    await Appeal.filter(id=appeal.id).update(
        resident_id=None,
        account_id=None,
        text=scrub(appeal.text, person.known),
        address=scrub(appeal.address, person.known),
    )


async def _reword(appeal: Appeal, person: _Person) -> None:
    """Their own words lose all that tells who wrote them; everybody else's only their name and phone.

    Where they only joined, nobody else's words lose a name's word that may be any other's.
    """
    filed = appeal.resident_id == person.id
    others = partial(without, known=person.known, whole=not filed)
    for event in await Event.filter(appeal_id=appeal.id):
        theirs = person.said(event, appeal)
        text = scrub(event.text, person.known) if theirs else others(event.text)
        data = event.data | {"supporter": None} if theirs and "supporter" in event.data else event.data
        if (text, data) != (event.text, event.data):
            await Event.filter(id=event.id).update(text=text, data=data)
    if filed:
        for survey in await Survey.filter(appeal_id=appeal.id).exclude(words=""):
            await Survey.filter(id=survey.id).update(words=scrub(survey.words, person.known))
    await Appeal.filter(id=appeal.id).update(answer=others(appeal.answer))
    for task in await Task.filter(appeal_id=appeal.id):
        await Task.filter(id=task.id).update(words=others(task.words), finding=others(task.finding))
    for letter in await Outbox.filter(appeal_id=appeal.id).exclude(kind="reply"):
        if letter.kind == "staff.reply":
            body = _resaid(letter.body, partial(scrub, names=person.known if filed else ()), others)
        else:
            body = each(letter.body, partial(_reworded, others=others, person=person, filed=filed))
        if body != letter.body:
            await Outbox.filter(id=letter.id).update(body=body)


def _reworded(
    facts: dict[str, Any], others: Callable[[str], str], person: _Person, *, filed: bool
) -> dict[str, Any]:
    found = dict(facts)
    if isinstance(found.get("text"), str):
        found["text"] = others(found["text"])
    if isinstance(found.get("address"), str) and filed:
        found["address"] = scrub(found["address"], person.known)
    return found


def _resaid(
    body: dict[str, Any], scrubbed: Callable[[str], str], others: Callable[[str], str]
) -> dict[str, Any]:
    """What a colleague was shown of it: whose words each are isn't known there, so that all lose the most."""
    lines = [
        [key, {n: others(scrubbed(fact)) if n in _WORDS else fact for n, fact in facts.items()}, count]
        for key, facts, count in body["lines"]
    ]
    return body | {"lines": lines}


_WORDS = frozenset({"text", "address"})  # facts in which words of theirs may stand


async def _empty(account: Account) -> None:
    """Nothing of the person is left with the account, but what is on its way to them."""
    now = clock.now()
    account.resident_id = (await Resident.create(created_at=now)).id
    account.forget_at, account.language_chosen = now, False
    await account.save(update_fields=["resident_id", "forget_at", "language_chosen"])
    await Conversation.filter(account_id=account.id).delete()
    await LinkCode.filter(account_id=account.id).delete()
    if await Staff.filter(account_id=account.id).update(account_id=None):
        await work_chats.end(account.id)
    await Outbox.filter(account_id=account.id).exclude(state=OutboxState.PENDING).delete()
    heard = Inbox.filter(channel=account.channel, sender=account.external_id)
    await heard.exclude(state=InboxState.PENDING).delete()
    files = Attachment.filter(account_id=account.id)
    await let_go(files.filter(appeal_id=None))
    await files.update(account_id=None, name="")  # one still at the platform is fetched by its source
