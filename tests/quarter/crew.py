"""Two processes that sweep, the leader of which is killed at random instants of the quarter."""

import asyncio
import mmap
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from pathlib import Path
from random import Random

from core import leader
from core.counting import counted
from core.models import Counter, Lease
from tests.quarter.worker import _EPOCH, ASKED, DONE

PATIENCE = 60.0  # seconds for a round, with its takeovers


class Crew:
    """`kills`: the numbers of the rounds in which the leader dies; `killed`: how often it did."""

    def __init__(
        self, process: subprocess.Popen[str], shared: mmap.mmap, kills: set[int], rng: Random
    ) -> None:
        self._process, self._shared, self._rng = process, shared, rng
        self._kills, self._number = kills, 0
        self.killed = 0

    async def sweep(self, now: datetime) -> None:
        """One round, by whoever leads, and by whoever leads next where that one was killed in it."""
        self._number += 1
        micros = (now - _EPOCH) // (datetime.resolution)
        self._shared[:] = ASKED.pack(self._number, micros)
        async with asyncio.timeout(PATIENCE):
            if self._number in self._kills:
                await asyncio.sleep(self._rng.random() * 0.12)
                await self._kill()
            while await counted(DONE) < self._number:  # noqa: ASYNC110 - it is said in the database
                await asyncio.sleep(0.004)

    async def hire(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        await asyncio.to_thread(self._process.stdout.readline)

    async def _kill(self) -> None:
        held = await Lease.get_or_none(name=leader.NAME)
        if held is not None and held.holder:
            with suppress(ProcessLookupError):
                os.kill(int(held.holder.split(":")[1]), signal.SIGKILL)
                self.killed += 1
            await self.hire()


@asynccontextmanager
async def crew(url: str, data: Path, kills: set[int], rng: Random) -> AsyncIterator[Crew]:
    shared = data / "clock"
    shared.write_bytes(ASKED.pack(0, 0))
    await Counter.create(name=DONE, value=0)
    command = [sys.executable, "-m", "tests.quarter.worker", url, str(data), str(shared)]
    process = await asyncio.to_thread(
        subprocess.Popen, command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        with shared.open("r+b") as file, mmap.mmap(file.fileno(), ASKED.size) as asked:
            assert await asyncio.to_thread(process.stdout.readline) == "ready\n"
            both = Crew(process, asked, kills, rng)
            await both.hire()
            await both.hire()
            yield both
    finally:
        process.kill()
        await asyncio.to_thread(process.communicate)
