"""The queue: every state of it is an address."""

from urllib.parse import urlencode

from aiohttp import web

from admin import pages
from admin.access import PUBLIC, STAFF, Routes
from admin.keys import CITY, USER
from core.queries.panel import counters, queue
from core.queries.panel.filters import Cursor, Filters, View
from core.workflow import OPEN, Status

routes = Routes()
LONGEST_SEARCH = 200


@routes.route("GET", "/", roles=PUBLIC)
async def to_panel(_request: web.Request) -> web.Response:
    return pages.see_other("/admin/")


@routes.route("GET", "/admin", roles=PUBLIC)
async def to_queue(_request: web.Request) -> web.Response:
    return pages.see_other("/admin/")


@routes.route("GET", "/admin/", roles=STAFF)
async def show(request: web.Request) -> web.Response:
    """The whole page, or for htmx the part that lives: tabs and list."""
    filters = _filters(request)
    actor = request[USER].actor
    counts = await counters.counters(actor)
    share = counts[View.OVERDUE] / max(1, counts[View.OPEN])
    context = {
        "filters": filters,
        "page": await queue.page(actor, filters, overdue_share=share),
        "counters": counts,
        "views": [view for view in View if view is not View.TRIAGE or request[USER].desk],
        "statuses": list(Status),
        "address": _address,
    }
    if pages.by_htmx(request):
        response = pages.fragment(request, "parts/queue.html", context)
        if request.headers.get("HX-Trigger") == "filters":  # and not the list renewing itself
            response.headers["HX-Push-Url"] = _address(filters)
        return response
    return await pages.page(request, "queue.html", context)


def _filters(request: web.Request) -> Filters:
    """Read from the address; what is unknown there is as if it weren't."""
    query, city = request.query, request.app[CITY]
    view, status = query.get("view", ""), query.get("status", "")
    category, district, executor = (query.get(name, "") for name in ("category", "district", "executor"))
    wanted = Status(status) if status in set(Status) else None
    usual = View.OPEN if wanted is None or wanted in OPEN else View.ALL  # an ended one isn't among the open
    return Filters(
        view=View(view) if view in set(View) and view != View.OPEN else usual,
        status=wanted,
        category=category if category in city.categories else None,
        district=district if district in city.districts else None,
        executor=executor if executor in city.executors and request[USER].desk else None,
        overdue=query.get("overdue") == "1",
        words=query.get("q", "").replace("\x00", "").strip()[:LONGEST_SEARCH],
        after=Cursor.parse(query.get("after", "")),
    )


def _address(filters: Filters, after: Cursor | None = None) -> str:
    """The address of a state of the queue; of the first page unless told `after` which row to begin."""
    parts = {
        "view": filters.view if filters.view is not View.OPEN else "",
        "status": filters.status or "",
        "category": filters.category or "",
        "district": filters.district or "",
        "executor": filters.executor or "",
        "overdue": "1" if filters.overdue else "",
        "q": filters.words,
        "after": str(after) if after else "",
    }
    query = urlencode({name: value for name, value in parts.items() if value})
    return f"/admin/?{query}" if query else "/admin/"
