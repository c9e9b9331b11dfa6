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
from core.actions import calendar_form, city_settings
from core.actions.catalogue import take
from core.importing.standing import standing
from core.pack.calendars import WEEKDAYS

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
    city, actor = request.app[CITY], request[USER].actor
    planning = city_settings.plan_for(city, actor, form.was, form.values)
    plan = await shared.agreed(request, form, sent, planning)
    if plan is not None and await shared.tried(request, form, take(city, actor, plan)):
        return pages.see_other(f"{PAGE}?saved=1")
    shared.overtaken(request, form, await _now(request), "city")
    return await _page(request, form)


async def _now(request: web.Request) -> dict[str, Any]:
    facts = city_settings.facts_of(await standing(request.app[CITY].settings))
    return dict(json.loads(json.dumps(facts)))


def _typed(sent: Sent) -> dict[str, Any]:
    rows = zip(sent.texts("number"), sent.texts("number_uk"), sent.texts("number_en"), strict=False)
    numbers = [[part.strip() for part in row] for row in rows]
    led = zip(sent.texts("portfolio"), sent.texts("portfolio_uk"), sent.texts("portfolio_en"), strict=False)
    portfolios = [[part.strip() for part in row] for row in led]
    return {
        **{name: sent.text(name).strip() for name in ("uk", "en", *calendar_form.DAYS)},
        "public_holidays": bool(sent.text("public_holidays")),
        "emergency": [row for row in numbers if any(row)],
        "portfolios": [row for row in portfolios if any(row)],
    }


async def _page(request: web.Request, form: Form) -> web.Response:
    context = {
        "days_of_week": WEEKDAYS,
        "saved": "saved" in request.query,
        "past": [
            *await shared.past(request, "city"),
            *await shared.past(request, "emergency"),
            *await shared.past(request, "portfolio"),
        ],
    }
    return await shared.respond(request, "catalogue_city.html", context, form=form)
