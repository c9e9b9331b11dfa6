"""How jobs went: written sparingly, told once when they begin to fail, and asked for by hand."""

from collections.abc import Callable
from typing import Any

import pytest
from prometheus_client import REGISTRY
from tortoise.exceptions import OperationalError

from core import job_asks, scheduler
from core.job_records import EVERY, Failure, Records, failure_of
from core.jobs import Desk
from core.models import Job, Notice, Outbox, Staff
from core.workflow import Role
from tests.builders import make_account, make_staff
from tests.core.conftest import Time
from tests.core.sweeping import counted

Does = Callable[[object], None]
NAME = "forget"


@pytest.fixture
def does(monkeypatch: pytest.MonkeyPatch) -> Does:
    """Let a job do so many pieces when it runs, or fail."""
    result: list[Any] = [0]

    async def sweep(_desk: Desk) -> int:
        if isinstance(result[0], Exception):
            raise result[0]
        pieces: int = result[0]
        return pieces

    def told(value: object) -> None:
        result[0] = value

    monkeypatch.setitem(scheduler.SWEEPS, NAME, sweep)
    return told


@pytest.fixture
async def chief() -> Staff:
    chat = await make_account()
    return await make_staff(Role.ADMINISTRATOR, account_id=chat.id)


async def test_what_worked_is_written_at_once_and_what_had_nothing_to_do_seldom(
    sweeps: Desk, time: Time, does: Does, monkeypatch: pytest.MonkeyPatch
) -> None:
    elapsed = [1000.0]
    monkeypatch.setattr("core.job_records.time.monotonic", lambda: elapsed[0])
    records = Records()

    async def run(seconds: float) -> Job:
        time.passes(seconds=seconds)
        elapsed[0] += seconds
        await scheduler.run(NAME, sweeps, records=records)
        return await Job.get(name=NAME)

    began = time.now
    row = await run(0)
    assert (row.began_at, row.worked_at, row.pieces) == (began, None, 0)
    with counted() as sent:
        await scheduler.run(NAME, sweeps, records=records)
    assert sent == []
    assert (await run(EVERY - 1)).began_at == began
    assert (await run(1)).began_at == time.now
    does(3)
    row = await run(1)
    assert (row.worked_at, row.pieces, row.began_at, row.ended_at) == (time.now, 3, time.now, time.now)
    does(0)
    row = await run(EVERY)
    assert (row.pieces, row.worked_at) != (0, time.now), "what it did last is remembered"
    assert (row.pieces, row.began_at) == (3, time.now)


async def test_the_first_failure_of_a_row_is_told_and_the_job_goes_on(
    sweeps: Desk, time: Time, does: Does, chief: Staff
) -> None:
    await make_staff(Role.ADMINISTRATOR, active=False)
    await make_staff(Role.OPERATOR)
    records = Records()

    async def run() -> Job:
        await scheduler.run(NAME, sweeps, records=records)
        return await Job.get(name=NAME)

    assert (await run()).failures == 0
    does(ValueError("Олена Коваль, вул. Соборності, 12"))
    assert (await run()).failures == 1
    row = await run()
    assert (row.failures, row.failed_at) == (2, time.now)
    assert "Олена" not in row.error
    assert failure_of(row) == Failure(database=False, error="ValueError", trace=row.error.split()[-1])
    assert await Notice.filter(kind="job_failed").count() == 1
    assert (await Notice.get(kind="job_failed")).staff_id == chief.id
    assert (await Outbox.get(kind="staff.job_failed")).body == {"job": NAME}
    does(0)
    row = await run()
    assert (row.failures, failure_of(row), row.failed_at) == (0, None, time.now)
    does(OperationalError("database is locked"))
    row = await run()
    assert failure_of(row) is not None
    assert failure_of(row) == Failure(database=True, error="OperationalError", trace=row.error.split()[-1])
    assert await Notice.filter(kind="job_failed").count() == 1, "it falters: once a day is enough"
    does(0)
    await run()
    time.passes(days=1)
    does(ValueError())
    await run()
    assert await Notice.filter(kind="job_failed").count() == 2


async def test_who_takes_over_knows_what_the_other_told(sweeps: Desk, does: Does, chief: Staff) -> None:
    del chief
    does(ValueError())
    for _ in range(2):
        await scheduler.run(NAME, sweeps, records=Records())
    assert (await Job.get(name=NAME)).failures == 2
    assert await Notice.filter(kind="job_failed").count() == 1
    does(0)
    await scheduler.run(NAME, sweeps, records=Records())
    assert (await Job.get(name=NAME)).failures == 0


async def test_a_database_that_is_gone_stops_no_job(
    sweeps: Desk, does: Does, monkeypatch: pytest.MonkeyPatch
) -> None:
    does(5)

    def gone(**_names: Any) -> None:
        raise OperationalError("the database is gone")

    monkeypatch.setattr(Job, "filter", gone)
    assert await scheduler.run(NAME, sweeps, records=Records()) == 5


async def test_the_meters_say_it_as_well(sweeps: Desk, does: Does) -> None:
    def meter(name: str) -> float:
        return REGISTRY.get_sample_value(f"zvernys_job_{name}", {"job": NAME}) or 0.0

    await scheduler.run(NAME, sweeps, records=Records())
    well = meter("last_success_timestamp_seconds")
    assert well > 0
    does(ValueError())
    for failures in (1, 2):
        await scheduler.run(NAME, sweeps, records=Records())
        assert meter("failures_in_a_row") == failures
    assert meter("last_success_timestamp_seconds") == well
    does(0)
    await scheduler.run(NAME, sweeps, records=Records())
    assert meter("failures_in_a_row") == 0
    assert REGISTRY.get_sample_value("zvernys_is_leader") is not None


@pytest.mark.usefixtures("database")
async def test_what_is_asked_for_is_taken_once() -> None:
    assert await job_asks.take_asked() == []
    for _ in range(3):
        await job_asks.ask(NAME)
    await job_asks.ask("remind_of_deadlines")
    assert await job_asks.waiting() == {NAME, "remind_of_deadlines"}
    assert set(await job_asks.take_asked()) == {NAME, "remind_of_deadlines"}
    assert await job_asks.take_asked() == []
    await job_asks.ask(NAME)
    assert await job_asks.take_asked() == [NAME]
