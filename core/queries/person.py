"""All that is known of one resident, for themselves: theirs alone, without anybody else's words or names."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from core.actions.said import spoken_of
from core.models import (
    Account,
    Appeal,
    Attachment,
    Conversation,
    Event,
    Inbox,
    Outbox,
    OutboxState,
    Resident,
    Supporter,
    Survey,
)
from core.models.appeals import AttachmentKind, AttachmentState
from core.workflow import Role

MOST = 5000  # messages, and updates as received: the newest, for who floods us shall not fill the memory
Known = dict[str, Any]  # made of what JSON has
Told = Callable[[str, dict[str, Any]], str]  # kind and body of a message of ours → its words


async def mine(resident_id: int, told: Told) -> Known:
    """What a resident may take with them; instants are ISO, categories, kinds and statuses by their slugs.

    Files name the path that they have in the archive, empty where we have none (any more). Of an appeal that
    they joined there are their own words, and what they were told of it.
    """
    resident = await Resident.get(id=resident_id)
    accounts = await Account.filter(resident_id=resident_id).order_by("id")
    ids = [account.id for account in accounts]
    files = [_file(row) for row in await own_files(ids)]
    return {
        "person": {
            "name": resident.name,
            "phone": resident.phone,
            "address": resident.address,
            "since": _at(resident.created_at),
        },
        "accounts": [_account(account) for account in accounts],
        "appeals": await _appeals(resident_id, files),
        "files": files,
        "messages": await _messages(ids, told),
        "received": [await _received(account) for account in accounts],
        "conversation": [row.data for row in await Conversation.filter(account_id__in=ids)],
    }


async def own_files(accounts: Sequence[int]) -> list[Attachment]:
    """What was sent from these accounts, and wasn't refused."""
    sent = Attachment.filter(account_id__in=accounts, role=Role.RESIDENT)
    return await sent.exclude(state=AttachmentState.REFUSED).order_by("id")


def path_of(row: Attachment) -> str:
    """Where a file lies in the archive; empty where it isn't stored."""
    if row.state is not AttachmentState.STORED:
        return ""
    ending = "jpg" if row.kind is AttachmentKind.PHOTO else row.key.rpartition(".")[2]
    return f"files/{row.id}.{ending}"


def _account(account: Account) -> Known:
    return {
        "messenger": account.channel.value,
        "id": account.external_id,
        "language": account.language,
        "since": _at(account.created_at),
        "last_message": _at(account.seen_at),
    }


async def _appeals(resident_id: int, files: list[Known]) -> list[Known]:
    """Those they filed or joined, and those they have left since having said something there."""
    joined = {row.appeal_id: row for row in await Supporter.filter(resident_id=resident_id)}
    known = await Appeal.filter(id__in=await spoken_of(resident_id)).order_by("id")
    found = []
    for appeal in known:
        filed = appeal.resident_id == resident_id
        words = await _words(appeal, resident_id)
        if not (filed or appeal.id in joined or words):
            continue
        since = appeal.created_at if filed else joined[appeal.id].joined_at if appeal.id in joined else None
        found.append(
            {
                "number": appeal.number,
                "kind": appeal.kind.value,
                "category": appeal.category_id,
                "status": appeal.status.value,
                "filed": filed,  # or joined, perhaps left since
                "at": words[0]["at"] if since is None else _at(since),
                **(_place(appeal) if filed else {}),
                "words": words,
                "answer": "" if since is None else appeal.answer,
                "due": _at(appeal.due_at),
                "closed": _at(appeal.closed_at),
                "ratings": await _ratings(appeal)
                if filed
                else [_supporters_rating(row) for row in (joined.get(appeal.id),) if row],
                "files": [each["path"] or each["name"] for each in files if each["appeal"] == appeal.id],
            }
        )
    for each in files:
        each["appeal"] = next((one.number for one in known if one.id == each["appeal"]), "")
    return found


def _place(appeal: Appeal) -> Known:
    return {"text": appeal.text, "address": appeal.address, "lat": appeal.lat, "lon": appeal.lon}


async def _words(appeal: Appeal, resident_id: int) -> list[Known]:
    """What they said there, in order; `did` is the verb of the history."""
    return [
        {"at": _at(event.at), "did": event.verb.value, "text": event.text}
        for event in await Event.filter(appeal_id=appeal.id, role=Role.RESIDENT).order_by("id")
        if event.data.get("supporter", appeal.resident_id) == resident_id
    ]


async def _ratings(appeal: Appeal) -> list[Known]:
    return [
        {
            "asked": _at(row.sent_at),
            "answered": _at(row.answered_at),
            "solved": row.solved,
            "stars": row.stars,
            "reasons": row.reasons or [],
            "words": row.words,
        }
        for row in await Survey.filter(appeal_id=appeal.id).order_by("round")
    ]


def _supporters_rating(row: Supporter) -> Known:
    return {"answered": _at(row.answered_at), "solved": row.solved, "stars": row.stars}


def _file(row: Attachment) -> Known:
    return {
        "path": path_of(row),
        "name": row.name,
        "kind": row.kind.value,
        "bytes": row.bytes,
        "at": _at(row.created_at),
        "appeal": row.appeal_id,
    }


async def _messages(accounts: Sequence[int], told: Told) -> list[Known]:
    """What we wrote to them; what they are told as somebody's colleague is the city's."""
    rows = Outbox.filter(account_id__in=accounts).exclude(kind__startswith="staff.")
    rows = rows.exclude(state__in=[OutboxState.HELD, OutboxState.DROPPED])
    written = (await rows.order_by("-id").limit(MOST))[::-1]
    # Beside the event loop: thousands take a second.
    texts = await asyncio.to_thread(lambda: [told(row.kind, row.body) for row in written])
    return [
        {"at": _at(row.created_at), "messenger": row.channel.value, "state": row.state.value, "text": text}
        for row, text in zip(written, texts, strict=True)
    ]


async def _received(account: Account) -> Known:
    """What the messenger gave us of theirs word for word, kept for some weeks."""
    came = Inbox.filter(channel=account.channel, sender=account.external_id)
    rows = (await came.order_by("-id").limit(MOST))[::-1]
    return {
        "messenger": account.channel.value,
        "updates": [{"at": _at(row.received_at), "as_received": row.payload} for row in rows],
    }


def _at(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat(timespec="seconds")
