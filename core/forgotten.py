"""The sweep that ends what core/actions/forgetting.py began, once the last word has been told.

Who writes again before that is a newcomer, and stays.
"""

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from tortoise.expressions import Q

from core import brakes, clock, db
from core.media_fetch import forget_files
from core.models import (
    Account,
    Attachment,
    Conversation,
    Inbox,
    InboxState,
    LinkCode,
    Outbox,
    OutboxState,
    Resident,
    Staff,
)
from core.workflow import Role

if TYPE_CHECKING:
    from core.jobs import Desk  # which names this sweep: the circle is only in the types

BATCH = 200
PATIENCE = timedelta(hours=1)  # for a platform that doesn't take the last word
_ON_THE_WAY = (OutboxState.PENDING, OutboxState.HELD)


async def end_forgotten(desk: "Desk") -> int:
    """Delete the accounts of those who asked for it, and the files they sent to nothing."""
    now = clock.now()
    await LinkCode.filter(expires_at__lt=now - PATIENCE).delete()
    await brakes.release()
    told = Account.filter(forget_at__not_isnull=True)
    waiting = Outbox.filter(state__in=_ON_THE_WAY, account__forget_at__gt=now - PATIENCE)
    waiting = waiting.exclude(kind__startswith="staff.")
    due = told.exclude(id__in=[row.account_id for row in await waiting])
    ended = [await _end(account) for account in await due.order_by("id").limit(BATCH)]
    return sum(ended) + await _end_files(desk)


async def _end(account: Account) -> bool:
    """False where they wrote again meanwhile, or another process was faster."""
    async with db.transaction():
        mine = Account.select_for_update().filter(id=account.id, forget_at=account.forget_at)
        if await mine.first() is None:
            return False
        heard = Inbox.filter(channel=account.channel, sender=account.external_id)
        if await heard.filter(state=InboxState.PENDING).exists():
            return False
        await heard.delete()
        await Inbox.filter(id__in=await _of_no_sender(account)).delete()
        await Outbox.filter(account_id=account.id).exclude(kind__startswith="staff.").delete()
        await Conversation.filter(account_id=account.id).delete()
        if await Staff.filter(account_id=account.id).exists():  # a colleague's; the resident in it is gone
            await Account.filter(id=account.id).update(forget_at=None)
        else:
            await Account.filter(id=account.id).delete()
            await Resident.filter(id=account.resident_id).delete()
    return True


async def _of_no_sender(account: Account) -> list[int]:
    """Ids of what came in with their name on it and no sender: what nobody could read, old receipts."""
    name = account.external_id
    either = re.escape(name).replace("/", r"\\?/")  # JSON may write \/
    whole = re.compile(rf"(?<![\w+=]){either}(?![\w+=])")
    nobodys = Inbox.filter(channel=account.channel, sender="").exclude(state=InboxState.PENDING)
    rows = nobodys.filter(Q(payload__contains=name) | Q(payload__contains=name.replace("/", "\\/")))
    return [row.id for row in await rows if whole.search(row.payload)]


async def _end_files(desk: "Desk") -> int:
    """The files first: who is stopped in between does it once more, and leaves none behind."""
    nobodys = Attachment.filter(appeal_id=None, account_id=None, role=Role.RESIDENT)
    rows = await nobodys.order_by("id").limit(BATCH)
    await forget_files(desk.media, rows)
    return await Attachment.filter(id__in=[row.id for row in rows]).delete() if rows else 0
