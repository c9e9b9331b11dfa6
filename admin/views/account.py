"""My account: language, password, second step, where I am signed in, my Telegram."""

from collections.abc import Mapping
from typing import Final

from aiohttp import web

from admin import forms, pages
from admin.access import STAFF, Routes
from admin.keys import BOT_NAME, LANGUAGE, USER
from core import auth, passwords, second_step
from core.errors import Invalid, NotFound, TooMany
from core.i18n import LANGUAGES
from core.models import Staff
from core.queries.panel import absences

routes = Routes()
NO_ABSENCE: Final = dict.fromkeys(("substitute", "first_day", "last_day", "error"), "")


@routes.route("GET", "/admin/account", roles=STAFF)
async def show(request: web.Request) -> web.Response:
    return await page(request)


@routes.route("POST", "/admin/account/language", roles=STAFF)
async def language(request: web.Request) -> web.Response:
    chosen = (await forms.read(request)).text("language")
    if chosen in LANGUAGES:
        await Staff.filter(id=request[USER].staff.id).update(language=chosen)
    return pages.see_other("/admin/account")


@routes.route("POST", "/admin/account/password", roles=STAFF)
async def password(request: web.Request) -> web.Response:
    """A new password ends every other session; what was typed is never sent back."""
    sent, user = await forms.read(request), request[USER]
    old, new = sent.text("old"), sent.text("new")
    try:
        if new != sent.text("again"):
            raise Invalid("panel.account.password_differs")  # noqa: TRY301 - one way out for all refusals
        await auth.change_password(user.staff, old, new, keep=user.session.id)
    except (Invalid, TooMany) as refused:
        return await page(request, password_error=refused)
    return await page(request, password_changed=True)


@routes.route("POST", r"/admin/account/sessions/{id:\d{1,9}}/revoke", roles=STAFF)
async def revoke(request: web.Request) -> web.Response:
    if not await auth.revoke(int(request.match_info["id"]), request[USER].staff):
        raise NotFound("panel.account.session_gone")
    return pages.see_other("/admin/account")


@routes.route("POST", "/admin/account/sessions/revoke-others", roles=STAFF)
async def revoke_others(request: web.Request) -> web.Response:
    user = request[USER]
    await auth.revoke_others(user.staff, keep=user.session.id)
    return pages.see_other("/admin/account#h-se")


@routes.route("POST", "/admin/account/telegram", roles=STAFF)
async def link_telegram(request: web.Request) -> web.Response:
    """The token is shown this once."""
    return await page(request, link_token=await auth.make_link_token(request[USER].staff))


@routes.route("POST", "/admin/account/telegram/unlink", roles=STAFF)
async def unlink_telegram(request: web.Request) -> web.Response:
    await auth.unlink(request[USER].staff)
    return pages.see_other("/admin/account")


async def page(
    request: web.Request,
    *,
    password_error: Invalid | TooMany | None = None,
    password_changed: bool = False,
    link_token: str = "",
    absence: Mapping[str, str] = NO_ABSENCE,
    status: int = 200,
) -> web.Response:
    """`absence`: the form of an absence that could not be taken, with what is wrong."""
    user = request[USER]
    context = {
        "sessions": await auth.sessions(user.staff),
        "password_error": pages.text_of(password_error, request[LANGUAGE]) if password_error else "",
        "password_changed": password_changed,
        "link_token": link_token,
        "bot_name": request.app[BOT_NAME](),
        "shortest": passwords.SHORTEST,
        "has_second_step": second_step.is_on(user.staff),
        "recovery_left": await second_step.codes_left(user.staff),
        "absences": await absences.to_come(of=user.staff.id),
        "stands_in_for": await absences.stood_in_for(user.staff.id),
        "people": await absences.people(like=user.staff),
        "tried": absence,
    }
    if password_error:
        status = 429 if isinstance(password_error, TooMany) else 422
    return await pages.page(request, "account.html", context, status=status)
