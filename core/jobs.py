"""The sweeps: each looks at the database and acts on what is due; core/scheduler.py runs them.

A sweep run twice, late, or by two processes at once does its work once: each piece is taken by a
conditional update or carries a unique key.
"""

from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from core import clock, db, media_fetch
from core.actions import notify, presence
from core.actions.poll import close_silent
from core.city import City
from core.config import Schedule
from core.daily import day_done, day_due
from core.learning import retraining
from core.media import MediaStore
from core.models import (
    AlarmCall,
    AlarmState,
    Appeal,
    Attachment,
    Channel,
    Duty,
    Inbox,
    InboxState,
    Job,
    LinkToken,
    Session,
    SignInFailure,
)
from core.models.appeals import AttachmentState
from core.pieces import of_batch
from core.queries.sql import Where, select
from core.workflow import Status, Verb

BATCH = 200
PIECE = 1000  # of what is deleted
PHOTOS_WAIT = timedelta(hours=1)  # a channel that was switched off brings none any more
RETRAIN = "retrain"
KEEP_INBOX = timedelta(days=30)  # then what residents sent word for word is only in their appeals
KEEP_NUMBERS = timedelta(days=14)  # of people rung up: who looks into an emergency does so in these days
KEEP_DUTIES = timedelta(days=180)  # whom to pay and whom to spare is settled by then

Fetch = Callable[[str], AsyncIterator[bytes]]


@dataclass(frozen=True, slots=True)
class Desk:
    """What the sweeps work with. `counted`: events of the last minutes that the figures know."""

    city: City
    schedule: Schedule
    media: MediaStore
    fetchers: Mapping[Channel, Fetch]
    counted: set[int] = field(default_factory=set)


async def announce_results(desk: Desk) -> int:
    """Tell residents «your request is resolved», with the answer and the photo, and ask whether it is.

    A photo that the officer sent from a chat is waited for, until it is here or given up, but not long.
    """
    del desk
    now = clock.now()
    async with db.transaction():
        rows = await db.connection().execute_query_dict(
            _ASK.format(limit=BATCH, now=db.placeholder(1), since=db.placeholder(2), lock=_locked()),
            [now, now - PHOTOS_WAIT],
        )
        if not rows:
            return 0
        appeals = await Appeal.filter(id__in=[row["appeal_id"] for row in rows]).order_by("id")
        photos = await _photos_of_results([appeal.id for appeal in appeals])
        told = [
            notify.Told(
                appeal,
                {"text": appeal.answer, "photos": photos[appeal.id]},
                f"resolved:{appeal.id}:{appeal.reopen_count}",
            )
            for appeal in appeals
        ]
        await notify.residents(told, "resolved")
    return of_batch(len(rows), BATCH)


# The question for each answer of the city; who writes it down is the one who tells it.
_ASK = """
INSERT INTO survey (appeal_id, round, sent_at, words)
SELECT id, reopen_count, {now}, '' FROM appeal WHERE status = 'resolved' AND NOT EXISTS (
    SELECT 1 FROM survey AS asked WHERE asked.appeal_id = appeal.id AND asked.round = appeal.reopen_count)
AND NOT EXISTS (
    SELECT 1 FROM attachment WHERE attachment.appeal_id = appeal.id AND attachment.state = 'waiting'
        AND attachment.role = 'executor' AND attachment.created_at > {since})
ORDER BY id LIMIT {limit} {lock}
ON CONFLICT DO NOTHING RETURNING appeal_id
"""


def _locked() -> str:
    """Ends a SELECT of appeals that is to hold them against other processes until the transaction ends."""
    return "" if db.is_sqlite() else "FOR UPDATE OF appeal SKIP LOCKED"


async def _photos_of_results(appeals: Sequence[int]) -> dict[int, list[int]]:
    """Those of each one's last report, the first ten."""
    where = Where()
    where.add(f"appeal_id IN ({where.listed(tuple(appeals))})")
    where.add(f"verb = {where.value(Verb.REPORT)}")
    last = f"SELECT max(id) FROM event {where} GROUP BY appeal_id"  # noqa: S608
    stored = f"state = {where.value(AttachmentState.STORED)}"
    rows = await select(
        f"SELECT id, appeal_id FROM attachment WHERE event_id IN ({last}) AND {stored} ORDER BY id",  # noqa: S608
        where.values,
    )
    found: dict[int, list[int]] = defaultdict(list)
    for row in rows:
        found[row["appeal_id"]].append(row["id"])
    return defaultdict(list, {appeal: photos[:10] for appeal, photos in found.items()})


async def remind_of_polls(desk: Desk) -> int:
    """Ask once more those who haven't said whether it is solved."""
    now = clock.now()
    async with db.transaction():
        rows = await db.connection().execute_query_dict(
            _REMIND.format(
                limit=BATCH, before=db.placeholder(1), now=db.placeholder(2), lock=db.skip_locked()
            ),
            [now - timedelta(days=desk.schedule.poll_reminder_days), now],
        )
        if not rows:
            return 0
        asked = {(row["appeal_id"], row["round"]) for row in rows}
        ids = [appeal_id for appeal_id, _ in asked]
        told = [
            notify.Told(appeal, {}, f"poll_reminder:{appeal.id}:{appeal.reopen_count}")
            for appeal in await Appeal.filter(id__in=ids, status=Status.RESOLVED).order_by("id")
            if (appeal.id, appeal.reopen_count) in asked
        ]
        await notify.residents(told, "poll_reminder", silent=True)
    return of_batch(len(rows), BATCH)


