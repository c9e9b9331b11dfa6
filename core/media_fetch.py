"""Fetching files from the platforms: after the hand-over, with retries, verified by content."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import timedelta

from tortoise.expressions import F
from tortoise.queryset import QuerySet

from core import clock, db, log, outbox
from core.courier import Refused, TryAgain
from core.errors import Invalid
from core.media import MIME, MediaStore
from core.models import Account, Appeal, Attachment, Channel
from core.models.appeals import AttachmentKind, AttachmentState
from core.outbox import Message
from core.pieces import of_batch
from core.workflow import Role

BATCH = 8  # at once; judging one takes the processor some 70 ms
LEASE = timedelta(seconds=90)
ATTEMPTS = 8  # with the pauses below some 8 minutes, well within the hour after which Viber's links expire
_log = log.get(__name__)

Fetch = Callable[[str], AsyncIterator[bytes]]


async def fetch_due(store: MediaStore, fetchers: Mapping[Channel, Fetch]) -> int:
    """Fetch what is due; how many were taken up. A second process takes others."""
    now = clock.now()
    due = Attachment.filter(state=AttachmentState.WAITING, due_at__lte=now, channel__in=list(fetchers))
    claimed = [row for row in await due.order_by("due_at").limit(BATCH) if await _claim(row)]
    async with asyncio.TaskGroup() as group:
        for row in claimed:
            group.create_task(_fetch(row, store, fetchers))
    return of_batch(len(claimed), BATCH)


async def _claim(row: Attachment) -> bool:
    still = Attachment.filter(id=row.id, state=AttachmentState.WAITING, due_at=row.due_at)
    return await still.update(due_at=clock.now() + LEASE) == 1


async def _fetch(row: Attachment, store: MediaStore, fetchers: Mapping[Channel, Fetch]) -> None:
    try:
        stored = await store.take(fetchers[row.channel](row.source), row.kind)
    except (TryAgain, OSError, TimeoutError) as trouble:
        await _later(row, str(trouble) or type(trouble).__name__)
    except Invalid as refusal:
        await _refuse(row, refusal.key, refusal.params)
    except Refused as refusal:
        too_large = "too big" in str(refusal)
        key = "media.too_large" if too_large else "media.gone"
        await _refuse(row, key, {"megabytes": store.largest(row.kind) // 1_000_000} if too_large else {})
    except Exception as error:  # noqa: BLE001 - one file must not stop the others
        _log.error("media.broken", attachment=row.id, exc_info=error)
        await _later(row, type(error).__name__)
    else:
        kept = await Attachment.filter(id=row.id, state=AttachmentState.WAITING).update(
            state=AttachmentState.STORED,
            kind=stored.kind,
            key=stored.key,
            sha256=stored.sha256,
            mime=MIME if stored.kind is AttachmentKind.PHOTO else "",  # of others, the key's ending tells
            bytes=stored.bytes,
            width=stored.width,
            height=stored.height,
            source="",  # secret, and of no more use
        )
        if not kept:  # its sender was forgotten while it was fetched
            row.key = stored.key
            await forget_files(store, [row])


async def let_go(files: QuerySet[Attachment]) -> None:
    """They came to nothing and are nobody's, within the open transaction; core/forgotten.py deletes them."""
    await files.filter(state=AttachmentState.WAITING).update(state=AttachmentState.REFUSED)
    await files.update(account_id=None, draft="", source="", name="")


async def forget_files(store: MediaStore, rows: Sequence[Attachment]) -> None:
    """Delete the files of these, but for those that others refer to as well: the same content is one file."""
    keys = {row.key for row in rows} - {""}
    others = Attachment.filter(key__in=keys).exclude(id__in=[row.id for row in rows])
    kept = set(await others.values_list("key", flat=True)) if keys else set()
    for key in keys - kept:
        await store.forget(key)


async def _later(row: Attachment, why: str) -> None:
    attempts = row.attempts + 1
    if attempts >= ATTEMPTS:
        await _refuse(row, "media.gone", {})
        return
    _log.info("media.later", attachment=row.id, attempts=attempts, why=why)
    await Attachment.filter(id=row.id, state=AttachmentState.WAITING).update(
        attempts=attempts, due_at=clock.now() + timedelta(seconds=min(2**attempts, 120)), error=why[:200]
    )


async def _refuse(row: Attachment, key: str, params: dict[str, object]) -> None:
    """Give up on it, and tell who sent it why; the draft or appeal it came with stays as it is."""
    async with db.transaction():
        taken = await Attachment.filter(id=row.id, state=AttachmentState.WAITING).update(
            state=AttachmentState.REFUSED, error=key, source=""
        )
        if not taken:
            return
        now = await Attachment.get(id=row.id)  # its draft may have been sent while it was fetched
        if now.appeal_id is not None and now.role is Role.RESIDENT:  # those of a report don't count there
            await Appeal.filter(id=now.appeal_id).update(photos=F("photos") - 1)
        account = await Account.get_or_none(id=now.account_id)
        if account is None:
            return
        body = {"error": key, "params": params, "kind": now.kind.value}
        dedupe = f"photo_refused:{row.id}"
        await outbox.queue(Message(account, "photo_refused", body, appeal_id=now.appeal_id, dedupe=dedupe))
