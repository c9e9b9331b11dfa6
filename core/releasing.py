"""The sweep that lets held notices go: several of an appeal as one message, the needless not at all.

What goes takes a new place at the end of its chat: messages are told apart by their order, and since a held
one was queued others may have been said.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from core import clock, db, digest, holding, signals
from core.counting import count_up
from core.holding import Manners, Wait
from core.models import Channel, Outbox, OutboxState
from core.pieces import of_batch

if TYPE_CHECKING:
    from core.jobs import Desk

BATCH = 200
# Why one was dropped; the panel knows these.
TOGETHER, NEEDLESS = "told together", "needless"


@dataclass(slots=True)
class _Batch:
    """What becomes of the rows that were looked at."""

    leaving: list[Outbox] = field(default_factory=list)  # rows as they are
    messages: list[Outbox] = field(default_factory=list)  # new rows, in which they go
    waiting: list[tuple[Outbox, Wait]] = field(default_factory=list)
    dropped: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    def leave(self, rows: Sequence[Outbox], now: datetime) -> None:
        if len({row.appeal_id for row in rows}) > 1:  # reminders of many deadlines
            known = rows[-1]
            self.leaving.append(known)
            self.messages.append(_digest(known, digest.digest(rows), now))
            self.dropped[TOGETHER] += [row.id for row in rows if row.id != known.id]
            return
        for bundle in holding.bundles(rows):
            known, body = holding.together(bundle)
            self.leaving.append(known)
            self.messages.append(_anew(known, body, now))
            self.dropped[TOGETHER] += [row.id for row in bundle if row.id != known.id]


async def release(desk: "Desk") -> int:
    """Let go what has waited long enough; how many rows were looked at.

    One process at a time, so that none of an appeal's notices is told apart and no money spent twice.
    """
    if not await _due(clock.now(), 1):
        return 0
    schedule, viber = desk.schedule, desk.city.settings.viber
    manners = Manners.of(schedule, viber, desk.city.pack.timezone)
    async with db.transaction():
        await count_up("releasing")
        now = clock.now()
        rows = await _rows(now)
        batch = _Batch()
        left = await _left(manners, now) if any(_paid(row, now) for row in rows) else 0
        for group in _groups(rows, now):
            left -= _decide(batch, group, manners, now, left)
        await _write(batch, now)
    return of_batch(len(rows), BATCH)


async def _due(now: datetime, limit: int) -> set[int]:
    """The accounts of the notices that have waited longest, of those whose time has come."""
    rows = await db.connection().execute_query_dict(
        # `state` is a literal, as in the index that has the held ones alone.
        f"SELECT account_id FROM outbox WHERE state = 'held' AND due_at <= {db.placeholder(1)}"  # noqa: S608
        f" ORDER BY due_at LIMIT {limit}",
        [now],
    )
    return {row["account_id"] for row in rows}


async def _rows(now: datetime) -> list[Outbox]:
    """All that is held for the accounts for which something is due, in order."""
    return (
        await Outbox.filter(account_id__in=await _due(now, BATCH), state=OutboxState.HELD)
        .order_by("id")
        .select_for_update(of=("outbox",))
        .select_related("account", "appeal")
    )


def _groups(rows: Sequence[Outbox], now: datetime) -> Iterator[list[Outbox]]:
    """Those of one account and appeal, where any of them is due; what staff are told is apart.

    And so are reminders of deadlines, whose appeals are no matter.
    """
    groups: dict[tuple[int, int | None, str], list[Outbox]] = defaultdict(list)
    for row in rows:
        reminds = row.kind in digest.KINDS
        kind = "control" if reminds else "staff" if row.kind.startswith("staff.") else ""
        groups[row.account_id, None if reminds else row.appeal_id, kind].append(row)
    return (group for group in groups.values() if any(row.due_at <= now for row in group))


def _decide(batch: _Batch, group: Sequence[Outbox], manners: Manners, now: datetime, left: int) -> int:
    """All go as soon as one may: a message that is sent anyway takes the others along. How many are paid."""
    true = [row for row in group if not _is_over(row, now)]
    needless = {
        each
        for appeal in dict.fromkeys(row.appeal_id for row in true)
        for each in holding.needless([row for row in true if row.appeal_id == appeal])
    }
    rows = [row for row in true if row.id not in needless]
    batch.dropped[NEEDLESS] += [row.id for row in group if row not in rows]
    paid = _paid(group[0], now)
    waits = [
        (row, manners.wait(row.kind, row.body, row.created_at, now, paid=paid, left=left)) for row in rows
    ]
    if rows and any(wait is None for _, wait in waits):
        before = len(batch.messages)
        batch.leave(rows, now)
        return (len(batch.messages) - before) * paid
    batch.waiting += [(row, wait) for row, wait in waits if wait is not None]
    return 0


def _is_over(row: Outbox, now: datetime) -> bool:
    if row.kind in digest.KINDS:
        return digest.is_past(row, row.appeal, now)
    return holding.is_over(row, row.appeal.status if row.appeal else None, row.account.seen_at)


def _paid(row: Outbox, now: datetime) -> bool:
    return row.channel is Channel.VIBER and holding.is_paid(row.account.seen_at, now)


async def _left(manners: Manners, now: datetime) -> int:
    """For how many more paid messages there is money this month; what is on its way counts as sent."""
    leaving = await Outbox.filter(
        state=OutboxState.PENDING, channel=Channel.VIBER, account__seen_at__lt=now - holding.SESSION
    ).count()  # counted first: one that is recorded in between counts twice rather than never
    sent = await paid_since(manners.month(now)[0])
    return manners.paid_a_month - sent - leaving


async def paid_since(instant: datetime) -> int:
    """How many paid messages were sent since then."""
    rows = await db.connection().execute_query_dict(
        # As in the index that has the paid ones alone.
        f"SELECT count(*) AS n FROM outbox WHERE billable = true AND sent_at >= {db.placeholder(1)}",  # noqa: S608
        [instant],
    )
    return int(rows[0]["n"])


def _digest(row: Outbox, body: dict[str, object], now: datetime) -> Outbox:
    """Of no appeal: who looks at one must not find what was said of the others."""
    found = _anew(row, body, now)
    found.appeal_id, found.kind = None, digest.DIGEST
    return found


def _anew(row: Outbox, body: dict[str, object], now: datetime) -> Outbox:
    return Outbox(
        account_id=row.account_id,
        appeal_id=row.appeal_id,
        channel=row.channel,
        kind=row.kind,
        body=body,
        slot=row.slot,
        edits=row.edits,
        dedupe=row.dedupe,
        created_at=row.created_at,
        due_at=now,
        trace=row.trace,
    )


async def _write(batch: _Batch, now: datetime) -> None:
    for error, ids in batch.dropped.items():
        if ids:
            await Outbox.filter(id__in=ids).update(state=OutboxState.DROPPED, error=error, due_at=now)
    if batch.messages:
        await Outbox.filter(id__in=[row.id for row in batch.leaving]).delete()
        await Outbox.bulk_create(batch.messages)
    for row, wait in batch.waiting:
        row.due_at, row.held_for = wait.until, wait.why.value
    if batch.waiting:
        rows = [row for row, _ in batch.waiting]
        await Outbox.bulk_update(rows, fields=["due_at", "held_for"], batch_size=1000)
    for channel in {row.channel for row in batch.messages}:
        signals.outbox[channel].after_commit()
