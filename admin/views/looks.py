"""A resident's contacts: uncovered when asked for, and who asked."""

from aiohttp import web

from admin import forms, pages
from admin.access import ADMINISTRATORS, STAFF, Routes
from admin.keys import USER
from admin.views import steps
from admin.views.card import appeal_id
from core.actions.looks import look
from core.queries.panel import card as cards
from core.queries.panel import looks

routes = Routes()


@routes.route("POST", r"/admin/appeals/{id:\d{1,9}}/contacts", roles=STAFF)
async def uncover(request: web.Request) -> web.Response:
    """For htmx the contacts alone, so that what is typed elsewhere on the page stays."""
    actor = request[USER].actor
    await look(appeal_id(request), actor)
    if not pages.by_htmx(request):
        return pages.see_other(f"{steps.shown(request, appeal_id(request))}#contacts")
    card = await cards.card(actor, appeal_id(request))
    context = {"appeal": card.appeal, "contacts": card.contacts, "along": steps.along(request)}
    return pages.fragment(request, "parts/contacts.html", context)


@routes.route("GET", "/admin/looks", roles=ADMINISTRATORS)
async def show(request: web.Request) -> web.Response:
    found, before = await looks.page(forms.as_integer(request.query.get("before", "")))
    return await pages.page(request, "looks.html", {"looks": found, "before": before})
