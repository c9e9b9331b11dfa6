"""The sweep that ends what core/actions/forgetting.py began, once the last word has been told.

Who writes again before that is a newcomer, and stays.
"""

import re
from collections.abc import Sequence
from datetime import timedelta
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from tortoise.expressions import Q

from core import brakes, clock, db
from core.media_fetch import forget_files
from core.models import (
    Account,
    Attachment,
    Channel,
    Conversation,
    Inbox,
    InboxState,
    LinkCode,
    Outbox,
    Resident,
)
from core.pieces import More

if TYPE_CHECKING:
    from core.jobs import Desk  # which names this sweep: the circle is only in the types

BATCH, FILES = 3, 200  # people leave traces in tables that are looked through from end to end
PATIENCE = timedelta(hours=1)  # for a platform that doesn't take the last word


async def end_forgotten(desk: "Desk") -> int:
    """Delete the accounts of those who asked for it, and the files that were let go."""
    now = clock.now()
    await LinkCode.filter(expires_at__lt=now - PATIENCE).delete()
    await brakes.release()
    async with db.transaction():
        rows = await db.connection().execute_query_dict(
            _DUE.format(
                limit=BATCH,
                since=db.placeholder(1),
                lock="" if db.is_sqlite() else "FOR UPDATE OF account SKIP LOCKED",
            ),
            [now - PATIENCE],
        )
        if rows:
            await _end(await Account.filter(id__in=[row["id"] for row in rows]).order_by("id"))
    files = await _end_files(desk)
    done = len(rows) + files
    return More(done) if len(rows) == BATCH or files == FILES else done


# Who has been told, or can't be; not who wrote again meanwhile.
_DUE = """
SELECT id FROM account WHERE forget_at IS NOT NULL AND NOT (forget_at > {since} AND EXISTS (
    SELECT 1 FROM outbox WHERE outbox.account_id = account.id AND outbox.state IN ('pending', 'held')
        AND outbox.kind NOT LIKE 'staff.%'))
AND NOT EXISTS (
    SELECT 1 FROM inbox WHERE inbox.state = 'pending' AND inbox.channel = account.channel
        AND inbox.sender = account.external_id)
ORDER BY id LIMIT {limit} {lock}
"""


async def _end(accounts: Sequence[Account]) -> None:
    """All that is kept of them, within the open transaction, which holds them."""
    ids = [account.id for account in accounts]
    for channel in sorted({account.channel for account in accounts}):
        names = [account.external_id for account in accounts if account.channel == channel]
        heard = Inbox.filter(channel=channel, sender__in=names)
        await heard.exclude(state=InboxState.PENDING).delete()  # who writes in this moment, is a newcomer
        if found := await _of_no_sender(channel, names):
            await Inbox.filter(id__in=found).delete()
    await Outbox.filter(account_id__in=ids).delete()
    await Conversation.filter(account_id__in=ids).delete()
    await Account.filter(id__in=ids).delete()
    await Resident.filter(id__in=[account.resident_id for account in accounts]).delete()


async def _of_no_sender(channel: Channel, names: Sequence[str]) -> list[int]:
    """Ids of what came in with their names on it and no sender: what nobody could read, old receipts."""
    spelt = [name.replace("/", "\\/") for name in names]  # as JSON may write it
    named = reduce(or_, [Q(payload__contains=each) for each in {*names, *spelt}])
    nobodys = Inbox.filter(channel=channel, sender="").exclude(state=InboxState.PENDING)
    either = "|".join(re.escape(name).replace(r"/", r"\\?/") for name in names)
    whole = re.compile(rf"(?<![\w+=])(?:{either})(?![\w+=])")
    return [row.id for row in await nobodys.filter(named) if whole.search(row.payload)]


async def _end_files(desk: "Desk") -> int:
    """The files first: who is stopped in between does it once more, and leaves none behind."""
    nobodys = Attachment.filter(appeal_id=None, account_id=None, draft="")  # one of a form has its mark
    rows = await nobodys.order_by("id").limit(FILES)
    await forget_files(desk.media, rows)
    return await Attachment.filter(id__in=[row.id for row in rows]).delete() if rows else 0
