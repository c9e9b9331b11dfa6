"""Posting to a webhook: in order for each key, repeated until taken, several keys at once."""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass

Verdict = float | None
"""None: the webhook took it. A number: it did not, and asks for a pause of so many seconds (or 0)."""


@dataclass(frozen=True, slots=True)
class Parcel:
    post: Callable[[], Awaitable[Verdict]]
    patience: float


class Courier:
    """`pause` gives the seconds before the next attempt from the number of failed ones."""

    def __init__(self, pause: Callable[[int], float], *, width: int = 40) -> None:
        self._pause = pause
        self._width = asyncio.Semaphore(width)
        self._queues: dict[Hashable, deque[Parcel]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def hand(self, key: Hashable, parcel: Parcel) -> None:
        queue = self._queues.get(key)
        if queue is not None:
            queue.append(parcel)
            return
        self._queues[key] = deque([parcel])
        task = asyncio.create_task(self._run(key))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    @property
    def waiting(self) -> int:
        return sum(map(len, self._queues.values()))

    async def close(self) -> None:
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._queues.clear()

    async def _run(self, key: Hashable) -> None:
        queue = self._queues[key]
        while queue:
            await self._deliver(queue[0])
            queue.popleft()
        del self._queues[key]

    async def _deliver(self, parcel: Parcel) -> None:
        deadline = time.monotonic() + parcel.patience
        failures = 0
        while True:
            async with self._width:
                asked = await parcel.post()
            if asked is None or time.monotonic() > deadline:
                return
            failures += 1
            await asyncio.sleep(max(asked, self._pause(failures)))
