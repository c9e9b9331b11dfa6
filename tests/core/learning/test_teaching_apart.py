"""The process that teaches, when the server is told to stop or is killed."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import pytest

from core.learning import teaching
from core.learning.lessons import Lesson

NOTHING: Any = Lesson("", "", (), (), (), ())


def interrupted(*_: object) -> None:
    """What Ctrl-C does to every process of a terminal."""
    signal.raise_signal(signal.SIGINT)
    time.sleep(1)


def orphaned(*_: object) -> None:
    os.kill(os.getppid(), signal.SIGKILL)
    time.sleep(20)
    os._exit(1)  # a test that fails leaves nothing behind


async def test_ctrl_c_ends_the_lesson_and_not_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(teaching, "teach", interrupted)
    with pytest.raises(BrokenProcessPool):
        await teaching.teach_apart(NOTHING, Path(), "")


def test_it_ends_with_a_server_that_was_killed() -> None:
    script = f"from {__name__} import serve; serve()"
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as server:
        server.communicate(timeout=15)  # till nobody holds the other side any more
        assert server.returncode == -signal.SIGKILL


def serve() -> None:
    teaching.teach = orphaned  # type: ignore[assignment]
    asyncio.run(teaching.teach_apart(NOTHING, Path(), ""))
