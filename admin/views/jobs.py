"""The jobs: who runs them, how each went last, and running one at once."""

from aiohttp import web

from admin import pages
from admin.access import ADMINISTRATORS, Routes
from admin.keys import CITY, USER
from core import job_asks, log
from core.errors import NotFound
from core.queries.panel.jobs import jobs_page
from core.scheduler import SWEEPS
from core.workflow import Role

routes = Routes()
_log = log.get(__name__)


@routes.route("GET", "/admin/jobs", roles=ADMINISTRATORS | {Role.MANAGER})
async def show(request: web.Request) -> web.Response:
    """The whole page, or for htmx the part that changes."""
    context = {
        "page": await jobs_page(request.app[CITY]),
        "administrator": request[USER].staff.role is Role.ADMINISTRATOR,
    }
    if pages.by_htmx(request):
        return pages.fragment(request, "parts/jobs.html", context)
    return await pages.page(request, "jobs.html", context)


@routes.route("POST", r"/admin/jobs/{name:\w{1,32}}/run", roles=ADMINISTRATORS)
async def run(request: web.Request) -> web.Response:
    """Asks whoever leads; a job does only what is due, so asking too often does no harm."""
    name = request.match_info["name"]
    if name not in SWEEPS:
        raise NotFound("panel.jobs.unknown")
    await job_asks.ask(name)
    _log.info("job.asked", job=name, staff=request[USER].staff.id)
    return pages.see_other("/admin/jobs")
