"""Where the appeals of a period come from, on the map and in a table that says the same."""

from aiohttp import web

from admin import pages, periods, reporting
from admin.access import WATCH, Routes
from admin.keys import CITY, LANGUAGE
from admin.views.reports import around
from core.city import City
from core.queries.reports import heat
from core.queries.reports.heat import Cell, Heat, Narrowed

routes = Routes()
PATH = "/admin/heat"


@routes.route("GET", PATH, roles=WATCH)
async def show(request: web.Request) -> web.Response:
    city, asked = request.app[CITY], periods.asked(request)
    chosen = {
        name: slug if slug in known else ""
        for name, known in (
            ("topic", {*city.categories, *(group.slug for group in city.pack.groups)}),
            ("executor", set(city.executors)),
        )
        for slug in (request.query.get(name, ""),)
    }
    found = None if asked.error else await heat.heat(city, asked.period, _narrowed(city, **chosen))
    context = {
        "asked": asked,
        "chosen": chosen,
        "heat": found,
        "legend": _legend(found) if found else (),
        "shapes": [_shape(cell) for cell in found.cells] if found else (),
        "names": reporting.Names(city, request[LANGUAGE]),
        "change": reporting.change,
        "share": lambda part, whole: reporting.share(part, whole, request[LANGUAGE]),
        **around(request),
    }
    return await pages.page(request, "heat.html", context, status=422 if asked.error else 200)


def _narrowed(city: City, topic: str, executor: str) -> Narrowed:
    """A topic is a category, or a whole group of them."""
    of_group = tuple(slug for slug, category in city.categories.items() if category.group == topic)
    categories = (topic,) if topic in city.categories else of_group
    return Narrowed(categories, (executor,) if executor else ())


def _legend(found: Heat) -> list[tuple[int, int, int]]:
    """Of each colour its number, the least count and the most."""
    ends = [*(least - 1 for least in found.steps[1:]), *(cell.count for cell in found.cells[:1])]
    return [(at, least, end) for at, (least, end) in enumerate(zip(found.steps, ends, strict=True), 1)]


def _shape(cell: Cell) -> list[object]:
    """What the map draws of a cell: its id, as text since a browser's numbers are too short, and the rest."""
    return [str(cell.id), cell.count, cell.rank, cell.outline]
