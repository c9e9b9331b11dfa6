"""Rows of sums: what of them changes with some days, and writing that; months follow by the differences."""

import asyncio
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from core.figures.history import counted
from core.figures.sums import COUNTS, SLICES, SPANS, Key, Sums, add_up
from core.models import Rollup
from core.queries.sql import Where, document, select

FEW = 500  # keys that are asked for by name


@dataclass(frozen=True, slots=True)
class Rows:
    """Sums by their place; None where none are left. `ids`: of the rows that stand there."""

    grain: str
    sums: dict[Key, Sums | None]
    ids: dict[Key, int]


async def changes(days: Collection[date]) -> tuple[Rows, Rows]:
    """The rows of days, and of their months, that are not what the facts are; three queries."""
    where = Where()
    where.add(f"day IN ({where.listed(tuple(days))})")
    facts = await select(f"SELECT * FROM fact {where}", where.values)  # noqa: S608
    now = await asyncio.to_thread(lambda: add_up(counted(row) for row in facts))
    ids, was = await standing("d", days)
    differ = {key for key in {*was, *now} if was.get(key) != now.get(key)}
    of_months = {day.replace(day=1) for _, day, _ in differ}
    month_ids, months = await standing("m", of_months, {key for _, _, key in differ})
    changed: dict[Key, Sums | None] = {}
    for place in differ:
        name, day, key = place
        month = (name, day.replace(day=1), key)
        sums = months.setdefault(month, Sums())
        if place in was:
            sums.add(was[place], -1)
        if place in now:
            sums.add(now[place])
        changed[month] = None if sums.nothing else sums
    return Rows("d", {key: now.get(key) for key in differ}, ids), Rows("m", changed, month_ids)


async def standing(
    grain: str, begins: Collection[date], keys: Collection[str] | None = None
) -> tuple[dict[Key, int], dict[Key, Sums]]:
    """The rows of these days or months and their ids; where they are few, of these `keys` alone."""
    if not begins:
        return {}, {}
    where = Where()
    where.add(f"slice IN ({where.listed(tuple(SLICES))})")
    where.add(f"grain = {where.value(grain)}")
    where.add(f"begins IN ({where.listed(tuple(sorted(begins)))})")
    if keys is not None and len(keys) < FEW:
        where.add(f"key IN ({where.listed(tuple(sorted(keys)))})")
    ids, found = {}, {}
    for row in await select(f"SELECT * FROM rollup {where}", where.values):  # noqa: S608
        day = row["begins"] if isinstance(row["begins"], date) else date.fromisoformat(row["begins"])
        place = (row["slice"], day, row["key"])
        ids[place] = row["id"]
        spans = [Counter({int(span): n for span, n in document(row[name]).items()}) for name in SPANS]
        found[place] = Sums([row[name] for name in COUNTS], *spans)
    return ids, found


async def write(changed: Collection[Rows]) -> None:
    """Within the open transaction."""
    empty = [
        rows.ids[key]
        for rows in changed
        for key, sums in rows.sums.items()
        if sums is None and key in rows.ids
    ]
    full = [
        _row(rows.grain, key, sums) for rows in changed for key, sums in rows.sums.items() if sums is not None
    ]
    if empty:
        await Rollup.filter(id__in=empty).delete()
    if full:
        place = ["slice", "grain", "begins", "key"]
        await Rollup.bulk_create(full, on_conflict=place, update_fields=[*COUNTS, *SPANS])


def _row(grain: str, place: Key, sums: Sums) -> Rollup:
    name, begins, key = place
    return Rollup(
        slice=name,
        grain=grain,
        begins=begins,
        key=key,
        to_begin={str(span): n for span, n in sorted(sums.to_begin.items())},
        to_answer={str(span): n for span, n in sorted(sums.to_answer.items())},
        **dict(zip(COUNTS, sums.counts, strict=True)),
    )
