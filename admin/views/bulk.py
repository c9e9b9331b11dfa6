"""What is done to many at once: shown first for each of them, done with progress, put back for a while."""

from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from typing import Any, Final

from aiohttp import web

from admin import forms, pages, security
from admin.access import DESK, Routes
from admin.forms import Sent, as_integer
from admin.keys import CITY, LANGUAGE, USER
from core import log, tokens
from core.actions import bulk, undo
from core.actions.bulk import Foreseen, Order, Outcome
from core.errors import Invalid
from core.models.staff import Purpose
from core.workflow import OPEN, Verb

routes = Routes()
HERE: Final = "<!-- what is done -->"  # where the page's inside comes bit by bit
# By what a button of the list says.
VERBS: Final = {
    "assign": Verb.ASSIGN,
    "categorise": Verb.CATEGORISE,
    "merge": Verb.MERGE,
    "urgent": Verb.PRIORITISE,
    "calm": Verb.PRIORITISE,
}
_log = log.get(__name__)


@dataclass(slots=True)
class Asked:
    """What a form wants done, to which, and the state of the list to go back to."""

    do: str
    order: Order
    ids: tuple[int, ...]
    seen: dict[int, int]  # versions, of those that stood on the page
    back: str


@dataclass(slots=True)
class Told:
    """What came of it so far, said to a browser that may be gone: the work goes on without it."""

    response: web.StreamResponse
    render: Callable[..., str]
    done: int = 0
    refused: list[tuple[Outcome, str]] = field(default_factory=list)
    gone: bool = False

    async def say(self, html: str) -> None:
        if self.gone:
            return
        try:
            await self.response.write(html.encode())
        except ConnectionError:
            self.gone = True


@routes.route("GET", "/admin/bulk", roles=DESK)
async def show(request: web.Request) -> web.Response:
    sent = Sent(fields={name: request.query.getall(name) for name in request.query})
    return await _ask(request, _asked(sent))


@routes.route("POST", "/admin/bulk/foresee", roles=DESK)
async def foresee(request: web.Request) -> web.Response:
    """What would happen by what is chosen now; nothing is changed."""
    return await _ask(request, _asked(await forms.read(request)))


@routes.route("POST", "/admin/bulk", roles=DESK)
async def do(request: web.Request) -> web.StreamResponse:
    """Do it to all that can take it, as they stood on the page of confirmation."""
    asked, user, city = _asked(await forms.read(request)), request[USER], request.app[CITY]
    found = await bulk.foresee(city, user.actor, asked.order, asked.ids)
    try:
        bulk.check(city, asked.order, found)
    except Invalid as refused:
        return await _ask(request, asked, error=pages.text_of(refused, request[LANGUAGE]))
    picks = {one.appeal.id: asked.seen[one.appeal.id] for one in found if one.appeal.id in asked.seen}
    token = await tokens.make(user.staff.id, Purpose.UNDO)
    outcomes = bulk.carry_out(city, user.actor, asked.order, picks, mark=undo.mark_of(token))
    total = len(picks) - (asked.order.into in picks)
    return await _run(request, asked.do, outcomes, total=total, back=asked.back, token=token)


@routes.route("POST", "/admin/bulk/undo", roles=DESK)
async def put_back(request: web.Request) -> web.StreamResponse:
    sent, actor = await forms.read(request), request[USER].actor
    token = sent.text("token")
    found, mark = await undo.find(token, actor), undo.mark_of(token)
    done = await undo.steps(found, mark)
    outcomes = undo.undo(request.app[CITY], actor, found, done, mark=mark)
    back = security.local_path(sent.text("back"))
    return await _run(request, "undo", outcomes, total=len(done), back=back, token="")


