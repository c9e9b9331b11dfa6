"""The day's control (SE II.13), to be read and printed: overdue, due today, returned, without movement."""

from functools import partial

from aiohttp import web

from admin import pages, wording
from admin.access import STAFF, Routes
from admin.keys import CITY, LANGUAGE, USER
from admin.views.queue import address
from core import clock
from core.models.staff import Post
from core.queries import day
from core.queries.day import Executors, Part
from core.queries.panel.filters import Filters, View
from core.workflow import Role

routes = Routes()
PAGE = "/admin/control"
VIEWS = {
    Part.OVERDUE: View.OVERDUE,
    Part.TODAY: View.TODAY,
    Part.REOPENED: View.REOPENED,
    Part.IDLE: View.OPEN,
}


@routes.route("GET", PAGE, roles=STAFF)
async def show(request: web.Request) -> web.Response:
    """Of whom it concerns: an officer sees their executor, a deputy mayor first their portfolio."""
    city, language = request.app[CITY], request[LANGUAGE]
    executor, portfolio = _chosen(request)
    control = city.settings.control
    found = await day.groups(_scope(request, executor, portfolio), city.pack.timezone, control.idle_days)
    context = {
        "parts": found,
        "totals": {part: sum(group.total for group in groups) for part, groups in found.items()},
        "executor": executor,
        "portfolio": portfolio,
        "portfolios": wording.portfolios(city, language),
        "idle_days": control.idle_days,
        "now": clock.now(),
        "queue": partial(_queue, _idle(control.idle_days)),
    }
    return await pages.page(request, "control.html", context)


def _chosen(request: web.Request) -> tuple[str, str]:
    """The executor or the portfolio that is asked for; an officer's are their own."""
    city, user = request.app[CITY], request[USER]
    if user.staff.role is Role.EXECUTOR:
        return "", ""
    executor = request.query.get("executor", "")
    if executor in city.executors:
        return executor, ""
    own = user.staff.portfolio if user.staff.post is Post.DEPUTY else ""
    portfolio = request.query.get("portfolio", own)
    known = {row.portfolio for row in city.executors.values()}
    return "", portfolio if portfolio in known else ""


def _scope(request: web.Request, executor: str, portfolio: str) -> Executors:
    city, user = request.app[CITY], request[USER]
    if user.staff.role is Role.EXECUTOR:
        return user.actor.executors
    if executor:
        return {executor}
    return {slug for slug, row in city.executors.items() if row.portfolio == portfolio} if portfolio else None


def _idle(days: float) -> int:
    """As the queue's filter has it: whole days."""
    return max(1, round(days))


def _queue(idle: int, part: Part, executor: str | None) -> str:
    """The address of the queue with the same filter; of what nobody has there is none of its own."""
    return address(Filters(view=VIEWS[part], executor=executor, idle=idle if part is Part.IDLE else None))
