"""Emergencies: what rings and whom to ring up, and what rang before."""

from typing import Any

from aiohttp import web

from admin import forms, pages
from admin.access import DESK, STAFF, Routes
from admin.keys import CITY, LANGUAGE, USER
from core import clock
from core.actions import alarms
from core.errors import Conflict
from core.models import Alarm
from core.phones import spaced
from core.queries.duties import on_duty
from core.queries.panel import alarms as rung
from core.workflow import Verb, may

routes = Routes()
TICKS = {"yes": alarms.reached, "no": alarms.no_answer}


@routes.route("GET", "/admin/alarms", roles=STAFF)
async def show(request: web.Request) -> web.Response:
    """The whole page, or for htmx the part that lives."""
    return await _respond(request)


@routes.route("GET", "/admin/alarms/count", roles=STAFF)
async def count(request: web.Request) -> web.Response:
    """For the heading of whatever page is open: how many ring, and since when the latest."""
    ringing, latest = await rung.count(request[USER].actor)
    return web.json_response({"ringing": ringing, "latest": latest.isoformat() if latest else ""})


@routes.route("POST", r"/admin/alarms/{id:\d{1,9}}/acknowledge", roles=STAFF)
async def acknowledge(request: web.Request) -> web.Response:
    await forms.read(request)
    user = request[USER]
    return await _done(request, alarms.acknowledge(request.app[CITY], _id(request), user.actor))


@routes.route("POST", r"/admin/alarms/calls/{id:\d{1,9}}", roles=DESK)
async def tick(request: web.Request) -> web.Response:
    """What came of ringing somebody up."""
    sent = await forms.read(request)
    said = TICKS.get(sent.text("reached"))
    if said is None:
        raise web.HTTPBadRequest
    return await _done(request, said(request.app[CITY], _id(request), request[USER].actor))


async def _done(request: web.Request, doing: Any) -> web.Response:  # noqa: ANN401 - a coroutine
    try:
        done: Alarm = await doing
    except Conflict as refused:
        return await _respond(request, pages.text_of(refused, request[LANGUAGE]))
    if pages.by_htmx(request):
        return await _respond(request)
    return pages.see_other(f"/admin/alarms#alarm-{done.id}")


async def _respond(request: web.Request, refused: str = "") -> web.Response:
    user = request[USER]
    standing = await rung.standing(user.actor)
    context = {
        "standing": standing,
        "past": await rung.past(user.actor),
        "on_duty": await on_duty(*(() if user.desk else sorted(user.actor.executors))),
        "ticks": may(Verb.ALARM, user.staff.role),
        "refused": refused,
        "spaced": spaced,
        "seconds": _seconds,
    }
    status = 409 if refused else 200
    if pages.by_htmx(request):
        return pages.fragment(request, "parts/alarms.html", context, status=status)
    return await pages.page(request, "alarms.html", context, status=status)


def _seconds(alarm: Alarm) -> int:
    """Until the next is called; none below zero, when the sweep is about to."""
    return max(0, int((alarm.next_at - clock.now()).total_seconds())) if alarm.next_at else 0


def _id(request: web.Request) -> int:
    return int(request.match_info["id"])
