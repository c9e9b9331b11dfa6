"""Sums of a period out of the rows of days and months, by what they are sliced by."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, timedelta
from itertools import product
from typing import Any, TypeVar

from core import db
from core.figures.sums import COUNTS, JOINS, SLICES, SPANS, Sums
from core.periods import Period
from core.queries.figures.figures import Figures
from core.queries.sql import Where, select

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Only:
    """Of what: slugs, of which each may be the one; none where of all. Sums are kept of two at most.

    An empty slug is what nobody had, or lies nowhere.
    """

    executor: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    district: tuple[str, ...] = ()
    channel: tuple[str, ...] = ()
    of_kind: tuple[str, ...] = ()

    @property
    def chosen(self) -> dict[str, tuple[str, ...]]:
        """By the name of the slice, what is chosen."""
        return {field.name: slugs for field in fields(self) if (slugs := getattr(self, field.name))}


ALL = Only()
NOTHING = ("-",)  # what no slug is
# The same of the appeals themselves, as they stand now.
OF_APPEAL = {
    "executor": "executor_id",
    "category": "category_id",
    "district": "district_id",
    "channel": "channel",
    "of_kind": "kind",
}


def of_appeals(where: Where, only: Only, prefix: str = "") -> None:
    """Ask the same of the appeals themselves, whose columns come after `prefix`."""
    for name, slugs in only.chosen.items():
        column = f"{prefix}{OF_APPEAL[name]}"
        listed = f"{column} IN ({where.listed(slugs)})"
        where.add(f"({listed} OR {column} IS NULL)" if "" in slugs else listed)


def divides(what: str, only: Only = ALL) -> bool:
    """Whether sums are kept that divide so: `all`, or by executor, category, district, channel or kind."""
    return _slice(what, only) is not None


async def whole(period: Period, only: Only = ALL) -> Figures:
    """Of the period in one."""
    return (await by("all", period, only)).get("", Figures(of_executors=bool(only.executor)))


async def by(what: str, period: Period, only: Only = ALL, *, lengths: bool = True) -> dict[str, Figures]:
    """By executor, category, district, channel or kind; what came to nothing is not there.

    What nobody had, or lies nowhere, is under an empty key. Without `lengths` of time, the dearer half to
    read, there are none. Raises ValueError for what `divides` denies.
    """
    rows = await _rows(what, period, only, monthly=True, lengths=lengths)
    return _figures(((row["key"], row) for row in rows), what, only)


async def over_time(
    period: Period, only: Only = ALL, *, monthly: bool, lengths: bool = True
) -> dict[date, Figures]:
    """By month, under its first day, or by day; what came to nothing is there as well.

    Of the months at the ends it is what falls into the period.
    """
    rows = await _rows("all", period, only, monthly=monthly, apart=True, lengths=lengths)
    pieces = ((_place(day_of(row["begins"]), monthly=monthly), row) for row in rows)
    found = _figures(pieces, "all", only)
    empty = Figures(of_executors=bool(only.executor))
    days = (period.since + at * _DAY for at in range(period.days))
    return {place: found.get(place, empty) for place in (_place(day, monthly=monthly) for day in days)}


def _place(day: date, *, monthly: bool) -> date:
    return day.replace(day=1) if monthly else day


async def _rows(
    what: str, period: Period, only: Only, *, monthly: bool, apart: bool = False, lengths: bool = True
) -> list[dict[str, Any]]:
    """Sums by the part of the key that `what` is; `apart`: each day and month by itself."""
    found = _slice(what, only)
    if found is None:
        raise ValueError(f"no sums are kept by {what} of {', '.join(only.chosen)}")
    parts = SLICES[found]
    where = Where()
    where.add(f"slice = {where.value(found)}")
    where.add(_within(where, period, monthly=monthly))
    if condition := _keys(where, parts, only):
        where.add(condition)
    columns = ", ".join(f"sum({name}) AS {name}" for name in COUNTS)
    spans = ", ".join(f"{_gathered(name) if lengths else 'NULL'} AS {name}" for name in SPANS)
    group = "begins, key" if apart else "key"
    sums = f"SELECT {group}, {columns}, {spans} FROM rollup {where} GROUP BY {group}"  # noqa: S608
    rows = await select(sums, where.values)
    kept = []
    for row in rows:
        values = dict(zip(parts, row["key"].split(JOINS), strict=False))
        if all(values[name] in slugs for name, slugs in only.chosen.items()):
            kept.append({**row, "key": values.get(_PART.get(what, what), "")})
    return kept


_PART = {"kind": "of_kind"}  # what a slice is called, and the column it divides by


def _slice(what: str, only: Only) -> str | None:
    """Which sums answer that: those that are divided by just what is asked and chosen."""
    needed = {*only.chosen, *(() if what == "all" else (_PART.get(what, what),))}
    return next((name for name, parts in SLICES.items() if set(parts) == needed), None)


def _within(where: Where, period: Period, *, monthly: bool) -> str:
    """The rows that make up a period: whole months as such, and what is left at its ends by days."""
    after = period.until + _DAY
    whole = period.whole_months if monthly else None
    if whole is None:
        return _between(where, "d", period.since, after)
    first, last = whole
    parts = [_between(where, "m", first, last)]
    if period.since < first:
        parts.append(_between(where, "d", period.since, first))
    if last < after:
        parts.append(_between(where, "d", last, after))
    return f"({' OR '.join(parts)})"


def _between(where: Where, grain: str, first: date, after: date) -> str:
    said = f"grain = {where.value(grain)} AND begins >= {where.value(first)}"
    return f"({said} AND begins < {where.value(after)})"


def _keys(where: Where, parts: tuple[str, ...], only: Only) -> str:
    """The keys that may be of what is chosen; where part of a key is open, some others too."""
    if not only.chosen:
        return ""
    if set(parts) == set(only.chosen):
        keys = (JOINS.join(values) for values in product(*(only.chosen[name] for name in parts)))
        return f"key IN ({where.listed(tuple(keys))})"
    likes = []
    for name, slugs in only.chosen.items():
        likes += [f"{slug}{JOINS}%" if name == parts[0] else f"%{JOINS}{slug}" for slug in slugs]
    return f"({' OR '.join(f'key LIKE {where.value(each)}' for each in likes)})"


def _gathered(column: str) -> str:
    """All lengths of time that are not empty, as the inside of one JSON list."""
    if db.is_sqlite():
        return f"group_concat(nullif({column}, '{{}}'))"
    return f"string_agg(nullif({column}::text, '{{}}'), ',')"


K = TypeVar("K")


def _figures(rows: Iterable[tuple[K, dict[str, Any]]], what: str, only: Only) -> dict[K, Figures]:
    """The sums of what has the same key, put together."""
    sums: dict[K, Sums] = defaultdict(Sums)
    for key, row in rows:
        spans = [_spans(row[name]) for name in SPANS]
        sums[key].add(Sums([int(row[name]) for name in COUNTS], *spans))
    handed = what == "executor" or bool(only.executor)
    return {key: Figures(each, of_executors=handed) for key, each in sums.items() if not each.nothing}


def _spans(gathered: str | None) -> Counter[int]:
    """Read as one object that has its keys many times over: for many rows that is three times as fast."""
    found: dict[str, int] = {}

    def add(pairs: list[tuple[str, int]]) -> None:
        for span, number in pairs:
            found[span] = found.get(span, 0) + number

    if gathered:
        json.loads(gathered.replace("},{", ","), object_pairs_hook=add)
    return Counter({int(span): number for span, number in found.items()})


def day_of(value: Any) -> date:  # noqa: ANN401 - SQLite gives text, PostgreSQL a day
    return value if isinstance(value, date) else date.fromisoformat(value)
