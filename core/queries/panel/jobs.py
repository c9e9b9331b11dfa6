"""How the jobs stand: who runs them, and of each how it went last and when it comes next."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from core import clock, daily, job_asks, leader
from core.city import City
from core.job_records import EVERY, Failure, failure_of
from core.models import Job, Lease
from core.scheduler import DAILY, SWEEPS, pace

_OFTEN = 60.0  # seconds; what runs more often has no next run worth telling
_NEVER_RUN = Job(name="")


@dataclass(frozen=True, slots=True)
class Standing:
    name: str
    row: Job
    every: float  # seconds between runs
    at: str | None  # of a daily one: the city's time, empty for never
    next_at: datetime | None  # None: within `every`, or never
    failure: Failure | None  # while it hasn't gone well since
    silent: bool  # it should have run long ago
    asked: bool  # by hand, and not yet begun


@dataclass(frozen=True, slots=True)
class JobsPage:
    lease: Lease | None  # None: nobody runs the jobs
    process: tuple[str, str]  # machine and number of the process that does
    jobs: tuple[Standing, ...]  # failing ones first


async def jobs_page(city: City) -> JobsPage:
    lease = await leader.leading()
    rows = {row.name: row for row in await Job.filter(name__in=list(SWEEPS))}
    asked = await job_asks.waiting()
    found = [_standing(city, name, rows.get(name, _NEVER_RUN), name in asked) for name in SWEEPS]
    machine, process, _ = lease.holder.split(":") if lease else ("", "", "")
    return JobsPage(lease, (machine, process), tuple(sorted(found, key=lambda each: each.failure is None)))


def _standing(city: City, name: str, row: Job, asked: bool) -> Standing:  # noqa: FBT001 - as it is read
    every = pace(name, city.schedule.sweep_seconds)
    at = DAILY[name](city.settings) if name in DAILY else None
    next_at = row.began_at + timedelta(seconds=every) if row.began_at and every > _OFTEN else None
    if at is not None:
        next_at = daily.next_at(at, city.pack.timezone)
    patience = timedelta(seconds=3 * max(every, EVERY))
    silent = row.began_at is not None and clock.now() - row.began_at > patience
    return Standing(name, row, every, at, next_at, failure_of(row), silent, asked)
