"""The statistical report of a period (SE II.9, KR 2.3): the same few queries, however long it is.

Sums come from the rollups: whole months as months, the days around them as days. What was overdue at the end
of a period is counted from the appeals themselves, and so is what one field has of a topic in a district.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from core import db
from core.city import City
from core.figures.sums import UNCOUNTED
from core.models.control import FactKind
from core.periods import Period
from core.queries.panel.filters import midnight
from core.queries.reports.sums import COUNTED, Row, Rows, Sums, gathered, growth
from core.queries.sql import Where, select

GREW = 3
_CUTS = ("category", "district", "channel")
_OF_CITY = ("all", "kind", "category+district", *_CUTS)
_SUMMED = tuple(name for name in COUNTED if name not in {"came", "overdue"})
_DAY = timedelta(days=1)
Gathered = dict[str, list[Row]]  # by how they are cut


@dataclass(frozen=True, slots=True)
class Report:
    """`portfolio`: the deputy mayor's field it is of; empty for the whole city.

    Of a field, an appeal that went from one of its executors to another counts with each of them, and `kinds`
    aren't told. Only they know thanks and consultations. `problems` are topics in a district, with a plus
    between the two.
    """

    period: Period
    portfolio: str
    total: Row
    kinds: Rows
    groups: Rows
    topics: Rows
    districts: Rows
    executors: Rows
    channels: Rows
    problems: Rows

    @property
    def grew(self) -> Rows:
        """The topics that grew most."""
        return growth(self.topics, GREW)


async def report(city: City, period: Period, portfolio: str = "") -> Report:
    """Of the whole city, or of one field; an unknown field has nothing."""
    chosen = executors_of(city, portfolio)
    rows = await _sums(period, chosen)
    if chosen is not None:
        rows["category+district"] = await _problems(period, chosen)
    for cut, late in (await _late(city, period, chosen)).items():
        rows[cut] += late
    groups = {slug: category.group for slug, category in city.categories.items()}
    return Report(
        period=period,
        portfolio=portfolio,
        total=sum(rows["all"], Row("")),
        kinds=gathered(rows["kind"]),
        groups=gathered(rows["category"], lambda slug: groups.get(slug, "")),
        topics=gathered(rows["category"]),
        districts=gathered(rows["district"]),
        executors=gathered(rows["executor"]),
        channels=gathered(rows["channel"]),
        problems=gathered(rows["category+district"]),
    )


def executors_of(city: City, portfolio: str) -> frozenset[str] | None:
    """The executors of a deputy mayor's field; None for the whole city."""
    if not portfolio:
        return None
    return frozenset(slug for slug, executor in city.executors.items() if executor.portfolio == portfolio)


async def _sums(period: Period, chosen: frozenset[str] | None) -> Gathered:
    """Everything but what is overdue."""
    slices = _OF_CITY if chosen is None else tuple(f"executor+{cut}" for cut in _CUTS)
    where = Where()
    this = f"CASE WHEN begins >= {where.value(period.since)} THEN 1 ELSE 0 END AS this"
    pieces = [
        f"SELECT * FROM rollup WHERE slice IN ({where.listed(('executor', *slices))})"  # noqa: S608
        f" AND grain = {where.value(grain)} AND begins >= {where.value(first)}"
        f" AND begins < {where.value(after)}"
        for span in (period, period.before)
        for grain, first, after in _grains(span)
    ]
    summed = ", ".join(f"sum({name}) AS {name}" for name in ("received", "handed", *_SUMMED))
    found: Gathered = defaultdict(list)
    for row in await select(
        f"SELECT slice, key, {this}, {summed} FROM ({' UNION ALL '.join(pieces)}) AS sums"  # noqa: S608
        " GROUP BY 1, 2, 3",
        where.values,
    ):
        executor, _, rest = row["key"].partition("+")
        if chosen is not None and executor not in chosen:
            continue
        cut = row["slice"].removeprefix("executor+")
        handed = row["slice"].startswith("executor")
        each = _row(row["key"] if cut == row["slice"] else rest, row, handed=handed)
        found[cut].append(each)
        if chosen is not None and cut == "executor":
            found["all"].append(each)
    return found


