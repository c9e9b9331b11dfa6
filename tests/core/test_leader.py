"""One process leads by a lease: the others wait, and take over when it is given up or not renewed."""

import asyncio
import time as clocks
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from tortoise.exceptions import OperationalError

from core import leader as leading
from core.leader import Leader
from core.models import Lease

SECONDS = 1.5
AMPLE = 4.5  # where somebody must be in time, however busy the machine is
pytestmark = pytest.mark.usefixtures("database")


class One:
    """A process that tries, and what it was told; when it last was."""

    def __init__(self, name: str, told: list[str] | None = None, *, seconds: float = SECONDS) -> None:
        self.told = [] if told is None else told
        self.told_at = datetime.now(UTC)
        self.leader = Leader(
            seconds, gained=lambda: self._hear(f"{name} gained"), lost=lambda: self._hear(f"{name} lost")
        )
        self.stopping = asyncio.Event()

    def _hear(self, what: str) -> None:
        self.told.append(what)
        self.told_at = datetime.now(UTC)

    @asynccontextmanager
    async def kept(self) -> AsyncIterator["One"]:
        keeping = asyncio.create_task(self.leader.keep(self.stopping))
        try:
            yield self
        finally:
            self.stopping.set()
            await keeping


async def until(leader: Leader, *, leads: bool = True) -> float:
    """Seconds until it leads, or leads no more."""
    began = clocks.monotonic()
    await sooner_or_later(lambda: leader.leads() is leads)
    return clocks.monotonic() - began


async def sooner_or_later(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not holds():  # noqa: ASYNC110 - it has no event
            await asyncio.sleep(0.005)


async def test_one_leads_and_renews_and_the_next_takes_over_when_it_stops() -> None:
    told: list[str] = []
    async with One("first", told, seconds=AMPLE).kept() as first:
        await until(first.leader)
        async with One("second", told, seconds=AMPLE).kept() as second:
            for _ in range(24):
                await asyncio.sleep(AMPLE / 20)
                assert first.leader.leads(), "it is renewed in time"
                assert not second.leader.leads()
            first.stopping.set()
            assert await until(second.leader) < AMPLE * 0.6, "given up, and not waited for"
            held = await leading.leading()
            assert held is not None
            assert held.holder == second.leader.holder
    assert told == ["first gained", "second gained"], "who stops by himself needn't be told"
    assert await leading.leading() is None


async def test_of_many_at_once_one_leads() -> None:
    many = [One(str(number)) for number in range(5)]
    keeping = [asyncio.create_task(each.leader.keep(each.stopping)) for each in many]
    leading_now = []
    for _ in range(40):
        await asyncio.sleep(SECONDS / 20)
        leading_now.append(sum(each.leader.leads() for each in many))
    assert max(leading_now) == 1
    await sooner_or_later(lambda: sum(each.leader.leads() for each in many) == 1)
    for each in many:
        each.stopping.set()
    await asyncio.gather(*keeping)


async def test_who_vanished_is_succeeded_when_the_lease_is_over() -> None:
    soon = datetime.now(UTC) + timedelta(seconds=SECONDS)
    await Lease.create(name=leading.NAME, holder="killed", until=soon)
    async with One("second").kept() as second:
        await until(second.leader)
        held = await Lease.get(name=leading.NAME)
        assert held.holder == second.leader.holder
        assert held.until - timedelta(seconds=SECONDS) >= soon, "not before"


async def test_who_cannot_renew_stops_before_another_may_begin(monkeypatch: pytest.MonkeyPatch) -> None:
    async def gone() -> datetime:
        raise OperationalError("the database is gone")

    told: list[str] = []
    async with One("first", told, seconds=AMPLE).kept() as first:
        await until(first.leader)
        monkeypatch.setattr(leading, "_database_time", gone)
        await until(first.leader, leads=False)
        await sooner_or_later(lambda: told == ["first gained", "first lost"])
        assert (await Lease.get(name=leading.NAME)).until > first.told_at, "nobody else could, yet"
        monkeypatch.undo()
        await until(first.leader)
    assert told == ["first gained", "first lost", "first gained"]


async def test_who_waits_for_the_database_for_long_stops_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    now = leading._database_time

    async def slow() -> datetime:
        await asyncio.sleep(SECONDS * 0.95)
        return await now()

    async with One("first").kept() as first:
        await until(first.leader)
        monkeypatch.setattr(leading, "_database_time", slow)
        await until(first.leader, leads=False)
        await sooner_or_later(lambda: "first lost" in first.told)


async def test_who_was_frozen_leads_no_more_when_it_wakes() -> None:
    async with One("first").kept() as first:
        await until(first.leader)
        await Lease.filter(name=leading.NAME).update(
            holder="another", until=datetime.now(UTC) + timedelta(seconds=60)
        )
        clocks.sleep(SECONDS * 1.1)  # noqa: ASYNC251 - nothing of this process runs
        assert not first.leader.leads()
        assert first.told == ["first gained"], "without having been told"
        await asyncio.sleep(SECONDS / 2)
        assert first.told == ["first gained", "first lost"]
        assert not first.leader.leads()
    assert (await Lease.get(name=leading.NAME)).holder == "another", "what isn't ours isn't given up"
