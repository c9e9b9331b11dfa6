"""Hours to answer in, of all categories in one table."""

from typing import Any

from aiohttp import web

from admin import catalogue as shared
from admin import forms, pages
from admin.access import ADMINISTRATORS, WATCH, Routes
from admin.catalogue import Form
from admin.keys import CITY, LANGUAGE, USER
from core.actions import catalogue
from core.importing.standing import standing
from core.queries.panel.catalogue import open_by

routes = Routes()
PAGE = "/admin/catalogue/deadlines"


@routes.route("GET", PAGE, roles=WATCH)
async def show(request: web.Request) -> web.Response:
    now = await _now(request)
    return await _page(request, Form(dict(now), now))


@routes.route("POST", PAGE, roles=ADMINISTRATORS)
async def save(request: web.Request) -> web.Response:
    sent = await forms.read(request)
    was = shared.seen(sent)
    if was is None:
        raise web.HTTPBadRequest
    form = Form({slug: shared.number(sent.text(f"hours.{slug}")) for slug in was}, was)
    saving = catalogue.save_hours(request.app[CITY], request[USER].actor, was, form.values)
    if await shared.tried(request, form, saving):
        return pages.see_other(f"{PAGE}?saved=1")
    if form.status == 409:  # noqa: PLR2004 - a conflict
        now = await _now(request)
        city, language = request.app[CITY], request[LANGUAGE]
        names = {slug: getattr(row, language) for slug, row in city.categories.items()}
        form.meanwhile = tuple(
            shared.Line(names.get(slug, slug), f"{was.get(slug, 0):g}", f"{now.get(slug, 0):g}")
            for slug in {**was, **now}
            if was.get(slug) != now.get(slug)
        )
        form.values = now | {slug: hours for slug, hours in form.values.items() if slug in now}
        form.was = now
    return await _page(request, form)


async def _now(request: web.Request) -> dict[str, float]:
    found = await standing(request.app[CITY].settings)
    return {each.slug: each.hours for each in found.pack.categories}


async def _page(request: web.Request, form: Form) -> web.Response:
    context: dict[str, Any] = {
        "open": sum((await open_by("category_id")).values()),
        "saved": "saved" in request.query,
        "past": await shared.past(request, "category"),
    }
    return await shared.respond(request, "catalogue_deadlines.html", context, form=form)
