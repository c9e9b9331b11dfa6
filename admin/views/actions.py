"""What is done to an appeal: each verb one address, each form carrying the version its sender saw."""

from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web

from admin import choices, forms, pages
from admin.access import STAFF, Routes
from admin.choices import ACTIONS, Tried
from admin.forms import Sent
from admin.keys import CITY, LANGUAGE, MEDIA, USER
from admin.uploads import taken
from admin.views import steps
from admin.views.card import appeal_id, respond
from core.actions import (
    decline,
    desk,
    executor,
    extend,
    forward,
    helping,
    join,
    need_time,
    prioritise,
    split,
    tasks,
)
from core.actions.actor import Actor
from core.actions.move import exists_for, look_up, refuse_helper
from core.city import City
from core.errors import Conflict, Invalid
from core.models import Appeal
from core.queries.panel import card as cards
from core.queries.panel.together import numbered
from core.workflow import MAY, Verb

routes = Routes()

Call = Callable[[City, int, Actor, int, Sent, tuple[int, ...]], Awaitable[Appeal]]

CALLS: Final[dict[Verb, Call]] = {
    Verb.CATEGORISE: lambda city, it, who, seen, sent, _: desk.categorise(
        city, it, who, expected=seen, category=sent.text("category")
    ),
    Verb.ASSIGN: lambda city, it, who, seen, sent, _: desk.assign(
        city, it, who, expected=seen, executor=sent.text("executor")
    ),
    Verb.REASSIGN: lambda city, it, who, seen, sent, _: desk.reassign(
        city, it, who, expected=seen, executor=sent.text("executor"), reason=sent.text("text")
    ),
    Verb.HELP: lambda city, it, who, seen, sent, _: helping.set_co_executors(
        city, it, who, expected=seen, executors=sent.texts("co_executors"), text=sent.text("text")
    ),
    Verb.START: lambda city, it, who, seen, _sent, _: executor.start(city, it, who, expected=seen),
    Verb.ASK: lambda city, it, who, seen, sent, _: desk.ask(
        city, it, who, expected=seen, question=sent.text("text")
    ),
    Verb.TELL: lambda city, it, who, seen, sent, _: desk.tell(
        city, it, who, expected=seen, text=sent.text("text")
    ),
    Verb.REPORT: lambda city, it, who, seen, sent, photos: executor.report(
        city, it, who, expected=seen, text=sent.text("text"), photos=photos
    ),
    Verb.DECLINE: lambda city, it, who, seen, sent, _: decline.decline(
        city, it, who, expected=seen, reason=sent.text("text")
    ),
    Verb.NEED_TIME: lambda city, it, who, seen, sent, _: need_time.need_time(
        city, it, who, expected=seen, until=forms.as_day(sent.text("day")), reason=sent.text("text")
    ),
    Verb.REFUSE_TIME: lambda city, it, who, seen, sent, _: need_time.refuse_time(
        city, it, who, expected=seen, reason=sent.text("text")
    ),
    Verb.RESOLVE: lambda city, it, who, seen, sent, _: desk.resolve(
        city, it, who, expected=seen, answer=sent.text("text"), unchecked=sent.text("unchecked")
    ),
    Verb.REWORK: lambda city, it, who, seen, sent, _: desk.rework(
        city, it, who, expected=seen, reason=sent.text("text")
    ),
    Verb.EXPLAIN: lambda city, it, who, seen, sent, _: desk.explain(
        city, it, who, expected=seen, reason=sent.text("text")
    ),
    Verb.REJECT: lambda city, it, who, seen, sent, _: desk.reject(
        city, it, who, expected=seen, reason=sent.text("text")
    ),
    Verb.FORWARD: lambda city, it, who, seen, sent, _: forward.forward(
        city, it, who, expected=seen, body=sent.text("body"), reason=sent.text("text")
    ),
    Verb.EXTEND: lambda city, it, who, seen, sent, _: extend.extend(
        city, it, who, expected=seen, until=forms.as_day(sent.text("day")), reason=sent.text("text")
    ),
    Verb.SPLIT: lambda city, it, who, seen, sent, _: split.split(
        city,
        it,
        who,
        expected=seen,
        text=sent.text("text"),
        category=sent.text("category"),
        photos=sent.integers("shown"),
    ),
    Verb.CHECK: lambda city, it, who, seen, sent, _: _check(city, it, who, seen, sent),
    Verb.MERGE: lambda city, it, who, seen, sent, _: _merge(city, it, who, seen, sent),
    Verb.PRIORITISE: lambda city, it, who, seen, sent, _: prioritise.prioritise(
        city, it, who, expected=seen, reason=sent.text("text")
    ),
    Verb.UNMERGE: lambda city, it, who, seen, _sent, _: join.unmerge(city, it, who, expected=seen),
    Verb.NOTE: lambda city, it, who, seen, sent, _: desk.note(
        city, it, who, expected=seen, text=sent.text("text")
    ),
}
# At which field an error shows; the rest show at the words.
_FIELD_OF: Final = {
    "category": "category",
    "executor": "executor",
    "co_executors": "co_executors",
    "merge": "into",
    "body": "body",
    "extend": "day",
    "due": "day",
    "assignee": "assignee",
    "media": "photos",
    "panel": "photos",
    "photo": "photos",
}
_OF_DAY: Final = frozenset({"need_time.date", "need_time.too_far", "need_time.not_later"})


