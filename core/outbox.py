"""The durable way out: queue within the action's transaction; claim, send, record. Order in a chat is kept.

A claim is a lease: who dies with a claimed row leaves it to be sent again when the lease is over, and the
row then says `repeated`. No transaction is open while the network is used (see core/courier.py).

What is queued as held waits aside, holding nobody up, until core/releasing.py lets it go.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from tortoise.functions import Max

from core import clock, db, signals
from core.holding import Why
from core.log import current_trace
from core.models import Account, Channel, Outbox, OutboxState

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
LEASE = timedelta(seconds=30)
WAITING = (OutboxState.HELD, OutboxState.PENDING)
REPLIES = ("reply", "staff.reply")  # what answers a turn; the second to a colleague, of work
_UNANSWERED = (OutboxState.SENT, OutboxState.DELIVERED)


@dataclass(frozen=True, slots=True)
class Message:
    """What to queue. Of one `slot`, a newer message replaces one that hasn't left; `edits`: one that has.

    With `dedupe`, a second queueing of the same message does nothing. `held`: a notice that may wait.
    """

    account: Account
    kind: str
    body: dict[str, Any]
    appeal_id: int | None = None
    slot: str = ""
    edits: bool = False
    dedupe: str | None = None
    delay: timedelta = timedelta()
    held: bool = False
    trace: str = ""  # the present one, if empty


@dataclass(frozen=True, slots=True)
class Letter:
    """One claimed outbox row with what its sender needs to know."""

    id: int
    account_id: int
    to: str  # chat id or user id at the platform
    language: str
    kind: str
    body: dict[str, Any]
    replaces: str | None  # provider id of the message it may be edited into
    attempts: int
    trace: str
    billable: bool
    leased_until: datetime


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a letter: delivered to the platform, to be tried again, or refused for good."""

    letter: Letter
    provider_id: str | None = None
    retry_in: float | None = None  # seconds
    error: str = ""
    unreachable: bool = False
    ambiguous: bool = False  # it may have arrived, only the answer was lost


async def queue(message: Message) -> None:
    """Queue one message within the open transaction; it leaves when that has committed."""
    await queue_all([message])


async def queue_all(messages: Sequence[Message]) -> None:
    """Queue messages, in order, within the open transaction."""
    if not messages:
        return
    now = clock.now()
    await _overtake(messages)
    trace = current_trace()
    rows = [
        [
            message.account.id,
            message.appeal_id,
            message.account.channel.value,
            message.kind,
            json.dumps(message.body, ensure_ascii=False),
            message.slot,
            message.edits,
            message.dedupe,
            (OutboxState.HELD if message.held else OutboxState.PENDING).value,
            now,
            now + message.delay,
            message.trace or trace,
        ]
        for message in messages
    ]
    values = [db.placeholder(position) for position in range(1, len(rows[0]) + 1)]
    await db.connection().execute_many(_QUEUE.format(", ".join(values)), rows)
    for channel in {message.account.channel for message in messages if not message.held}:
        signals.outbox[channel].after_commit()


# By hand: the ORM takes as long to write it down as the database to keep it, and each turn queues one.
_QUEUE = """
INSERT INTO outbox (account_id, appeal_id, channel, kind, body, slot, edits, dedupe, state, created_at,
    due_at, trace, attempts, error, claimed, repeated, billable)
VALUES ({}, 0, '', false, false, false) ON CONFLICT DO NOTHING
"""


async def _overtake(messages: Sequence[Message]) -> None:
    """Drop what hasn't left of the slots that these messages are newer versions of."""
    slots = {(message.account.id, message.slot) for message in messages if message.slot}
    if not slots:
        return
    waiting = await Outbox.filter(
        account_id__in={account for account, _ in slots},
        state__in=WAITING,
        slot__in={slot for _, slot in slots},
        claimed=False,
    ).values_list("id", "account_id", "slot")
    if older := [row for row, account, slot in waiting if (account, slot) in slots]:
        await Outbox.filter(id__in=older, state__in=WAITING, claimed=False).update(
            state=OutboxState.DROPPED, error="newer version"
        )


async def claim(channel: Channel, limit: int, *, session: timedelta | None = None) -> list[Letter]:
    """Take up to `limit` due messages, the oldest of each chat; ours until the lease is over.

    `session`: how long after the resident's last message the platform sends for free, where it matters.
    """
    now = clock.now()
    lease = now + LEASE
    places = {
        name: db.placeholder(position)
        for position, name in enumerate(("lease", "channel", "now", "since"), 1)
    }
    rows = await db.connection().execute_query_dict(
        _CLAIM.format(limit=limit, lock=db.skip_locked(), **places),
        [lease, channel.value, now, now - session if session else _NEVER],
    )
    if not rows:
        return []
    above = await _latest([row["account_id"] for row in rows if row["edits"]])
    letters = []
    for row in sorted(rows, key=lambda row: int(row["id"])):
        latest = above.get(row["account_id"])
        letters.append(
            Letter(
                id=row["id"],
                account_id=row["account_id"],
                to=row["external_id"],
                language=row["language"],
                kind=row["kind"],
                body=json.loads(row["body"]),
                replaces=latest[1] if row["edits"] and latest and latest[0] == row["slot"] else None,
                attempts=row["attempts"],
                trace=row["trace"],
                billable=bool(row["billable"]),
                leased_until=lease,
            )
        )
    return letters


