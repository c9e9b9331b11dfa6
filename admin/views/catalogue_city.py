"""What the city says of itself: names, working hours, days off, emergency numbers."""

import json
from typing import Any

from aiohttp import web

from admin import catalogue as shared
from admin import forms, pages
from admin.access import ADMINISTRATORS, WATCH, Routes
from admin.catalogue import Form
from admin.forms import Sent
from admin.keys import CITY, USER
from core.actions import city_settings
from core.importing.standing import standing
from core.importing.subjects import DAYS

routes = Routes()
PAGE = "/admin/catalogue/city"


@routes.route("GET", PAGE, roles=WATCH)
async def show(request: web.Request) -> web.Response:
    now = await _now(request)
    return await _page(request, Form(dict(now), now))


@routes.route("POST", PAGE, roles=ADMINISTRATORS)
async def save(request: web.Request) -> web.Response:
    sent = await forms.read(request)
    form = Form(_typed(sent), shared.seen(sent))
    if form.was is None:
        raise web.HTTPBadRequest
    saving = city_settings.save(request.app[CITY], request[USER].actor, form.was, form.values)
    if await shared.tried(request, form, saving):
        return pages.see_other(f"{PAGE}?saved=1")
    shared.overtaken(request, form, await _now(request), "city")
    return await _page(request, form)


async def _now(request: web.Request) -> dict[str, Any]:
    facts = city_settings.facts_of(await standing(request.app[CITY].settings))
    return dict(json.loads(json.dumps(facts)))


def _typed(sent: Sent) -> dict[str, Any]:
    rows = zip(sent.texts("number"), sent.texts("number_uk"), sent.texts("number_en"), strict=False)
    numbers = [[part.strip() for part in row] for row in rows]
    return {
        **{name: sent.text(name).strip() for name in ("uk", "en", *DAYS, "days_off")},
        "public_holidays": bool(sent.text("public_holidays")),
        "emergency": [row for row in numbers if any(row)],
    }


async def _page(request: web.Request, form: Form) -> web.Response:
    context = {
        "days_of_week": DAYS,
        "saved": "saved" in request.query,
        "past": [*await shared.past(request, "city"), *await shared.past(request, "emergency")],
    }
    return await shared.respond(request, "catalogue_city.html", context, form=form)
