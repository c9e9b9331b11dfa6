"""What happens around every request, outermost first: count, name, protect, refuse, recognise."""

import re
import time

from aiohttp import web
from aiohttp.typedefs import Middleware
from tortoise.exceptions import DBConnectionError, OperationalError

from admin import metrics, pages, security
from admin.access import SECOND_STEP, WEBHOOKS, Handler, SecondStepNeeded, SignInNeeded, check
from admin.keys import LANGUAGE, SETTINGS, USER, User
from core import auth, log, second_step
from core.actions.absences import actor_of
from core.errors import Conflict, Forbidden, Invalid, NotFound, TooMany, ZvernysError
from core.i18n import LANGUAGES, t
from core.workflow import Role

_log = log.get(__name__)
_STATUS: dict[type[ZvernysError], int] = {
    Invalid: 422,
    NotFound: 404,
    Forbidden: 403,
    Conflict: 409,
    TooMany: 429,
}


@web.middleware
async def observe(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Give the request an id that its log lines and messages carry, and count it."""
    started = time.perf_counter()
    trace = log.new_trace()
    status = 500
    with log.trace(trace):
        try:
            response = await handler(request)
            status = response.status
        except web.HTTPException as answer:
            status = answer.status
            raise
        finally:
            metrics.observe(request, status, time.perf_counter() - started)
    if not response.prepared:
        response.headers["X-Request-Id"] = trace
    return response


@web.middleware
async def protect(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn every refusal into a page or a fragment in the user's language, and set the safe headers."""
    request[LANGUAGE] = preferred_language(request)
    if request.path.startswith(WEBHOOKS):
        return await handler(request)
    response = await _answer(request, handler)
    if not response.prepared:
        for name, value in security.HEADERS.items():
            response.headers.setdefault(name, value)
        # Pages hold personal data; a static file may be kept, but is asked after (see app.py for versions).
        kept = "no-cache" if request.path.startswith("/static/") else "no-store"
        response.headers.setdefault("Cache-Control", kept)
    return response


@web.middleware
async def recognise(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse what other sites send, find out who is signed in, and check that the route is theirs."""
    if security.is_cross_site(request):
        raise web.HTTPForbidden
    settings = request.app[SETTINGS]
    token = request.cookies.get(security.cookie_name(settings))
    if token and request.path.startswith("/admin"):
        used = "X-Poll" not in request.headers
        session = await auth.session(token, hours=settings.panel.session_hours, used=used)
        if session is not None:
            asked = settings.panel.totp_for_administrators and session.staff.role is Role.ADMINISTRATOR
            waits = asked and not second_step.is_on(session.staff)
            request[USER] = User(session.staff, session, await actor_of(session.staff), waits)
            request[LANGUAGE] = session.staff.language if session.staff.language in LANGUAGES else "uk"
    check(request)
    return await handler(request)


MIDDLEWARES: tuple[Middleware, ...] = (observe, protect, recognise)


def preferred_language(request: web.Request) -> str:
    """Of who is not signed in: as asked for in the address, else the browser's first of ours."""
    if (asked := request.query.get("lang")) in LANGUAGES:
        return str(asked)
    for tag in re.findall(r"[a-z]{2}(?=[-;, ]|$)", request.headers.get("Accept-Language", "").lower()):
        if tag in LANGUAGES:
            return str(tag)
    return LANGUAGES[0]


async def _answer(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except (SignInNeeded, SecondStepNeeded) as needed:
        return _lead(request, needed)
    except ZvernysError as refusal:
        status = next((code for kind, code in _STATUS.items() if isinstance(refusal, kind)), 400)
        return pages.refusal(request, status, pages.text_of(refusal, request[LANGUAGE]))
    except web.HTTPException as answer:
        return _as_page(request, answer)
    except Exception as error:  # noqa: BLE001 - whatever it was, people get a page and we the trace
        database = isinstance(error, (OperationalError, DBConnectionError))
        _log.exception("panel.broken", route=str(request.match_info.route.resource), exc_info=error)
        return pages.refusal(request, 503 if database else 500)


def _lead(request: web.Request, needed: SignInNeeded | SecondStepNeeded) -> web.Response:
    if isinstance(needed, SignInNeeded):
        return pages.sign_in_needed(request)
    if request.method == "GET" and not pages.by_htmx(request):
        return pages.see_other(SECOND_STEP)
    return pages.refusal(request, 403, t("panel.second_step.needed", request[LANGUAGE]))


def _as_page(request: web.Request, answer: web.HTTPException) -> web.Response:
    """What was raised, as a response whose headers can still be set."""
    if answer.status < 400:  # noqa: PLR2004 - a redirect
        return web.Response(status=answer.status, headers=answer.headers)
    response = pages.refusal(request, answer.status)
    if "Allow" in answer.headers:
        response.headers["Allow"] = answer.headers["Allow"]
    return response
