"""The roster of who is on duty: a week of it, and who is to be reached now."""

from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from aiohttp import web

from admin import forms, pages
from admin.access import DESK, OFFICERS, STAFF, Routes
from admin.forms import Sent
from admin.keys import CITY, LANGUAGE, USER
from core import clock
from core.actions import duties
from core.actions.duties import Shift, may_plan
from core.errors import Forbidden, Invalid, NotFound
from core.models import Duty
from core.phones import spaced
from core.queries.panel import duty as roster

routes = Routes()
_ONE = r"/admin/duty/{id:\d{1,9}}"
FIELDS = ("staff", "name", "phone", "position", "begins", "ends", "weeks")


@routes.route("GET", "/admin/duty", roles=STAFF)
async def show(request: web.Request) -> web.Response:
    executor = _executor(request, request.query.get("executor", ""))
    return await _page(request, executor, _monday(request, request.query.get("week", "")))


@routes.route("POST", "/admin/duty", roles=DESK | OFFICERS)
async def add(request: web.Request) -> web.Response:
    sent = await forms.read(request)
    executor = _planned(request, sent.text("executor"))
    monday = _monday(request, sent.text("week"))
    try:
        shift = _shift(sent, executor)
        weeks = sent.integer("weeks") if sent.text("weeks") else 1
        await duties.add(request.app[CITY], request[USER].actor, shift, weeks=weeks or 0)
    except Invalid as refused:
        return await _page(request, executor, monday, sent, refused)
    return pages.see_other(address(executor, _monday_of(shift.begins.date())))


@routes.route("GET", _ONE, roles=DESK | OFFICERS)
async def one(request: web.Request) -> web.Response:
    return await _form(request, await _duty(request))


@routes.route("POST", _ONE, roles=DESK | OFFICERS)
async def change(request: web.Request) -> web.Response:
    duty, sent = await _duty(request), await forms.read(request)
    try:
        shift = _shift(sent, duty.executor_id)
        await duties.change(request.app[CITY], request[USER].actor, duty.id, shift)
    except Invalid as refused:
        return await _form(request, duty, sent, refused)
    return pages.see_other(address(duty.executor_id, _monday_of(shift.begins.date())))


@routes.route("POST", f"{_ONE}/remove", roles=DESK | OFFICERS)
async def remove(request: web.Request) -> web.Response:
    duty = await _duty(request)
    await duties.remove(request[USER].actor, duty.id)
    day = duty.begins_at.astimezone(_zone(request)).date()
    return pages.see_other(address(duty.executor_id, _monday_of(day)))


def address(executor: str | None, monday: date) -> str:
    """Of a week of a roster."""
    asked = {"executor": executor or "", "week": monday.isoformat()}
    return f"/admin/duty?{urlencode({name: value for name, value in asked.items() if value})}"


async def _page(
    request: web.Request,
    executor: str | None,
    monday: date,
    sent: Sent | None = None,
    refused: Invalid | None = None,
) -> web.Response:
    user, city = request[USER], request.app[CITY]
    today = clock.now().astimezone(_zone(request)).date()
    context = {
        "executor": executor,
        "monday": monday,
        "today": today,
        "week": await roster.week(executor, monday, city.pack.timezone),
        "on_duty": await roster.now(None if user.desk else user.actor.executors),
        "rosters": _rosters(request),
        "plans": may_plan(user.actor, executor),
        "before": monday - timedelta(days=7),
        "after": monday + timedelta(days=7),
        "this": _monday_of(today),
        "most_weeks": duties.MOST_WEEKS,
        **await _around(request, executor, sent, refused),
    }
    return await pages.page(request, "duty.html", context, status=422 if refused else 200)


async def _form(
    request: web.Request, duty: Duty, sent: Sent | None = None, refused: Invalid | None = None
) -> web.Response:
    context = {"duty": duty, **await _around(request, duty.executor_id, sent, refused)}
    if sent is None:
        context["tried"] = {
            "staff": str(duty.staff_id or ""),
            "name": duty.name,
            "phone": spaced(duty.phone),
            "position": str(duty.position),
            "begins": _local(request, duty.begins_at),
            "ends": _local(request, duty.ends_at),
            "weeks": "",
        }
    context["back"] = address(duty.executor_id, _monday_of(duty.begins_at.astimezone(_zone(request)).date()))
    return await pages.page(request, "duty_one.html", context, status=422 if refused else 200)


async def _around(
    request: web.Request, executor: str | None, sent: Sent | None, refused: Invalid | None
) -> dict[str, Any]:
    """What the form of a duty needs, with what was typed and why it wasn't taken."""
    return {
        "tried": {name: sent.text(name) if sent else "" for name in FIELDS},
        "error": pages.text_of(refused, request[LANGUAGE]) if refused else "",
        "people": await roster.people(executor),
        "most_places": duties.MOST_PLACES,
        "spaced": spaced,
        "clock": lambda instant: f"{instant.astimezone(_zone(request)):%H:%M}",
        "address": address,
    }


def _rosters(request: web.Request) -> list[str | None]:
    """Which this person may look at: the desk all, an officer the city's and their own."""
    user, city = request[USER], request.app[CITY]
    if user.desk:
        return [None, *(slug for slug, each in city.executors.items() if each.active)]
    return [None, *sorted(slug for slug in user.actor.executors if slug in city.executors)]


def _executor(request: web.Request, slug: str) -> str | None:
    """Whose roster is asked for; an officer's own unless told, and the city's where it is none of theirs."""
    found: str | None = slug or None
    user = request[USER]
    if not user.desk and "executor" not in request.query and request.method == "GET":
        found = user.staff.executor_id
    return found if found in _rosters(request) else None


def _planned(request: web.Request, slug: str) -> str | None:
    """Whose roster is written to; Forbidden where it is another's."""
    executor = slug or None
    if not may_plan(request[USER].actor, executor):
        raise Forbidden("action.not_yours")
    if executor not in _rosters(request):
        raise NotFound("duty.gone")
    return executor


async def _duty(request: web.Request) -> Duty:
    """One that this person may plan; NotFound otherwise, whatever the reason."""
    found = await roster.one(int(request.match_info["id"]))
    if found is None or not may_plan(request[USER].actor, found.executor_id):
        raise NotFound("duty.gone")
    return found


def _shift(sent: Sent, executor: str | None) -> Shift:
    return Shift(
        position=sent.integer("position") or 0,
        staff_id=sent.integer("staff"),
        name=sent.text("name"),
        phone=sent.text("phone"),
        executor=executor,
        begins=_time(sent.text("begins")),
        ends=_time(sent.text("ends")),
    )


def _time(text: str) -> datetime:
    """As a browser sends a local time; without a zone."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise Invalid("duty.times") from error
    if found.tzinfo is not None or not 2000 <= found.year < 2100:  # noqa: PLR2004
        raise Invalid("duty.times")
    return found


def _local(request: web.Request, instant: datetime) -> str:
    return f"{instant.astimezone(_zone(request)):%Y-%m-%dT%H:%M}"


def _monday(request: web.Request, text: str) -> date:
    """The week of a day, or this one."""
    day = forms.as_day(text)
    if day is None or not 2000 <= day.year < 2100:  # noqa: PLR2004
        day = clock.now().astimezone(_zone(request)).date()
    return _monday_of(day)


def _monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _zone(request: web.Request) -> ZoneInfo:
    return ZoneInfo(request.app[CITY].pack.timezone)
