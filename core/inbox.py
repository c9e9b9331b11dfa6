"""The durable way in: store what a platform sent before answering it, then take it in order for each sender.

A batch is one transaction: the heads of many senders' queues are claimed, handled and marked done
together, so that a kill at any instant leaves all of it done or none. When something in a batch fails, its
rows are taken one by one, each with its own fate.
"""

import hashlib
import itertools
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from core import clock, db, log, signals
from core.models import Channel, Inbox, InboxState

BATCH = 100
ATTEMPTS = 5
_log = log.get(__name__)


@dataclass(frozen=True, slots=True)
class Received:
    """An update as a platform sent it; `error` where it can't be read and is to be parked."""

    channel: Channel
    external_id: str
    sender: str
    payload: str
    error: str = ""

    @classmethod
    def unreadable(cls, channel: Channel, body: bytes, error: str) -> "Received":
        """What no parser understood: kept whole, known by its content, so that repeats are one."""
        return cls(
            channel=channel,
            external_id="sha256:" + hashlib.sha256(body).hexdigest(),
            sender="",
            payload=body.decode("utf-8", "backslashreplace").replace("\x00", "\\x00"),
            error=error,
        )


@dataclass(frozen=True, slots=True)
class Taken:
    """An update whose turn has come."""

    id: int
    channel: Channel
    external_id: str
    payload: str
    attempts: int
    trace: str


Handler = Callable[[Sequence[Taken]], Awaitable[None]]


async def receive(updates: Sequence[Received]) -> None:
    """Put updates on disk; repeats are no-ops. When this returns, they survive a power cut."""
    if not updates:
        return
    rows = [_row(update) for update in updates]
    places = (db.placeholder(position) for position in itertools.count(1))
    listed = ", ".join(f"({', '.join(itertools.islice(places, len(row)))})" for row in rows)
    await db.connection().execute_query(_STORE.format(listed), list(itertools.chain(*rows)))
    signals.inbox.after_commit()


# One statement: on its own it is a transaction, and the platform waits for it.
_STORE = """
INSERT INTO inbox (channel, external_id, sender, payload, state, error, received_at, due_at, trace, attempts)
VALUES {} ON CONFLICT DO NOTHING
"""


def _row(update: Received) -> tuple[Any, ...]:
    now = clock.now()
    return (
        update.channel.value,
        db.storable(update.external_id)[:200],
        db.storable(update.sender)[:128],
        db.storable(update.payload),
        (InboxState.PARKED if update.error else InboxState.PENDING).value,
        db.storable(update.error)[:1000],
        now,
        now,
        log.new_trace(),
        0,
    )


async def work_off(handler: Handler) -> int:
    """Take one batch through `handler` in one transaction; how many rows it was.

    Where it knows of more, it raises `signals.inbox` again: no need to look once more in vain.
    """
    rows: list[Taken] = []
    more = False
    try:
        async with db.transaction():
            rows, more = await _heads(BATCH)
            if rows:
                await handler(rows)
                await _done(rows)
    except Exception as error:  # whatever it was, it must not stop the others
        if db.is_outage(error):
            raise  # the database's fault, not the update's: the caller waits and tries again
        _log.warning("inbox.batch_failed", rows=len(rows), error=type(error).__name__)
        for row in rows:
            await _alone(row, handler)
    if more:
        signals.inbox.set()
    return len(rows)


async def replay(inbox_id: int) -> bool:
    """Take a parked update once more; False where it isn't parked (any longer)."""
    replayed = await Inbox.filter(id=inbox_id, state=InboxState.PARKED).update(
        state=InboxState.PENDING, attempts=0, error="", due_at=clock.now()
    )
    signals.inbox.set()
    return replayed == 1


async def _alone(row: Taken, handler: Handler) -> None:
    try:
        async with db.transaction():
            mine = await _locked(row.id)
            if mine:
                await handler(mine)
                await _done(mine)
    except Exception as error:  # kept and parked, never dropped
        if db.is_outage(error):
            raise
        attempts = row.attempts + 1
        parked = attempts >= ATTEMPTS
        with log.trace(row.trace):
            _log.error("inbox.failed", inbox=row.id, attempts=attempts, parked=parked, exc_info=error)
        await Inbox.filter(id=row.id, state=InboxState.PENDING).update(
            attempts=attempts,
            error=db.storable(f"{type(error).__name__}: {error}")[:1000],
            state=InboxState.PARKED if parked else InboxState.PENDING,
            due_at=clock.now() + timedelta(seconds=2**attempts),
        )


async def _heads(limit: int) -> tuple[list[Taken], bool]:
    """The oldest waiting update of each sender, if it is due; locked against other processes.

    And whether there are more, of these senders or of others.
    """
    heads = await db.connection().execute_query_dict(
        _HEADS.format(columns=_COLUMNS, limit=limit, now=db.placeholder(1), lock=db.skip_locked()),
        [clock.now()],
    )
    return [_taken(row) for row in heads], len(heads) == limit or any(row["more"] for row in heads)


def _taken(row: Mapping[str, Any]) -> Taken:
    return Taken(
        id=row["id"],
        channel=Channel(row["channel"]),
        external_id=row["external_id"],
        payload=row["payload"],
        attempts=row["attempts"],
        trace=row["trace"],
    )


_COLUMNS = "id, channel, external_id, payload, attempts, trace"
_HEADS = """
SELECT {columns}, sender <> '' AND EXISTS (
    SELECT 1 FROM inbox AS later
    WHERE later.state = 'pending' AND later.channel = waiting.channel
      AND later.sender = waiting.sender AND later.id > waiting.id) AS more
FROM inbox AS waiting
WHERE state = 'pending' AND due_at <= {now} AND (sender = '' OR NOT EXISTS (
    SELECT 1 FROM inbox AS earlier
    WHERE earlier.state = 'pending' AND earlier.channel = waiting.channel
      AND earlier.sender = waiting.sender AND earlier.id < waiting.id))
ORDER BY id LIMIT {limit} {lock}
"""


async def _locked(inbox_id: int) -> list[Taken]:
    rows = await db.connection().execute_query_dict(
        _ONE.format(columns=_COLUMNS, id=db.placeholder(1), lock=db.skip_locked()), [inbox_id]
    )
    return [_taken(row) for row in rows]


_ONE = "SELECT {columns} FROM inbox WHERE id = {id} AND state = 'pending' {lock}"


async def _done(rows: Sequence[Taken]) -> None:
    """Mark those done that the handler has neither parked nor put off."""
    now = clock.now()
    places = [db.placeholder(position) for position in range(1, len(rows) + 3)]
    await db.connection().execute_query(
        _DONE.format(done_at=places[0], now=places[1], ids=", ".join(places[2:])),
        [now, now, *(row.id for row in rows)],
    )


_DONE = """
UPDATE inbox SET state = 'done', done_at = {done_at}
WHERE due_at <= {now} AND state = 'pending' AND id IN ({ids})
"""


async def put_off(row: Taken) -> bool:
    """Have a row taken again in a moment, from within its handler; False where that was done often enough."""
    attempts = row.attempts + 1
    if attempts >= ATTEMPTS:
        return False
    due = clock.now() + timedelta(seconds=2**attempts / 4)
    await Inbox.filter(id=row.id).update(attempts=attempts, due_at=due)
    return True
