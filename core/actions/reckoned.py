"""Who hears that deadlines followed a calendar: each who waits; officers in one notice for all of theirs."""

from collections.abc import Sequence

from core import clock
from core.actions.absences import with_substitutes
from core.actions.notify import facts, mark
from core.models import Account, Appeal, Channel, Notice, Staff, Supporter
from core.outbox import Message, queue_all

KIND = "reckoned"


async def residents(appeals: Sequence[Appeal]) -> None:
    """In the chats they came from; nobody is rung up for it."""
    joined = [appeal.id for appeal in appeals if appeal.supporters]
    found = (
        await Supporter.filter(appeal_id__in=joined).values_list("appeal_id", "account_id") if joined else []
    )
    chats = {(appeal.id, appeal.account_id) for appeal in appeals} | set(found)
    wanted = {account for _, account in chats if account is not None}
    accounts = Account.filter(id__in=wanted).exclude(channel=Channel.PHONE)
    known = {account.id: account for account in await accounts} if wanted else {}
    by_id = {appeal.id: appeal for appeal in appeals}
    messages = [
        Message(account, "reckoned", facts(by_id[one]), appeal_id=one, held=True)
        for one, number in sorted(chats, key=str)
        if (account := known.get(number))
    ]
    if messages:
        await queue_all(messages)


async def officers(appeal: Appeal, *, n: int) -> None:
    """Of `n` appeals of an executor, this the last of them."""
    now = clock.now()
    people = await Staff.filter(executor_id=appeal.executor_id, active=True)
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
