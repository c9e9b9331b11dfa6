"""An officer's day, made for a phone: what is late, what is due today, and the rest."""

from aiohttp import web

from admin import pages
from admin.access import OFFICERS, Routes
from admin.keys import CITY, USER
from core.queries.panel import mine

routes = Routes()


@routes.route("GET", "/admin/mine", roles=OFFICERS)
async def show(request: web.Request) -> web.Response:
    """The whole page, or for htmx the list alone."""
    day = await mine.day(request[USER].actor, request.app[CITY].pack.timezone)
    if pages.by_htmx(request):
        return pages.fragment(request, "parts/mine.html", {"day": day})
    return await pages.page(request, "mine.html", {"day": day})