async def act(request: web.Request, verb: Verb) -> web.Response:
    """Do it and show the appeal as it is now; refused, show the form again with all that was typed."""
    actor = request[USER].actor
    appeal = await look_up(appeal_id(request), actor)
    refuse_helper(verb, appeal, actor)  # before photos are taken
    sent = await forms.read(request, request.app[MEDIA] if ACTIONS[verb].photos else None)
    photos = await taken(sent, request[USER].staff.id, actor) if ACTIONS[verb].photos else ()
    seen = sent.integer("expected")
    try:
        if sent.refused:
            raise sent.refused
        if seen is None:
            raise web.HTTPBadRequest
        await CALLS[verb](request.app[CITY], appeal.id, actor, seen, sent, photos)
    except (Invalid, Conflict) as refused:
        return await _again(request, verb, sent, photos, refused)
    if not await exists_for(actor, await Appeal.get(id=appeal.id)):  # given away by that
        return pages.onward(request, "/admin/mine")
    if pages.by_htmx(request):
        return await respond(request, await cards.card(actor, appeal.id))
    return pages.see_other(steps.shown(request, appeal.id))


async def _merge(city: City, it: int, who: Actor, seen: int, sent: Sent) -> Appeal:
    into = await numbered(sent.text("into"))
    return await join.merge(city, it, who, expected=seen, into=into.id, reason=sent.text("text"))


async def _check(city: City, it: int, who: Actor, seen: int, sent: Sent) -> Appeal:
    day = forms.as_day(sent.text("day"))
    return await tasks.ask_check(
        city,
        it,
        who,
        expected=seen,
        text=sent.text("text"),
        assignee=sent.integer("assignee"),
        due=extend.end_of(city, day) if day else None,
    )


def _register(verb: Verb) -> None:
    async def handler(request: web.Request) -> web.Response:
        return await act(request, verb)

    path = rf"/admin/appeals/{{id:\d{{1,9}}}}/{verb}"
    routes.route("POST", path, roles=MAY[verb] & STAFF)(handler)


for _verb in ACTIONS:
    _register(_verb)


async def _again(
    request: web.Request, verb: Verb, sent: Sent, photos: tuple[int, ...], refused: Invalid | Conflict
) -> web.Response:
    card = await cards.card(request[USER].actor, appeal_id(request))
    message = pages.text_of(refused, request[LANGUAGE])
    lost_race = isinstance(refused, Conflict)
    seen = sent.integer("expected")
    tried = Tried(
        verb=verb,
        values=typed(sent),
        co_executors=sent.texts("co_executors"),
        shown=sent.integers("shown"),
        errors={} if lost_race else {_field(refused, verb): message},
        photos=photos,
        conflict=message if lost_race else "",
        meanwhile=await cards.since(card.appeal, seen) if lost_race and seen is not None else (),
    )
    return await respond(request, card, tried, status=409 if lost_race else 422)


def typed(sent: Sent) -> dict[str, str]:
    """What stands in a form's single fields, to be shown again."""
    return {
        name: sent.text(name)
        for name in (
            *("category", "executor", "into", "day", "body", "assignee", "template"),
            *("unchecked", "text"),
        )
    }


def _field(refused: Invalid | Conflict, verb: Verb) -> str:
    if refused.key == "resident.no_chat":
        return ""
    if refused.key in _OF_DAY:
        return "day"
    if refused.key == "check.open":
        return "unchecked"
    field = _FIELD_OF.get(refused.key.partition(".")[0], "text")
    return field if field != "text" or choices.ACTIONS[verb].words else ""
