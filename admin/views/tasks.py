"""What is to be done beside the panel, and what was found by who went to see; whom one follows."""

from aiohttp import web

from admin import forms, pages, uploads
from admin.access import DESK, STAFF, Routes
from admin.forms import Sent
from admin.keys import CITY, LANGUAGE, MEDIA, USER
from admin.views import steps
from admin.views.card import appeal_id, respond
from core.actions import follow
from core.actions.executor import upload_mark
from core.actions.tasks import OUTCOMES, finish_check
from core.errors import Conflict, Invalid, NotFound
from core.models import Task, TaskKind
from core.queries.panel import card as cards
from core.queries.panel import tasks
from core.queries.panel.tasks import Shown

routes = Routes()
# Where each kind is done.
PLACES = {TaskKind.CHECK: "/admin/tasks", TaskKind.CALL: "/admin/calls"}


@routes.route("GET", "/admin/tasks", roles=DESK)
async def show(request: web.Request) -> web.Response:
    asked = request.query.get("show", "")
    shown = Shown(asked) if asked in set(Shown) else Shown.MINE
    context = {
        "shown": shown,
        "views": list(Shown),
        "tasks": await tasks.tasks(shown, request[USER].staff.id),
        "places": PLACES,
    }
    return await pages.page(request, "tasks.html", context)


@routes.route("GET", r"/admin/tasks/{id:\d{1,9}}", roles=DESK)
async def one(request: web.Request) -> web.Response:
    return await _page(request, await _task(request))


@routes.route("POST", r"/admin/tasks/{id:\d{1,9}}/done", roles=DESK)
async def done(request: web.Request) -> web.Response:
    """Refused, the form comes again with all that was typed and sent."""
    task, user = await _task(request), request[USER]
    sent = await forms.read(request, request.app[MEDIA])
    photos = await uploads.taken(sent, user.staff.id, user.actor)
    try:
        if sent.refused:
            raise sent.refused
        await finish_check(
            request.app[CITY],
            task.id,
            user.actor,
            outcome=sent.text("outcome"),
            finding=sent.text("finding"),
            photos=photos,
            uploads=upload_mark(user.staff.id),
        )
    except (Invalid, Conflict) as refused:
        return await _page(request, await _task(request), sent, photos, refused)
    return pages.see_other(f"/admin/appeals/{task.appeal_id}")


@routes.route("POST", r"/admin/appeals/{id:\d{1,9}}/follow", roles=STAFF)
async def begin(request: web.Request) -> web.Response:
    await follow.follow(appeal_id(request), request[USER].actor)
    return await _followed(request)


@routes.route("POST", r"/admin/appeals/{id:\d{1,9}}/unfollow", roles=STAFF)
async def end(request: web.Request) -> web.Response:
    await follow.unfollow(appeal_id(request), request[USER].actor)
    return await _followed(request)


async def _followed(request: web.Request) -> web.Response:
    card = await cards.card(request[USER].actor, appeal_id(request))
    if pages.by_htmx(request):
        return await respond(request, card)
    return pages.see_other(steps.shown(request, card.appeal.id))


async def _task(request: web.Request) -> Task:
    found = await tasks.task(int(request.match_info["id"]))
    if found is None or found.kind is not TaskKind.CHECK:
        raise NotFound("task.gone")
    return found


async def _page(
    request: web.Request,
    task: Task,
    sent: Sent | None = None,
    photos: tuple[int, ...] = (),
    refused: Invalid | Conflict | None = None,
) -> web.Response:
    context = {
        "task": task,
        "appeal": task.appeal,
        "outcomes": OUTCOMES,
        "typed": {name: sent.text(name) if sent else "" for name in ("outcome", "finding")},
        "photos": photos,
        "error": pages.text_of(refused, request[LANGUAGE]) if refused else "",
        "wrong": refused.key.partition(".")[0] if refused else "",
    }
    status = 200 if refused is None else 409 if isinstance(refused, Conflict) else 422
    return await pages.page(request, "task.html", context, status=status)
