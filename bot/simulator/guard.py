"""Who may talk to the simulator: this machine, and no page of another site."""

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web

from bot.simulator.config import is_loopback

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data: blob: https:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self' http://127.0.0.1:* http://localhost:*"
)


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """A foreign Host is DNS rebinding; a foreign Origin, another site driving the control interface."""
    if not is_loopback(_host(f"//{request.host}")):
        raise web.HTTPForbidden(text="Only this machine may use the simulator.")
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        raise web.HTTPForbidden(text="Only the simulator's own page may use it.")
    return await handler(request)


async def protect_page(_: web.Request, response: web.StreamResponse) -> None:
    if response.content_type == "text/html":
        response.headers["Content-Security-Policy"] = _POLICY
    response.headers.setdefault("X-Content-Type-Options", "nosniff")


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""
