"""Who gets reports on schedule: everybody's own, and all of them for administrators."""

from aiohttp import web

from admin import forms, pages
from admin.access import WATCH, Routes
from admin.keys import CITY, LANGUAGE, USER
from admin.views.reports import PATH, fields
from core.actions import subscriptions
from core.actions.subscriptions import EVERY, READERS
from core.errors import Invalid
from core.models import Staff, Subscription
from core.workflow import Role

routes = Routes()
_HERE = f"{PATH}/subscriptions"


@routes.route("GET", _HERE, roles=WATCH)
async def show(request: web.Request) -> web.Response:
    usual = {"staff": str(request[USER].staff.id), "every": EVERY[0], "portfolio": ""}
    return await _page(request, usual)


@routes.route("POST", _HERE, roles=WATCH)
async def add(request: web.Request) -> web.Response:
    """For oneself; administrators say for whom. Refused, the form again."""
    sent = await forms.read(request)
    values = {name: sent.text(name) for name in ("staff", "every", "portfolio")}
    staff_id = sent.integer("staff") if values["staff"] else request[USER].staff.id
    try:
        await subscriptions.subscribe(
            request.app[CITY], request[USER].actor, staff_id or 0, values["every"], values["portfolio"]
        )
    except Invalid as refused:
        return await _page(request, values, pages.text_of(refused, request[LANGUAGE]))
    return pages.see_other(_HERE)


@routes.route("POST", f"{_HERE}/{{id:\\d{{1,9}}}}/end", roles=WATCH)
async def end(request: web.Request) -> web.Response:
    await subscriptions.unsubscribe(request[USER].actor, int(request.match_info["id"]))
    return pages.see_other(_HERE)


async def _page(request: web.Request, values: dict[str, str], error: str = "") -> web.Response:
    user = request[USER]
    everybody = user.staff.role is Role.ADMINISTRATOR
    rows = Subscription.all() if everybody else Subscription.filter(staff_id=user.staff.id)
    readers = Staff.filter(active=True, role__in=list(READERS)).order_by("name", "id")
    context = {
        "rows": await rows.select_related("staff").order_by("staff__name", "staff_id", "-every", "portfolio"),
        "people": await readers if everybody else [],
        "everybody": everybody,
        "fields": fields(request),
        "every": EVERY,
        "at": request.app[CITY].settings.control.reports_at,
        "values": values,
        "error": error,
    }
    return await pages.page(request, "subscriptions.html", context, status=422 if error else 200)
