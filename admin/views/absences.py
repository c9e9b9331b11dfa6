"""Who is away and who stands in: everybody's own in their account, all of them for administrators."""

from datetime import date
from typing import Any

from aiohttp import web

from admin import forms, pages
from admin.access import ADMINISTRATORS, STAFF, Routes
from admin.forms import Sent
from admin.keys import CITY, LANGUAGE, USER
from admin.views import account
from core.actions import absences
from core.errors import Invalid
from core.queries.panel import absences as planned

routes = Routes()
_ID = r"{id:\d{1,9}}"


@routes.route("GET", "/admin/absences", roles=ADMINISTRATORS)
async def show(request: web.Request) -> web.Response:
    return await _page(request)


@routes.route("POST", "/admin/absences", roles=ADMINISTRATORS)
async def add(request: web.Request) -> web.Response:
    sent = await forms.read(request)
    try:
        await _plan(request, sent, sent.integer("staff"))
    except Invalid as refused:
        return await _page(request, sent, refused)
    return pages.see_other("/admin/absences")


@routes.route("POST", f"/admin/absences/{_ID}/cancel", roles=ADMINISTRATORS)
async def cancel(request: web.Request) -> web.Response:
    await absences.cancel(request[USER].actor, int(request.match_info["id"]))
    return pages.see_other("/admin/absences")


@routes.route("POST", "/admin/account/absences", roles=STAFF)
async def add_own(request: web.Request) -> web.Response:
    sent = await forms.read(request)
    try:
        await _plan(request, sent, request[USER].staff.id)
    except Invalid as refused:
        return await account.page(request, absence=_tried(request, sent, refused), status=422)
    return pages.see_other("/admin/account")


@routes.route("POST", f"/admin/account/absences/{_ID}/cancel", roles=STAFF)
async def cancel_own(request: web.Request) -> web.Response:
    await absences.cancel(request[USER].actor, int(request.match_info["id"]))
    return pages.see_other("/admin/account")


async def _plan(request: web.Request, sent: Sent, staff_id: int | None) -> None:
    substitute_id = sent.integer("substitute")
    if staff_id is None or substitute_id is None:
        raise Invalid("absence.substitute")
    await absences.plan(
        request.app[CITY],
        request[USER].actor,
        staff_id=staff_id,
        substitute_id=substitute_id,
        first_day=_day(sent, "first_day"),
        last_day=_day(sent, "last_day"),
    )


def _day(sent: Sent, name: str) -> date:
    try:
        return date.fromisoformat(sent.text(name))
    except ValueError as error:
        raise Invalid("absence.days") from error


async def _page(
    request: web.Request, sent: Sent | None = None, refused: Invalid | None = None
) -> web.Response:
    context = {
        "absences": await planned.to_come(),
        "people": await planned.people(),
        "tried": _tried(request, sent, refused),
    }
    return await pages.page(request, "absences.html", context, status=422 if refused else 200)


def _tried(request: web.Request, sent: Sent | None, refused: Invalid | None) -> dict[str, Any]:
    """What was typed and what is wrong with it; empty where nothing was."""
    names = ("staff", "substitute", "first_day", "last_day")
    typed = {name: sent.text(name) if sent else "" for name in names}
    return {**typed, "error": pages.text_of(refused, request[LANGUAGE]) if refused else ""}
