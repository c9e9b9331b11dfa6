"""Colleagues' accounts, for administrators: invite, give a reset link, lift the second step, dismiss."""

from typing import Any, Final

from aiohttp import web

from admin import forms, pages, wording
from admin.access import ADMINISTRATORS, Routes
from admin.forms import Sent
from admin.keys import CITY, LANGUAGE, SETTINGS, USER
from core import colleagues, second_step
from core.errors import Invalid
from core.models import Staff
from core.models.staff import Post
from core.workflow import Role

routes = Routes()
ROLES: Final = (Role.OPERATOR, Role.EXECUTOR, Role.MANAGER, Role.ADMINISTRATOR)
_ONE = r"/admin/staff/{id:\d{1,9}}"


@routes.route("GET", "/admin/staff", roles=ADMINISTRATORS)
async def show(request: web.Request) -> web.Response:
    return await _page(request)


@routes.route("POST", "/admin/staff", roles=ADMINISTRATORS)
async def invite(request: web.Request) -> web.Response:
    """A new colleague sets the password by a link, which is shown this once."""
    sent = await forms.read(request)
    try:
        staff, token = await colleagues.invite(
            request[USER].staff, sent.text("login"), sent.text("name"), _role(sent), _executor(request, sent)
        )
    except Invalid as refused:
        return await _page(request, sent=sent, form_error=refused)
    return await _page(request, link=(staff, token))


@routes.route("POST", f"{_ONE}/reset", roles=ADMINISTRATORS)
async def reset(request: web.Request) -> web.Response:
    try:
        link = await colleagues.reset_link(request[USER].staff, _id(request))
    except Invalid as refused:
        return await _page(request, refused=refused)
    return await _page(request, link=link)


@routes.route("POST", f"{_ONE}/second-step", roles=ADMINISTRATORS)
async def lift_second_step(request: web.Request) -> web.Response:
    return await _done(request, colleagues.lift_second_step)


@routes.route("POST", f"{_ONE}/deactivate", roles=ADMINISTRATORS)
async def deactivate(request: web.Request) -> web.Response:
    return await _done(request, colleagues.deactivate)


@routes.route("POST", f"{_ONE}/activate", roles=ADMINISTRATORS)
async def activate(request: web.Request) -> web.Response:
    return await _done(request, colleagues.activate)


@routes.route("POST", f"{_ONE}/post", roles=ADMINISTRATORS)
async def appoint(request: web.Request) -> web.Response:
    """What they lead: `deputy:housing` is a deputy mayor and the portfolio."""
    sent = await forms.read(request)
    try:
        staff = await colleagues.appoint(request[USER].staff, _id(request), *_post(request, sent))
    except Invalid as refused:
        return await _page(request, refused=refused)
    return pages.see_other(f"/admin/staff#staff-{staff.id}")


async def _done(request: web.Request, what: colleagues.Deed) -> web.Response:
    try:
        staff = await what(request[USER].staff, _id(request))
    except Invalid as refused:
        return await _page(request, refused=refused)
    return pages.see_other(f"/admin/staff#staff-{staff.id}")


def _id(request: web.Request) -> int:
    return int(request.match_info["id"])


def _role(sent: Sent) -> Role:
    role = next((one for one in ROLES if one.value == sent.text("role")), None)
    if role is None:
        raise Invalid("staff.role")
    return role


def _post(request: web.Request, sent: Sent) -> tuple[Post, str]:
    """The post, and of a deputy mayor the portfolio."""
    kind, _, portfolio = sent.text("post").partition(":")
    if kind not in set(Post) or portfolio not in {"", *wording.portfolios(request.app[CITY], "uk")}:
        raise Invalid("staff.post")
    return Post(kind), portfolio


def _executor(request: web.Request, sent: Sent) -> str | None:
    slug = sent.text("executor") or None
    if slug is not None and slug not in request.app[CITY].executors:
        raise Invalid("executor.unknown")
    return slug


async def _page(
    request: web.Request,
    *,
    link: tuple[Staff, str] | None = None,
    sent: Sent | None = None,
    form_error: Invalid | None = None,
    refused: Invalid | None = None,
) -> web.Response:
    """`link`: whose it is and its token; `form_error`: why the form `sent` wasn't taken."""
    language = request[LANGUAGE]
    base = request.app[SETTINGS].server.public_url
    context: dict[str, Any] = {
        "people": await colleagues.everybody(),
        "has_second_step": second_step.is_on,
        "roles": ROLES,
        "portfolios": wording.portfolios(request.app[CITY], language),
        "tried": {name: sent.text(name) if sent else "" for name in ("name", "login", "role", "executor")},
        "form_error": pages.text_of(form_error, language) if form_error else "",
        "error": pages.text_of(refused, language) if refused else "",
        "link_of": link[0] if link else None,
        "link": f"{base}/admin/reset/{link[1]}" if link else "",
    }
    return await pages.page(request, "staff.html", context, status=422 if refused or form_error else 200)
