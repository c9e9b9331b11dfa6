"""Who may do what, in words: drawn from the tables that decide it, so that it can't say anything else."""

from collections.abc import Iterator
from typing import Final

from aiohttp import web

from admin import pages
from admin.access import STAFF, Roles, Routes, access
from admin.choices import ACTIONS
from core.workflow import MAY, Role

routes = Routes()
_NO_PAGES: Final = frozenset({"sign-out", "districts.json"})
STAFF_ROLES: Final = (Role.EXECUTOR, Role.OPERATOR, Role.MANAGER, Role.ADMINISTRATOR)


@routes.route("GET", "/admin/roles", roles=STAFF)
async def show(request: web.Request) -> web.Response:
    context = {
        "verbs": MAY,
        "actions": ACTIONS,
        "everybody": tuple(Role),
        "pages": areas(request.app),
        "staff": STAFF_ROLES,
    }
    return await pages.page(request, "roles.html", context)


def areas(app: web.Application) -> dict[str, tuple[Roles, Roles]]:
    """By the first part of their path: who may look at the pages behind the sign-in, and who change there."""
    found: dict[str, tuple[Roles, Roles]] = {}
    for name, method, roles in _behind_sign_in(app):
        see, change = found.get(name, (frozenset(), frozenset()))
        found[name] = (see | roles, change) if method == "GET" else (see, change | roles)
    return found


def _behind_sign_in(app: web.Application) -> Iterator[tuple[str, str, Roles]]:
    for route, roles in access(app).items():
        path = route.resource.canonical if route.resource else ""
        name = path.removeprefix("/admin/").partition("/")[0]
        if path.startswith("/admin/") and Role.RESIDENT not in roles and name not in _NO_PAGES:
            yield name.replace("-", "_") or "queue", route.method, roles
