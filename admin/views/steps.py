"""From an appeal to the next or the previous one of the list it was opened from, as the list is now.

The list travels along in the address, and with it the place (`after`) that the appeal had when it was opened:
what was done to it since is no hindrance. Neighbours are looked for only when somebody goes there.
"""

from aiohttp import web

from admin import pages
from admin.access import STAFF, Routes
from admin.keys import CITY, USER
from admin.views.queue import End, address, looked_for, question, read
from core.queries.panel import counters, queue
from core.queries.panel.filters import Filters

routes = Routes()


@routes.route("GET", "/admin/appeals/next", roles=STAFF)
async def onwards(request: web.Request) -> web.Response:
    return await _step(request, up=False, end=End.LAST)


@routes.route("GET", "/admin/appeals/previous", roles=STAFF)
async def back(request: web.Request) -> web.Response:
    return await _step(request, up=True, end=End.FIRST)


def of_list(request: web.Request) -> Filters | None:
    """The list from which an appeal was opened; None where it was from none."""
    filters = read(request.query, request.app[CITY], desk=request[USER].desk)
    return filters if filters.after else None


def around(request: web.Request) -> dict[str, str]:
    """`back`: the address of that list; `along`: what an appeal's says of it after the question mark."""
    filters = of_list(request)
    if filters is None:
        return {"back": "", "along": ""}
    return {"back": address(filters), "along": question(filters, filters.after)}


def along(request: web.Request) -> str:
    return around(request)["along"]


def shown(request: web.Request, appeal_id: int) -> str:
    """Where an appeal is shown after something was done to it."""
    asked = along(request)
    return f"/admin/appeals/{appeal_id}" + (f"?{asked}" if asked else "")


async def _step(request: web.Request, *, up: bool, end: End) -> web.Response:
    user, filters = request[USER], of_list(request)
    if filters is None:
        return pages.see_other("/admin/")
    counts = await counters.counters(user.actor, filters.zone)
    place = await queue.beside(user.actor, filters, looked_for(filters.words), counts, up=up)
    if place is None:
        asked = [part for part in (question(filters), f"end={end}") if part]
        return pages.see_other(f"/admin/?{'&'.join(asked)}")
    return pages.see_other(f"/admin/appeals/{place.id}?{question(filters, place)}")
