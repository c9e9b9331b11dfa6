"""Indicators of the city's work (KR 3.7): of a period against the one before."""

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Final

from aiohttp import web
from babel.dates import format_date

from admin import asked_figures, figures, pages
from admin.access import STAFF, Routes
from admin.asked_figures import Query
from admin.figures import MEASURES, Said
from admin.keys import CITY, LANGUAGE
from admin.reporting import Names
from core.queries.figures import Figures, by, over_time, overdue, whole

routes = Routes()
PATH: Final = "/admin/indicators"
WAYS: Final = ("executor", "category", "district", "time")
TILES: Final = (
    *("received", "answered", "on_time", "to_begin", "to_answer"),
    *("rework", "reopening", "confirmed", "stars"),
)
COLUMNS: Final = (
    *("received", "answered", "on_time", "to_begin", "to_begin_most", "to_answer", "to_answer_most"),
    *("rework", "reopening", "confirmed", "stars", "response"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """`links`: of the figures that have appeals to show; `href`: of the name, to this row alone."""

    name: str
    href: str
    cells: dict[str, Said]
    overdue: int | None
    links: dict[str, str]


@routes.route("GET", PATH, roles=STAFF)
async def show(request: web.Request) -> web.Response:
    query, asked = asked_figures.read(request, WAYS)
    city, language = request.app[CITY], request[LANGUAGE]
    names = Names(city, language)
    now, before = await whole(query.period, query.only), await whole(query.period.before, query.only)
    late = await overdue(query.by, query.only)
    context = {
        **asked_figures.around(request, query, asked, PATH, WAYS),
        "names": names,
        "tiles": {name: figures.said(MEASURES[name], now, language, before) for name in TILES},
        "most": {
            name: figures.said(MEASURES[f"{name}_most"], now, language) for name in ("to_begin", "to_answer")
        },
        "late": sum(late.values()),
        "columns": COLUMNS,
        "rows": await _rows(query, names, late, language) if query.divided else [],
        "links": _links(query),
        "nothing": now.nothing and before.nothing,
    }
    return await pages.page(request, "indicators.html", context, status=422 if asked.error else 200)


async def _rows(query: Query, names: Names, late: dict[str, int], language: str) -> list[Row]:
    if query.by == "time":
        points = await over_time(query.period, query.only, monthly=query.monthly)
        return [
            Row(moment(day, language, monthly=query.monthly), "", _cells(one, language), None, {})
            for day, one in points.items()
        ]
    found = await by(query.by, query.period, query.only)
    was = await by(query.by, query.period.before, query.only, lengths=False)
    blank = Figures(of_executors=query.by == "executor" or bool(query.only.executors))
    found = {key: found.get(key, blank) for key in {*found, *(key for key, n in late.items() if n)}}
    named = partial(asked_figures.named, names, query.by)
    if query.column == "overdue":
        order = sorted(found, key=lambda key: (late.get(key, 0), key), reverse=query.down)
    else:
        column = query.column or "answered"
        order = figures.sorted_rows(found, column, named, down=query.down or not query.column)
    rows = []
    for key in order:
        if not (found[key].received or found[key].answered or late.get(key)):
            continue  # such as what nobody has, and nobody answered
        of = {query.by: key}
        href = query.address(PATH, **of, by="time", sort="") if key else ""
        cells = _cells(found[key], language, was.get(key, blank))
        rows.append(Row(named(key), href, cells, late.get(key, 0), _links(query, **of) if key else {}))
    return rows


def _cells(now: Figures, language: str, before: Figures | None = None) -> dict[str, Said]:
    return {name: figures.said(MEASURES[name], now, language, before) for name in COLUMNS}


def _links(query: Query, **of: str) -> dict[str, str]:
    """What the queue can show of each figure: just that, or what was filed in these days."""
    filed = asked_figures.queue(query, **of)
    return {
        "received": filed,
        "answered": filed,
        "reopening": asked_figures.queue(query, **of, reopened=1),
        "confirmed": query.address("/admin/satisfaction", **of, by="month", sort=""),
        "overdue": asked_figures.overdue(query, **of),
    }


def moment(day: date, language: str, *, monthly: bool) -> str:
    """A month or a day, as the axis of a chart says it."""
    return format_date(day, "LLL y" if monthly else "d MMM", locale=language)
