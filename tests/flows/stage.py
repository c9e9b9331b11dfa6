"""The town in which scripts are played: one clock, one server that can be restarted, a panel to act in."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp

from bot.simulator import Simulator
from core import auth, clock, db
from core.config import Settings
from core.models import Appeal, Staff
from core.workflow import Role, Status
from tests.flows.conftest import PASSWORD, SIMULATED, http_client, running, settings_for

MORNING = 10  # o'clock, at which each script begins
CITY_TIME = ZoneInfo("Europe/Kyiv")
FIRST_DAY = datetime(2026, 3, 2, 9, tzinfo=CITY_TIME)
FIRST_HOUSE = 201  # above the numbers that mean something else: 101 and 112 are called, not lived in
# Points of one district, 240 metres from one another: nothing at one is near what is at another.
GRID = [(47.825 + 0.0022 * row, 33.396 + 0.0032 * column) for row in range(18) for column in range(13)]
# What stands in an action's form besides the version; the last takes the rest of the words.
FIELDS = {
    "assign": ("executor",),
    "reassign": ("executor", "text"),
    "categorise": ("category",),
    "merge": ("into", "text"),
    "forward": ("body", "text"),
    "extend": ("day", "text"),  # by so many days from now
    "split": ("category", "text"),
}


class TownClock:
    """Goes on like the real one, from another day; and forward, never back, when it is told."""

    def __init__(self) -> None:
        self._ahead = FIRST_DAY.astimezone(UTC) - datetime.now(UTC)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def passes(self, text: str) -> None:
        """«+2 days», or «03:00»: to the next time it is so late in the city."""
        if text.startswith("+"):
            number, unit = text.removeprefix("+").split()
            self._ahead += timedelta(**{unit.removesuffix("s") + "s": int(number)})
            return
        now = self().astimezone(CITY_TIME)
        hour, minute = map(int, text.split(":"))
        then = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
        self._ahead += (then if then > now else then + timedelta(days=1)) - now


@dataclass(slots=True)
class Stage:
    sim: Simulator
    settings: Settings
    base: str
    clock: TownClock
    houses: Iterator[int] = field(default_factory=lambda: itertools.count(FIRST_HOUSE))
    places: Iterator[tuple[float, float]] = field(default_factory=lambda: itertools.cycle(GRID))
    plays: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    _door: asyncio.Lock = field(default_factory=asyncio.Lock)
    _server: AsyncExitStack = field(default_factory=AsyncExitStack)
    _browsers: dict[str, aiohttp.ClientSession] = field(default_factory=dict)

    async def open(self) -> None:
        await self._server.enter_async_context(running(self.settings, self.sim))

    async def restart(self) -> None:
        await self._server.aclose()
        self._server = AsyncExitStack()
        await self.open()

    async def close(self) -> None:
        for browser in self._browsers.values():
            await browser.close()
        await self._server.aclose()

    async def act(
        self, appeal: Appeal, verb: str, words: str, *, officer: bool = False, photo: bytes | None = None
    ) -> None:
        """Do it in the panel as the operator, or as the officer of the appeal's executor."""
        login = f"officer.{appeal.executor_id}" if officer else "operator"
        names = FIELDS.get(verb, ("text",))
        given = dict(zip(names, words.split(maxsplit=len(names) - 1), strict=False))
        if "day" in given:
            later = self.clock().astimezone(CITY_TIME) + timedelta(days=int(given["day"]))
            given["day"] = later.date().isoformat()
        form = aiohttp.FormData({"expected": str(appeal.version), **given})
        if photo is not None:
            form.add_field("photos", photo, filename="done.jpg", content_type="image/jpeg")
        url = f"{self.base}/admin/appeals/{appeal.id}/{verb}"
        browser = await self._browser(login, appeal.executor_id if officer else None)
        async with browser.post(url, data=form, allow_redirects=False) as response:
            done = response.status == 303 and "sign-in" not in response.headers["Location"]
            assert done, f"{login}: {verb} → {response.status} {(await response.text())[:2000]}"

    async def officer(self, executor: str) -> str:
        """A new officer of the executor, whose only one with a chat they are: the payload that links it."""
        await self.unlink(executor)
        # Of what earlier scripts left nobody is reminded.
        left = Appeal.filter(executor_id=executor, open=True)
        await left.update(status=Status.CLOSED, open=False, remind_at=None)
        login = f"chat.{next(self.plays)}"
        staff = await auth.create_staff(login, "Іван Бондар", Role.EXECUTOR, None, executor)
        return await auth.make_link_token(staff)

    async def unlink(self, executor: str) -> None:
        for staff in await Staff.filter(executor_id=executor, account_id__not_isnull=True):
            await auth.unlink(staff)

    async def _browser(self, login: str, executor: str | None) -> aiohttp.ClientSession:
        async with self._door:
            return await self._signed_in(login, executor)

    async def _signed_in(self, login: str, executor: str | None) -> aiohttp.ClientSession:
        """Somebody's browser, signed in as often as their session has run out."""
        if login not in self._browsers:
            role = Role.EXECUTOR if executor else Role.OPERATOR
            await auth.create_staff(login, "Олена Коваль", role, PASSWORD, executor)
            self._browsers[login] = http_client()
        browser = self._browsers[login]
        async with browser.get(f"{self.base}/admin/appeals", allow_redirects=False) as page:
            if page.status == 200:
                return browser
        sent: dict[str, Any] = {"login": login, "password": PASSWORD}
        async with browser.post(f"{self.base}/admin/sign-in", data=sent, allow_redirects=False) as response:
            assert response.status == 303, await response.text()
        return browser


@asynccontextmanager
async def opened(
    database_url: str, folder: Path, port: int, **sections: dict[str, Any]
) -> AsyncIterator[Stage]:
    """A running town, with the database open for looking."""
    watch = TownClock()
    simulated = replace(SIMULATED, clock=lambda: watch().timestamp())
    base = f"http://127.0.0.1:{port}"
    with clock.use(watch):
        async with Simulator(simulated) as sim, AsyncExitStack() as stack:
            server = {"port": port, "public_url": base}
            settings = settings_for(sim, database_url, folder, server=server, **sections)
            stage = Stage(sim, settings, base, watch)
            stack.push_async_callback(stage.close)
            await stage.open()
            await stack.enter_async_context(db.connect(database_url))
            yield stage
