"""Who hears that deadlines followed a calendar: each who waits; officers in one notice for all of theirs."""

from collections.abc import Sequence

from core import clock
from core.actions import notify
from core.actions.absences import with_substitutes
from core.actions.notify import Told, facts, mark
from core.models import Account, Appeal, Notice, Staff
from core.outbox import Message, queue_all

KIND = "reckoned"


async def residents(appeals: Sequence[Appeal]) -> None:
    """In the chats they came from; nobody is rung up for it."""
    await notify.residents([Told(appeal, {}) for appeal in appeals], KIND)


async def officers(executor: str, appeal: Appeal, *, n: int) -> None:
    """Of `n` appeals that were the executor's, this the last of them; it may be another's by now."""
    now = clock.now()
    people = await Staff.filter(executor_id=executor, active=True)
    people = await with_substitutes(people) if people else []
    notices = [
        Notice(
            staff_id=person.id,
            appeal_id=appeal.id,
            kind=KIND,
            dedupe=mark(KIND, appeal, f"{now:%y%m%d%H%M%S}", person.id),
            at=now,
        )
        for person in people
    ]
    await Notice.bulk_create(notices, ignore_conflicts=True)
    linked = {person.account_id for person in people if person.account_id is not None}
    body = facts(appeal, n=n)
    messages = [
        Message(chat, f"staff.{KIND}", body, appeal_id=appeal.id, held=True)
        for chat in (await Account.filter(id__in=linked).order_by("id") if linked else [])
    ]
    if messages:
        await queue_all(messages)