def _grains(period: Period) -> Iterator[tuple[str, date, date]]:
    """Which rollups add up to a period: the grain, the first day, and the day after the last."""
    after = period.until + _DAY
    months = period.whole_months
    if months is None:
        yield "d", period.since, after
        return
    first, last = months
    if period.since < first:
        yield "d", period.since, first
    yield "m", first, last
    if last < after:
        yield "d", last, after


def _row(key: str, row: Mapping[str, Any], *, handed: bool) -> Row:
    came = int(row["handed"] if handed else row["received"])
    sums = Sums(came=came, **{name: int(row[name]) for name in _SUMMED})
    return Row(key, now=sums) if row["this"] else Row(key, before=sums)


async def _late(city: City, period: Period, chosen: frozenset[str] | None) -> Gathered:
    """What was overdue as the period ended, and as the one before did, by today's deadlines.

    That is what is overdue since then and open still, and what was answered only afterwards, and late.
    """
    zone, where = city.pack.timezone, Where()
    aside = "+" if db.is_sqlite() else ""  # left alone, SQLite begins with the appeals, which are far more

    def ends(span: Period) -> str:
        return where.value(midnight(span.until, zone, days=1))

    def counted(span: Period, of: str) -> str:
        overdue = f"due_at < {ends(span)} AND created_at < {ends(span)}"
        if of == "appeal_id":  # it is open no more: on which day it was answered
            overdue += f" AND day > {where.value(span.until)}"
        return f"count(DISTINCT CASE WHEN {overdue} THEN {of} END)"

    def within(column: str) -> str:
        return "" if chosen is None else f" AND {column} IN ({where.listed(tuple(sorted(chosen)) or ('',))})"

    still = (
        "SELECT executor_id AS executor, category_id AS category, district_id AS district,"  # noqa: S608
        f" {counted(period, 'id')} AS now, {counted(period.before, 'id')} AS before"
        f" FROM appeal WHERE open = {where.value(True)} AND due_at < {ends(period)}{within('executor_id')}"
        " GROUP BY 1, 2, 3"
    )
    since = (
        "SELECT executor, category, district,"  # noqa: S608
        f" {counted(period, 'appeal_id')} AS now,"
        f" {counted(period.before, 'appeal_id')} AS before"
        " FROM fact JOIN appeal ON appeal.id = fact.appeal_id"
        f" WHERE day > {where.value(period.before.until)} AND fact.kind = 'answered' AND NOT good"
        f" AND {aside}appeal.open = {where.value(False)}"
        f" AND {aside}due_at < {ends(period)}{within('executor')} GROUP BY 1, 2, 3"
    )
    found: Gathered = defaultdict(list)
    for row in await select(f"{still} UNION ALL {since}", where.values):
        now, before = Sums(overdue=int(row["now"])), Sums(overdue=int(row["before"]))
        for cut in ("executor", "category", "district"):
            found[cut].append(Row(row[cut] or "", now, before))
        found["all"].append(Row("", now, before))
        found["category+district"].append(Row(f"{row['category']}+{row['district'] or ''}", now, before))
    return found


async def _problems(period: Period, chosen: frozenset[str]) -> list[Row]:
    """What executors got and got back, by topic and district together, as no rollup has it."""
    where = Where()
    this = f"CASE WHEN day >= {where.value(period.since)} THEN 1 ELSE 0 END AS this"
    handed = f"sum(CASE WHEN kind = {where.value(FactKind.HANDED)} THEN 1 ELSE 0 END) AS handed"
    reopened = f"sum(CASE WHEN kind = {where.value(FactKind.REOPENED)} THEN 1 ELSE 0 END) AS reopened"
    where.add(f"day >= {where.value(period.before.since)} AND day <= {where.value(period.until)}")
    where.add("kind IN ('handed', 'reopened')")  # in the words of the partial index (see search.py)
    where.add(f"executor IN ({where.listed(tuple(sorted(chosen)) or ('',))})")
    where.add(f"of_kind NOT IN ({where.listed(tuple(sorted(UNCOUNTED)))})")
    found = []
    for row in await select(
        f"SELECT category, district, {this}, {handed}, {reopened}"  # noqa: S608
        f" FROM fact {where} GROUP BY 1, 2, 3",
        where.values,
    ):
        sums = Sums(came=int(row["handed"]), reopened=int(row["reopened"]))
        key = f"{row['category']}+{row['district']}"
        found.append(Row(key, now=sums) if row["this"] else Row(key, before=sums))
    return found
