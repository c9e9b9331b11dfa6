"""The queue: views, filters, search, and keyset pages that cost the same wherever they are."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import product
from typing import Any

from core import clock, db, search
from core.actions.actor import Actor
from core.models import Channel
from core.queries.panel.filters import OF_STATUS, Cursor, Filters, View
from core.queries.sql import Where, instant, select
from core.workflow import AT_EXECUTOR, OPEN, Role, Status

PAGE = 50
EXCERPT = 200
MANY = 0.05
_NUMBER = re.compile(r"^\s*(?:№|#|no\.?)?\s*(\d{2})\s*[-–—]\s*(\d{1,6})\s*$", re.IGNORECASE)
_DIGITS = re.compile(r"^\s*(?:№|#)?\s*(\d{1,6})\s*$")
_YEARS = 3  # a number without its year is looked for in this one and those before


@dataclass(frozen=True, slots=True)
class Row:
    id: int
    number: str
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
    thumb: int | None  # id of the first photo that is stored
    created_at: datetime
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Page:
    rows: tuple[Row, ...]
    after: Cursor | None  # where the next page begins; None on the last


async def page(actor: Actor, filters: Filters, *, overdue_share: float = 0.0) -> Page:
    """One page, open before ended, urgent before the rest, newest first.

    `overdue_share` of what is open tells SQLite, which doesn't know, how to look for the overdue: few by
    their deadlines, many by walking down the list.
    """
    late = "+due_at" if db.is_sqlite() and overdue_share > MANY else "due_at"  # + keeps off the index
    found = await select(*_query(actor, filters, late))
    more, found = len(found) > PAGE, found[:PAGE]
    thumbs = await _thumbs([row["id"] for row in found if row["photos"]])
    rows = tuple(_row(row, thumbs) for row in found)
    last = rows[-1] if more else None
    return Page(rows, Cursor(last.open, last.urgent, last.id) if last else None)


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


_COLUMNS = (
    "id, number, status, open, urgent, category_id, district_id, executor_id, channel,"
    f" substr(text, 1, {EXCERPT}) AS excerpt, address, photos, supporters, created_at, due_at"
)
_ORDER = f"ORDER BY open DESC, urgent DESC, id DESC LIMIT {PAGE + 1}"


def _query(actor: Actor, filters: Filters, late: str) -> tuple[str, list[Any]]:
    """From the top; or what is left of the cursor's group, then the groups after it; each within each scope.

    `(open, urgent, id) < (…)` would say the same, but SQLite walks through the whole group to get there.
    """
    values: list[Any] = []
    parts: list[str] = []
    groups = _groups(filters.after) if filters.after else [{}]
    for group, scope in product(groups, scopes(actor)):
        where = Where(values=values)  # numbered on: all parts are one query
        scope(where)
        for column, value in group.items():
            where.add(f"{column} {'<' if column == 'id' else '='} {where.value(value)}")
        _conditions(where, filters, late)
        part = f"SELECT {_COLUMNS} FROM appeal {where} {_ORDER}"  # noqa: S608
        parts.append(f"SELECT * FROM ({part}) AS part{len(parts)}")  # noqa: S608
    return f"{' UNION ALL '.join(parts)} {_ORDER}", values


def _groups(after: Cursor) -> list[dict[str, object]]:
    groups: list[dict[str, object]] = [{"open": after.open, "urgent": after.urgent, "id": after.id}]
    if after.urgent:
        groups.append({"open": after.open, "urgent": False})
    if after.open:
        groups.append({"open": False})
    return groups


def _conditions(where: Where, filters: Filters, late: str) -> None:
    overdue = filters.overdue or filters.view is View.OVERDUE
    statuses = _statuses(filters)
    if overdue or filters.view is not View.ALL:
        statuses = None if statuses is None else statuses & OPEN
        where.add(f"open = {where.value(True)}")
    elif statuses is not None and (statuses <= OPEN or not statuses & OPEN):
        # It follows from the status; said, it lets the indexes that have it next be used.
        where.add(f"open = {where.value(statuses <= OPEN)}")
    if filters.view is View.URGENT:
        where.add(f"urgent = {where.value(True)}")
    if statuses is not None:
        where.add(f"status IN ({where.listed(tuple(sorted(statuses)))})" if statuses else "1 = 0")
    if overdue:
        where.add(f"{late} < {where.value(clock.now())}")
    chosen = {"category": filters.category, "district": filters.district, "executor": filters.executor}
    for name, slug in chosen.items():
        if slug:
            where.add(f"{name}_id = {where.value(slug)}")
    if filters.words:
        _search(where, filters.words)


def _statuses(filters: Filters) -> set[Status] | None:
    """Which statuses the view and the filter leave; None where any will do."""
    statuses: set[Status] | None = None
    if filters.view in OF_STATUS:
        statuses = {OF_STATUS[filters.view]}
    elif filters.view is View.EXECUTORS:
        statuses = set(AT_EXECUTOR)
    if filters.status is None:
        return statuses
    return {filters.status} & (set(Status) if statuses is None else statuses)


def number_in(typed: str) -> str | None:
    """The registration number that somebody typed, such as "№ 26-1234"; None where it is none."""
    found = _NUMBER.match(typed)
    return f"{found[1]}-{int(found[2]):06d}" if found else None


def _search(where: Where, words: str) -> None:
    """By registration number where it is one; digits alone are a number or a word; else by words."""
    if number := number_in(words):
        where.add(f"number = {where.value(number)}")
        return
    # condition() is asked for its placeholder before its value is known: the next one in line.
    found = search.condition(words, sqlite=db.is_sqlite(), placeholder=db.placeholder(len(where.values) + 1))
    if found is None:
        where.add("1 = 0")
        return
    matches, value = found
    where.values.append(value)
    if digits := _DIGITS.match(words):
        year = clock.now().year % 100
        numbers = tuple(f"{year - back:02d}-{int(digits[1]):06d}" for back in range(_YEARS))
        matches = f"({matches} OR number IN ({where.listed(numbers)}))"
    where.add(matches)


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
        thumb=thumbs.get(row["id"]),
        created_at=created_at,
        due_at=instant(row["due_at"]),
    )
