"""Saved filters: keeping the queue as it is now, and letting go of what one kept."""

from urllib.parse import parse_qsl

from aiohttp import web

from admin import forms, pages
from admin.access import STAFF, Routes
from admin.keys import CITY, LANGUAGE, USER
from admin.views.queue import question, read
from core.actions import saved
from core.errors import Invalid
from core.queries.panel.saved import shown

routes = Routes()


@routes.route("GET", "/admin/filters", roles=STAFF)
async def show(request: web.Request) -> web.Response:
    return await _page(request, request.query_string, {"name": "", "shared": ""})


@routes.route("POST", "/admin/filters", roles=STAFF)
async def save(request: web.Request) -> web.Response:
    """Back to the queue as it was kept; where the name won't do, the form again."""
    sent, actor = await forms.read(request), request[USER].actor
    values = {"name": sent.text("name"), "shared": sent.text("shared")}
    query = _query(request, sent.text("query"))
    try:
        row = await saved.save(actor, values["name"], query, shared=bool(values["shared"]))
    except Invalid as refused:
        error = pages.text_of(refused, request[LANGUAGE])
        return await _page(request, query, values, error=error, status=422)
    return pages.see_other(f"/admin/?{row.query}")


@routes.route("POST", r"/admin/filters/{id:\d{1,9}}/delete", roles=STAFF)
async def delete(request: web.Request) -> web.Response:
    await saved.delete(request[USER].actor, int(request.match_info["id"]))
    return pages.see_other("/admin/filters")


def _query(request: web.Request, typed: str) -> str:
    """As the queue's own address says it: what is unknown in it is not kept, nor the page one was on."""
    fields = dict(parse_qsl(typed, max_num_fields=forms.MAX_FIELDS)) if typed else {}
    fields.pop("after", None)
    return question(read(fields, request.app[CITY], desk=request[USER].desk))


async def _page(
    request: web.Request, query: str, values: dict[str, str], *, error: str = "", status: int = 200
) -> web.Response:
    user = request[USER]
    rows = await shown(user.actor)
    context = {
        "rows": rows,
        "deletable": {
            row.id for row in rows if saved.may_delete(user.actor, row.staff_id, shared=row.shared)
        },
        "may_share": saved.may_share(user.staff.role),
        "query": _query(request, query),
        "values": values,
        "error": error,
        "longest": saved.LONGEST,
    }
    return await pages.page(request, "saved_filters.html", context, status=status)
