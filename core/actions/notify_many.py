"""What people are told of what is done to many at once, and what they needn't hear once it is put back."""

from collections.abc import Collection
from datetime import datetime

from core import clock
from core.actions import calls
from core.actions.absences import with_substitutes
from core.actions.calls import UNSPOKEN
from core.actions.notify import facts
from core.models import Account, Appeal, Notice, Outbox, OutboxState, Staff, Task, TaskKind
from core.outbox import Message, queue_all
from core.releasing import NEEDLESS

LONGEST_SLOT = 64


async def handed_many(appeal: Appeal, *, mark: str, n: int) -> None:
    """Tell the officers of `n` appeals so far that were given to them at once, this one the latest.

    One message for all, which the next replaces while it waits; what is urgent is told by itself.
    """
    if appeal.executor_id is None:
        return
    people, slot, now = await _officers(appeal.executor_id), _slot(appeal.executor_id, mark), clock.now()
    notices = [
        Notice(
            staff_id=person.id,
            appeal_id=appeal.id,
            kind="assigned_bulk",
            dedupe=f"{slot}:{person.id}",
            at=now,
        )
        for person in people
    ]
    await Notice.bulk_create(notices, ignore_conflicts=True)
    body = facts(appeal, n=n)
    await queue_all(
        [
            Message(chat, "staff.assigned_bulk", body, appeal_id=appeal.id, slot=slot, held=True)
            for chat in await _chats(people)
        ]
    )


async def take_back_many(executor: str, *, mark: str) -> None:
    """What was given at once is theirs no more: who hasn't read so yet needn't."""
    people, slot = await _officers(executor), _slot(executor, mark)
    await Notice.filter(dedupe__in=[f"{slot}:{person.id}" for person in people], read_at=None).delete()
    accounts = [chat.id for chat in await _chats(people)]
    await _drop(await Outbox.filter(account_id__in=accounts, state=OutboxState.HELD, slot=slot))


async def take_back(appeal: Appeal, kind: str, *, since: datetime) -> frozenset[int]:
    """Drop the residents' notices of this kind that still wait, since it was put back; to which accounts.

    For those nothing has happened. The others have heard it, and must hear how it is now. Who was to be rung
    up about it needn't be.
    """
    waiting = Outbox.filter(appeal_id=appeal.id, kind=kind, state=OutboxState.HELD, created_at__gte=since)
    dropped = await _drop(await waiting.order_by("id"))
    if kind in UNSPOKEN:
        return dropped
    asked = Task.filter(appeal_id=appeal.id, kind=TaskKind.CALL, done_at=None, created_at__gte=since)
    uncalled = {int((call.dedupe or "0").rpartition(":")[2]) for call in await asked}
    for account in uncalled:
        await calls.forget(account, [appeal.id])
    return dropped | uncalled


async def _drop(rows: Collection[Outbox]) -> frozenset[int]:
    dropped = set()
    for row in rows:
        still = Outbox.filter(id=row.id, state=OutboxState.HELD)
        if await still.update(state=OutboxState.DROPPED, error=NEEDLESS, due_at=clock.now()):
            dropped.add(row.account_id)
    return frozenset(dropped)


async def _officers(executor: str) -> list[Staff]:
    people = await Staff.filter(executor_id=executor, active=True)
    return await with_substitutes(people) if people else []


async def _chats(people: Collection[Staff]) -> list[Account]:
    linked = {person.account_id for person in people if person.account_id is not None}
    return await Account.filter(id__in=linked).order_by("id") if linked else []


def _slot(executor: str, mark: str) -> str:
    return f"bulk:{mark}:{executor}"[:LONGEST_SLOT]
