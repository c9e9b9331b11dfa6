"""What residents write about: names, deadlines and kinds of executor; retired, never deleted."""

from typing import Any

from aiohttp import web

from admin import catalogue as shared
from admin import forms, pages
from admin.access import ADMINISTRATORS, WATCH, Routes
from admin.catalogue import SLUG, Form
from admin.forms import Sent
from admin.keys import CITY, USER
from core.actions import catalogue, catalogue_facts
from core.errors import NotFound
from core.importing.standing import category_spec, standing
from core.queries.panel.catalogue import open_by
from core.routing import key

routes = Routes()
PAGE = "/admin/catalogue/categories"


@routes.route("GET", PAGE, roles=WATCH)
async def show(request: web.Request) -> web.Response:
    context = {"open": await open_by("category_id")}
    return await shared.respond(request, "catalogue_categories.html", context)


@routes.route("GET", "/admin/catalogue/add-category", roles=ADMINISTRATORS)
async def new(request: web.Request) -> web.Response:
    values = {"slug": "", "uk": "", "en": "", "group": request.query.get("group", ""), "hours": 24.0}
    values |= {"urgent": False, "needs_place": True, "executor_kind": "", "place": 99}
    values |= {"needs_photo": False, "checked": True, "check_share": 0.0, "pre_alarm_share": None}
    return await _page(request, "", Form(values))


@routes.route("POST", "/admin/catalogue/add-category", roles=ADMINISTRATORS)
async def add(request: web.Request) -> web.Response:
    sent = await forms.read(request)
    form = Form(_typed(sent))
    slug = form.values["slug"]
    saving = catalogue.save_category(request.app[CITY], request[USER].actor, slug, None, _facts(form))
    if await shared.tried(request, form, saving):
        return pages.see_other(f"{PAGE}/{slug}")
    return await _page(request, "", form)


@routes.route("GET", f"{PAGE}/{SLUG}", roles=WATCH)
async def one(request: web.Request) -> web.Response:
    slug = request.match_info["slug"]
    now = await _now(request, slug)
    return await _page(request, slug, Form(dict(now or await _retired(request, slug)), now))


@routes.route("POST", f"{PAGE}/{SLUG}", roles=ADMINISTRATORS)
async def save(request: web.Request) -> web.Response:
    """Change it, or take a retired one up again."""
    slug, sent = request.match_info["slug"], await forms.read(request)
    if slug not in request.app[CITY].categories:
        raise NotFound("catalogue.gone")
    form = Form(_typed(sent), shared.seen(sent))
    saving = catalogue.save_category(request.app[CITY], request[USER].actor, slug, form.was, _facts(form))
    if await shared.tried(request, form, saving):
        return pages.see_other(f"{PAGE}/{slug}")
    shared.overtaken(request, form, await _now(request, slug), "category")
    return await _page(request, slug, form)


@routes.route("GET", f"{PAGE}/{SLUG}/retire", roles=ADMINISTRATORS)
async def consider(request: web.Request) -> web.Response:
    """What it means, before anything is done."""
    slug = request.match_info["slug"]
    now = await _now(request, slug)
    if now is None:
        raise NotFound("catalogue.gone")
    return await _retiring(request, slug, Form({}, now))


@routes.route("POST", f"{PAGE}/{SLUG}/retire", roles=ADMINISTRATORS)
async def retire(request: web.Request) -> web.Response:
    slug, sent = request.match_info["slug"], await forms.read(request)
    form = Form({}, shared.seen(sent))
    saving = catalogue.retire_category(request.app[CITY], request[USER].actor, slug, form.was or {})
    if await shared.tried(request, form, saving):
        return pages.see_other(PAGE)
    shared.overtaken(request, form, await _now(request, slug), "category")
    return await _retiring(request, slug, form)


async def _retiring(request: web.Request, slug: str, form: Form) -> web.Response:
    city = request.app[CITY]
    found = await standing(city.settings)

    async def look() -> None:
        catalogue.without_category(found.pack, slug)

    refused = form.status != 200 or not await shared.tried(request, form, look())  # noqa: PLR2004
    if request.method == "GET":
        form.status = 200  # only looked at
    context = {
        "thing": city.categories[slug],
        "kind": "category",
        "back": f"{PAGE}/{slug}",
        "refused": refused,
        "rules": [rule for rule in found.pack.rules if rule.category == slug],
        "instead": [],
        "open": (await open_by("category_id")).get(slug, 0),
        "officers": [],
        "key": key,
        **shared.rule_words(request),
    }
    return await shared.respond(request, "catalogue_retire.html", context, form=form)


async def _now(request: web.Request, slug: str) -> dict[str, Any] | None:
    return catalogue_facts.category_facts((await standing(request.app[CITY].settings)).pack, slug)


async def _retired(request: web.Request, slug: str) -> dict[str, Any]:
    row = request.app[CITY].categories.get(slug)
    if row is None:
        raise NotFound("catalogue.gone")
    spec = category_spec(row)
    names = ("uk", "en", "group", "hours", "urgent", "needs_place", "executor_kind")
    return {name: getattr(spec, name) for name in (*names, *catalogue.POLICY)} | {"place": 99}


def _typed(sent: Sent) -> dict[str, Any]:
    percent = shared.number(sent.text("check_share"))
    return {
        **{name: sent.text(name).strip() for name in ("slug", "uk", "en", "group", "executor_kind")},
        "hours": shared.number(sent.text("hours")),
        "urgent": bool(sent.text("urgent")),
        "needs_place": bool(sent.text("needs_place")),
        "needs_photo": bool(sent.text("needs_photo")),
        "checked": bool(sent.text("checked")),
        "check_share": None if percent is None else percent / 100,
        "pre_alarm_share": _part(sent.text("pre_alarm_share").strip()),
        "place": sent.integer("place"),
    }


def _part(text: str) -> float | None:
    """Nothing where nothing is typed; what is no number is out of range."""
    percent = shared.number(text)
    return None if not text else -1.0 if percent is None else percent / 100


def _facts(form: Form) -> dict[str, Any]:
    return {name: value for name, value in form.values.items() if name != "slug"}


async def _page(request: web.Request, slug: str, form: Form) -> web.Response:
    city = request.app[CITY]
    kinds: dict[str, list[Any]] = {}
    for row in city.executors.values():
        if row.active:
            kinds.setdefault(row.kind, []).append(row)
    context = {
        "slug": slug,
        "row": city.categories.get(slug),
        "kinds": kinds,
        "open": (await open_by("category_id")).get(slug, 0) if slug else 0,
        "past": await shared.past(request, "category", slug) if slug else [],
    }
    return await shared.respond(request, "catalogue_category.html", context, form=form)
