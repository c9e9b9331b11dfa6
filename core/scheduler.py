"""What APScheduler runs, and at which pace: the sweeps over the database."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from prometheus_client import Counter, Histogram

from core import jobs, log, signals
from core.forgotten import end_forgotten
from core.jobs import Desk
from core.learning import retraining
from core.releasing import release
from core.reminding import remind_of_drafts
from core.surges import find_surges

HOURLY = 3600.0
SOON = 1.0  # seconds between looks at the notices that wait
_log = log.get(__name__)
_runs = Counter("zvernys_job_runs", "Sweeps run", ["job", "result"])
_seconds = Histogram("zvernys_job_seconds", "How long sweeps take", ["job"])

_under_way: set[asyncio.Task[Any]] = set()  # APScheduler cancels what it runs when it is shut down
Sweep = Callable[[Desk], Awaitable[int]]
SWEEPS: dict[str, Sweep] = {
    "announce_results": jobs.announce_results,
    "remind_of_polls": jobs.remind_of_polls,
    "remind_of_drafts": remind_of_drafts,
    "close_unanswered": jobs.close_unanswered,
    "remind_of_deadlines": jobs.remind_of_deadlines,
    "release": release,
    "fetch_media": jobs.fetch_media,
    "forget": jobs.forget,
    "end_forgotten": end_forgotten,
    "retrain": jobs.retrain,
    "find_surges": find_surges,
}


def schedule(desk: Desk) -> AsyncIOScheduler:
    """A scheduler, not yet started, that runs every sweep at its pace."""
    scheduler = AsyncIOScheduler(timezone=UTC)
    pace = {"forget": HOURLY, "release": min(SOON, desk.schedule.sweep_seconds)}
    for name in SWEEPS:
        scheduler.add_job(
            run,
            "interval",
            args=[name, desk],
            id=name,
            seconds=pace.get(name, desk.schedule.sweep_seconds),
            next_run_time=datetime.now(UTC),  # late work is caught up with at once
            coalesce=True,
            max_instances=2 if name == "retrain" else 1,  # a second one sees that it is taken, and goes
            misfire_grace_time=None,
        )
    if at := desk.schedule.retrain_at:
        hour, minute = at.split(":")
        nightly = CronTrigger(hour=hour, minute=minute, timezone=desk.city.pack.timezone)
        scheduler.add_job(retraining.ask, nightly, id="ask_to_retrain", misfire_grace_time=None)
    return scheduler


async def run(name: str, desk: Desk) -> int:
    """One sweep, to the end of what is due; a failure says so, and the next run tries again."""
    if (task := asyncio.current_task()) is not None:
        _under_way.add(task)
        task.add_done_callback(_under_way.discard)
    began = time.monotonic()
    done = 0
    with log.trace(log.new_trace()):
        try:
            while (batch := await SWEEPS[name](desk)) >= jobs.BATCH:
                done += batch
            done += batch
        except Exception as error:  # noqa: BLE001 - one sweep must not stop the others
            _runs.labels(name, "failed").inc()
            _log.error("job.failed", job=name, exc_info=error)
        else:
            _runs.labels(name, "done").inc()
            if done:
                _log.info("job.done", job=name, pieces=done)
        finally:
            _seconds.labels(name).observe(time.monotonic() - began)
    return done


async def keep(scheduler: AsyncIOScheduler, stopping: asyncio.Event) -> None:
    """Let the scheduler run until `stopping`, and the sweeps under way then to their end.

    A photo just sent is fetched at once, not at the next sweep.
    """
    scheduler.start()
    try:
        while not stopping.is_set():
            if await signals.media.wait(0.5) and (job := scheduler.get_job("fetch_media")) is not None:
                job.modify(next_run_time=datetime.now(UTC))
        scheduler.pause()
        while _under_way:
            await asyncio.wait(_under_way)
    finally:
        scheduler.shutdown()
