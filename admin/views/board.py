"""The board for the wall: what happens in the city now, read from afar, touched by nobody."""

from aiohttp import web

from admin import pages
from admin.access import WATCH, Routes
from admin.keys import CITY, USER
from core.queries.panel import board

routes = Routes()


@routes.route("GET", "/admin/board", roles=WATCH)
async def show(request: web.Request) -> web.Response:
    """The page once; then its living part alone, which the page itself asks for."""
    context = {
        "board": await board.board(request.app[CITY].pack.timezone),
        "listed": board.LISTED,
        "until": request[USER].session.expires_at,
    }
    if "live" in request.query:
        return pages.fragment(request, "parts/board.html", context)
    return await pages.page(request, "board.html", context)
