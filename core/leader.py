"""Which of the processes runs the jobs: the one that holds the lease, as long as it keeps renewing it.

The lease is kept by the database's clock, which is the same for all; how long ours is good is measured by
our own from before it was asked for, and ends a little sooner. So whoever is held up, cut off or frozen has
stopped before another begins.
"""

import asyncio
import os
import secrets
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from prometheus_client import Gauge
from tortoise.expressions import Q

from core import db, log
from core.models import Lease

NAME = "jobs"
SOONER = 0.15  # share of the lease by which ours ends before the database's does
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_leads = Gauge("zvernys_is_leader", "Whether this process runs the jobs")
_log = log.get(__name__)


class Leader:
    """One a process. `gained` and `lost` are called in the event loop, in turn."""

    def __init__(self, seconds: float, *, gained: Callable[[], None], lost: Callable[[], None]) -> None:
        self.holder = f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"
        self._gained, self._lost = gained, lost
        self._seconds = seconds
        self._good_until = 0.0  # monotonic
        self._led = False
        self._end: asyncio.TimerHandle | None = None

    def leads(self) -> bool:
        """Whether the lease is ours at this instant, asked of nobody."""
        return time.monotonic() < self._good_until

    async def keep(self, stopping: asyncio.Event) -> None:
        """Take the lease when it is free and renew it at each third, until `stopping`; then give it up."""
        while not stopping.is_set():
            wait = self._seconds / 3
            try:
                async with asyncio.timeout(self._seconds):
                    wait = min(wait, await self._try())
            except Exception as error:  # noqa: BLE001 - the next try may do; meanwhile the lease runs out
                _log.warning("lease.not_renewed", error=type(error).__name__)
            with suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), wait)
        await self._give_up()

    async def _try(self) -> float:
        """Seconds until it is worth trying again."""
        began = time.monotonic()
        now = await _database_time()
        until = now + timedelta(seconds=self._seconds)
        free = Q(holder=self.holder) | Q(until__lte=now)
        if not await Lease.filter(free, name=NAME).update(holder=self.holder, until=until):
            await Lease.bulk_create([Lease(name=NAME, holder="", until=_NEVER)], ignore_conflicts=True)
            held = await Lease.get(name=NAME)
            return max(0.05, (held.until - now).total_seconds())
        self._good_until = began + self._seconds * (1 - SOONER)
        if not self.leads():  # the answer came too late to be of use
            return 0.05
        self._mind_the_end()
        if not self._led:
            self._led = True
            _leads.set(1)
            _log.info("lease.taken", holder=self.holder)
            self._gained()
        return self._seconds

    def _mind_the_end(self) -> None:
        if self._end is not None:
            self._end.cancel()
        self._end = asyncio.get_running_loop().call_later(self._good_until - time.monotonic(), self._ran_out)

    def _ran_out(self) -> None:
        self._good_until = 0.0
        if self._led:
            self._led = False
            _leads.set(0)
            _log.warning("lease.lost", holder=self.holder)
            self._lost()

    async def _give_up(self) -> None:
        """So that another needn't wait."""
        if self._end is not None:
            self._end.cancel()
        if not self._led:
            return
        self._good_until, self._led = 0.0, False
        _leads.set(0)
        try:
            async with asyncio.timeout(self._seconds):
                await Lease.filter(name=NAME, holder=self.holder).update(until=_NEVER)
        except Exception as error:  # noqa: BLE001 - it runs out by itself
            _log.warning("lease.not_given_up", error=type(error).__name__)


async def leading() -> Lease | None:
    """Who runs the jobs, and until when that is sure; None where nobody does."""
    lease = await Lease.get_or_none(name=NAME)
    return lease if lease is not None and lease.until > await _database_time() else None


async def _database_time() -> datetime:
    """SQLite's processes all live on one machine, whose clock is theirs."""
    if db.is_sqlite():
        return datetime.now(UTC)
    rows = await db.connection().execute_query_dict("SELECT clock_timestamp() AS now")
    now: datetime = rows[0]["now"]
    return now
