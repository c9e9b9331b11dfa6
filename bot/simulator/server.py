"""The simulator as a whole: one local HTTP server for both messengers, the page and its control."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from types import TracebackType
from typing import Self

import aiohttp
from aiohttp import web

from bot.simulator import assets, cast
from bot.simulator.bubbles import JsonObject, Place
from bot.simulator.config import SimulatorConfig, is_loopback
from bot.simulator.control import Control
from bot.simulator.faults import Faults
from bot.simulator.feed import Feed
from bot.simulator.guard import guard, protect_page
from bot.simulator.telegram.server import TelegramServer
from bot.simulator.telegram.sim import TelegramSim
from bot.simulator.viber.server import ViberServer
from bot.simulator.viber.sim import ViberSim

_LARGEST_REQUEST = 64 * 1024 * 1024
_FAREWELL = 0.5


class Simulator:
    """`outlines` is GeoJSON drawn on the page's map; `links` stand on the page under their names."""

    def __init__(
        self,
        config: SimulatorConfig | None = None,
        *,
        outlines: JsonObject | None = None,
        centre: Place = (47.91, 33.39),
        links: Mapping[str, str] | None = None,
    ) -> None:
        self.config = config or SimulatorConfig()
        if not is_loopback(self.config.host):
            raise ValueError(f"the simulator listens on this machine only, not on {self.config.host}")
        self.requests: Counter[str] = Counter()
        self._feed = Feed()
        self.faults = Faults(self._faults_changed)
        self.telegram = TelegramSim(self.config, self.faults.telegram, self._feed, centre)
        self.viber = ViberSim(self.config, self.faults.viber, self._feed, centre)
        self._control = Control(
            {"telegram": self.telegram, "viber": self.viber},
            self.faults,
            self._feed,
            self.requests,
            {"centre": centre, "links": dict(links or {}), "outlines": outlines},
        )
        self._closing = asyncio.Event()
        self._runner: web.AppRunner | None = None
        self._session: aiohttp.ClientSession | None = None
        self._port = self.config.port
        cast.assemble(self.telegram, self.viber)

    @property
    def base(self) -> str:
        host = f"[{self.config.host}]" if ":" in self.config.host else self.config.host
        return f"http://{host}:{self._port}"

    @property
    def telegram_api_base(self) -> str:
        return f"{self.base}/telegram"

    @property
    def viber_api_base(self) -> str:
        return f"{self.base}/viber/pa"

    async def start(self) -> None:
        if self._runner is not None:
            return
        self._closing.clear()
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=200))
        self.telegram.session = self._session
        self.viber.session = self._session
        app = web.Application(client_max_size=_LARGEST_REQUEST, middlewares=[guard])
        app.on_response_prepare.append(protect_page)
        for routes in (
            TelegramServer(self.telegram, self.requests, self._closing).routes(),
            ViberServer(self.viber, self.requests, self._closing).routes(),
            self._control.routes(),
            assets.routes(),
        ):
            app.add_routes(routes)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=_FAREWELL)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self.config.host, self.config.port)
        await site.start()
        self._port = self._runner.addresses[0][1]
        self.viber.media.base = self.base

    async def stop(self) -> None:
        """What was on the phones stays; polls, streams and hanging requests end."""
        self._closing.set()
        self._feed.close()
        await self.telegram.close()
        await self.viber.close()
        if self._runner is not None:
            runner, self._runner = self._runner, None
            await runner.cleanup()
        if self._session is not None:
            session, self._session = self._session, None
            await session.close()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    def _faults_changed(self) -> None:
        self.telegram.updates.wake()
        self._feed.publish(lambda: {"type": "faults", "faults": self._control.faults_view()})
