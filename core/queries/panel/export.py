"""What a state of the queue holds, all of it, for a file: in the order of the list, a batch at a time.

Nothing in it tells who filed an appeal: no contacts, and words without what tells whose they are.
"""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from core.actions.actor import Actor
from core.db import LARGEST_ID
from core.models import Channel
from core.privacy import scrub
from core.queries.panel.filters import Cursor, Filters
from core.queries.panel.queue import query
from core.queries.sql import instant, select
from core.sought import Sought
from core.workflow import Kind, Status

BATCH = 500
_COLUMNS = (
    "id, number, kind, status, open, urgent, category_id, district_id, executor_id, channel, text, address,"
    " answer, photos, supporters, rework_count, reopen_count, created_at, due_at, answered_at, closed_at"
)


@dataclass(frozen=True, slots=True)
class Exported:
    id: int
    number: str
    kind: Kind
    status: Status
    open: bool
    urgent: bool
    category: str
    district: str | None
    executor: str | None
    channel: Channel
    text: str
    address: str
    answer: str
    photos: int
    supporters: int
    reworks: int
    reopenings: int
    created_at: datetime | None
    due_at: datetime | None
    answered_at: datetime | None
    closed_at: datetime | None


async def count(actor: Actor, filters: Filters, sought: Sought | None) -> int:
    """How many there are on all pages."""
    every = replace(filters, after=None)
    sql, values = query(actor, every, sought, {}, columns="id, open, urgent", limit=LARGEST_ID)
    return int((await select(f"SELECT count(*) AS n FROM ({sql}) AS every", values))[0]["n"])  # noqa: S608


async def batches(actor: Actor, filters: Filters, sought: Sought | None) -> AsyncGenerator[list[Exported]]:
    """What of it exists for this person; an appeal that changes its place meanwhile may come twice, or not.

    Between two batches nothing is kept open: others go on working, however long the file becomes.
    """
    at = replace(filters, after=None)
    while True:
        found = await select(*query(actor, at, sought, {}, columns=_COLUMNS, limit=BATCH))
        if found:
            yield [_exported(row) for row in found]
        if len(found) < BATCH:
            return
        last = found[-1]
        at = replace(at, after=Cursor(bool(last["open"]), bool(last["urgent"]), last["id"]))


def _exported(row: dict[str, Any]) -> Exported:
    return Exported(
        id=row["id"],
        number=row["number"],
        kind=Kind(row["kind"]),
        status=Status(row["status"]),
        open=bool(row["open"]),
        urgent=bool(row["urgent"]),
        category=row["category_id"],
        district=row["district_id"],
        executor=row["executor_id"],
        channel=Channel(row["channel"]),
        text=scrub(row["text"]),
        address=scrub(row["address"]),
        answer=scrub(row["answer"]),
        photos=row["photos"],
        supporters=row["supporters"],
        reworks=row["rework_count"],
        reopenings=row["reopen_count"],
        created_at=instant(row["created_at"]),
        due_at=instant(row["due_at"]) if row["open"] else None,
        answered_at=instant(row["answered_at"]),
        closed_at=instant(row["closed_at"]),
    )
