"""Every route of the running application × everybody: generated from the router, so that none is forgotten.

Each line of the table says what each person meets there, in the order of CAST:
`+` is let in, `s` must sign in first, `x` is refused (403), `0` finds nothing there (404).
"""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
from aiohttp import ClientSession, CookieJar, web
from yarl import URL

import admin.app
from core import auth
from core.actions.helping import join
from core.city import City
from core.config import load
from core.models import SignInFailure
from core.workflow import Role
from tests.builders import make_appeal, make_staff
from zvernys import serve

# Officers of the executor who has the appeal, of one who helps with it, and of another.
CAST: Final = ("nobody", "own", "helping", "other", "operator", "manager", "administrator")

PUBLIC = "+++++++"
STAFF = "s++++++"
OFFICERS = "s+++xxx"
WATCH = "sxxx+++"
DESK = "sxxx+x+"
ADMINISTRATORS = "sxxxxx+"
# Of one appeal: for the officers of another executor there is none.
SEEN = "s++0+++"
OWN = "s+x0+++"
WORK = "s+x0+x+"
ASKING = "s+x0xxx"
SIGNED = "xxxxxxx"  # to whoever holds a link that we signed, and this is none

TABLE: Final[dict[str, str]] = {
    "GET /": PUBLIC,
    "GET /healthz": PUBLIC,
    "GET /readyz": PUBLIC,
    "HEAD /healthz": PUBLIC,
    "HEAD /readyz": PUBLIC,
    "GET /metrics": PUBLIC,
    "GET /static": PUBLIC,
    "HEAD /static": PUBLIC,
    "GET /media/{id}/file": SIGNED,
    "HEAD /media/{id}/file": SIGNED,
    "GET /media/{id}/{size}.jpg": SIGNED,
    "HEAD /media/{id}/{size}.jpg": SIGNED,
    "GET /admin": PUBLIC,
    "GET /admin/sign-in": PUBLIC,
    "POST /admin/sign-in": PUBLIC,
    "GET /admin/sign-in/code": PUBLIC,
    "POST /admin/sign-in/code": PUBLIC,
    "GET /admin/reset/{token}": PUBLIC,
    "POST /admin/reset/{token}": PUBLIC,
    "POST /admin/sign-out": STAFF,
    "GET /admin/": STAFF,
    "GET /admin/districts.json": STAFF,
    "GET /admin/notices": STAFF,
    "POST /admin/notices/read": STAFF,
    "POST /admin/notices/{id}/open": STAFF,
    "GET /admin/account": STAFF,
    "POST /admin/account/language": STAFF,
    "POST /admin/account/password": STAFF,
    "POST /admin/account/sessions/{id}/revoke": STAFF,
    "POST /admin/account/sessions/revoke-others": STAFF,
    "GET /admin/account/second-step": STAFF,
    "POST /admin/account/second-step/begin": STAFF,
    "POST /admin/account/second-step/confirm": STAFF,
    "POST /admin/account/second-step/disable": STAFF,
    "GET /admin/roles": STAFF,
    "GET /admin/indicators": STAFF,
    "GET /admin/indicators/appeals": STAFF,
    "GET /admin/satisfaction": STAFF,
    "GET /admin/staff": ADMINISTRATORS,
    "POST /admin/staff": ADMINISTRATORS,
    "POST /admin/staff/{id}/reset": ADMINISTRATORS,
    "POST /admin/staff/{id}/second-step": ADMINISTRATORS,
    "POST /admin/staff/{id}/deactivate": ADMINISTRATORS,
    "POST /admin/staff/{id}/activate": ADMINISTRATORS,
    "POST /admin/staff/{id}/post": ADMINISTRATORS,
    "GET /admin/control": STAFF,
    "POST /admin/account/telegram": STAFF,
    "POST /admin/account/telegram/unlink": STAFF,
    "GET /admin/incidents": WATCH,
    "POST /admin/incidents": DESK,
    "GET /admin/incidents/{id}": WATCH,
    "POST /admin/incidents/{id}/accept": DESK,
    "POST /admin/incidents/{id}/dismiss": DESK,
    "POST /admin/incidents/{id}/end": DESK,
    "POST /admin/incidents/{id}/add": DESK,
    "POST /admin/incidents/{id}/remove": DESK,
    "POST /admin/incidents/{id}/tell": DESK,
    "POST /admin/incidents/{id}/assign": DESK,
    "POST /admin/incidents/{id}/resolve": DESK,
    "POST /admin/incidents/{id}/explain": DESK,
    "GET /admin/hand-over": WATCH,
    "POST /admin/hand-over/inbox/{id}/replay": DESK,
    "POST /admin/hand-over/outbox/{id}/retry": DESK,
    "GET /admin/rules": WATCH,
    "GET /admin/rules/new": ADMINISTRATORS,
    "GET /admin/rules/edit": ADMINISTRATORS,
    "POST /admin/rules/try": ADMINISTRATORS,
    "POST /admin/rules/save": ADMINISTRATORS,
    "GET /admin/catalogue": WATCH,
    "GET /admin/catalogue/changes": WATCH,
    "GET /admin/catalogue/categories": WATCH,
    "GET /admin/catalogue/categories/{slug}": WATCH,
    "GET /admin/catalogue/executors": WATCH,
    "GET /admin/catalogue/executors/{slug}": WATCH,
    "GET /admin/catalogue/districts": WATCH,
    "GET /admin/catalogue/districts/{slug}": WATCH,
    "GET /admin/catalogue/streets": WATCH,
    "GET /admin/catalogue/deadlines": WATCH,
    "GET /admin/catalogue/templates": WATCH,
    "GET /admin/catalogue/templates/{id}": WATCH,
    "GET /admin/catalogue/city": WATCH,
    "GET /admin/catalogue/add-category": ADMINISTRATORS,
    "POST /admin/catalogue/add-category": ADMINISTRATORS,
    "GET /admin/catalogue/add-executor": ADMINISTRATORS,
    "POST /admin/catalogue/add-executor": ADMINISTRATORS,
    "GET /admin/catalogue/add-template": ADMINISTRATORS,
    "POST /admin/catalogue/add-template": ADMINISTRATORS,
    "GET /admin/catalogue/categories/{slug}/retire": ADMINISTRATORS,
    "POST /admin/catalogue/categories/{slug}/retire": ADMINISTRATORS,
    "GET /admin/catalogue/executors/{slug}/retire": ADMINISTRATORS,
    "POST /admin/catalogue/executors/{slug}/retire": ADMINISTRATORS,
    "POST /admin/catalogue/categories/{slug}": ADMINISTRATORS,
    "POST /admin/catalogue/executors/{slug}": ADMINISTRATORS,
    "POST /admin/catalogue/districts/{slug}": ADMINISTRATORS,
    "POST /admin/catalogue/deadlines": ADMINISTRATORS,
    "POST /admin/catalogue/templates/{id}": ADMINISTRATORS,
    "POST /admin/catalogue/city": ADMINISTRATORS,
    "POST /admin/catalogue/files": ADMINISTRATORS,
    "POST /admin/catalogue/files/apply": ADMINISTRATORS,
    "GET /admin/catalogue/files": ADMINISTRATORS,
    "GET /admin/catalogue/export": ADMINISTRATORS,
    "GET /admin/absences": ADMINISTRATORS,
    "POST /admin/absences": ADMINISTRATORS,
    "POST /admin/absences/{id}/cancel": ADMINISTRATORS,
    "GET /admin/model": WATCH,
    "GET /admin/model/confusion": WATCH,
    "POST /admin/model/retrain": ADMINISTRATORS,
    "POST /admin/model/back": ADMINISTRATORS,
    "GET /admin/jobs": "sxxxx++",
    "POST /admin/jobs/{name}/run": ADMINISTRATORS,
    "POST /admin/account/absences": STAFF,
    "POST /admin/account/absences/{id}/cancel": STAFF,
    "GET /admin/appeals/next": STAFF,
    "GET /admin/appeals/previous": STAFF,
    "GET /admin/appeals/{id}": SEEN,
    "GET /admin/appeals/{id}/live": SEEN,
    "POST /admin/appeals/{id}/contacts": OWN,
    "GET /admin/looks": ADMINISTRATORS,
    "GET /admin/intake": DESK,
    "POST /admin/intake": DESK,
    "POST /admin/intake/look": DESK,
    "POST /admin/intake/forget": DESK,
    "GET /admin/intake/taken/{id}": DESK,
    "GET /admin/calls/{id}": DESK,
    "POST /admin/calls/{id}/told": DESK,
    "POST /admin/calls/{id}/unanswered": DESK,
    "POST /admin/appeals/{id}/start": WORK,
    "POST /admin/appeals/{id}/report": WORK,
    "POST /admin/appeals/{id}/note": SEEN,
    "POST /admin/appeals/{id}/help": DESK,
    "POST /admin/appeals/{id}/categorise": DESK,
    "POST /admin/appeals/{id}/assign": WATCH,
    "POST /admin/appeals/{id}/reassign": WATCH,
    "POST /admin/appeals/{id}/ask": DESK,
    "POST /admin/appeals/{id}/tell": DESK,
    "POST /admin/appeals/{id}/resolve": DESK,
    "POST /admin/appeals/{id}/rework": DESK,
    "POST /admin/appeals/{id}/explain": DESK,
    "POST /admin/appeals/{id}/reject": DESK,
    "POST /admin/appeals/{id}/forward": DESK,
    "POST /admin/appeals/{id}/extend": WATCH,
    "POST /admin/appeals/{id}/split": DESK,
    "POST /admin/appeals/{id}/check": DESK,
    "POST /admin/appeals/{id}/preview": WATCH,
    "POST /admin/appeals/{id}/template": WATCH,
    "POST /admin/appeals/{id}/follow": SEEN,
    "POST /admin/appeals/{id}/unfollow": SEEN,
    "GET /admin/duty": STAFF,
    "POST /admin/duty": "sxxx+x+",  # and the head of an executor
    "GET /admin/duty/{id}": "s000+x+",
    "POST /admin/duty/{id}": "s000+x+",
    "POST /admin/duty/{id}/remove": "s000+x+",
    "GET /admin/alarms": STAFF,
    "GET /admin/alarms/count": STAFF,
    "POST /admin/alarms/{id}/acknowledge": "s000+++",  # an officer's own; this is none
    "POST /admin/alarms/calls/{id}": DESK,
    "GET /admin/board": WATCH,
    "GET /admin/reports": WATCH,
    "GET /admin/reports/csv": WATCH,
    "GET /admin/reports/xlsx": WATCH,
    "GET /admin/reports/subscriptions": WATCH,
    "POST /admin/reports/subscriptions": WATCH,
    "POST /admin/reports/subscriptions/{id}/end": "sxxx000",
    "GET /admin/heat": WATCH,
    "GET /admin/tasks": DESK,
    "GET /admin/tasks/{id}": DESK,
    "POST /admin/tasks/{id}/done": DESK,
    "POST /admin/appeals/{id}/merge": DESK,
    "POST /admin/appeals/{id}/unmerge": DESK,
    "GET /admin/mine": OFFICERS,
    "POST /admin/appeals/{id}/decline": ASKING,
    "POST /admin/appeals/{id}/need_time": ASKING,
    "POST /admin/appeals/{id}/refuse_time": WATCH,
    "GET /my-data/{token}": PUBLIC,
    # The channels prove themselves in their own ways, and nobody at the panel is one.
    "POST /webhooks/telegram": "sssssss",
    "POST /webhooks/viber": "xxxxxxx",
    "GET /admin/bulk": DESK,
    "POST /admin/bulk": DESK,
    "POST /admin/bulk/foresee": DESK,
    "POST /admin/bulk/undo": DESK,
    "GET /admin/export/csv": STAFF,
    "GET /admin/export/xlsx": STAFF,
    "GET /admin/filters": STAFF,
    "POST /admin/filters": STAFF,
    "POST /admin/filters/{id}/delete": STAFF,
    "POST /admin/appeals/{id}/prioritise": DESK,
}

