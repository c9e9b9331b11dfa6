"""The second step of signing in: set up, looked after and turned off by whom it protects."""

from aiohttp import web

from admin import forms, pages, qr
from admin.access import SECOND_STEP, STAFF, Routes
from admin.keys import CITY, LANGUAGE, USER
from core import second_step
from core.errors import Conflict, Invalid, TooMany
from core.i18n import t

routes = Routes()


@routes.route("GET", SECOND_STEP, roles=STAFF)
async def show(request: web.Request) -> web.Response:
    return await _page(request)


@routes.route("POST", f"{SECOND_STEP}/begin", roles=STAFF)
async def begin(request: web.Request) -> web.Response:
    """A new secret each time, so that nobody confirms one that another has seen."""
    await second_step.begin(request[USER].staff)
    return pages.see_other(SECOND_STEP)


@routes.route("POST", f"{SECOND_STEP}/confirm", roles=STAFF)
async def confirm(request: web.Request) -> web.Response:
    """The recovery codes are shown this once."""
    sent = await forms.read(request)
    try:
        codes = await second_step.confirm(request[USER].staff, sent.text("code"))
    except (Invalid, Conflict) as refused:
        return await _page(request, refused)
    return await pages.page(request, "recovery_codes.html", {"codes": codes})


@routes.route("POST", f"{SECOND_STEP}/disable", roles=STAFF)
async def disable(request: web.Request) -> web.Response:
    sent = await forms.read(request)
    try:
        await second_step.disable(request[USER].staff, sent.text("password"), sent.text("code"))
    except (Invalid, TooMany) as refused:
        return await _page(request, refused)
    return pages.see_other("/admin/account")


async def _page(request: web.Request, refused: Invalid | Conflict | TooMany | None = None) -> web.Response:
    user, language = request[USER], request[LANGUAGE]
    issuer = f"{t('panel.brand', 'en')} {request.app[CITY].pack.en}"  # Cyrillic would make the QR code dense
    begun = bool(user.staff.totp_secret) and not second_step.is_on(user.staff)
    context = {
        "on": second_step.is_on(user.staff),
        "left": await second_step.codes_left(user.staff),
        "secret": user.staff.totp_secret if begun else "",
        "qr": qr.drawn(second_step.address(user.staff, issuer), t("panel.second_step.qr", language))
        if begun
        else "",
        "needed": user.needs_second_step,
        "error": pages.text_of(refused, language) if refused else "",
    }
    status = {None: 200, Invalid: 422, Conflict: 409, TooMany: 429}[type(refused) if refused else None]
    return await pages.page(request, "second_step.html", context, status=status)
