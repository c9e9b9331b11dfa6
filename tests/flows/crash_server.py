"""Forks `zvernys run` as often as asked: its imports take seconds, a fork of what has imported them does not.

Each child is a process of its own that runs the command from the beginning; nothing of it was started
before the fork, but what never changes has been read: the pack, the model, the templates. For every line on
stdin one child; its pid on stdout, and when it has ended how.
"""

import asyncio
import ctypes
import os
import signal
import sys
from datetime import timedelta
from pathlib import Path

import zvernys
from admin import app, pages
from bot import channels
from core import city, courier, db, jobs, outbox
from core import config as configs

IMPORTED = (app, channels, city, courier, jobs, outbox)
# What a dead process had claimed is sent again when its lease is over: sooner here, as the test has minutes.
LEASE, TIMEOUT = timedelta(seconds=3), 2.0
PR_SET_PDEATHSIG = 1


def main(config: str) -> None:
    _die_with_parent()
    outbox.LEASE, courier.TIMEOUT = LEASE, TIMEOUT
    asyncio.run(_read(config))
    _say("ready")
    for _ in sys.stdin:
        pid = os.fork()
        if pid == 0:
            _die_with_parent()
            os._exit(zvernys.main(["run", "--config", config]))
        _say(str(pid))
        _say(str(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])))


async def _read(config: str) -> None:
    settings = configs.load(Path(config))
    async with db.connect(settings.database.url):
        await city.load(settings)
    pages.environment()


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _die_with_parent() -> None:
    """Whatever ends the test ends what it has started."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


if __name__ == "__main__":
    main(sys.argv[1])
