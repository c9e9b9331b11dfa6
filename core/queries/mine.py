"""What a resident sees of their appeals: those they filed, and those they joined."""

from collections import Counter
from dataclasses import dataclass

from core import db
from core.actions.actor import Actor
from core.actions.move import exists_for
from core.models import Account, Appeal, Attachment, Outbox, Supporter
from core.models.appeals import AttachmentKind, AttachmentState
from core.workflow import Role, Status

PAGE = 6


@dataclass(frozen=True, slots=True)
class Page:
    """`joined` are the ids of those that somebody else filed."""

    appeals: tuple[Appeal, ...]
    more: bool
    joined: frozenset[int] = frozenset()


async def page(actor: Actor, *, before: int | None = None) -> Page:
    """The newest appeals of the resident, or those older than `before` (an id)."""
    own = Appeal.filter(resident_id=actor.resident_id)
    # Of one that was merged further they follow what it was merged into.
    supports = Supporter.filter(resident_id=actor.resident_id).exclude(appeal__status=Status.DUPLICATE)
    if before is not None:
        last = min(max(0, before), db.LARGEST_ID)
        own, supports = own.filter(id__lt=last), supports.filter(appeal_id__lt=last)
    supported = await supports.order_by("-appeal_id").limit(PAGE + 1).select_related("appeal")
    joined = {supporter.appeal_id: supporter.appeal for supporter in supported}
    filed = {appeal.id: appeal for appeal in await own.order_by("-id").limit(PAGE + 1)}
    found = sorted((joined | filed).values(), key=lambda appeal: -appeal.id)
    return Page(tuple(found[:PAGE]), len(found) > PAGE, frozenset(joined.keys() - filed.keys()))


async def files(**of: int | str) -> dict[str, int]:
    """How many of each kind a resident sent, by `appeal_id` or `draft`; those refused don't count."""
    sent = Attachment.filter(role=Role.RESIDENT, **of).exclude(state=AttachmentState.REFUSED)
    kinds = await sent.order_by("id").values_list("kind", flat=True)
    return dict(Counter(AttachmentKind(str(kind)).value for kind in kinds))


async def by_number(actor: Actor, number: str) -> Appeal | None:
    """The resident's appeal of that number; None where there is none, or it is somebody else's."""
    appeal = await Appeal.get_or_none(number=number)
    return appeal if appeal is not None and await exists_for(actor, appeal) else None


async def follows(actor: Actor, appeal_id: int) -> bool:
    """Whether the resident filed it or joined it."""
    appeal = await Appeal.get_or_none(id=appeal_id)
    return appeal is not None and await exists_for(actor, appeal)


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
