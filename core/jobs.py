"""The sweeps: each looks at the database and acts on what is due; core/scheduler.py runs them.

A sweep run twice, late, or by two processes at once does its work once: each piece is taken by a
conditional update or carries a unique key.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from core import clock, db, media_fetch
from core.actions import notify, presence
from core.actions.poll import close_silent
from core.city import City
from core.config import Schedule
from core.learning import retraining
from core.media import MediaStore
from core.models import (
    Appeal,
    Attachment,
    Channel,
    Event,
    Inbox,
    InboxState,
    LinkToken,
    Outbox,
    Session,
    SignInFailure,
    Survey,
    Task,
    TaskKind,
)
from core.models.appeals import AttachmentState
from core.outbox import WAITING
from core.workflow import ANSWERED, OPEN, Status, Verb

BATCH = 200
KEEP_INBOX = timedelta(days=30)  # then what residents sent word for word is only in their appeals

Fetch = Callable[[str], AsyncIterator[bytes]]


@dataclass(frozen=True, slots=True)
class Desk:
    """What the sweeps work with."""

    city: City
    schedule: Schedule
    media: MediaStore
    fetchers: Mapping[Channel, Fetch]


async def announce_results(desk: Desk) -> int:
    """Tell residents «your request is resolved», with the answer and the photo, and ask whether it is."""
    del desk
    rows = await db.connection().execute_query_dict(_UNANNOUNCED.format(limit=BATCH))
    for row in rows:
        async with db.transaction():
            appeal = await Appeal.get(id=row["id"])
            if appeal.status is not Status.RESOLVED:
                continue
            turn = appeal.reopen_count
            await Survey.bulk_create(
                [Survey(appeal_id=appeal.id, round=turn, sent_at=clock.now())], ignore_conflicts=True
            )
            await notify.resident(
                appeal,
                "resolved",
                dedupe=f"resolved:{appeal.id}:{turn}",
                text=appeal.answer,
                photos=await _photos_of_result(appeal),
            )
    return len(rows)


_UNANNOUNCED = """
SELECT id FROM appeal WHERE status = 'resolved' AND NOT EXISTS (
    SELECT 1 FROM survey WHERE survey.appeal_id = appeal.id AND survey.round = appeal.reopen_count)
ORDER BY id LIMIT {limit}
"""


async def _photos_of_result(appeal: Appeal) -> list[int]:
    report = await Event.filter(appeal_id=appeal.id, verb=Verb.REPORT).order_by("-id").first()
    if report is None:
        return []
    stored = Attachment.filter(event_id=report.id, state=AttachmentState.STORED).order_by("id").limit(10)
    return [row.id for row in await stored]


async def remind_of_polls(desk: Desk) -> int:
    """Ask once more those who haven't said whether it is solved."""
    now = clock.now()
    waiting = Survey.filter(
        solved__isnull=True,
        reminded_at__isnull=True,
        sent_at__lte=now - timedelta(days=desk.schedule.poll_reminder_days),
    )
    surveys = await waiting.order_by("id").limit(BATCH).prefetch_related("appeal")
    for survey in surveys:
        async with db.transaction():
            taken = await Survey.filter(id=survey.id, reminded_at__isnull=True).update(reminded_at=now)
            appeal = survey.appeal
            if taken and appeal.status is Status.RESOLVED and appeal.reopen_count == survey.round:
                await notify.resident(
                    appeal,
                    "poll_reminder",
                    dedupe=f"poll_reminder:{appeal.id}:{survey.round}",
                    silent=True,
                )
    return len(surveys)


async def close_unanswered(desk: Desk) -> int:
    """Silence for some days closes what was answered; who hasn't been told yet is not silent."""
    long_ago = clock.now() - timedelta(days=desk.schedule.close_after_days)
    untold = Outbox.filter(state__in=WAITING, kind__in=["resolved", "explained"])
    waiting = await untold.filter(appeal_id__not_isnull=True).values_list("appeal_id", flat=True)
    to_call = await Task.filter(kind=TaskKind.CALL, done_at=None).values_list("appeal_id", flat=True)
    answered = Appeal.filter(status__in=list(ANSWERED), answered_at__lte=long_ago)
    rows = await answered.exclude(id__in=[*waiting, *to_call]).order_by("id").limit(BATCH)
    return sum([await close_silent(desk.city, appeal) for appeal in rows])


async def remind_of_deadlines(desk: Desk) -> int:
    """Tell officers that a deadline is near, and again when it has come."""
    del desk
    now = clock.now()
    rows = await Appeal.filter(remind_at__lte=now, open=True).order_by("remind_at").limit(BATCH)
    for appeal in rows:
        due = appeal.due_at
        overdue = due is not None and due <= now
        async with db.transaction():
            taken = await Appeal.filter(
                id=appeal.id, version=appeal.version, remind_at=appeal.remind_at
            ).update(remind_at=None if overdue else due)
            if not taken or due is None or appeal.status not in OPEN - {Status.REPORTED}:
                continue
            kind = "overdue" if overdue else "pre_alarm"
            tell = notify.officers if appeal.executor_id else notify.desk
            await tell(appeal, kind, occasion=f"{due:%Y%m%d%H%M%S}")
    return len(rows)


async def fetch_media(desk: Desk) -> int:
    """Bring files from the platforms to where we keep them."""
    return await media_fetch.fetch_due(desk.media, desk.fetchers)


async def forget(desk: Desk) -> int:
    """Delete what has served: updates long done, photos that came to nothing, sessions and links run out."""
    now = clock.now()
    gone = (
        await _forget_photos(desk, now - timedelta(days=2 * desk.schedule.draft_days)),
        await Inbox.filter(state=InboxState.DONE, done_at__lt=now - KEEP_INBOX).delete(),
        await Session.filter(expires_at__lt=now).delete(),
        await LinkToken.filter(expires_at__lt=now).delete(),
        await SignInFailure.filter(at__lt=now - timedelta(days=1)).delete(),
        await presence.sweep(),
    )
    return sum(gone)


async def _forget_photos(desk: Desk, before: datetime) -> int:
    """Photos of drafts never sent; the files first, so that whoever is stopped in between leaves none."""
    came_to_nothing = await Attachment.filter(appeal_id=None, created_at__lt=before)
    await media_fetch.forget_files(desk.media, came_to_nothing)
    return await Attachment.filter(id__in=[row.id for row in came_to_nothing]).delete()


async def retrain(desk: Desk) -> int:
    """Learn from corrections, where that was asked for: by the clock or by an administrator."""
    return int(await retraining.retrain_if_asked(desk.city))
