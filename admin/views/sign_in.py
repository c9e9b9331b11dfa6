"""Signing in, in one step or two, and out."""

from urllib.parse import quote

from aiohttp import web

from admin import forms, pages, security
from admin.access import PUBLIC, STAFF, Routes
from admin.keys import LANGUAGE, SETTINGS, USER
from admin.security import Cookie
from core import auth, tokens
from core.auth import Browser, Entry
from core.errors import Invalid, TooMany
from core.models.staff import Purpose
from core.workflow import Role

routes = Routes()


@routes.route("GET", "/admin/sign-in", roles=PUBLIC)
async def show(request: web.Request) -> web.Response:
    if request.get(USER):
        return pages.see_other(security.local_path(request.query.get("next", "")))
    return await _form(request)


@routes.route("POST", "/admin/sign-in", roles=PUBLIC)
async def enter(request: web.Request) -> web.Response:
    """A wrong pair shows the form again with the login kept; the password is never sent back."""
    sent = await forms.read(request)
    settings = request.app[SETTINGS]
    login, next_path = sent.text("login"), sent.text("next")
    try:
        entry = await auth.sign_in(
            login, sent.text("password"), browser(request), hours=settings.panel.session_hours
        )
    except (Invalid, TooMany) as refused:
        return await _form(request, refused, next_path=next_path, login=login)
    if entry.session:
        return await _let_in(request, entry, next_path)
    response = pages.see_other(f"/admin/sign-in/code?next={quote(security.local_path(next_path))}")
    security.set_cookie(response, settings, Cookie.STEP, entry.step, life=tokens.LIFE[Purpose.CODE])
    return response


@routes.route("GET", "/admin/sign-in/code", roles=PUBLIC)
async def show_code(request: web.Request) -> web.Response:
    step = security.cookie(request, Cookie.STEP)
    if not step or await tokens.find(step, Purpose.CODE) is None:
        return pages.see_other("/admin/sign-in")
    return await _code_form(request, next_path=request.query.get("next", ""))


@routes.route("POST", "/admin/sign-in/code", roles=PUBLIC)
async def enter_code(request: web.Request) -> web.Response:
    """A wrong code asks again; a half of a sign-in that is too old begins anew."""
    sent, settings = await forms.read(request), request.app[SETTINGS]
    step, next_path = security.cookie(request, Cookie.STEP), sent.text("next")
    try:
        entry = await auth.second(
            step, sent.text("code"), browser(request), hours=settings.panel.session_hours
        )
    except (Invalid, TooMany) as refused:
        if await tokens.find(step, Purpose.CODE) is None:
            return await _form(request, refused, next_path=next_path)
        return await _code_form(request, refused, next_path=next_path)
    return await _let_in(request, entry, next_path)


@routes.route("POST", "/admin/sign-out", roles=STAFF)
async def leave(request: web.Request) -> web.Response:
    user = request[USER]
    await auth.revoke(user.session.id, user.staff)
    response = pages.see_other("/admin/sign-in")
    security.drop_cookie(response, request.app[SETTINGS], Cookie.SESSION)
    return response


def browser(request: web.Request) -> Browser:
    return Browser(
        security.client_address(request),
        request.headers.get("User-Agent", ""),
        security.cookie(request, Cookie.MARK),
    )


async def _let_in(request: web.Request, entry: Entry, next_path: str) -> web.Response:
    settings = request.app[SETTINGS]
    response = pages.see_other(await _where_to(entry, security.local_path(next_path)))
    security.set_cookie(response, settings, Cookie.SESSION, entry.session)
    security.set_cookie(response, settings, Cookie.MARK, entry.mark, life=tokens.LIFE[Purpose.BROWSER])
    security.drop_cookie(response, settings, Cookie.STEP)
    return response


async def _where_to(entry: Entry, path: str) -> str:
    """Who asked for nothing in particular comes to where their work is."""
    if path == "/admin/":
        session = await auth.session(entry.session, hours=1, used=False)
        if session is not None and session.staff.role is Role.EXECUTOR:
            return "/admin/mine"
    return path


async def _form(
    request: web.Request, refused: Invalid | TooMany | None = None, *, next_path: str = "", login: str = ""
) -> web.Response:
    context = {
        "next_path": security.local_path(next_path or request.query.get("next", "")),
        "login": login[: auth.LONGEST_LOGIN],
        "error": pages.text_of(refused, request[LANGUAGE]) if refused else "",
        "is_new": request.query.get("new") == "1",
    }
    return await pages.page(request, "sign_in.html", context, status=_status(refused))


async def _code_form(
    request: web.Request, refused: Invalid | TooMany | None = None, *, next_path: str = ""
) -> web.Response:
    context = {
        "next_path": security.local_path(next_path),
        "error": pages.text_of(refused, request[LANGUAGE]) if refused else "",
    }
    return await pages.page(request, "sign_in_code.html", context, status=_status(refused))


def _status(refused: Invalid | TooMany | None) -> int:
    return 200 if refused is None else 429 if isinstance(refused, TooMany) else 422
