"""What a resident sees of their own appeals."""

from dataclasses import dataclass

from core import db
from core.actions.actor import Actor
from core.models import Account, Appeal, Outbox

PAGE = 6


@dataclass(frozen=True, slots=True)
class Page:
    appeals: tuple[Appeal, ...]
    more: bool


async def page(actor: Actor, *, before: int | None = None) -> Page:
    """The newest appeals of the resident, or those older than `before` (an id)."""
    rows = Appeal.filter(resident_id=actor.resident_id)
    if before is not None:
        rows = rows.filter(id__lt=min(before, db.LARGEST_ID))
    found = await rows.order_by("-id").limit(PAGE + 1)
    return Page(tuple(found[:PAGE]), len(found) > PAGE)


async def by_number(actor: Actor, number: str) -> Appeal | None:
    """The resident's appeal of that number; None where there is none, or it is somebody else's."""
    return await Appeal.get_or_none(resident_id=actor.resident_id, number=number)


async def last_said(account: Account) -> tuple[str, int | None] | None:
    """Kind and appeal of the newest message to the account: what a short answer most likely answers."""
    row = await Outbox.filter(account_id=account.id).order_by("-id").first().values("kind", "appeal_id")
    return (row["kind"], row["appeal_id"]) if row else None


async def answered_message(account: Account, provider_id: str) -> tuple[str, int | None] | None:
    """Kind and appeal of the message of ours that the resident replied to."""
    row = (
        await Outbox.filter(channel=account.channel, provider_id=provider_id, account_id=account.id)
        .first()
        .values("kind", "appeal_id")
    )
    return (row["kind"], row["appeal_id"]) if row else None
