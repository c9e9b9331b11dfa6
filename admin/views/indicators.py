"""Indicators of the city's work (KR 3.7): of a period against the one before."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Final

from aiohttp import web
from babel.dates import format_date

from admin import asked_figures, figures, pages
from admin.access import STAFF, Routes
from admin.asked_figures import Query
from admin.figures import MEASURES, Said
from admin.keys import CITY, LANGUAGE
from admin.reporting import NOBODY, Names
from core.figures.spans import shortest
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
    """`links`: to the appeals behind each figure; `href`: of the name, to this row alone."""

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
    cells = _cells(now, language, before)
    context = {
        **asked_figures.around(request, query, asked, PATH, WAYS),
        "names": names,
        "tiles": {name: cells[name] for name in TILES},
        "most": {name: cells[f"{name}_most"] for name in ("to_begin", "to_answer")},
        "late": sum(late.values()),
        "columns": COLUMNS,
        "rows": await _rows(query, names, late, language) if query.divided else [],
        "links": _links(query, cells),
        "nothing": now.nothing and before.nothing,
    }
    return await pages.page(request, "indicators.html", context, status=422 if asked.error else 200)


async def _rows(query: Query, names: Names, late: dict[str, int], language: str) -> list[Row]:
    if query.by == "time":
        points = await over_time(query.period, query.only, monthly=query.monthly)
        return [_at(query, day, one, language) for day, one in points.items()]
    found = await by(query.by, query.period, query.only)
    was = await by(query.by, query.period.before, query.only, lengths=False)
    blank = Figures(of_executors=query.by == "executor" or bool(query.only.executor))
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
        of = {query.by: key or NOBODY}
        href = query.address(PATH, **of, by="time", sort="")
        cells = _cells(found[key], language, was.get(key, blank))
        rows.append(Row(named(key), href, cells, late.get(key, 0), _links(query, cells, **of)))
    return rows


def _at(query: Query, day: date, one: Figures, language: str) -> Row:
    """Of a month or a day."""
    cells, period = _cells(one, language), query.period.part(day, monthly=query.monthly)
    name = moment(day, language, monthly=query.monthly)
    return Row(name, "", cells, None, _links(query, cells, period=period))


def _cells(now: Figures, language: str, before: Figures | None = None) -> dict[str, Said]:
    return {name: figures.said(MEASURES[name], now, language, before) for name in COLUMNS}


def _links(query: Query, now: Mapping[str, Said], **of: Any) -> dict[str, str]:  # noqa: ANN401 - parts of a Query
    """To the appeals behind each figure; behind the longest tenth, what took longer than that."""
    links = query.links(**of)
    for name in ("to_begin", "to_answer"):
        longest = now[f"{name}_most"].value
        links[f"{name}_most"] = links[name] if longest is None else f"{links[name]}&least={shortest(longest)}"
    return links | {"overdue": asked_figures.overdue(query, **of)}


def moment(day: date, language: str, *, monthly: bool) -> str:
    """A month or a day, as the axis of a chart says it."""
    return format_date(day, "LLL y" if monthly else "d MMM", locale=language)
