"""What residents say of the results: how many are content, how sure that is, and what the others say."""

from dataclasses import dataclass
from functools import partial
from typing import Final

from aiohttp import web

from admin import asked_figures, figures, forms, pages
from admin.access import STAFF, Routes
from admin.asked_figures import Query
from admin.figures import MEASURES, Said
from admin.keys import CITY, LANGUAGE
from admin.reporting import NOBODY, Names
from admin.views.indicators import moment
from core.queries.figures import Figures, by, over_time, whole
from core.queries.figures.words import dissatisfied
from core.queries.reports.digest import ENOUGH

routes = Routes()
PATH: Final = "/admin/satisfaction"
WAYS: Final = ("executor", "category", "district", "channel", "month")
COLUMNS: Final = ("asked", "judged", "response", "confirmed", "stars")


@dataclass(frozen=True, slots=True)
class Row:
    """`certain`: between what the share of the solved lies, or that there are too few to say.

    `links`: to the appeals behind each figure; `href`: of the name, to this row alone.
    """

    name: str
    href: str
    cells: dict[str, Said]
    certain: str
    links: dict[str, str]


@routes.route("GET", PATH, roles=STAFF)
async def show(request: web.Request) -> web.Response:
    query, asked = asked_figures.read(request, WAYS)
    city, language = request.app[CITY], request[LANGUAGE]
    names = Names(city, language)
    now, before = await whole(query.period, query.only), await whole(query.period.before, query.only)
    after = forms.as_integer(request.query.get("before", ""))
    said, more = await dissatisfied(query.period, city.pack.timezone, query.only, before=after)
    context = {
        **asked_figures.around(request, query, asked, PATH, WAYS),
        "names": names,
        "tiles": {name: figures.said(MEASURES[name], now, language, before) for name in COLUMNS},
        "links": query.links(),
        "certain": figures.certainty(now, language),
        "columns": COLUMNS,
        "rows": await _rows(query, names, language) if query.divided else [],
        "said": said,
        "more": more,
        "enough": ENOUGH,
        "nothing": not now["asked"],
    }
    return await pages.page(request, "satisfaction.html", context, status=422 if asked.error else 200)


async def _rows(query: Query, names: Names, language: str) -> list[Row]:
    if query.by == "month":
        points = await over_time(query.period, query.only, monthly=True)
        months = {day: query.period.part(day, monthly=True) for day in points}
        return [
            _row(moment(day, language, monthly=True), "", one, language, query.links(period=months[day]))
            for day, one in points.items()
        ]
    found = {key: one for key, one in (await by(query.by, query.period, query.only)).items() if one["asked"]}
    named = partial(asked_figures.named, names, query.by)
    column = query.column or "judged"
    order = figures.sorted_rows(found, column, named, down=query.down or not query.column)
    return [
        _row(named(key), _href(query, key), found[key], language, query.links(**{query.by: key or NOBODY}))
        for key in order
    ]


def _row(name: str, href: str, one: Figures, language: str, links: dict[str, str]) -> Row:
    cells = {column: figures.said(MEASURES[column], one, language) for column in COLUMNS}
    return Row(name, href, cells, figures.certainty(one, language), links)


def _href(query: Query, key: str) -> str:
    """To what this row alone says, by month."""
    if query.by == "channel":
        return ""
    return query.address(PATH, **{query.by: key or NOBODY}, by="month", sort="")
