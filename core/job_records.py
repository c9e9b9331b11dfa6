"""How the jobs went, kept in a row each: written where one worked or failed, and now and then otherwise.

A job that fails after it went well is told to the administrators, once; until it goes well again it is known.
"""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from prometheus_client import Counter, Gauge, Histogram
from tortoise.expressions import F

from core import clock, db, log
from core.actions.absences import with_substitutes
from core.models import Account, Job, Notice, Staff
from core.outbox import Message, queue_all
from core.workflow import Role

EVERY = 30.0  # seconds between writing down that a job had nothing to do
TOLD = "job_failed"
_DATABASE = "database"
_runs = Counter("zvernys_job_runs", "Sweeps run", ["job", "result"])
_seconds = Histogram("zvernys_job_seconds", "How long sweeps take", ["job"])
_well_at = Gauge("zvernys_job_last_success_timestamp_seconds", "When a sweep last went well", ["job"])
_last = Gauge("zvernys_job_last_seconds", "How long the last run took", ["job"])
_failing = Gauge("zvernys_job_failures_in_a_row", "Failed runs since a sweep last went well", ["job"])
_log = log.get(__name__)


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a job, over."""

    name: str
    began_at: datetime
    seconds: float
    pieces: int
    error: Exception | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a job fails: a kind that people are told of, the error's name, and its trace in the log."""

    database: bool
    error: str
    trace: str


def failure_of(row: Job) -> Failure | None:
    """What is kept of the latest failure, while the job hasn't gone well since."""
    if not row.failures:
        return None
    kind, error, trace = row.error.split(" ")
    return Failure(kind == _DATABASE, error, trace)


class Records:
    """Of one process: what it has written lately needn't be written again."""

    def __init__(self) -> None:
        self._written: dict[str, float] = {}
        self._failing: set[str] = set()

    async def note(self, run: Run) -> None:
        """Never fails itself: what can't be written now is written with the next run."""
        _count(run)
        due = time.monotonic() - self._written.get(run.name, -EVERY) >= EVERY
        if run.error is None and not run.pieces and not due and run.name not in self._failing:
            return
        try:
            await (_went_well(run) if run.error is None else _went_wrong(run))
        except Exception as error:  # noqa: BLE001 - where the database is gone, the log and the metrics say so
            _log.warning("job.not_recorded", job=run.name, error=type(error).__name__)
            return
        self._written[run.name] = time.monotonic()
        (self._failing.discard if run.error is None else self._failing.add)(run.name)


def _count(run: Run) -> None:
    _runs.labels(run.name, "done" if run.error is None else "failed").inc()
    _seconds.labels(run.name).observe(run.seconds)
    _last.labels(run.name).set(run.seconds)
    if run.error is None:
        _well_at.labels(run.name).set(time.time())
        _failing.labels(run.name).set(0)
    else:
        _failing.labels(run.name).inc()


async def _went_well(run: Run) -> None:
    worked = {"worked_at": run.began_at, "pieces": run.pieces} if run.pieces else {}
    await _write(run, failures=0, error="", **worked)


async def _went_wrong(run: Run) -> None:
    """Kept of the error is its kind and the trace under which the log has it: words could be somebody's."""
    kind = _DATABASE if run.error is not None and db.is_outage(run.error) else "other"
    error = f"{kind} {type(run.error).__name__} {log.current_trace()}"
    async with db.transaction():
        await _write(run, failures=F("failures") + 1, failed_at=clock.now(), error=error[:300])
        if (await Job.get(name=run.name)).failures == 1:
            await _tell(run.name)


async def _write(run: Run, **more: object) -> None:
    ended = run.began_at + timedelta(seconds=run.seconds)
    values = {"began_at": run.began_at, "ended_at": ended, "seconds": run.seconds, **more}
    if not await Job.filter(name=run.name).update(**values):
        await Job.bulk_create([Job(name=run.name)], ignore_conflicts=True)
        await Job.filter(name=run.name).update(**values)


async def _tell(name: str) -> None:
    """Once a day for each job, however often it falters."""
    now = clock.now()
    people = await Staff.filter(role=Role.ADMINISTRATOR, active=True)
    people = await with_substitutes(people) if people else []
    mark = f"{TOLD}:{name}:{now:%Y%m%d}"
    notices = [Notice(staff_id=each.id, kind=TOLD, dedupe=f"{mark}:{each.id}", at=now) for each in people]
    await Notice.bulk_create(notices, ignore_conflicts=True)
    linked = {each.account_id for each in people if each.account_id is not None}
    chats = await Account.filter(id__in=linked).order_by("id") if linked else []
    await queue_all(
        [
            Message(chat, f"staff.{TOLD}", {"job": name}, dedupe=f"{mark}:account:{chat.id}", held=True)
            for chat in chats
        ]
    )
