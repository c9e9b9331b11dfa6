"""Before it is sent: a form filled from a template, and what the resident will see of it. Nothing changes."""

from aiohttp import web

from admin import forms, pages, replying
from admin.access import WATCH, Routes
from admin.choices import ACTIONS, Tried
from admin.forms import Sent
from admin.keys import USER
from admin.views import steps
from admin.views.actions import typed
from admin.views.card import appeal_id, respond
from core.preview import Preview, Typed
from core.queries.panel import card as cards
from core.queries.panel.card import Card
from core.workflow import Verb, may

routes = Routes()


@routes.route("POST", r"/admin/appeals/{id:\d{1,9}}/preview", roles=WATCH)
async def preview(request: web.Request) -> web.Response:
    """The letter as it stands; the page with it where there are no scripts."""
    verb, card, sent = await _form(request)
    drawn = _drawn(request, card, verb, sent, sent.text("text"))
    if pages.by_htmx(request):
        return pages.fragment(request, "parts/preview.html", {"preview": drawn, "account": card.account})
    return await respond(request, card, _tried(verb, sent, typed(sent), drawn))


@routes.route("POST", r"/admin/appeals/{id:\d{1,9}}/template", roles=WATCH)
async def template(request: web.Request) -> web.Response:
    """The form with the chosen words below what was typed already."""
    verb, card, sent = await _form(request)
    chosen = sent.integer("template")
    words = await replying.filled(request, card, chosen, verb) if chosen is not None else ""
    text = "\n\n".join(part for part in (sent.text("text").strip(), words) if part)
    values = typed(sent) | {"text": text, "template": ""}
    tried = _tried(verb, sent, values, _drawn(request, card, verb, sent, text))
    if not pages.by_htmx(request):
        return await respond(request, card, tried)
    context = {
        "appeal": card.appeal,
        "along": steps.along(request),
        "account": card.account,
        "action": ACTIONS[verb],
        "base": f"do-{verb}",
        "again": True,
        "tried": tried,
        "fresh": True,
    }
    around = await replying.around(request, card)
    return pages.fragment(request, "parts/words.html", context | around)


async def _form(request: web.Request) -> tuple[Verb, Card, Sent]:
    """NotFound before the body is read where the appeal doesn't exist for this person."""
    user = request[USER]
    card = await cards.card(user.actor, appeal_id(request))
    asked = request.query.get("verb", "")
    if asked not in ACTIONS or not may(Verb(asked), user.actor.role) or not ACTIONS[Verb(asked)].words:
        raise web.HTTPBadRequest
    return Verb(asked), card, await forms.read(request)


def _drawn(request: web.Request, card: Card, verb: Verb, sent: Sent, text: str) -> Preview | None:
    filled = Typed(text, sent.text("body"), forms.as_day(sent.text("day")))
    return replying.preview(request, card, verb, filled)


def _tried(verb: Verb, sent: Sent, values: dict[str, str], drawn: Preview | None) -> Tried:
    return Tried(verb=verb, values=values, shown=sent.integers("shown"), preview=drawn)
