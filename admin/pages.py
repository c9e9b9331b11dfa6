"""Templates into responses: whole pages, fragments for htmx, and refusals as either."""

import hashlib
import zlib
from datetime import timedelta
from functools import cache, partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import jinja2
from aiohttp import web

from admin import format as say
from admin.keys import CITY, LANGUAGE, LINKS, SETTINGS, TEMPLATES, USER
from admin.selects import Selects
from core import clock
from core.errors import ZvernysError
from core.i18n import LANGUAGES, t, translator
from core.log import current_trace
from core.media import Shown
from core.queries.panel.counters import MANY, attention

STATIC: Final = Path(__file__).parent / "static"
_TEMPLATES: Final = Path(__file__).parent / "templates"
_LINK_STEP = 6 * 3600  # seconds; links change that seldom, so that a page redrawn keeps its pictures
# Pages that say in their help what they are for, by the first part of their path.
ABOUT: Final = frozenset(
    (
        *("absences", "account", "alarms", "appeals", "board", "bulk", "calls", "catalogue", "control"),
        *(
            "duty",
            "filters",
            "hand_over",
            "heat",
            "incidents",
            "indicators",
            "intake",
            "jobs",
            "looks",
            "mine",
        ),
        *("model", "notices", "queue", "reports", "roles", "rules", "satisfaction", "staff", "tasks"),
    )
)
_KNOWN_REFUSALS = frozenset({400, 401, 403, 404, 405, 409, 413, 422, 429, 500, 503})


@cache
def environment() -> jinja2.Environment:
    """All templates, read now: later, in the event loop, reading files would hold everybody up.

    One for a process, however many apps it makes in a test: compiling them takes a seventh of a second.
    """
    templates = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    templates.globals["asset"] = partial(_asset, _digests())
    for name in templates.list_templates():
        templates.get_template(name)
    for language in LANGUAGES:
        t("panel.brand", language)  # reads the catalogue
    return templates


async def page(
    request: web.Request, template: str, context: dict[str, Any], *, status: int = 200
) -> web.Response:
    """A whole page with the heading of whoever is signed in."""
    return _response(request, await whole(request, template, context), status)


async def whole(request: web.Request, template: str, context: dict[str, Any]) -> str:
    """The same, for what sends it bit by bit."""
    user = request.get(USER)
    around = {**_context(request), "attention": await attention(user.actor) if user else None}
    if user and user.needs_second_step:
        around["user"] = None  # no way leads elsewhere yet
    return _rendered(request, template, around | context)


def fragment(
    request: web.Request, template: str, context: dict[str, Any], *, status: int = 200
) -> web.Response:
    """A part of a page that htmx puts in place."""
    return _response(request, part(request, template, context), status)


def part(request: web.Request, template: str, context: dict[str, Any]) -> str:
    """A part of a page that is sent bit by bit."""
    return _rendered(request, template, _context(request) | context)


def by_htmx(request: web.Request) -> bool:
    """Whether a part is wanted. Going back in history asks by htmx, too, but for the whole."""
    asked = request.headers.get("HX-Request") == "true"
    return asked and request.headers.get("HX-History-Restore-Request") != "true"


def refusal(request: web.Request, status: int, text: str = "") -> web.Response:
    """What went wrong and what to do: a page, or for htmx a message beside what is shown."""
    key = f"panel.error.{status if status in _KNOWN_REFUSALS else 'other'}"
    context = {
        "status": status,
        "title": t(f"{key}.title", request[LANGUAGE]),
        "text": text or t(f"{key}.text", request[LANGUAGE]),
        "attention": None,
    }
    if by_htmx(request):
        response = fragment(request, "parts/toast.html", context, status=status)
        response.headers.update({"HX-Retarget": "#toasts", "HX-Reswap": "innerHTML", "HX-Push-Url": "false"})
        return response
    return fragment(request, "error.html", context, status=status)


