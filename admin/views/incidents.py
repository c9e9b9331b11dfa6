"""Incidents: what is proposed, what is open, and one action for all who reported the same.

What is told to many is shown first and sent only when it is confirmed.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final

from aiohttp import web

from admin import forms, pages
from admin.access import DESK, WATCH, Routes
from admin.forms import Sent
from admin.keys import CITY, LANGUAGE, USER
from core.actions import incident, incident_answers
from core.actions.actor import Actor
from core.actions.incident_answers import AppliedTo
from core.actions.move import words
from core.city import City
from core.errors import Conflict, Invalid
from core.models import IncidentState
from core.queries.panel import incidents
from core.workflow import Verb

routes = Routes()


@dataclass(frozen=True, slots=True)
class Answer:
    """One action for all: which verbs it is to an appeal, and what its form asks for."""

    name: str
    verbs: tuple[Verb, ...]
    executor: bool = False
    words: str = ""  # key of what is said where they are missing; empty where none are asked for


@dataclass(frozen=True, slots=True)
class Tried:
    """A form that was not taken."""

    name: str
    error: str
    values: dict[str, str] = field(default_factory=dict)


ANSWERS: Final = {
    answer.name: answer
    for answer in (
        Answer("accept", (Verb.GROUP,)),
        Answer("tell", (Verb.TELL,), words="message.needed"),
        Answer("assign", (Verb.ASSIGN, Verb.REASSIGN), executor=True, words="reason.needed"),
        Answer("resolve", (Verb.RESOLVE,), words="answer.needed"),
        Answer("explain", (Verb.EXPLAIN,), words="reason.needed"),
    )
}
Do = Callable[[City, int, Actor, int, Sent], Awaitable[object]]
DO: Final[dict[str, Do]] = {
    "accept": lambda city, it, who, seen, _: incident.accept(city, it, who, expected=seen),
    "dismiss": lambda city, it, who, seen, _: incident.dismiss(city, it, who, expected=seen),
    "end": lambda _city, it, who, seen, _: incident.end(it, who, expected=seen),
    "add": lambda city, it, who, seen, sent: incident.add(
        city, it, who, expected=seen, number=sent.text("number")
    ),
    "remove": lambda city, it, who, seen, sent: incident.remove(
        city, it, who, expected=seen, appeal_id=sent.integer("appeal") or 0
    ),
    "tell": lambda city, it, who, seen, sent: incident_answers.tell(
        city, it, who, expected=seen, text=sent.text("text")
    ),
    "assign": lambda city, it, who, seen, sent: incident_answers.assign(
        city, it, who, expected=seen, executor=sent.text("executor"), reason=sent.text("text")
    ),
    "resolve": lambda city, it, who, seen, sent: incident_answers.resolve(
        city, it, who, expected=seen, answer=sent.text("text")
    ),
    "explain": lambda city, it, who, seen, sent: incident_answers.explain(
        city, it, who, expected=seen, reason=sent.text("text")
    ),
}


@routes.route("GET", "/admin/incidents", roles=WATCH)
async def show_all(request: web.Request) -> web.Response:
    return await pages.page(request, "incidents.html", {"found": await incidents.incidents()})


@routes.route("POST", "/admin/incidents", roles=DESK)
async def group(request: web.Request) -> web.Response:
    """A new one, around the appeal from whose card this comes."""
    sent = await forms.read(request)
    appeal, seen = sent.integer("appeal"), sent.integer("expected")
    if appeal is None or seen is None:
        raise web.HTTPBadRequest
    opened = await incident.group(request.app[CITY], appeal, request[USER].actor, expected=seen)
    return pages.see_other(f"/admin/incidents/{opened.id}")


@routes.route("GET", r"/admin/incidents/{id:\d{1,9}}", roles=WATCH)
async def show(request: web.Request) -> web.Response:
    return await _respond(request)


async def act(request: web.Request, name: str) -> web.Response:
    """Do it, having asked first where many hear of it; refused, show the form with what was typed."""
    sent, incident_id = await forms.read(request), _id(request)
    seen = sent.integer("expected")
    if seen is None:
        raise web.HTTPBadRequest
    values = {key: sent.text(key) for key in ("text", "executor", "number")}
    if sent.text("edit"):
        return await _respond(request, tried=Tried(name, "", values))
    try:
        if name in ANSWERS and not sent.text("confirmed"):
            return await _ask(request, ANSWERS[name], sent)
        done = await DO[name](request.app[CITY], incident_id, request[USER].actor, seen, sent)
    except (Invalid, Conflict) as refused:
        tried = Tried(name, pages.text_of(refused, request[LANGUAGE]), values)
        return await _respond(request, tried=tried, status=409 if isinstance(refused, Conflict) else 422)
    if isinstance(done, AppliedTo) and done.left:
        return await _respond(request, applied=done)
    return pages.see_other(f"/admin/incidents/{incident_id}")


def _register(name: str) -> None:
    async def handler(request: web.Request) -> web.Response:
        return await act(request, name)

    routes.route("POST", rf"/admin/incidents/{{id:\d{{1,9}}}}/{name}", roles=DESK)(handler)


for _name in DO:
    _register(_name)


async def _ask(request: web.Request, answer: Answer, sent: Sent) -> web.Response:
    """What would be done, and to how many; raises Invalid or Conflict where it couldn't be."""
    found = await incidents.whole(_id(request))
    needed = IncidentState.PROPOSED if answer.name == "accept" else IncidentState.OPEN
    if found.incident.version != sent.integer("expected") or found.incident.state is not needed:
        raise Conflict("incident.changed", incident=found.incident.id)
    if answer.words:
        words(sent.text("text"), key=answer.words)
    if answer.executor and sent.text("executor") not in request.app[CITY].executors:
        raise Invalid("executor.unknown")
    return await pages.page(
        request,
        "incident_confirm.html",
        {
            "found": found,
            "answer": answer,
            "values": {key: sent.text(key) for key in ("text", "executor")},
            "reach": await incidents.reach(found.incident.id, *answer.verbs),
        },
    )


async def _respond(
    request: web.Request, *, tried: Tried | None = None, applied: AppliedTo | None = None, status: int = 200
) -> web.Response:
    language = request[LANGUAGE]
    found = await incidents.whole(_id(request))
    offered = [answer for answer in ANSWERS.values() if answer.name != "accept"]
    is_open = found.incident.state is IncidentState.OPEN
    return await pages.page(
        request,
        "incident.html",
        {
            "found": found,
            "incident": found.incident,
            "answers": offered if is_open and request[USER].triages else (),
            "tried": tried,
            "applied": applied,
            "why": lambda refused: pages.text_of(refused, language),
        },
        status=status,
    )


def _id(request: web.Request) -> int:
    return int(request.match_info["id"])
