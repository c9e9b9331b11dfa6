"""Who rings the city: an operator writes down what they say, in one transaction with whose it is (SE II.2).

The caller is the resident of their number. Whoever is known by it already, from another call or because a
messenger account gave it, is recognised; what the operator types of them replaces what was known.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from core import clock, db
from core.actions import desk, forgetting, poll
from core.actions import join as joining
from core.actions.actor import Actor
from core.actions.forgetting import Stake
from core.actions.person import checked_address, checked_name
from core.actions.submit import Submission
from core.actions.submit import submit as file
from core.city import City
from core.errors import Invalid, NotFound
from core.i18n import LANGUAGES
from core.models import Account, Appeal, Channel, Event, Resident
from core.phones import normalised
from core.workflow import STATUTORY, Kind, Verb

_NAME = 200  # characters
_LATELY = 20  # appeals of a caller, among which is the one of a form sent twice


@dataclass(frozen=True, slots=True)
class Caller:
    """As typed; `home` is where they live, which the law wants of who files what is official."""

    number: str
    name: str = ""
    home: str = ""
    language: str = "uk"


async def submit(city: City, actor: Actor, caller: Caller, submission: Submission) -> Appeal:
    """File what they tell; a form sent twice gives the appeal that it made the first time.

    Raises Invalid as filing does, and where the number, or a name or address that the law wants, is none.
    """
    return await _once(
        caller, submission, lambda account: file(city, account, replace(submission, heard_by=actor))
    )


async def consult(city: City, actor: Actor, caller: Caller, submission: Submission, answer: str) -> Appeal:
    """A question that was answered while they were on the line: filed and answered in one."""

    async def filed(account: Account) -> Appeal:
        asked = replace(
            submission, kind=Kind.CONSULTATION, urgent=False, danger_words=(), heard_by=actor, settled=True
        )
        appeal = await file(city, account, asked)
        appeal = await desk.resolve(city, appeal.id, actor, expected=appeal.version, answer=answer)
        heard = Actor.resident(account.resident_id, heard_by=actor.staff_id)
        return await poll.confirm(city, appeal.id, heard)

    return await _once(caller, replace(submission, kind=Kind.CONSULTATION), filed)


async def join(city: City, actor: Actor, caller: Caller, appeal_id: int, text: str) -> Appeal:
    """They report what is known already: their words go there, and they hear of it. Said twice, said once."""
    async with db.transaction():
        account = await _account(caller)
        return await joining.join(city, account, appeal_id, text, heard_by=actor.staff_id)


async def known(number: str) -> Resident | None:
    """Whose number it is, in the one form that numbers have."""
    account = await Account.get_or_none(channel=Channel.PHONE, external_id=number).select_related("resident")
    if account is not None and account.forget_at is None:
        return account.resident
    return await Resident.filter(phone=number).order_by("id").first()


async def forget(city: City, number: str) -> Stake:
    """Erase whose number it is, in all their messengers, as they could themselves in a chat."""
    resident = await known(number)
    account = await Account.filter(resident_id=resident.id).order_by("id").first() if resident else None
    if account is None:
        raise NotFound("caller.unknown")
    return await forgetting.forget(city, account)


async def _once(
    caller: Caller, submission: Submission, make: Callable[[Account], Awaitable[Appeal]]
) -> Appeal:
    async with db.transaction():
        account = await _account(caller)
        if (made := await _made(account, submission.form)) is not None:
            return made
        if submission.kind in STATUTORY:
            resident = await Resident.get(id=account.resident_id)
            checked_name(resident.name)
            checked_address(resident.address)
        return await make(account)


async def _made(account: Account, form: str) -> Appeal | None:
    """What this form made when it was sent before; the account is held, so that nobody else makes it now."""
    if not form:
        return None
    appeals = {
        each.id: each for each in await Appeal.filter(account_id=account.id).order_by("-id").limit(_LATELY)
    }
    filed = await Event.filter(appeal_id__in=list(appeals), verb=Verb.SUBMIT)
    return next((appeals[event.appeal_id] for event in filed if event.data.get("form") == form), None)


async def _account(caller: Caller) -> Account:
    """The number's account, held until the transaction ends, with what was typed of its resident."""
    if caller.language not in LANGUAGES:
        raise Invalid("language.unknown")
    number, now = normalised(caller.number), clock.now()
    mine = Account.filter(channel=Channel.PHONE, external_id=number)
    if not await mine.exists():
        found = await known(number)
        resident = found or await Resident.create(phone=number, created_at=now)
        fresh = Account(
            resident_id=resident.id, channel=Channel.PHONE, external_id=number, created_at=now, seen_at=now
        )
        await Account.bulk_create([fresh], ignore_conflicts=True)
        if found is None and (await mine.get()).resident_id != resident.id:
            await resident.delete()  # somebody typed the same number just now, and was faster
    account = await mine.select_for_update(no_key=True).get()
    await Account.filter(id=account.id).update(language=caller.language, seen_at=now, forget_at=None)
    account.language, account.forget_at = caller.language, None
    name, home = " ".join(caller.name.replace("\x00", "").split()), caller.home.strip()
    typed = {
        "phone": number,
        **({"name": name[:_NAME]} if name else {}),
        **({"address": checked_address(home)} if home else {}),
    }
    await Resident.filter(id=account.resident_id).update(**typed)
    return account