def sign_in_needed(request: web.Request) -> web.Response:
    """To the sign-in and back; under htmx a message with the way there, so that typed words stay."""
    if by_htmx(request) or request.method != "GET":
        return refusal(request, 401)
    return see_other(f"/admin/sign-in?next={quote(request.path_qs)}")


def see_other(path: str) -> web.Response:
    """After a POST: the browser shows `path`, and reloading repeats nothing."""
    return web.Response(status=303, headers={"Location": path})


def onward(request: web.Request, path: str) -> web.Response:
    """After an action that leaves nothing to show here: htmx goes there as a browser does by itself."""
    return web.Response(headers={"HX-Redirect": path}) if by_htmx(request) else see_other(path)


def text_of(refused: ZvernysError, language: str) -> str:
    return refused.text(language)


def _context(request: web.Request) -> dict[str, Any]:
    language = request[LANGUAGE]
    city = request.app[CITY]
    zone = city.pack.timezone
    return {
        "t": translator(language),
        "lang": language,
        "user": request.get(USER),
        "city": city,
        "selects": Selects(city, language),
        "path": request.path,
        "about": _about(request.path),
        "ago": partial(say.ago, language=language),
        "left": partial(say.left, language=language),
        "when": partial(say.when, language=language, zone=zone),
        "exact": partial(say.exact, language=language, zone=zone),
        "day": partial(say.day, language=language, zone=zone),
        "days": partial(say.days, language=language, zone=zone),
        "now": clock.now,
        "browser": say.browser,
        "name": partial(_name, language),
        "short": partial(_short, language),
        "photo": partial(photo, request),
        "many": _many,
        "size": partial(say.size, language=language),
        "trace": current_trace(),
        "secure": request.app[SETTINGS].panel.secure_cookies,
    }


def _rendered(request: web.Request, template: str, context: dict[str, Any]) -> str:
    return request.app[TEMPLATES].get_template(template).render(context)


def _response(request: web.Request, html: str, status: int) -> web.Response:
    response = web.Response(text=html, content_type="text/html", status=status)
    response.headers["Vary"] = "Accept-Encoding"
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        response.body = _packed(html)
        response.headers["Content-Encoding"] = "gzip"
    return response


def _packed(html: str) -> bytes:
    """By the fastest level: a queue of 96 kB goes as 19 in 0.6 ms; aiohttp's own makes it 15, in 1.9."""
    packer = zlib.compressobj(1, wbits=16 + zlib.MAX_WBITS)
    return packer.compress(html.encode()) + packer.flush()


def _about(path: str) -> str:
    """Which page it is, as its help is called: panel.about.<this>; nothing where there is none."""
    called = path.removeprefix("/admin").strip("/").partition("/")[0].replace("-", "_") or "queue"
    return called if called in ABOUT else ""


def _name(language: str, thing: Any) -> str:  # noqa: ANN401 - category, district or executor
    """Of anything in the catalogue, in the reader's language."""
    return str(getattr(thing, language))


def _short(language: str, executor: Any) -> str:  # noqa: ANN401 - an Executor
    return str(getattr(executor, f"short_{language}"))


def _many(number: int) -> str:
    """A number of the heading."""
    return str(number) if number < MANY else f"{MANY - 1}+"


def photo(request: web.Request, attachment_id: int, size: Shown) -> str:
    """Where a picture is shown."""
    now = int(clock.now().timestamp())
    until = clock.now() + timedelta(seconds=2 * _LINK_STEP - now % _LINK_STEP)
    return request.app[LINKS].path(attachment_id, size, until)


def _digests() -> dict[str, str]:
    """Of every static file, so that a new version is a new address and the old may be kept for ever."""
    return {
        path.relative_to(STATIC).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()[:12]
        for path in STATIC.rglob("*")
        if path.is_file()
    }


def _asset(digests: dict[str, str], name: str) -> str:
    return f"/static/{name}?v={digests.get(name, '')}"
