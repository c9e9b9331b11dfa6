"""Who answers: names, telephone, head, officers and the rules that lead there."""

from typing import Any

from aiohttp import web

from admin import catalogue as shared
from admin import forms, pages, wording
from admin.access import ADMINISTRATORS, WATCH, Routes
from admin.catalogue import SLUG, Form
from admin.forms import Sent
from admin.keys import CITY, LANGUAGE, USER
from core.actions import calendar_form, catalogue, catalogue_facts
from core.errors import Invalid, NotFound
from core.importing.standing import executor_spec, standing
from core.pack.calendars import WEEKDAYS, CalendarSpec
from core.queries.judged import record
from core.queries.panel.catalogue import helped_by, officers, open_by
from core.routing import key

routes = Routes()
PAGE = "/admin/catalogue/executors"
TEXTS = ("slug", "uk", "en", "short_uk", "short_en", "kind", "district", "portfolio", "phone", "head")
FIELDS = (*TEXTS, *calendar_form.FIELDS)


@routes.route("GET", PAGE, roles=WATCH)
async def show(request: web.Request) -> web.Response:
    context = {"open": await open_by("executor_id"), "officers": await officers()}
    return await shared.respond(request, "catalogue_executors.html", context)


@routes.route("GET", "/admin/catalogue/add-executor", roles=ADMINISTRATORS)
async def new(request: web.Request) -> web.Response:
    return await _page(request, "", Form({**dict.fromkeys(FIELDS, ""), "place": 999}))


@routes.route("POST", "/admin/catalogue/add-executor", roles=ADMINISTRATORS)
async def add(request: web.Request) -> web.Response:
    form = Form(_typed(await forms.read(request)))
    slug = form.values["slug"]
    saving = catalogue.save_executor(request.app[CITY], request[USER].actor, slug, None, _facts(form))
    if await shared.tried(request, form, saving):
        return pages.see_other(f"{PAGE}/{slug}")
    return await _page(request, "", form)


@routes.route("GET", f"{PAGE}/{SLUG}", roles=WATCH)
async def one(request: web.Request) -> web.Response:
    slug = request.match_info["slug"]
    now = await _now(request, slug)
    return await _page(request, slug, Form(dict(now or _retired(request, slug)), now))


@routes.route("POST", f"{PAGE}/{SLUG}", roles=ADMINISTRATORS)
async def save(request: web.Request) -> web.Response:
    """Change it, or take a retired one up again."""
    slug, sent = request.match_info["slug"], await forms.read(request)
    if slug not in request.app[CITY].executors:
        raise NotFound("catalogue.gone")
    form = Form(_typed(sent), shared.seen(sent))
    city, actor = request.app[CITY], request[USER].actor
    planning = catalogue.plan_executor(city, actor, slug, form.was, _facts(form))
    plan = await shared.agreed(request, form, sent, planning)
    if plan is not None and await shared.tried(request, form, catalogue.take(city, actor, plan)):
        return pages.see_other(f"{PAGE}/{slug}")
    shared.overtaken(request, form, await _now(request, slug), "executor")
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
    saving = catalogue.retire_executor(request.app[CITY], request[USER].actor, slug, form.was or {})
    if await shared.tried(request, form, saving):
        return pages.see_other(PAGE)
    shared.overtaken(request, form, await _now(request, slug), "executor")
    return await _retiring(request, slug, form)


async def _retiring(request: web.Request, slug: str, form: Form) -> web.Response:
    """Who would answer instead, as far as it is possible at all."""
    city = request.app[CITY]
    found = await standing(city.settings)
    waiting = (await open_by("executor_id")).get(slug, 0)
    instead: list[Any] = []

    async def look() -> None:
        after = catalogue.without_executor(found.pack, slug)
        plan = await catalogue.plan_for(city, found, after)
        own = {key(rule) for rule in found.pack.rules if rule.executor == slug}
        instead.extend(rule for rule in plan.rules if key(rule) in own)
        if waiting:
            raise Invalid("catalogue.executor_has_work", count=waiting)

    refused = form.status != 200 or not await shared.tried(request, form, look())  # noqa: PLR2004
    if request.method == "GET":
        form.status = 200  # only looked at
    context = {
        "thing": city.executors[slug],
        "kind": "executor",
        "back": f"{PAGE}/{slug}",
        "refused": refused,
        "rules": _rules(found.pack.rules, slug),
        "instead": instead,
        "open": waiting,
        "officers": (await officers()).get(slug, []),
        "key": key,
        **shared.rule_words(request),
    }
    return await shared.respond(request, "catalogue_retire.html", context, form=form)


async def _now(request: web.Request, slug: str) -> dict[str, Any] | None:
    return catalogue_facts.executor_facts((await standing(request.app[CITY].settings)).pack, slug)


def _retired(request: web.Request, slug: str) -> dict[str, Any]:
    row = request.app[CITY].executors.get(slug)
    if row is None:
        raise NotFound("catalogue.gone")
    spec = executor_spec(row, None)
    facts = {name: getattr(spec, name) or "" for name in TEXTS if name != "slug"}
    return facts | calendar_form.executor_facts(spec.calendar or CalendarSpec()) | {"place": 999}


def _typed(sent: Sent) -> dict[str, Any]:
    return {name: sent.text(name).strip() for name in FIELDS} | {"place": sent.integer("place")}


def _facts(form: Form) -> dict[str, Any]:
    return {name: value for name, value in form.values.items() if name != "slug"}


def _rules(table: Any, slug: str) -> list[Any]:  # noqa: ANN401 - rules
    return [rule for rule in table if slug in (rule.executor, *rule.co_executors)]


async def _page(request: web.Request, slug: str, form: Form) -> web.Response:
    city = request.app[CITY]
    context = {
        "slug": slug,
        "days_of_week": WEEKDAYS,
        "own_hours": any(form.values.get(name) for name in calendar_form.FIELDS),
        "common": calendar_form.executor_facts(city.pack.hours),
        "row": city.executors.get(slug),
        "kinds": sorted({row.kind for row in city.executors.values() if row.active}),
        "portfolios": wording.portfolios(city, request[LANGUAGE]),
        "open": (await open_by("executor_id")).get(slug, 0) if slug else 0,
        "helping": await helped_by(slug) if slug else 0,
        "officers": (await officers()).get(slug, []) if slug else [],
        "rules": _rules(city.rules, slug) if slug else [],
        "past": await shared.past(request, "executor", slug) if slug else [],
        "trust": await record(slug, city.settings.control.denied_reports) if slug else None,
        "key": key,
        **shared.rule_words(request),
    }
    return await shared.respond(request, "catalogue_executor.html", context, form=form)
