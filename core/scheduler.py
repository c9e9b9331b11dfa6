"""What APScheduler runs, and at which pace: the sweeps over the database, in the one process that leads."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, Final

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from core import clock, job_asks, jobs, log, signals
from core.alarming import ring_alarms
from core.config import Settings
from core.daily_control import tell_of_the_day
from core.figures.counting import count_figures
from core.following import remind_of_deadlines
from core.following_calendars import follow_calendars
from core.forgotten import end_forgotten
from core.job_records import Records, Run
from core.jobs import Desk
from core.leader import Leader
from core.pieces import More
from core.releasing import release
from core.reminding import remind_of_drafts
from core.subscribing import send_reports
from core.surges import find_surges

HOURLY, MINUTE = 3600.0, 60.0
SOON = 1.0  # seconds between looks at the notices that wait
LOOKS = 2.0  # seconds between looks at what was asked for by hand
_log = log.get(__name__)

Sweep = Callable[[Desk], Awaitable[int]]
SWEEPS: dict[str, Sweep] = {
    "announce_results": jobs.announce_results,
    "remind_of_polls": jobs.remind_of_polls,
    "remind_of_drafts": remind_of_drafts,
    "close_unanswered": jobs.close_unanswered,
    "follow_calendars": follow_calendars,
    "remind_of_deadlines": remind_of_deadlines,
    "release": release,
    "fetch_media": jobs.fetch_media,
    "forget": jobs.forget,
    "end_forgotten": end_forgotten,
    "retrain": jobs.retrain,
    "find_surges": find_surges,
    "ring_alarms": ring_alarms,
    "count_figures": count_figures,
    "send_reports": send_reports,
    "daily_control": tell_of_the_day,
}
# Those that work once a day, and the city's time of it; empty for never.
DAILY: Final[dict[str, Callable[[Settings], str]]] = {
    "retrain": lambda settings: settings.schedule.retrain_at,
    "send_reports": lambda settings: settings.control.reports_at,
    "daily_control": lambda settings: settings.control.daily_at,
}
_LASTING = frozenset({"retrain"})  # has a lease of its own, and ends with what it began


def pace(name: str, sweep_seconds: float) -> float:
    """Seconds from one run to the next."""
    own = {"forget": HOURLY, "release": min(SOON, sweep_seconds), "count_figures": max(MINUTE, sweep_seconds)}
    return own.get(name, sweep_seconds)


async def run(
    name: str, desk: Desk, *, leads: Callable[[], bool] = lambda: True, records: Records | None = None
) -> int:
    """One sweep, to the end of what is due; a failure says so, and the next run tries again.

    Who leads no more takes no further batch.
    """
    if not leads():
        return 0
    began, began_at = time.monotonic(), clock.now()
    done, failed = 0, None
    with log.trace(log.new_trace()):
        try:
            while isinstance(batch := await SWEEPS[name](desk), More) and leads():
                done += batch
            done += batch
        except Exception as error:  # noqa: BLE001 - one sweep must not stop the others
            failed = error
            _log.error("job.failed", job=name, exc_info=error)
        if done:
            _log.info("job.done", job=name, pieces=done)
        if records is not None:
            await records.note(Run(name, began_at, time.monotonic() - began, done, failed))
    return 0 if failed else done


class Runner:
    """The sweeps of this process, which run while it leads."""

    def __init__(self, desk: Desk) -> None:
        self.leader = Leader(desk.city.settings.control.lease_seconds, gained=self._gained, lost=self._lost)
        self.scheduler = AsyncIOScheduler(timezone=UTC)
        self._desk, self._records = desk, Records()
        self._under_way: dict[asyncio.Task[Any], str] = {}  # APScheduler cancels them when it is shut down
        self._broken_off: set[asyncio.Task[Any]] = set()
        self._again: set[str] = set()
        self._stopping = False
        for name in SWEEPS:
            self.scheduler.add_job(
                self._run,
                "interval",
                args=[name],
                id=name,
                seconds=pace(name, desk.schedule.sweep_seconds),
                next_run_time=datetime.now(UTC),  # late work is caught up with at once
                coalesce=True,
                max_instances=2 if name in _LASTING else 1,  # a second one sees that it is taken, and goes
                misfire_grace_time=None,
            )

    async def keep(self, stopping: asyncio.Event) -> None:
        """Run them until `stopping`, and those under way then to their end, before another may lead.

        A photo just sent is fetched at once, not at the next sweep.
        """
        idle = asyncio.Event()
        self.scheduler.start(paused=True)
        leading = asyncio.create_task(self.leader.keep(idle))
        asking = asyncio.create_task(self._hear())
        try:
            while not stopping.is_set():
                if await signals.media.wait(0.5):
                    self._at_once("fetch_media")
            self._stopping = True
            self.scheduler.pause()
            while self._under_way:
                await asyncio.wait(self._under_way)
        finally:
            self._stopping = True
            asking.cancel()
            idle.set()
            await leading
            self.scheduler.shutdown()

    async def _run(self, name: str) -> None:
        task = asyncio.current_task()
        if task is None or not self.leader.leads():
            return
        self._under_way[task] = name
        task.add_done_callback(self._ended)
        try:
            await run(name, self._desk, leads=self._goes_on, records=self._records)
        except asyncio.CancelledError:
            if task not in self._broken_off:
                raise
            _log.warning("job.broken_off", job=name)  # whoever leads then does it

    def _goes_on(self) -> bool:
        return self.leader.leads() and not self._stopping

    def _ended(self, task: asyncio.Task[Any]) -> None:
        name = self._under_way.pop(task)
        self._broken_off.discard(task)
        if name in self._again:
            self._again.discard(name)
            self._at_once(name)

    async def _hear(self) -> None:
        """What was asked for by hand, in whichever process."""
        while True:
            await asyncio.sleep(LOOKS)
            if not self.leader.leads():
                continue
            try:
                for name in await job_asks.take_asked():
                    self._at_once(name)
            except Exception as error:  # noqa: BLE001 - it is looked for again
                _log.warning("job.not_heard", error=type(error).__name__)

    def _at_once(self, name: str) -> None:
        """Or as soon as it ends that is under way, which perhaps has looked already."""
        if name in self._under_way.values():
            self._again.add(name)
        elif self.leader.leads() and (job := self.scheduler.get_job(name)) is not None:
            job.modify(next_run_time=datetime.now(UTC))

    def _gained(self) -> None:
        if not self._stopping:
            self.scheduler.resume()

    def _lost(self) -> None:
        """At once, for another may begin: what is under way is rolled back, and done by the new leader."""
        if not self._stopping:
            self.scheduler.pause()
        for task, name in self._under_way.items():
            if name not in _LASTING:
                self._broken_off.add(task)
                task.cancel()
