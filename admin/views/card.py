"""One appeal: the page, its living parts, and the map's outlines."""

from typing import Any, Final

from aiohttp import web

from admin import choices, forms, moved, pages, replying, results, story, wording
from admin.access import STAFF, Routes
from admin.choices import Tried
from admin.keys import CITY, LANGUAGE, USER
from admin.views import steps
from core.actions.actor import Actor
from core.actions.checking import left_to_resident
from core.actions.move import look_up
from core.actions.need_time import grants, request_in
from core.actions.presence import be_there
from core.actions.seen import see
from core.queries.panel import card as cards
from core.queries.panel import notices
from core.queries.panel.ahead import ahead
from core.queries.panel.card import Card
from core.queries.panel.neighbours import REACH, neighbours
from core.queries.panel.together import together
from core.workflow import LAST_DECLINE, Role, Status, Verb

routes = Routes()
GUESSES = 3
# The same letters as in static/card.js.
KEYS: Final = {Verb.TELL: "r", Verb.CATEGORISE: "c", Verb.NOTE: "n"}


@routes.route("GET", r"/admin/appeals/{id:\d{1,9}}", roles=STAFF)
async def show(request: web.Request) -> web.Response:
    user = request[USER]
    card = await cards.card(user.actor, appeal_id(request))
    if await see(request.app[CITY], card.appeal, user.actor):
        card = await cards.card(user.actor, card.appeal.id)
    await notices.read_of_appeal(user.staff.id, card.appeal.id)
    return await respond(request, card)


@routes.route("GET", r"/admin/appeals/{id:\d{1,9}}/live", roles=STAFF)
async def live(request: web.Request) -> web.Response:
    """What changes while one looks: the conversation's delivery, who else is there, what others did."""
    card = await cards.card(request[USER].actor, appeal_id(request), polled=True)
    version = forms.as_integer(request.query.get("version", ""))
    seen = card.appeal.version if version is None else version
    context = await _context(request, card, None, seen=seen)
    return pages.fragment(request, "parts/live.html", context | {"polled": True})


@routes.route("GET", "/admin/districts.json", roles=STAFF)
async def districts(request: web.Request) -> web.Response:
    """Outlines as polygons of [latitude, longitude] rings, as Leaflet wants them."""
    language = request[LANGUAGE]
    outlines = [
        {
            "slug": district.slug,
            "name": getattr(district, language),
            "polygons": [
                [[[lat, lon] for lon, lat in ring] for ring in polygon] for polygon in district.polygons
            ],
        }
        for district in request.app[CITY].pack.districts
    ]
    response = web.json_response({"districts": outlines, "bounds": request.app[CITY].pack.bounds})
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response


async def respond(
    request: web.Request, card: Card, tried: Tried | None = None, *, status: int = 200
) -> web.Response:
    """The page or, for htmx, its inside; `tried` is a form that could not be taken."""
    context = await _context(request, card, tried, seen=card.appeal.version)
    actor = request[USER].actor
    context |= {
        **await replying.around(request, card),
        "at_once": left_to_resident(request.app[CITY], card.appeal),
        "rounds": results.rounds(request.app[CITY], card, request[LANGUAGE]),
        "together": await together(request.app[CITY], actor, card.appeal),
        "neighbours": await neighbours(actor, card.appeal),
        "reach": REACH,
        "ahead": await ahead(request.app[CITY], card.appeal),
        "keys": KEYS,
        "polled": False,
    }
    if pages.by_htmx(request):
        part = "parts/card.html" if request[USER].desk else "parts/officer.html"
        return pages.fragment(request, part, context, status=status)
    return await pages.page(request, "card.html", context, status=status)


def appeal_id(request: web.Request) -> int:
    return int(request.match_info["id"])


async def _context(request: web.Request, card: Card, tried: Tried | None, *, seen: int) -> dict[str, Any]:
    city, language, user = request.app[CITY], request[LANGUAGE], request[USER]
    appeal = card.appeal
    time_asked = request_in(appeal, card.events)
    may_grant = time_asked is not None and grants(city, appeal, user.actor.role, time_asked.until)
    refuted, own = results.refuted(card.events), _own(card, user.actor)
    actions = choices.offered(
        appeal,
        user.actor,
        time_asked=time_asked is not None,
        may_grant=may_grant,
        own=own,
        refuted=bool(refuted),
    )
    declined = [event for event in card.events if event.verb is Verb.DECLINE]
    changes = tried.meanwhile if tried else await cards.since(appeal, seen)
    route = city.route(appeal.category_id, appeal.district_id, kind=appeal.kind, urgent=appeal.urgent)
    fits = route is not None and route.executor not in {event.data.get("executor") for event in declined}
    return {
        "card": card,
        "appeal": appeal,
        **steps.around(request),
        "tried": tried,
        "actions": actions,
        "time_asked": time_asked,
        "may_grant": may_grant,
        "own": own,
        "refuted": refuted,
        "of_manager": appeal.declined >= LAST_DECLINE,
        "declined": declined,
        "seen": seen,
        "guesses": [
            (slug, score)
            for slug, score in appeal.guesses
            if slug in city.categories and city.categories[slug].active
        ][:GUESSES],
        "proposed": route.executor if route and fits else None,
        "helping": wording.executors(city, card.co_executors, language),
        "by_rule": story.by_rule(city, card.events, language),
        "history": story.history(city, card.events, card.photos, language),
        "bubbles": story.conversation(card, language),
        "meanwhile": story.history(city, changes, (), language),
        "moved": moved.moved(city, changes, language),
        "shifts": moved.shifts(city, card.events, language),
        "others": await be_there(appeal.id, user.staff.id),
    }


def _own(card: Card, actor: Actor) -> bool:
    """Whether somebody else must decide on the report, as far as a page can tell: see independent.py."""
    if actor.role is Role.EXECUTOR or card.appeal.status is not Status.REPORTED:
        return False
    return card.appeal.executor_id in actor.executors or results.reporter(card.events) == actor.staff_id


async def forbid_unseen(request: web.Request) -> None:
    """Before a body is read: NotFound where the appeal doesn't exist for this person."""
    await look_up(appeal_id(request), request[USER].actor)
