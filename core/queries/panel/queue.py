"""The queue: views, filters, search, and keyset pages that cost the same wherever they are."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import product
from typing import Any, NamedTuple

from core import db, search
from core.actions.actor import Actor
from core.models import Channel
from core.queries.panel import conditions
from core.queries.panel.filters import Cursor, Filters, View
from core.queries.sql import Where, instant, select
from core.sought import Sought
from core.workflow import Kind, Role, Status

PAGE = 50
EXCERPT = 200  # characters of a text that are shown
READ = 3000  # characters of a text in which the words that were found are looked for


class Row(NamedTuple):  # made fifty times a page, in a third of the time of a frozen dataclass
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
    excerpt: str
    address: str
    photos: int
    supporters: int
    incident: int | None
    reopened: bool
    declined: int  # executors who said that it isn't theirs
    check: bool  # somebody is still to go and see
    thumb: int | None  # id of the first photo that is stored
    created_at: datetime
    due_at: datetime | None

    @property
    def place(self) -> Cursor:
        return Cursor(self.open, self.urgent, self.id)


@dataclass(frozen=True, slots=True)
class Page:
    rows: tuple[Row, ...]
    after: Cursor | None  # where the next page begins; None on the last
    cut: bool = False  # of what holds the words only the newest were looked at


async def page(
    actor: Actor, filters: Filters, sought: Sought | None = None, counts: Mapping[View, int] | None = None
) -> Page:
    """One page, open before ended, urgent before the rest, newest first; of what was `sought` alone.

    By `counts` SQLite, which doesn't know, is told how to look for what is due: little by its deadlines, much
    by walking down the list.
    """
    columns = (
        f"{_LOOKED}, {_COLUMNS}" if sought and sought.words else _COLUMNS.replace(str(READ), str(EXCERPT))
    )
    found = await select(*query(actor, filters, sought, counts or {}, columns=columns, limit=PAGE + 1))
    more, found = len(found) > PAGE, found[:PAGE]
    thumbs = await _thumbs([row["id"] for row in found if row["photos"]])
    rows = tuple(_row(row, thumbs) for row in found)
    cut = bool(found) and found[0].get("looked", 0) >= search.NEWEST
    return Page(rows, rows[-1].place if more else None, cut)


async def beside(
    actor: Actor, filters: Filters, sought: Sought | None, counts: Mapping[View, int], *, up: bool
) -> Cursor | None:
    """The place next below that of `after`, or above it; None at the end. What stood at it may be gone."""
    columns = "id, open, urgent"
    for row in await select(*query(actor, filters, sought, counts, columns=columns, limit=1, up=up)):
        return Cursor(bool(row["open"]), bool(row["urgent"]), row["id"])
    return None


Scope = Callable[[Where], None]


def scopes(actor: Actor) -> list[Scope]:
    """What exists for this person, in parts that don't overlap (see move.exists_for).

    An officer has one for each executor they act for, and one for what those help with: apart, each is read
    along an index in the order of the list.
    """
    if actor.role is not Role.EXECUTOR:
        return [lambda _where: None]
    mine = tuple(sorted(actor.executors)) or ("",)
    return [*(partial(_of_executor, slug) for slug in mine), partial(_helped, mine)]


def _of_executor(slug: str, where: Where) -> None:
    where.add(f"executor_id = {where.value(slug)}")


def _helped(mine: tuple[str, ...], where: Where) -> None:
    helping = f"SELECT appeal_id FROM co_executor WHERE executor_id IN ({where.listed(mine)})"  # noqa: S608 - placeholders
    where.add(f"id IN ({helping})")
    where.add(f"(executor_id IS NULL OR executor_id NOT IN ({where.listed(mine)}))")


_TO_CHECK = (
    "EXISTS (SELECT 1 FROM task WHERE task.appeal_id = appeal.id AND task.kind = 'check'"
    " AND task.done_at IS NULL) AS to_check"
)
_COLUMNS = (
    "id, number, kind, status, open, urgent, category_id, district_id, executor_id, channel,"
    f" substr(text, 1, {READ}) AS excerpt, address, photos, supporters, incident_id, reopen_count,"
    " declined, created_at, due_at, " + _TO_CHECK
)
_LOOKED = "(SELECT count(*) FROM sought) AS looked"
_GROUPS = ((True, True), (True, False), (False, True), (False, False))  # open, urgent
_ORDER = "ORDER BY open DESC, urgent DESC, id DESC"


def query(
    actor: Actor,
    filters: Filters,
    sought: Sought | None,
    counts: Mapping[View, int],
    *,
    columns: str,
    limit: int,
    up: bool = False,
) -> tuple[str, list[Any]]:
    """From the top; or what is left of the cursor's group, then the groups after it; each within each scope.

    `(open, urgent, id) < (…)` would say the same, but SQLite walks through the whole group to get there. What
    was filed in a period is likewise sought within each group, where it lies together.

    `up`: the other way, from the cursor to the top, or from the bottom.
    """
    first = Where()
    ids = _candidates(actor, filters, sought, first) if sought else None
    begins = f"WITH sought(id) AS ({ids}) " if ids else ""
    order, whole = (_turned(each, up=up) for each in (conditions.order(filters), _ORDER))
    parts: list[str] = []
    for group, scope, category in product(
        _groups(filters, up=up), scopes(actor), filters.slugs or (filters.category,)
    ):
        where = Where(values=first.values)  # numbered on: all parts are one query
        scope(where)
        for column, value in group.items():
            if column == "open" and conditions.status_alone(filters):
                continue
            than = "=" if column != "id" else ">" if up else "<"
            where.add(f"{column} {than} {where.value(value)}")
        if category:
            where.add(f"category_id = {where.value(category)}")
        if sought:
            where.add("id IN (SELECT id FROM sought)" if ids else "1 = 0")
        conditions.filed(where, filters)
        conditions.add(where, actor, filters, counts)
        part = f"SELECT id, open, urgent FROM appeal {where} {order} LIMIT {limit}"  # noqa: S608
        parts.append(f"SELECT * FROM ({part}) AS part{len(parts)}")  # noqa: S608
    found = f"SELECT id FROM ({' UNION ALL '.join(parts)} {whole} LIMIT {limit}) AS found"  # noqa: S608
    return f"{begins}SELECT {columns} FROM appeal WHERE id IN ({found}) {whole}", first.values  # noqa: S608


def _turned(order: str, *, up: bool) -> str:
    return order.replace("DESC", "ASC") if up else order


def _candidates(actor: Actor, filters: Filters, sought: Sought, first: Where) -> str | None:
    """SQL of the ids that were sought; its values go before all others."""

    def period(column: str) -> str:
        where = Where(values=first.values)
        conditions.ids(where, filters, column)
        return "".join(f" AND {condition}" for condition in where.conditions)

    people = actor.role is not Role.EXECUTOR
    return search.candidates(sought, first.value, period, sqlite=db.is_sqlite(), people=people)


def _groups(filters: Filters, *, up: bool) -> list[dict[str, bool | int]]:
    after, is_open = filters.after, conditions.only_open(filters)
    if after is None and filters.urgent is None and filters.filed == (None, None):
        return [{}]
    groups: list[dict[str, bool | int]] = []
    for group in reversed(_GROUPS) if up else _GROUPS:
        if is_open not in (None, group[0]) or filters.urgent not in (None, group[1]):
            continue
        asked: dict[str, bool | int] = {"open": group[0], "urgent": group[1]}
        if after and group == (after.open, after.urgent):
            groups.append(asked | {"id": after.id})
        elif after is None or (group > (after.open, after.urgent)) is up:
            groups.append(asked)
    return groups or [{}]


async def _thumbs(appeals: list[int]) -> dict[int, int]:
    if not appeals:
        return {}
    where = Where()
    where.add(f"appeal_id IN ({where.listed(tuple(appeals))})")
    where.add("kind = 'photo'")
    where.add("state || '' = 'stored'")  # or SQLite takes the index by state and reads every photo there is
    rows = await select(
        f"SELECT appeal_id, min(id) AS id FROM attachment {where} GROUP BY appeal_id",  # noqa: S608
        where.values,
    )
    return {row["appeal_id"]: row["id"] for row in rows}


def _row(row: dict[str, Any], thumbs: dict[int, int]) -> Row:
    created_at = instant(row["created_at"])
    assert created_at is not None  # noqa: S101 - the column is not null
    return Row(
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
        excerpt=row["excerpt"],
        address=row["address"],
        photos=row["photos"],
        supporters=row["supporters"],
        incident=row["incident_id"],
        reopened=row["reopen_count"] > 0,
        declined=row["declined"],
        check=bool(row["to_check"]),
        thumb=thumbs.get(row["id"]),
        created_at=created_at,
        due_at=instant(row["due_at"]),
    )