def _asked(sent: Sent) -> Asked:
    name = sent.text("do") if sent.text("do") in VERBS else "assign"
    seen: dict[int, int] = {}
    for text in sent.texts("seen")[: bulk.MOST]:
        one, _, version = text.partition(".")
        if (known := as_integer(one)) is not None and (at := as_integer(version)) is not None:
            seen[known] = at
    picked = (as_integer(text) for text in sent.texts("pick"))
    order = Order(
        verb=VERBS[name],
        executor=sent.text("executor"),
        category=sent.text("category"),
        into=sent.integer("into") or 0,
        urgent=name == "urgent",
        reason=sent.text("text"),
    )
    ids = tuple(dict.fromkeys(one for one in picked if one is not None))
    return Asked(name, order, ids, seen, security.local_path(sent.text("back")))


async def _ask(request: web.Request, asked: Asked, *, error: str = "") -> web.Response:
    """The page of confirmation, or for htmx the part that says what would happen to each."""
    city, language = request.app[CITY], request[LANGUAGE]
    found = await bulk.foresee(city, request[USER].actor, asked.order, asked.ids)
    chosen = _proposed(request, asked.order, found)
    if chosen != asked.order:
        found = await bulk.foresee(city, request[USER].actor, chosen, asked.ids)
    context: dict[str, Any] = {
        "asked": asked,
        "order": chosen,
        "found": found,
        "possible": sum(one.refused is None and one.appeal.id != chosen.into for one in found),
        "why": lambda refused: pages.text_of(refused, language),
        "error": error or ("" if found else pages.text_of(Invalid("bulk.nothing"), language)),
    }
    if pages.by_htmx(request):
        return pages.fragment(request, "parts/bulk_plan.html", context)
    return await pages.page(request, "bulk.html", context, status=422 if context["error"] else 200)


def _proposed(request: web.Request, order: Order, found: tuple[Foreseen, ...]) -> Order:
    """With what is sensible where nothing was chosen: whom the rules name for all; the oldest as the main."""
    appeals = [one.appeal for one in found]
    if order.verb is Verb.ASSIGN and not order.executor:
        city = request.app[CITY]
        ways = (
            city.route(one.category_id, one.district_id, kind=one.kind, urgent=one.urgent) for one in appeals
        )
        named = {way.executor if way else "" for way in ways}
        return replace(order, executor=named.pop() if len(named) == 1 else "")
    if order.verb is Verb.MERGE and order.into not in {one.id for one in appeals} and appeals:
        kinds = Counter(one.kind for one in appeals if one.status in OPEN)
        usual = kinds.most_common(1)[0][0] if kinds else None
        main = min((one.id for one in appeals if one.kind is usual and one.status in OPEN), default=0)
        return replace(order, into=main)
    return order


async def _run(
    request: web.Request,
    do: str,
    outcomes: AsyncIterator[Outcome],
    *,
    total: int,
    back: str,
    token: str,
) -> web.StreamResponse:
    """The page whose inside grows with what is done; what is left at the end is the result."""
    language = request[LANGUAGE]
    page = await pages.whole(request, "bulk_run.html", {"do": do, "total": total, "here": HERE})
    head, _, tail = page.partition(HERE)
    response = web.StreamResponse(
        headers={
            **security.HEADERS,
            "Content-Type": "text/html; charset=utf-8",
            "Cache-Control": "no-store",
            "X-Accel-Buffering": "no",
        }
    )
    await response.prepare(request)
    told = Told(response, lambda name, **more: pages.part(request, name, more))
    await told.say(head)
    broken = False
    try:
        async for outcome in outcomes:
            if outcome.refused is None:
                told.done += 1
            else:
                told.refused.append((outcome, pages.text_of(outcome.refused, language)))
            n = told.done + len(told.refused)
            await told.say(told.render("parts/bulk_step.html", n=n, total=total))
    except Exception as error:  # noqa: BLE001 - what was done is done, and whoever waits is told so
        broken = True
        _log.exception("bulk.broken", do=do, exc_info=error)
    _log.info("bulk.done", do=do, staff=request[USER].staff.id, done=told.done, refused=len(told.refused))
    context = {"do": do, "told": told, "back": back, "token": token, "broken": broken, "total": total}
    await told.say(told.render("parts/bulk_done.html", **context) + tail)
    if not told.gone:
        await response.write_eof()
    return response
