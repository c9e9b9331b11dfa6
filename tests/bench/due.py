"""What makes each sweep's work due for the sweep bench: so many pieces, as a city's bad day would bring them.

A sweep that isn't here has no batches: it learns, counts, reports or looks at the last hours.
"""

import io
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from PIL import Image

from core import clock, db
from core.calendars import Calendars
from core.city import REVISION
from core.counting import counted
from core.deadlines import Shift, WorkCalendar
from core.following_calendars import WAITS, note
from core.models import (
    Account,
    Alarm,
    Appeal,
    Attachment,
    Channel,
    Conversation,
    Event,
    Fact,
    Inbox,
    InboxState,
    Outbox,
    Survey,
)
from core.workflow import Role, Status, Verb

Make = Callable[[int], Awaitable[None]]


async def _some(many: int, which: str = "open") -> list[int]:
    rows = await db.connection().execute_query_dict(
        f"SELECT id FROM appeal WHERE {which} ORDER BY id DESC LIMIT {many}"
    )
    return [row["id"] for row in rows]


async def _answer(ids: list[int], days: float) -> None:
    at = clock.now() - timedelta(days=days)
    await Survey.filter(appeal_id__in=ids).delete()
    await Outbox.filter(appeal_id__in=ids).delete()
    await Appeal.filter(id__in=ids).update(
        status="resolved", open=False, answered_at=at, closed_at=None, remind_at=None, answer="Зроблено"
    )


async def results(many: int) -> None:
    await _answer(await _some(many), 0)


async def polls(many: int) -> None:
    ids, at = await _some(many), clock.now() - timedelta(days=3)
    await _answer(ids, 3)
    await Survey.bulk_create([Survey(appeal_id=one, round=0, sent_at=at) for one in ids])
    await Appeal.filter(id__in=ids).update(reopen_count=0)


async def silence(many: int) -> None:
    ids, at = await _some(many), clock.now() - timedelta(days=8)
    await _answer(ids, 8)
    await Survey.bulk_create(
        [Survey(appeal_id=one, round=0, sent_at=at, reminded_at=at) for one in ids], ignore_conflicts=True
    )
    await Appeal.filter(id__in=ids).update(reopen_count=0)


async def deadlines(many: int) -> None:
    """All of them just overdue."""
    ids, now = await _some(many, "open AND status <> 'reported' AND status <> 'needs_info'"), clock.now()
    await Appeal.filter(id__in=ids).update(
        due_at=now - timedelta(minutes=1), remind_at=now - timedelta(minutes=1), control=2
    )


async def calendars(many: int) -> None:
    """The hours of an executor changed, who has so many with a deadline ahead."""
    slug, now = "kryvbasvodokanal", clock.now()
    await Appeal.filter(executor_id=slug, open=True).update(extended=1)
    ids = await _some(many, "open AND status <> 'needs_info' AND kind = 'request'")
    columns = {"executor_id": slug, "urgent": False, "extended": 0, "due_at": now + timedelta(days=30)}
    await Appeal.filter(id__in=ids).update(**columns)
    week = WorkCalendar("Europe/Kyiv", ((Shift(480, 1020),),) * 5 + ((), ()))
    off = frozenset(now.date() + timedelta(days=day) for day in range(7))
    with clock.use(lambda: now - WAITS):
        async with db.transaction():
            before, after = Calendars(week, {}), Calendars(week, {slug: replace(week, days_off=off)})
            await note(before, after, revision=await counted(REVISION) + 1, by=None)


async def drafts(many: int) -> None:
    now = clock.now()
    rows = await Account.exclude(channel=Channel.PHONE).order_by("-id").limit(many)
    await Conversation.filter(account_id__in=[row.id for row in rows]).delete()
    await Conversation.bulk_create(
        [Conversation(account_id=row.id, updated_at=now, remind_at=now, data={}) for row in rows]
    )


async def held(many: int) -> None:
    """A notice for each of so many people; what was held before goes with it."""
    now = clock.now() - timedelta(days=1)
    ids = await _some(many)
    appeals = await Appeal.filter(id__in=ids).exclude(account_id=None).select_related("account")
    await Outbox.bulk_create(
        [
            Outbox(
                account_id=row.account_id,
                appeal_id=row.id,
                channel=row.channel,
                kind="started",
                body={"appeal": row.id, "number": row.number},
                state="held",
                created_at=now,
                due_at=now,
            )
            for row in appeals
        ]
    )


async def files(many: int) -> None:
    now = clock.now()
    account = await Account.filter(channel=Channel.TELEGRAM).first()
    await Attachment.bulk_create(
        [
            Attachment(
                account_id=account.id if account else None,
                appeal_id=one,
                role=Role.RESIDENT,
                channel=Channel.TELEGRAM,
                source=f"bench-{one}",
                created_at=now,
                due_at=now,
            )
            for one in await _some(many)
        ]
    )


async def served(many: int) -> None:
    long_ago = clock.now() - timedelta(days=40)
    common: dict[str, Any] = {"channel": Channel.TELEGRAM, "sender": "1", "payload": "{}" * 300, "trace": ""}
    last = await Inbox.all().order_by("-id").first()
    first = last.id if last else 0
    await Inbox.bulk_create(
        [
            Inbox(
                external_id=f"bench-{first + one}",
                state=InboxState.DONE,
                received_at=long_ago,
                due_at=long_ago,
                done_at=long_ago,
                **common,
            )
            for one in range(many)
        ]
    )


async def forgotten(many: int) -> None:
    """They asked for it yesterday; their appeals stay, and say nothing of them."""
    rows = await Account.filter(forget_at=None, channel=Channel.TELEGRAM).order_by("id").limit(many)
    ids = [row.id for row in rows]
    await Outbox.filter(account_id__in=ids).delete()
    await Appeal.filter(account_id__in=ids).update(account_id=None, resident_id=None)
    await Account.filter(id__in=ids).update(forget_at=clock.now() - timedelta(days=1))


async def alarms(many: int) -> None:
    now = clock.now() - timedelta(minutes=10)
    ids = await _some(many, "open AND status = 'assigned'")
    await Appeal.filter(id__in=ids).update(urgent=True)
    await Alarm.bulk_create(
        [Alarm(dedupe=f"bench:{now:%f}:{one}", appeal_id=one, began_at=now, next_at=now) for one in ids]
    )


async def figures(many: int) -> None:
    """They have just moved, and nothing is known of them yet."""
    ids, now = await _some(many), clock.now()
    await Fact.filter(appeal_id__in=ids).delete()
    await Event.bulk_create(
        [
            Event(appeal_id=one, verb=Verb.NOTE, role=Role.OPERATOR, to_status=Status.ASSIGNED, at=now)
            for one in ids
        ]
    )


DUE: dict[str, Make] = {
    "announce_results": results,
    "remind_of_polls": polls,
    "close_unanswered": silence,
    "follow_calendars": calendars,
    "remind_of_deadlines": deadlines,
    "remind_of_drafts": drafts,
    "release": held,
    "fetch_media": files,
    "count_figures": figures,
    "forget": served,
    "end_forgotten": forgotten,
    "ring_alarms": alarms,
}


def picture() -> Callable[[str], AsyncIterator[bytes]]:
    """A platform that answers at once, with a photo as a phone takes it."""
    buffer = io.BytesIO()
    Image.effect_noise((1280, 960), 40).convert("RGB").save(buffer, "JPEG", quality=80)

    async def fetch(_source: str) -> AsyncIterator[bytes]:
        yield buffer.getvalue()

    return fetch
