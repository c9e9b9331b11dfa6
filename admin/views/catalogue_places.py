"""Districts and streets: names are edited here, outlines and streets come by import."""

from typing import Any

from aiohttp import web

from admin import catalogue as shared
from admin import forms, pages
from admin.access import ADMINISTRATORS, WATCH, Routes
from admin.catalogue import SLUG, Form
from admin.keys import CITY, USER
from core.actions import catalogue, catalogue_facts
from core.city import City
from core.errors import NotFound
from core.importing.standing import standing
from core.pack import StreetSpec
from core.queries.panel.catalogue import open_by

routes = Routes()
DISTRICTS, STREETS = "/admin/catalogue/districts", "/admin/catalogue/streets"
SHOWN = 100  # streets on a page


@routes.route("GET", DISTRICTS, roles=WATCH)
async def districts(request: web.Request) -> web.Response:
    city = request.app[CITY]
    counts: dict[str, int] = {}
    for street in city.pack.streets:
        for slug in street.districts:
            counts[slug] = counts.get(slug, 0) + 1
    context = {"open": await open_by("district_id"), "streets": counts}
    return await shared.respond(request, "catalogue_districts.html", context)


@routes.route("GET", f"{DISTRICTS}/{SLUG}", roles=WATCH)
async def district(request: web.Request) -> web.Response:
    slug = request.match_info["slug"]
    now = await _now(request, slug)
    row = request.app[CITY].districts.get(slug)
    if row is None:
        raise NotFound("catalogue.gone")
    return await _page(request, slug, Form(dict(now or {"uk": row.uk, "en": row.en}), now))


@routes.route("POST", f"{DISTRICTS}/{SLUG}", roles=ADMINISTRATORS)
async def save(request: web.Request) -> web.Response:
    slug, sent = request.match_info["slug"], await forms.read(request)
    form = Form({name: sent.text(name).strip() for name in ("uk", "en")}, shared.seen(sent))
    if slug not in request.app[CITY].districts or form.was is None:
        raise NotFound("catalogue.gone")
    saving = catalogue.save_district(request.app[CITY], request[USER].actor, slug, form.was, form.values)
    if await shared.tried(request, form, saving):
        return pages.see_other(f"{DISTRICTS}/{slug}")
    shared.overtaken(request, form, await _now(request, slug), "district")
    return await _page(request, slug, form)


@routes.route("GET", STREETS, roles=WATCH)
async def streets(request: web.Request) -> web.Response:
    city, words = request.app[CITY], request.query.get("q", "").strip()[:100]
    slug = request.query.get("district", "")
    slug = slug if slug in city.districts else ""
    return await shared.respond(request, "catalogue_streets.html", _streets(city, slug, words))


async def _now(request: web.Request, slug: str) -> dict[str, Any] | None:
    return catalogue_facts.district_facts((await standing(request.app[CITY].settings)).pack, slug)


async def _page(request: web.Request, slug: str, form: Form) -> web.Response:
    city = request.app[CITY]
    spec = next((each for each in city.pack.districts if each.slug == slug), None)
    context = {
        **_streets(city, slug, request.query.get("q", "").strip()[:100]),
        "slug": slug,
        "row": city.districts[slug],
        "spec": spec,
        "open": (await open_by("district_id")).get(slug, 0),
        "past": await shared.past(request, "district", slug),
    }
    return await shared.respond(request, "catalogue_district.html", context, form=form)


def _streets(city: City, district: str, words: str) -> dict[str, Any]:
    """Those in the district whose name, now or before, holds the words."""
    found = [
        each
        for each in city.pack.streets
        if (not district or district in each.districts) and _holds(each, words.casefold())
    ]
    return {"found": found[:SHOWN], "of": len(found), "words": words, "district": district}


def _holds(street: StreetSpec, words: str) -> bool:
    return any(words in name.casefold() for name in (street.name, *street.old_names, *street.also))
