"""Work of the day: due once at the city's time, caught up with once, and done by one process."""

import asyncio
from datetime import UTC, date, datetime

import pytest

from core import db
from core.daily import day_done, day_due, next_at
from core.models import Job
from tests.core.conftest import Time

KYIV = "Europe/Kyiv"
pytestmark = pytest.mark.usefixtures("database")


async def due(at: str = "08:15") -> date | None:
    return await day_due("list", at, KYIV)


async def test_it_is_due_from_its_time_until_it_is_done(time: Time) -> None:
    time.now = datetime(2026, 3, 2, 6, 14, tzinfo=UTC)
    assert await due() is None
    time.passes(minutes=1)
    assert await due() == date(2026, 3, 2)
    assert await day_done("list", date(2026, 3, 2))
    assert await due() is None
    time.passes(hours=23, minutes=59)
    assert await due() is None
    time.passes(minutes=1)
    assert await due() == date(2026, 3, 3)
    assert await day_due("another", "08:15", KYIV) == date(2026, 3, 3), "each by itself"


async def test_who_comes_late_catches_up_with_the_latest_day_alone(time: Time) -> None:
    assert await day_done("list", date(2026, 3, 2))
    time.now = datetime(2026, 3, 9, 1, 0, tzinfo=UTC)
    assert await due() == date(2026, 3, 8)
    assert await day_done("list", date(2026, 3, 8))
    assert await due() is None
    assert not await day_done("list", date(2026, 3, 7)), "what is past is not done any more"
    time.passes(hours=6)
    assert await due() == date(2026, 3, 9)


async def test_what_was_never_done_begins_with_today(time: Time) -> None:
    time.now = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
    assert await due() is None
    time.passes(hours=20)  # past midnight in Kyiv
    assert await due() is None
    time.passes(hours=10)
    assert await due() == date(2026, 3, 3)


@pytest.mark.usefixtures("time")
async def test_an_empty_time_is_never() -> None:
    assert await due("") is None
    assert next_at("", KYIV) is None


@pytest.mark.usefixtures("time")
async def test_of_two_at_once_one_does_it_and_a_failure_leaves_it_to_the_other() -> None:
    day = date(2026, 3, 2)
    done: list[str] = []

    async def work(name: str, *, fails: bool) -> None:
        async with db.transaction():
            if await day_done("list", day):
                await asyncio.sleep(0.05)
                if fails:
                    raise RuntimeError(name)
                done.append(name)

    results = await asyncio.gather(
        work("first", fails=True),
        *[work(name, fails=False) for name in ("second", "third")],
        return_exceptions=True,
    )
    assert len(done) == 1
    assert set(done) <= {"second", "third"}
    assert sum(isinstance(result, RuntimeError) for result in results) <= 1
    assert (await Job.get(name="list")).done_for == day


@pytest.mark.parametrize(
    ("at", "day", "utc"),
    [
        ("08:15", date(2026, 3, 28), "2026-03-28T06:15"),
        ("08:15", date(2026, 3, 29), "2026-03-29T05:15"),  # the night it became summer
        ("03:30", date(2026, 3, 29), "2026-03-29T01:30"),  # leapt over: an hour later, half past four
        ("08:15", date(2026, 10, 25), "2026-10-25T06:15"),
        ("03:30", date(2026, 10, 25), "2026-10-25T00:30"),  # shown twice: the first time
    ],
)
async def test_the_clocks_change(time: Time, at: str, day: date, utc: str) -> None:
    await day_done("list", date(2026, 1, 1))
    await Job.filter(name="list").update(done_for=date.fromordinal(day.toordinal() - 1))
    instant = datetime.fromisoformat(f"{utc}:00+00:00")
    time.now = instant.replace(second=0)
    time.passes(seconds=-1)
    assert next_at(at, KYIV) == instant
    assert await due(at) is None
    time.passes(seconds=1)
    assert await due(at) == day
    assert await day_done("list", day)
    time.passes(hours=1)  # past the second half past three
    assert await due(at) is None