# One statement: on its own it is a transaction, and rows that the ORM would make cost more than sending.
_CLAIM = """
UPDATE outbox SET claimed = true, due_at = {lease}, repeated = (repeated OR claimed) WHERE id IN (
    SELECT id FROM outbox AS waiting
    WHERE state = 'pending' AND channel = {channel} AND due_at <= {now} AND NOT EXISTS (
        SELECT 1 FROM outbox AS earlier
        WHERE earlier.account_id = waiting.account_id AND earlier.state = 'pending'
          AND earlier.id < waiting.id)
    ORDER BY id LIMIT {limit} {lock})
RETURNING id, account_id, kind, body, slot, edits, attempts, trace,
    (SELECT external_id FROM account WHERE account.id = account_id) AS external_id,
    (SELECT language FROM account WHERE account.id = account_id) AS language,
    (SELECT seen_at < {since} FROM account WHERE account.id = account_id) AS billable
"""


async def _latest(accounts: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Slot and provider id of each chat's last message: what a newer version may be edited into."""
    if not accounts:
        return {}
    sent = Outbox.filter(account_id__in=accounts, provider_id__not_isnull=True)
    last = await sent.group_by("account_id").annotate(last=Max("id")).values_list("last", flat=True)
    rows = await Outbox.filter(id__in=last).values_list("account_id", "slot", "provider_id")
    return {account: (slot, provider_id) for account, slot, provider_id in rows}


async def record(outcomes: Sequence[Outcome]) -> None:
    """Write what became of claimed letters, all in one transaction."""
    sent = [outcome for outcome in outcomes if outcome.provider_id is not None]
    if len(sent) == len(outcomes) == 1:  # the usual case, and one statement is a transaction by itself
        await _record_sent(sent)
        return
    now = clock.now()
    async with db.transaction():
        await _record_sent(sent)
        for outcome in outcomes:
            if outcome.provider_id is not None:
                continue
            error = db.storable(outcome.error)[:300]
            mine = Outbox.filter(id=outcome.letter.id, state=OutboxState.PENDING)
            attempts = outcome.letter.attempts + 1
            if outcome.retry_in is not None:
                due = now + timedelta(seconds=outcome.retry_in)
                await mine.update(claimed=False, attempts=attempts, due_at=due, error=error)
                if outcome.ambiguous:
                    await mine.update(repeated=True)
                continue
            await mine.update(state=OutboxState.FAILED, attempts=attempts, error=error)
            if outcome.unreachable:
                await mark_unreachable(outcome.letter.account_id, error)


async def _record_sent(outcomes: Sequence[Outcome]) -> None:
    if not outcomes:
        return
    now = clock.now()
    sql = _SENT.format(*(db.placeholder(position) for position in range(1, 5)))
    rows = [[each.provider_id, now, each.letter.billable, each.letter.id] for each in outcomes]
    if len(rows) == 1:
        await db.connection().execute_query(sql, rows[0])
    else:
        await db.connection().execute_many(sql, rows)


_SENT = """
UPDATE outbox SET state = 'sent', claimed = false, attempts = attempts + 1, error = '',
    provider_id = {}, sent_at = {}, billable = {}
WHERE id = {} AND state = 'pending'
"""


async def mark_unreachable(account_id: int, why: str) -> None:
    """The platform says for good that this account can't be written to; what waits for it has failed."""
    await Account.filter(id=account_id).update(reachable=False, unreachable_why=why[:200])
    await Outbox.filter(account_id=account_id, state__in=WAITING).update(
        state=OutboxState.FAILED, error=why[:300]
    )


async def end_work(account_id: int) -> None:
    """The chat is no colleague's any more, within the open transaction: nothing of work is sent there."""
    waiting = Outbox.filter(
        account_id=account_id, kind__startswith="staff.", state__in=WAITING, claimed=False
    )
    await waiting.update(state=OutboxState.DROPPED, error="no longer linked")


async def opened(account_ids: Sequence[int]) -> None:
    """They wrote, within the open transaction: what waited for that, or for money, is due."""
    await Outbox.filter(
        account_id__in=account_ids, state=OutboxState.HELD, held_for__in=(Why.SESSION, Why.BUDGET)
    ).update(due_at=clock.now())


async def receipt(channel: Channel, provider_id: str, state: OutboxState, error: str = "") -> bool:
    """A platform's word on what it took: delivered, seen or failed. Late and repeated ones change nothing.

    False where no message is known by that id: the word may be faster than the platform's own answer.
    """
    now = clock.now()
    sent = Outbox.filter(channel=channel, provider_id=provider_id)
    if not await sent.exists():
        return False
    if state is OutboxState.DELIVERED:
        await sent.filter(state=OutboxState.SENT).update(state=state, delivered_at=now)
    elif state is OutboxState.SEEN:
        await sent.filter(state__in=_UNANSWERED).update(state=state, seen_at=now)
    elif state is OutboxState.FAILED:
        await sent.filter(state__in=_UNANSWERED).update(state=state, error=error[:300])
    return True


async def retry(outbox_id: int) -> bool:
    """Send a failed message once more; False where it hasn't failed (any longer)."""
    row = await Outbox.get_or_none(id=outbox_id, state=OutboxState.FAILED)
    if row is None:
        return False
    taken = await Outbox.filter(id=outbox_id, state=OutboxState.FAILED).update(
        state=OutboxState.PENDING, attempts=0, due_at=clock.now(), claimed=False
    )
    signals.outbox[row.channel].set()
    return taken == 1
