"""Processes that sweep in the quarter: forked as often as asked, since their imports take seconds.

Each tries to lead by the real lease. Whoever does runs every sweep of the round that is asked for, by the
clock of the quarter, and says in the database that it is done. For every line on stdin one child; its pid on
stdout.
"""

import asyncio
import mmap
import os
import signal
import struct
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from core import city as cities
from core import clock, config, counting, db, log, scheduler
from core.config import Media, Settings
from core.job_records import Records
from core.jobs import Desk
from core.leader import Leader
from core.media import MediaStore
from core.models import Counter
from tests.flows.crash_server import _die_with_parent, _say
from tests.quarter.cast import with_calendars
from tests.quarter.living import IDLE

ASKED = struct.Struct("<qq")  # the number of the round, and its instant in microseconds since 1970
DONE = "quarter"  # the counter that says which round was done last
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def settings_of(url: str, data: str) -> Settings:
    return config.load(server={"data": data}, database={"url": url}, control={"lease_seconds": 2})


def main(url: str, data: str, shared: str) -> None:
    _die_with_parent()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # who is killed leaves no zombie
    log.configure(style="readable", level="error")
    asyncio.run(_read(url, data))
    _say("ready")
    for _ in sys.stdin:
        pid = os.fork()
        if pid == 0:
            _die_with_parent()
            asyncio.run(_work(url, data, Path(shared)))
        _say(str(pid))


async def _read(url: str, data: str) -> None:
    """What never changes is read before the fork."""
    async with db.connect(url):
        await cities.load(settings_of(url, data))


async def _work(url: str, data: str, shared: Path) -> None:
    with shared.open("rb") as file:
        asked = mmap.mmap(file.fileno(), ASKED.size, prot=mmap.PROT_READ)
    async with db.connect(url):
        city = with_calendars(await cities.load(settings_of(url, data)))
        desk = Desk(city, city.schedule, MediaStore(Media(url=f"file://{data}/media")), {})
        with clock.use(lambda: _EPOCH + timedelta(microseconds=ASKED.unpack(asked[:])[1])):
            await _sweep(desk, asked)


async def _sweep(desk: Desk, asked: mmap.mmap) -> None:
    leader = Leader(desk.city.settings.control.lease_seconds, gained=_nothing, lost=_nothing)
    leading = asyncio.create_task(leader.keep(asyncio.Event()))
    records, done = Records(), 0
    while not leading.done():
        number, _ = ASKED.unpack(asked[:])
        if number <= done or not leader.leads():
            await asyncio.sleep(0.003)
            continue
        done = await counting.counted(DONE)
        if number > done:
            for name in scheduler.SWEEPS:
                if name not in IDLE:
                    await scheduler.run(name, desk, leads=leader.leads, records=records)
            if leader.leads():
                await Counter.filter(name=DONE).update(value=number)


def _nothing() -> None:
    """Whether it leads is asked before each batch."""


if __name__ == "__main__":
    main(*sys.argv[1:])
