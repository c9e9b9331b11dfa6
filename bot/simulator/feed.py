"""What the page is told as it happens."""

import asyncio
from collections.abc import AsyncIterator, Callable

from bot.simulator.bubbles import JsonObject

_BACKLOG = 10_000


class Feed:
    """Events are built only when somebody listens: benches send without a page."""

    def __init__(self) -> None:
        self._listeners: set[asyncio.Queue[JsonObject | None]] = set()

    def publish(self, build: Callable[[], JsonObject]) -> None:
        if not self._listeners:
            return
        event = build()
        for queue in list(self._listeners):
            if queue.qsize() < _BACKLOG:
                queue.put_nowait(event)
            else:
                self._listeners.discard(queue)
                queue.put_nowait(None)

    async def listen(self, heartbeat: float) -> AsyncIterator[JsonObject | None]:
        """Events as they happen, and None after each `heartbeat` seconds of silence."""
        queue: asyncio.Queue[JsonObject | None] = asyncio.Queue()
        self._listeners.add(queue)
        try:
            while True:
                try:
                    async with asyncio.timeout(heartbeat):
                        event = await queue.get()
                except TimeoutError:
                    yield None
                    continue
                if event is None:
                    return
                yield event
        finally:
            self._listeners.discard(queue)

    def close(self) -> None:
        for queue in self._listeners:
            queue.put_nowait(None)
        self._listeners.clear()
