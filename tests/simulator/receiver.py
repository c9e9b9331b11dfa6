"""A bot's end of a webhook: keeps what comes, answers as it is told."""

import asyncio
import json
from collections import deque
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from aiohttp import web


@dataclass(frozen=True)
class Received:
    body: bytes
    headers: dict[str, str]
    at: float

    @property
    def json(self) -> dict[str, Any]:
        parsed: dict[str, Any] = json.loads(self.body)
        return parsed


@dataclass
class Receiver:
    """`statuses` answer the next calls, then 200; `replies` give the bodies of the next 200s."""

    received: list[Received] = field(default_factory=list)
    statuses: deque[int] = field(default_factory=deque)
    replies: deque[str] = field(default_factory=deque)
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0
    files: dict[str, tuple[bytes, str]] = field(default_factory=dict)
    base: str = ""
    _arrived: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        return f"{self.base}/hook"

    @property
    def events(self) -> list[dict[str, Any]]:
        return [received.json for received in self.received]

    def named(self, event: str) -> list[dict[str, Any]]:
        return [found for found in self.events if found.get("event") == event]

    async def until(self, count: int, event: str | None = None) -> list[dict[str, Any]]:
        """Wait for this many deliveries (of a Viber event)."""
        async with asyncio.timeout(5):
            while len(found := self.named(event) if event else self.events) < count:
                self._arrived.clear()
                await self._arrived.wait()
        return found

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post("/hook", self._take)
        app.router.add_get("/files/{name}", self._file)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.base = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._runner.cleanup()

    async def _take(self, request: web.Request) -> web.Response:
        body = await request.read()
        now = asyncio.get_running_loop().time()
        status = self.statuses.popleft() if self.statuses else 200
        self.received.append(Received(body, dict(request.headers), now))
        self._arrived.set()
        await asyncio.sleep(self.delay)
        text = self.replies.popleft() if status == 200 and self.replies else ""
        return web.Response(status=status, text=text, headers=self.headers)

    async def _file(self, request: web.Request) -> web.Response:
        data, mime = self.files[request.match_info["name"]]
        return web.Response(body=data, content_type=mime)
