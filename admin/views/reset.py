"""Setting a password by a link that an administrator gave: once, and within a day."""

from aiohttp import web

from admin import forms, pages, security
from admin.access import PUBLIC, Routes
from admin.keys import LANGUAGE, SETTINGS
from admin.security import Cookie
from core import colleagues, passwords
from core.errors import Invalid

routes = Routes()
_PATH = r"/admin/reset/{token:[\w-]{1,64}}"


@routes.route("GET", _PATH, roles=PUBLIC)
async def show(request: web.Request) -> web.Response:
    """Only looking uses nothing up: messengers open links before people do."""
    return await _page(request)


@routes.route("POST", _PATH, roles=PUBLIC)
async def set_password(request: web.Request) -> web.Response:
    """Every session of theirs ends; what was typed is never sent back."""
    sent, token = await forms.read(request), request.match_info["token"]
    await colleagues.owner_of(token)
    try:
        if sent.text("new") != sent.text("again"):
            raise Invalid("panel.account.password_differs")  # noqa: TRY301 - one way out for all refusals
        await colleagues.use_reset(token, sent.text("new"))
    except Invalid as refused:
        return await _page(request, refused)
    response = pages.see_other("/admin/sign-in?new=1")
    security.drop_cookie(response, request.app[SETTINGS], Cookie.SESSION)
    return response


async def _page(request: web.Request, refused: Invalid | None = None) -> web.Response:
    staff = await colleagues.owner_of(request.match_info["token"])
    context = {
        "whose": staff,
        "shortest": passwords.SHORTEST,
        "error": pages.text_of(refused, request[LANGUAGE]) if refused else "",
        "user": None,
    }
    response = await pages.page(request, "reset.html", context, status=422 if refused else 200)
    response.headers["Referrer-Policy"] = "no-referrer"  # the address is the secret
    return response
