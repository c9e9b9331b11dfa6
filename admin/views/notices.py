"""What the signed-in person has been told."""

from aiohttp import web

from admin import forms, pages
from admin.access import STAFF, Routes
from admin.keys import USER
from core import subscribing
from core.actions.notify import STAFF_KINDS
from core.errors import NotFound
from core.queries.panel import notices

routes = Routes()
KINDS = frozenset({*STAFF_KINDS, "substitute", "followed"})  # the latter two are said here alone


@routes.route("GET", "/admin/notices", roles=STAFF)
async def show(request: web.Request) -> web.Response:
    found = await notices.notices(request[USER].staff.id)
    return await pages.page(request, "notices.html", {"notices": found, "kinds": KINDS})


@routes.route("POST", r"/admin/notices/{id:\d{1,9}}/open", roles=STAFF)
async def open_one(request: web.Request) -> web.Response:
    """Read it, and on to its appeal; from a surge, on to the incident; from an alarm, to what rings."""
    notice = await notices.take(int(request.match_info["id"]), request[USER].staff.id)
    if notice is None:
        raise NotFound("panel.notices.none")
    if notice.kind in ("alarm", "alarm_unanswered"):
        return pages.see_other("/admin/alarms")
    if notice.kind == "surge" and notice.appeal and notice.appeal.incident_id:
        return pages.see_other(f"/admin/incidents/{notice.appeal.incident_id}")
    if notice.kind == "job_failed":
        return pages.see_other("/admin/jobs")
    if notice.kind == subscribing.KIND:
        return pages.see_other(subscribing.page_of_notice(notice.dedupe))
    if notice.kind == "daily":
        return pages.see_other("/admin/control")
    return pages.see_other(
        f"/admin/appeals/{notice.appeal_id}" if notice.appeal_id else "/admin/notices",
    )


@routes.route("POST", "/admin/notices/read", roles=STAFF)
async def read_all(request: web.Request) -> web.Response:
    upto = (await forms.read(request)).integer("upto")
    if upto is not None:
        await notices.read_all(request[USER].staff.id, upto=upto)
    return pages.see_other("/admin/notices")
