"""The sweep that calls unsent drafts to mind, each once after its last change."""

from typing import TYPE_CHECKING

from core import clock, db
from core.models import Account
from core.outbox import Message, queue_all
from core.pieces import of_batch

if TYPE_CHECKING:
    from core.jobs import Desk

BATCH = 200


async def remind_of_drafts(desk: "Desk") -> int:
    """The dialogue says, with each change of a draft, when to; who is out of reach is not called."""
    del desk
    async with db.transaction():
        rows = await db.connection().execute_query_dict(
            _TAKE.format(limit=BATCH, now=db.placeholder(1), lock=db.skip_locked()), [clock.now()]
        )
        if not rows:
            return 0
        ids = [row["account_id"] for row in rows]
        accounts = await Account.filter(id__in=ids, reachable=True).order_by("id")
        await queue_all([Message(account, "draft_reminder", {}, held=True) for account in accounts])
    return of_batch(len(rows), BATCH)


_TAKE = """
UPDATE conversation SET remind_at = NULL WHERE account_id IN (
    SELECT account_id FROM conversation WHERE remind_at <= {now} ORDER BY remind_at LIMIT {limit} {lock})
RETURNING account_id
"""
