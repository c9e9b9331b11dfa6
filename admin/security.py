"""What browsers are told and asked: headers, requests of other sites, the session's cookie, the address."""

from datetime import timedelta
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web

from admin.access import WEBHOOKS
from admin.keys import SETTINGS
from core.config import Settings

# No inline script or style anywhere: what a resident typed can't become either.
CONTENT_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "media-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: Final = {
    "Server": "Zvernys",  # and not which library of which version
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})


def is_cross_site(request: web.Request) -> bool:
    """Whether another site made the browser send this unsafe request.

    Told by Sec-Fetch-Site, or by Origin in browsers too old for it; a browser can't leave out both, so what
    has neither is no browser and carries nobody's cookie by accident. Webhooks come from platforms.
    """
    if request.method in SAFE_METHODS or request.path.startswith(WEBHOOKS):
        return False
    if site := request.headers.get("Sec-Fetch-Site"):
        return site not in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    if origin is None:
        return False
    public = urlsplit(request.app[SETTINGS].server.public_url).netloc
    return urlsplit(origin).netloc not in {request.host, public}


def client_address(request: web.Request) -> str:
    """Who is at the other end; X-Forwarded-For only as far as our own proxies wrote it."""
    trusted = request.app[SETTINGS].server.trusted_proxies
    hops = [hop.strip() for hop in ",".join(request.headers.getall("X-Forwarded-For", [])).split(",")]
    if trusted and len(hops) >= trusted and hops[-trusted]:
        return hops[-trusted][:64]
    return request.remote or ""


class Cookie(StrEnum):
    """What a browser keeps for us; pages can't read it, other sites can't send it."""

    SESSION = "zvernys"
    STEP = "zvernys-step"  # the password was right
    MARK = "zvernys-mark"  # somebody signed in here


def cookie_name(settings: Settings, cookie: Cookie = Cookie.SESSION) -> str:
    """With the prefix, the browser itself refuses a cookie of another path, host or of plain HTTP."""
    return f"__Host-{cookie}" if settings.panel.secure_cookies else cookie.value


def cookie(request: web.Request, which: Cookie) -> str:
    return request.cookies.get(cookie_name(request.app[SETTINGS], which), "")


def set_cookie(
    response: web.StreamResponse,
    settings: Settings,
    cookie: Cookie,
    token: str,
    *,
    life: timedelta | None = None,
) -> None:
    """Kept for `life`, or until the browser is closed."""
    response.set_cookie(
        cookie_name(settings, cookie),
        token,
        max_age=int(life.total_seconds()) if life else None,
        path="/",
        httponly=True,
        samesite="Lax",
        secure=settings.panel.secure_cookies,
    )


def drop_cookie(response: web.StreamResponse, settings: Settings, cookie: Cookie) -> None:
    response.del_cookie(
        cookie_name(settings, cookie),
        path="/",
        httponly=True,
        samesite="Lax",
        secure=settings.panel.secure_cookies,
    )


def local_path(path: str) -> str:
    """Where to go after signing in: a page of the panel, never another site."""
    if path.startswith("/admin/") and "\\" not in path and path.isprintable():
        return path
    return "/admin/"