# What a request without its form is told by those who let it in: nothing of who asks.
LET_IN = {400, 404, 409, 422}
NO_SUCH = "999999999"


@dataclass(frozen=True)
class House:
    app: web.Application
    url: URL
    city: City


@pytest.fixture
def database_url(migrated_sqlite: Path, tmp_path: Path) -> str:
    """Who may do what is the same on both engines."""
    target = tmp_path / "zvernys.db"
    target.write_bytes(migrated_sqlite.read_bytes())
    return f"sqlite://{target}"


@pytest.fixture
async def house(
    database_url: str, folder: Path, city: City, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[House]:
    """The application as `zvernys run` composes it, with the routes of the channels."""
    made: list[web.Application] = []
    create = admin.app.create_app

    def remember(*args: object, **more: object) -> web.Application:
        made.append(create(*args, **more))  # type: ignore[arg-type]  # passed on as they come
        return made[-1]

    monkeypatch.setattr(admin.app, "create_app", remember)
    settings = load(
        server={"data": str(folder), "port": 0},
        database={"url": database_url},
        media={"url": (folder / "media").as_uri()},
        panel={"secure_cookies": False, "totp_for_administrators": False},
    )
    stopping, port = asyncio.Event(), asyncio.get_running_loop().create_future()
    serving = asyncio.create_task(
        serve(settings, stopping, parts=frozenset({"panel", "channels"}), ready=port.set_result)
    )
    await asyncio.wait({serving, port}, return_when=asyncio.FIRST_COMPLETED)
    if serving.done():
        await serving
    yield House(made[0], URL(f"http://127.0.0.1:{await port}"), city)
    stopping.set()
    await serving


@pytest.fixture
async def cast(house: House) -> AsyncIterator[dict[str, ClientSession]]:
    """A browser of each."""
    people = {
        "own": await make_staff(Role.EXECUTOR, "kryvbasvodokanal"),
        "helping": await make_staff(Role.EXECUTOR, "gas_networks"),
        "other": await make_staff(Role.EXECUTOR, "teplotsentral"),
        "operator": await make_staff(Role.OPERATOR),
        "manager": await make_staff(Role.MANAGER),
        "administrator": await make_staff(Role.ADMINISTRATOR),
    }
    browsers = {}
    for who in CAST:
        jar = CookieJar(unsafe=True)
        if who in people:
            token = await auth._open_session(people[who], "127.0.0.1", "Test", 12)
            jar.update_cookies({"zvernys": token}, house.url)
        browsers[who] = ClientSession(house.url, cookie_jar=jar)
    yield browsers
    for browser in browsers.values():
        await browser.close()


def routes(app: web.Application) -> list[str]:
    found = {f"{each.method} {each.resource.canonical}" for each in app.router.routes() if each.resource}
    return sorted(found, key=lambda route: (route.endswith("/sign-out"), route))  # that is the end of it


async def address(city: City, path: str) -> str:
    """A path with its gaps filled: an appeal that all but one of them may see, and else what isn't there."""
    if path == "/static":
        return "/static/panel.css"
    known = {"size": "thumb", "token": "t" * 32, "name": "none"}
    if path.startswith("/admin/appeals/{id}"):
        appeal = await make_appeal(city)
        await join(appeal, ["gas_networks"], occasion="test")
        known["id"] = str(appeal.id)
    return re.sub(r"\{(\w+)\}", lambda gap: known.get(gap[1], NO_SUCH), path)


def met(status: int) -> str:
    return {303: "s", 401: "s", 403: "x", 404: "0"}.get(status, str(status))


def as_expected(method: str, path: str, expected: str, status: int, location: str) -> bool:
    to_sign_in = location.startswith("/admin/sign-in?next=")
    if expected == "s":
        return to_sign_in if method == "GET" else status == 401
    if expected == "+":
        of_appeal = path.startswith("/admin/appeals/{id}")
        let_in = LET_IN - {404} if of_appeal else LET_IN  # an appeal of theirs is there
        return (status < 400 and not to_sign_in) or status in let_in
    return met(status) == expected


def test_each_line_of_the_table_says_what_everybody_meets() -> None:
    assert {route: line for route, line in TABLE.items() if not re.fullmatch(r"[+sx0]{7}", line)} == {}


async def test_every_route_lets_in_whom_the_table_says_and_nobody_else(
    house: House, cast: dict[str, ClientSession], cheap_hashing: None
) -> None:
    del cheap_hashing
    there = routes(house.app)
    unsaid = [route for route in there if route not in TABLE]
    assert unsaid == [], f"say in TABLE who may use {', '.join(unsaid)}"
    gone = sorted(TABLE.keys() - set(there))
    assert gone == [], f"TABLE speaks of what is no longer there: {', '.join(gone)}"
    surprises = []
    for route in there:
        method, path = route.split(" ", 1)
        where = await address(house.city, path)
        for who, expected in zip(CAST, TABLE[route], strict=True):
            if "sign-in" in path:
                await SignInFailure.all().delete()  # the brakes are tested elsewhere
            form: dict[str, str] | None = {} if method == "POST" else None
            async with cast[who].request(method, where, allow_redirects=False, data=form) as response:
                status, location = response.status, response.headers.get("Location", "")
            if not as_expected(method, path, expected, status, location):
                surprises.append(f"{route}: {who} meets {status}, and not {expected}")
    assert surprises == [], "\n".join(surprises)
