"""In-process wake-ups: work just committed starts within milliseconds; polling is only the fall-back."""

import asyncio

from core.db import after_commit
from core.models import Channel


class Wake:
    """Raised after a commit, lowered by the worker that waits for it. Belongs to no event loop."""

    def __init__(self) -> None:
        self._raised = False
        self._waiting: set[asyncio.Future[None]] = set()

    def after_commit(self) -> None:
        after_commit(self.set)

    def set(self) -> None:
        self._raised = True
        for future in self._waiting:
            if not future.done():
                future.set_result(None)

    async def wait(self, timeout: float) -> bool:  # noqa: ASYNC109 - the fall-back's period, not an error
        """Return when woken (True), or after `timeout` seconds."""
        if not self._raised:
            future = asyncio.get_running_loop().create_future()
            self._waiting.add(future)
            try:
                await asyncio.wait([future], timeout=timeout)
            finally:
                self._waiting.discard(future)
        woken, self._raised = self._raised, False
        return woken


inbox = Wake()
outbox = {channel: Wake() for channel in Channel}
media = Wake()


def wake_all() -> None:
    """So that every worker looks up: there may be work, or it is time to stop."""
    for wake in (inbox, media, *outbox.values()):
        wake.set()
