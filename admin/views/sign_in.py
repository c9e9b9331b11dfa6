"""Signing in and out."""

from aiohttp import web

from admin import forms, pages, security
from admin.access import PUBLIC, STAFF, Routes
from admin.keys import LANGUAGE, SETTINGS, USER
from core import auth
from core.errors import Invalid, TooMany

routes = Routes()


@routes.route("GET", "/admin/sign-in", roles=PUBLIC)
async def show(request: web.Request) -> web.Response:
    if request.get(USER):
        return pages.see_other(security.local_path(request.query.get("next", "")))
    return await _form(request, next_path=request.query.get("next", ""))


@routes.route("POST", "/admin/sign-in", roles=PUBLIC)
async def enter(request: web.Request) -> web.Response:
    """A wrong pair shows the form again with the login kept; the password is never sent back."""
    sent = await forms.read(request)
    settings = request.app[SETTINGS]
    login, next_path = sent.text("login"), sent.text("next")
    try:
        token = await auth.sign_in(
            login,
            sent.text("password"),
            security.client_address(request),
            request.headers.get("User-Agent", ""),
            hours=settings.panel.session_hours,
        )
    except (Invalid, TooMany) as refused:
        error = pages.text_of(refused, request[LANGUAGE])
        status = 429 if isinstance(refused, TooMany) else 422
        return await _form(request, next_path=next_path, login=login, error=error, status=status)
    response = pages.see_other(security.local_path(next_path))
    security.set_session(response, settings, token)
    return response


@routes.route("POST", "/admin/sign-out", roles=STAFF)
async def leave(request: web.Request) -> web.Response:
    user = request[USER]
    await auth.revoke(user.session.id, user.staff)
    response = pages.see_other("/admin/sign-in")
    security.drop_session(response, request.app[SETTINGS])
    return response


async def _form(
    request: web.Request, *, next_path: str, login: str = "", error: str = "", status: int = 200
) -> web.Response:
    context = {"next_path": security.local_path(next_path), "login": login[:64], "error": error}
    return await pages.page(request, "sign_in.html", context, status=status)
