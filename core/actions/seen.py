"""Somebody at the city opened what a resident returned, and the resident hears so: once for each return."""

from core import db
from core.actions import notify
from core.actions.actor import Actor
from core.actions.move import move
from core.actions.said import held
from core.city import City
from core.errors import Conflict
from core.models import Account, Appeal, Event, Supporter
from core.workflow import Role, Verb, allows, may


async def see(city: City, appeal: Appeal, actor: Actor) -> bool:
    """`appeal` as this person looks at it; whether it has changed by that, so that it is to be read anew.

    Nothing where it was not returned, or was seen since, or where they only help with it.
    """
    if not _returned(appeal) or not may(Verb.SEE, actor.role) or not actor.sees(appeal):
        return False
    try:
        async with db.transaction():
            before = await held(appeal.id)
            last = await _last(before)
            if not _returned(before) or last is None or last.verb is Verb.SEE:
                return before.version != appeal.version
            seen, _ = await move(city, Verb.SEE, before.id, actor, expected=before.version)
            account = await _who(seen, last)
            if account is not None:
                by = seen.executor_id if actor.role is Role.EXECUTOR else None
                await notify.one(account, seen, "seen", dedupe=f"seen:{seen.id}:{seen.reopen_count}", by=by)
    except Conflict:  # somebody is faster, and they are told by that
        return True
    return True


def _returned(appeal: Appeal) -> bool:
    return appeal.reopen_count > 0 and allows(Verb.SEE, appeal.status)


async def _last(appeal: Appeal) -> Event | None:
    """The last return, or the look at it."""
    return await Event.filter(appeal_id=appeal.id, verb__in=[Verb.REOPEN, Verb.SEE]).order_by("-id").first()


async def _who(appeal: Appeal, reopened: Event) -> Account | None:
    """Who returned it, where they still have a chat."""
    account_id = appeal.account_id
    if "supporter" in reopened.data:  # who is None where they asked to be forgotten
        joined = await Supporter.get_or_none(appeal_id=appeal.id, resident_id=reopened.data["supporter"])
        account_id = joined.account_id if joined else None
    return await Account.get_or_none(id=account_id) if account_id else None
