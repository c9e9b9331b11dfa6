"""Reply templates: written in both languages, tried on a sample, offered in their order."""

from datetime import timedelta
from typing import Any

from aiohttp import web

from admin import catalogue as shared
from admin import forms, pages
from admin.access import ADMINISTRATORS, WATCH, Routes
from admin.catalogue import Form
from admin.forms import Sent
from admin.keys import CITY, USER
from core import clock, replies, templates
from core.actions import reply_templates
from core.errors import NotFound
from core.i18n import LANGUAGES, t
from core.models import Appeal, Template

routes = Routes()
PAGE = "/admin/catalogue/templates"
_ONE = rf"{PAGE}/{{id:\d{{1,9}}}}"


@routes.route("GET", PAGE, roles=WATCH)
async def show(request: web.Request) -> web.Response:
    rows = await Template.all().order_by("position", "id")
    return await shared.respond(request, "catalogue_templates.html", {"templates": rows})


@routes.route("GET", "/admin/catalogue/add-template", roles=ADMINISTRATORS)
async def new(request: web.Request) -> web.Response:
    values = dict.fromkeys(("title_uk", "title_en", "verb", "uk", "en"), "") | {"active": True}
    return await _page(request, None, Form(values | {"position": await Template.all().count() + 1}))


@routes.route("POST", "/admin/catalogue/add-template", roles=ADMINISTRATORS)
async def add(request: web.Request) -> web.Response:
    return await _save(request, None)


@routes.route("GET", _ONE, roles=WATCH)
async def one(request: web.Request) -> web.Response:
    row = await _row(int(request.match_info["id"]))
    facts = reply_templates.facts_of(row)
    return await _page(request, row.id, Form(dict(facts), facts))


@routes.route("POST", _ONE, roles=ADMINISTRATORS)
async def save(request: web.Request) -> web.Response:
    return await _save(request, int(request.match_info["id"]))


async def _save(request: web.Request, template_id: int | None) -> web.Response:
    """Saved; or shown as it would look, where only that was asked for."""
    sent = await forms.read(request)
    form = Form(_typed(sent), shared.seen(sent))
    if sent.text("do") == "preview":
        return await _page(request, template_id, form)
    saving = reply_templates.save(request[USER].actor, template_id, form.was, form.values)
    if await shared.tried(request, form, saving):
        return pages.see_other(PAGE)
    if template_id is not None:
        now = reply_templates.facts_of(await _row(template_id))
        shared.overtaken(request, form, now, "template")
    return await _page(request, template_id, form)


async def _row(template_id: int) -> Template:
    row = await Template.get_or_none(id=template_id)
    if row is None:
        raise NotFound("catalogue.gone")
    return row


def _typed(sent: Sent) -> dict[str, Any]:
    return {
        **{name: sent.text(name).strip() for name in ("title_uk", "title_en", "verb", "uk", "en")},
        "position": sent.integer("position"),
        "active": bool(sent.text("active")),
    }


async def _page(request: web.Request, template_id: int | None, form: Form) -> web.Response:
    context = {
        "id": template_id,
        "verbs": templates.OFFERED,
        "variables": replies.VARIABLES,
        "previews": {language: _preview(request, form, language) for language in LANGUAGES},
        "past": await shared.past(request, "template", str(template_id)) if template_id else [],
    }
    return await shared.respond(request, "catalogue_template.html", context, form=form)


def _preview(request: web.Request, form: Form, language: str) -> str:
    """The words with the values of an appeal as it might be."""
    city = request.app[CITY]
    category = next((row for row in city.categories.values() if row.active), None)
    executor = next((row for row in city.executors.values() if row.active), None)
    sample = Appeal(
        number=t("panel.catalogue.sample.number", language),
        category_id=category.slug if category else "",
        executor_id=executor.slug if executor else None,
        address=t("panel.catalogue.sample.address", language),
        due_at=clock.now() + timedelta(days=2),
    )
    template = Template(uk=form.values["uk"], en=form.values["en"])
    return replies.filled(template, city, sample, language, name=t("panel.catalogue.sample.name", language))
