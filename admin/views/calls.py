"""One call to make: what to say, to whom, and what came of it. Each look at the number is kept."""

from aiohttp import web

from admin import forms, pages
from admin.access import DESK, Routes
from admin.forms import Sent
from admin.keys import CITY, LANGUAGE, USER
from core.actions import calling, calls, looks
from core.actions.calling import Said
from core.errors import Conflict, Invalid, NotFound
from core.models import Task, TaskKind
from core.phones import spaced
from core.workflow import Status

routes = Routes()
_SAYS = {"yes": True, "no": False}


@routes.route("GET", r"/admin/calls/{id:\d{1,9}}", roles=DESK)
async def show(request: web.Request) -> web.Response:
    return await _page(request)


@routes.route("POST", r"/admin/calls/{id:\d{1,9}}/told", roles=DESK)
async def told(request: web.Request) -> web.Response:
    sent = await forms.read(request)
    try:
        appeal = await calling.told(
            request.app[CITY],
            _id(request),
            request[USER].actor,
            Said(_SAYS.get(sent.text("solved")), sent.integer("stars"), sent.text("words")),
            seen=sent.text("seen"),
        )
    except (Invalid, Conflict) as refused:
        return await _page(request, sent, refused)
    return pages.see_other(f"/admin/appeals/{appeal.id}")


@routes.route("POST", r"/admin/calls/{id:\d{1,9}}/unanswered", roles=DESK)
async def unanswered(request: web.Request) -> web.Response:
    task = await _task(request)
    await calling.unanswered(request.app[CITY], task.id, request[USER].actor)
    return pages.see_other(f"/admin/appeals/{task.appeal_id}")


def _id(request: web.Request) -> int:
    return int(request.match_info["id"])


async def _task(request: web.Request) -> Task:
    task = await Task.get_or_none(id=_id(request), kind=TaskKind.CALL).select_related("appeal")
    if task is None:
        raise NotFound("call.gone")
    return task


async def _page(
    request: web.Request, sent: Sent | None = None, refused: Invalid | Conflict | None = None
) -> web.Response:
    """The call with, after a refusal, what was typed; one that has ended only says so."""
    task = await _task(request)
    account = await calls.whom(task) if task.done_at is None else None
    if account is not None:
        await looks.look(task.appeal_id, request[USER].actor)
    context = {
        "task": task,
        "appeal": task.appeal,
        "account": account,
        "seen": calling.mark(task),
        "tries": await calling.tried(task),
        "most": calling.TRIES,
        "asks": task.appeal.status in calling.RESULTS,
        "waits": task.appeal.status is Status.NEEDS_INFO,
        "spaced": spaced,
        "typed": {name: sent.text(name) if sent else "" for name in ("solved", "stars", "words")},
        "error": pages.text_of(refused, request[LANGUAGE]) if refused else "",
    }
    status = 200 if refused is None else 409 if isinstance(refused, Conflict) else 422
    return await pages.page(request, "call.html", context, status=status)
