"""What the channels could not hand over, with trying once more, and what waits on purpose."""

from functools import partial

from aiohttp import web

from admin import pages, story
from admin.access import DESK, WATCH, Routes
from admin.keys import CITY, LANGUAGE, SETTINGS
from core import inbox, log, outbox
from core.errors import Conflict
from core.holding import Manners
from core.queries.panel import hand_over

routes = Routes()
_log = log.get(__name__)


@routes.route("GET", "/admin/hand-over", roles=WATCH)
async def show(request: web.Request) -> web.Response:
    settings = request.app[SETTINGS]
    zone = request.app[CITY].pack.timezone
    found = await hand_over.hand_over(Manners.of(settings.schedule, settings.viber, zone))
    named = partial(story.letter_name, language=request[LANGUAGE])
    context = {
        "found": found,
        "scrub": log.scrub,
        "shown": hand_over.SHOWN,
        "letter_name": named,
        "way": story.way,
        "viber": settings.viber,
    }
    if pages.by_htmx(request):
        return pages.fragment(request, "parts/hand_over.html", context)
    return await pages.page(request, "hand_over.html", context)


@routes.route("POST", r"/admin/hand-over/inbox/{id:\d{1,18}}/replay", roles=DESK)
async def replay(request: web.Request) -> web.Response:
    inbox_id = int(request.match_info["id"])
    if not await inbox.replay(inbox_id):
        raise Conflict("panel.hand_over.gone")
    _log.info("panel.replayed", inbox=inbox_id)
    return await _after(request)


@routes.route("POST", r"/admin/hand-over/outbox/{id:\d{1,18}}/retry", roles=DESK)
async def retry(request: web.Request) -> web.Response:
    outbox_id = int(request.match_info["id"])
    if not await outbox.retry(outbox_id):
        raise Conflict("panel.hand_over.gone")
    _log.info("panel.retried", outbox=outbox_id)
    return await _after(request)


async def _after(request: web.Request) -> web.Response:
    return await show(request) if pages.by_htmx(request) else pages.see_other("/admin/hand-over")
