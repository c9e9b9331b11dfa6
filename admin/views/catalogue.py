"""The catalogue's first page, and everything that was changed in it."""

from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from admin.access import WATCH, Routes
from admin.catalogue import respond, told
from admin.forms import as_integer
from admin.keys import CITY
from core.actions.changes import SUBJECTS
from core.models import Template
from core.queries.panel.catalogue import history

routes = Routes()


@routes.route("GET", "/admin/catalogue", roles=WATCH)
async def show(request: web.Request) -> web.Response:
    city = request.app[CITY]
    counts = {
        "categories": sum(row.active for row in city.categories.values()),
        "deadlines": sum(row.active for row in city.categories.values()),
        "executors": sum(row.active for row in city.executors.values()),
        "districts": sum(row.active for row in city.districts.values()),
        "streets": len(city.pack.streets),
        "templates": await Template.filter(active=True).count(),
        "city": len(city.pack.emergency),
    }
    recent = await history(limit=5)
    context = {"counts": counts, "past": [told(request, change) for change in recent.changes]}
    return await respond(request, "catalogue.html", context)


@routes.route("GET", "/admin/catalogue/changes", roles=WATCH)
async def changes(request: web.Request) -> web.Response:
    subject = request.query.get("subject", "")
    subject = subject if subject in SUBJECTS else ""
    after = as_integer(request.query.get("after", ""))
    found = await history(subject, after=after)

    def address(**more: Any) -> str:  # noqa: ANN401 - an id
        query = urlencode({name: value for name, value in {"subject": subject, **more}.items() if value})
        return f"/admin/catalogue/changes?{query}" if query else "/admin/catalogue/changes"

    context = {
        "past": [told(request, change) for change in found.changes],
        "subject": subject,
        "subjects": SUBJECTS,
        "first": address() if after else "",
        "next": address(after=found.after) if found.after else "",
    }
    return await respond(request, "catalogue_changes.html", context)
