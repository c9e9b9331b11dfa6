"""The sweeps of several processes: only the leader's run, and no longer than it leads."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from tortoise.exceptions import OperationalError

from core import db, job_asks, leader, scheduler, signals
from core.config import Schedule
from core.jobs import Desk
from core.models import Counter, Job, Lease
from core.pieces import More
from core.scheduler import Runner

FAST = Schedule(sweep_seconds=0.05)
NAME = "find_surges"
LEASE = 4  # seconds


@pytest.fixture
def desk(sweeps: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """At a quick pace, under a short lease, with one job that counts its runs in the database."""
    monkeypatch.setattr(scheduler, "LOOKS", 0.1)
    for name in scheduler.SWEEPS:
        monkeypatch.setitem(scheduler.SWEEPS, name, nothing)
    control = sweeps.city.settings.control.model_copy(update={"lease_seconds": LEASE})
    settings = sweeps.city.settings.model_copy(update={"control": control})
    return replace(sweeps, schedule=FAST, city=replace(sweeps.city, settings=settings, schedule=FAST))


async def nothing(_desk: Desk) -> int:
    return 0


@asynccontextmanager
async def running(desk: Desk) -> AsyncIterator[tuple[Runner, asyncio.Event]]:
    runner, stopping = Runner(desk), asyncio.Event()
    keeping = asyncio.create_task(runner.keep(stopping))
    try:
        yield runner, stopping
    finally:
        stopping.set()
        async with asyncio.timeout(20):
            await keeping


async def leads(runner: Runner) -> None:
    await sooner_or_later(runner.leader.leads)


async def sooner_or_later(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not holds():  # noqa: ASYNC110 - it has no event
            await asyncio.sleep(0.01)


async def test_only_the_leaders_jobs_run_and_the_next_goes_on(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[Desk] = []

    async def sweep(its: Desk) -> int:
        ran.append(its)
        return 0

    monkeypatch.setitem(scheduler.SWEEPS, NAME, sweep)
    first_desk, second_desk = replace(desk), replace(desk)
    async with running(first_desk) as (first, first_stops):
        await leads(first)
        async with running(second_desk) as (second, _):
            await asyncio.sleep(0.5)
            await sooner_or_later(lambda: bool(ran))
            assert all(its is first_desk for its in ran)
            first_stops.set()
            await leads(second)
            of_first = len(ran)
            await sooner_or_later(lambda: len(ran) > of_first)
            assert all(its is second_desk for its in ran[of_first:])


async def test_what_is_under_way_ends_before_another_leads(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_work, done = asyncio.Event(), asyncio.Event()

    async def slow(_desk: Desk) -> int:
        if not at_work.is_set():
            at_work.set()
            await asyncio.sleep(LEASE + 0.5)  # longer than the lease: it is renewed meanwhile
            assert await leader.leading() is not None
            done.set()
        return 0

    monkeypatch.setitem(scheduler.SWEEPS, NAME, slow)
    async with running(desk) as (_, stopping):
        async with asyncio.timeout(20):
            await at_work.wait()
        stopping.set()
    assert done.is_set()
    assert await leader.leading() is None


async def test_who_leads_no_more_is_broken_off_and_rolled_back(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both the job that is under way and the teaching, which has a lease of its own and goes on."""
    at_work, broken_off, taught = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def long(_desk: Desk) -> int:
        try:
            async with db.transaction():
                await Counter.create(name="half", value=1)
                at_work.set()
                await asyncio.sleep(60)
        finally:
            broken_off.set()
        return 1

    async def teaching(_desk: Desk) -> int:
        await broken_off.wait()
        await asyncio.sleep(0.5)
        taught.set()
        return 0

    async def gone() -> datetime:
        raise OperationalError("the database is gone")

    monkeypatch.setitem(scheduler.SWEEPS, NAME, long)
    monkeypatch.setitem(scheduler.SWEEPS, "retrain", teaching)
    async with running(desk) as (runner, _), asyncio.timeout(20):
        await at_work.wait()
        monkeypatch.setattr(leader, "_database_time", gone)
        await broken_off.wait()
        assert not runner.leader.leads()
        assert not await Counter.filter(name="half").exists()
        await taught.wait()
        assert not await Job.filter(name=NAME).exists(), "what was broken off says nothing"


async def test_who_leads_no_more_takes_no_further_batch(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    leading = [True, True, False]

    async def full(_desk: Desk) -> int:
        return More(7)

    monkeypatch.setitem(scheduler.SWEEPS, NAME, full)
    assert await scheduler.run(NAME, desk, leads=lambda: leading.pop(0)) == 14
    assert await scheduler.run(NAME, desk, leads=lambda: False) == 0


async def test_what_is_asked_for_by_hand_or_by_a_photo_runs_at_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[str] = []

    def counting(name: str) -> scheduler.Sweep:
        async def sweep(_desk: Desk) -> int:
            ran.append(name)
            return 0

        return sweep

    for name in ("forget", "fetch_media"):
        monkeypatch.setitem(scheduler.SWEEPS, name, counting(name))
    slow = Schedule(sweep_seconds=3600)
    async with running(replace(desk, schedule=slow)) as (runner, _):
        await leads(runner)
        await sooner_or_later(lambda: len(ran) >= 2)
        await job_asks.ask("forget")
        signals.media.set()
        await sooner_or_later(lambda: len(ran) >= 4)
        assert sorted(ran[2:]) == ["fetch_media", "forget"]


async def test_late_work_is_caught_up_with_by_who_takes_over(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[datetime] = []

    async def sweep(_desk: Desk) -> int:
        ran.append(datetime.now(UTC))
        return 0

    monkeypatch.setitem(scheduler.SWEEPS, "forget", sweep)
    soon = datetime.now(UTC) + timedelta(seconds=1)
    await Lease.create(name=leader.NAME, holder="killed", until=soon)
    async with running(desk) as (runner, _):
        await leads(runner)
        await sooner_or_later(lambda: bool(ran))
        await asyncio.sleep(0.3)
        assert len(ran) == 1, "at once, and once"
        assert ran[0] >= soon, "until then another leads, as far as anybody knows"
