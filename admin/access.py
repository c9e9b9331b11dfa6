"""Which routes there are and who may use each: said where a route is made, or the application won't start."""

from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from aiohttp import web

from admin.keys import USER
from core.errors import Forbidden
from core.workflow import Role

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Roles = frozenset[Role]
H = TypeVar("H", bound=Handler)

# Who has not signed in is a resident of the city to us.
PUBLIC: Final[Roles] = frozenset(Role)
DESK: Final[Roles] = frozenset({Role.OPERATOR, Role.ADMINISTRATOR})
WATCH: Final[Roles] = DESK | {Role.MANAGER}  # sees what the desk sees
STAFF: Final[Roles] = WATCH | {Role.EXECUTOR}
OFFICERS: Final[Roles] = frozenset({Role.EXECUTOR})
ADMINISTRATORS: Final[Roles] = frozenset({Role.ADMINISTRATOR})

# All that is open to whoever must set up the second step first.
SECOND_STEP: Final = "/admin/account/second-step"
_BEFORE_SECOND_STEP: Final = frozenset(
    {SECOND_STEP, f"{SECOND_STEP}/begin", f"{SECOND_STEP}/confirm", "/admin/sign-out"}
)

WEBHOOKS = "/webhooks/"  # the channels' own routes in the same application; they verify their senders

_declared: Final = web.AppKey("access", dict[web.AbstractRoute, Roles])


class SignInNeeded(Exception):
    """Nobody is signed in, and the route is not public."""


class SecondStepNeeded(Exception):
    """This person must set up the second step before anything else."""


class Routes:
    """The routes of one view, gathered by decorators: `@routes.route("GET", "/admin/", roles=STAFF)`."""

    def __init__(self) -> None:
        self._entries: list[tuple[str, str, Handler, Roles]] = []

    def route(self, method: str, path: str, *, roles: Roles) -> Callable[[H], H]:
        def register(handler: H) -> H:
            self._entries.append((method, path, handler, roles))
            return handler

        return register

    def add_to(self, app: web.Application) -> None:
        declared = access(app)
        for method, path, handler, roles in self._entries:
            declared[app.router.add_route(method, path, handler)] = roles


def access(app: web.Application) -> dict[web.AbstractRoute, Roles]:
    """Who may use each route of the panel."""
    if _declared not in app:
        app[_declared] = {}
    return app[_declared]


async def refuse_undeclared(app: web.Application) -> None:
    """On start-up: a route that says nothing of who may use it stops the application."""
    for route in app.router.routes():
        path = route.resource.canonical if route.resource else ""
        if route not in access(app) and not path.startswith(WEBHOOKS):
            message = f"{route.method} {path} does not declare its roles"
            raise RuntimeError(message)


def check(request: web.Request) -> None:
    """Raise SignInNeeded, SecondStepNeeded or Forbidden where this person may not use the route at all."""
    route = request.match_info.route
    roles = access(request.app).get(route)
    if roles is None:  # no such route, or a webhook: both answer for themselves
        return
    user = request.get(USER)
    if user is None and Role.RESIDENT not in roles:
        raise SignInNeeded
    if user is not None and user.staff.role not in roles:
        raise Forbidden("action.not_yours")
    path = route.resource.canonical if route.resource else ""
    waits = user is not None and user.needs_second_step
    if waits and Role.RESIDENT not in roles and path not in _BEFORE_SECOND_STEP:
        raise SecondStepNeeded