# Looked for once: within IN, PostgreSQL may look again for each row, and pass the limit.
_REMIND = """
WITH due AS MATERIALIZED (
    SELECT id FROM survey WHERE solved IS NULL AND reminded_at IS NULL AND sent_at <= {before}
    ORDER BY sent_at, id LIMIT {limit} {lock})
UPDATE survey SET reminded_at = {now} WHERE reminded_at IS NULL AND id IN (SELECT id FROM due)
RETURNING appeal_id, round
"""


async def close_unanswered(desk: Desk) -> int:
    """Silence for some days closes what was answered; who hasn't been told yet is not silent."""
    long_ago = clock.now() - timedelta(days=desk.schedule.close_after_days)
    async with db.transaction():
        rows = await db.connection().execute_query_dict(
            _SILENT.format(limit=BATCH, before=db.placeholder(1), lock=_locked()), [long_ago]
        )
        if rows:
            await close_silent(await Appeal.filter(id__in=[row["id"] for row in rows]).order_by("id"))
    return of_batch(len(rows), BATCH)


_SILENT = """
SELECT id FROM appeal WHERE status IN ('resolved', 'explained') AND answered_at <= {before}
AND (status = 'explained' OR EXISTS (
    SELECT 1 FROM survey WHERE survey.appeal_id = appeal.id AND survey.round = appeal.reopen_count))
AND NOT EXISTS (
    SELECT 1 FROM outbox WHERE outbox.appeal_id = appeal.id AND outbox.state IN ('held', 'pending')
        AND outbox.kind IN ('resolved', 'explained'))
AND NOT EXISTS (
    SELECT 1 FROM task WHERE task.appeal_id = appeal.id AND task.kind = 'call' AND task.done_at IS NULL)
ORDER BY answered_at, id LIMIT {limit} {lock}
"""


async def fetch_media(desk: Desk) -> int:
    """Bring files from the platforms to where we keep them."""
    return await media_fetch.fetch_due(desk.media, desk.fetchers)


async def forget(desk: Desk) -> int:
    """Delete what has served: updates long done, photos that came to nothing, sessions and links run out.

    Of what there is much of, a piece at a time: nobody waits for a whole month of it.
    """
    now = clock.now()
    gone = (
        await _forget_photos(desk, now - timedelta(days=2 * desk.schedule.draft_days)),
        await _forget_updates(now - KEEP_INBOX),
        await Session.filter(expires_at__lt=now).delete(),
        await LinkToken.filter(expires_at__lt=now).delete(),
        await SignInFailure.filter(at__lt=now - timedelta(days=1)).delete(),
        await _forget_numbers(now - KEEP_NUMBERS),
        await Duty.filter(ends_at__lt=now - KEEP_DUTIES).delete(),
        await presence.sweep(),
    )
    return of_batch(sum(gone), BATCH)


async def _forget_updates(before: datetime) -> int:
    """The oldest are looked at alone: looking for all that are old would read all that are kept."""
    oldest = await Inbox.filter(state=InboxState.DONE).order_by("id").limit(PIECE).values("id", "done_at")
    old = [row["id"] for row in oldest if row["done_at"] and row["done_at"] < before]
    return await Inbox.filter(id__in=old).delete() if old else 0


async def _forget_numbers(before: datetime) -> int:
    """Private telephones in the call-lists of alarms that are over."""
    over = (AlarmState.ACKNOWLEDGED, AlarmState.ENDED)
    kept = AlarmCall.filter(phone__not="", alarm__state__in=over, alarm__began_at__lt=before)
    old = [row["id"] for row in await kept.order_by("id").limit(PIECE).values("id")]
    return await AlarmCall.filter(id__in=old).update(phone="") if old else 0


async def _forget_photos(desk: Desk, before: datetime) -> int:
    """Photos of drafts never sent; the files first, so that whoever is stopped in between leaves none."""
    nobodys = Attachment.filter(appeal_id=None, created_at__lt=before)
    came_to_nothing = await nobodys.order_by("id").limit(BATCH)
    await media_fetch.forget_files(desk.media, came_to_nothing)
    return await Attachment.filter(id__in=[row.id for row in came_to_nothing]).delete()


async def retrain(desk: Desk) -> int:
    """Learn from corrections, where that was asked for: by the clock or by an administrator."""
    await _ask_at_night(desk)
    return int(await retraining.retrain_if_asked(desk.city))


async def _ask_at_night(desk: Desk) -> None:
    """The first night is the one to come: a city just set up has other things to do than to learn."""
    day = await day_due(RETRAIN, desk.schedule.retrain_at, desk.city.pack.timezone)
    if day is None:
        return
    async with db.transaction():
        before = await Job.filter(name=RETRAIN, done_for__not_isnull=True).exists()
        if await day_done(RETRAIN, day) and before:
            await retraining.ask()
