"""Milliseconds from an update's leaving for the webhook until its reply is at the platform.

`zvernys run` in a process of its own, on a database that keeps what it acknowledges, and beside it a bare
webhook that answers by one message and stores nothing, in turn. One update comes every twenty milliseconds,
whether the last was answered or not. The platform's limits, a pace and a pause in each chat, are set out of
the way: what they hold back is no delay of ours.
"""

import argparse
import asyncio
import json
import os
import socket
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from itertools import cycle
from pathlib import Path
from statistics import quantiles

import aiohttp

from bot.webhooks import TELEGRAM_PATH
from core import db
from core.models import Inbox, InboxState
from tests import postgres
from tests.bench.bot_api import TOKEN, BotApi, bot_api, walk
from tests.bench.updates import Day, Sender

RATE = 50  # updates a second
RESIDENTS = 150  # so that each writes every three seconds
ROUNDS = 3
SYNCS = 300  # a round
WARM, DRAIN = 4.0, 10.0  # seconds; the former is long enough that each has begun to complain
SECRET = "bench"
ROOT = Path(__file__).parents[2]
CONFIG = """
[server]
port = {port}
public_url = "http://127.0.0.1:{port}"
data = "{data}"
[database]
url = "{url}"
[media]
url = "file://{folder}/media"
[telegram]
enabled = true
token = "{token}"
api_base = "{api_base}"
mode = "webhook"
webhook_secret = "{secret}"
per_second = 1000
chat_pause = 0
[log]
level = "warning"
"""
Found = dict[str, float]


def run(options: argparse.Namespace) -> str:
    seconds = options.seconds
    found = asyncio.run(_run(options.engine, seconds))
    if options.json:
        return json.dumps({"bench": "conversation", "engine": options.engine, "seconds": seconds, **found})
    return (
        f"conversation: p50 {found['p50_ms']} ms, p95 {found['p95_ms']} ms, p99 {found['p99_ms']} ms, "
        f"most {found['max_ms']} ms on {options.engine}\n"
        f"  {found['updates']:,} updates, {found['updates_a_second']} a second, "
        f"{found['cpu_ms']} ms of processor each; lost {found['lost']}, unanswered {found['unanswered']}\n"
        f"  a bare webhook without a store: p50 {found['peer_p50_ms']} ms, p95 {found['peer_p95_ms']} ms\n"
        f"  this disk, keeping 4 KiB: p50 {found['disk_p50_ms']} ms, p95 {found['disk_p95_ms']} ms, "
        f"most {found['disk_max_ms']} ms; each update waits for it three times\n"
        f"  ratio of the p95s {found['ratio']}"
    )


async def _run(engine: str, seconds: float) -> Found:
    with tempfile.TemporaryDirectory() as name, _database(engine, Path(name)) as url:
        async with aiohttp.ClientSession() as http, bot_api() as api, _bare(api) as bare:
            peer = Load(http, bare, api, first=RESIDENTS)
            async with _served(api, url, Path(name)) as (webhook, process):
                ours = Load(http, webhook, api, first=0)
                for load in (ours, peer):
                    await load.round(WARM)
                    load.forget()
                cpu = 0.0
                kept: list[float] = []
                for _ in range(ROUNDS):
                    before = _cpu(process)
                    await ours.round(seconds / ROUNDS)
                    cpu += _cpu(process) - before
                    await peer.round(seconds / ROUNDS)
                    kept += await asyncio.to_thread(_keep, Path(name) / "kept")
            async with db.connect(url):
                handled = await Inbox.filter(state=InboxState.DONE).count()
    p50, p95, p99 = ours.percentiles()
    peer_p50, peer_p95, _ = peer.percentiles()
    disk = quantiles(kept, n=100)
    return {
        "updates": len(ours.took),
        "updates_a_second": round(len(ours.took) / ours.seconds, 1),
        "p50_ms": p50,
        "p95_ms": p95,
        "p99_ms": p99,
        "max_ms": round(max(ours.took), 2),
        "cpu_ms": round(cpu / len(ours.took) * 1000, 2),
        "lost": ours.sent - handled,
        "unanswered": ours.unanswered,
        "peer_p50_ms": peer_p50,
        "peer_p95_ms": peer_p95,
        "disk_p50_ms": round(disk[49], 2),
        "disk_p95_ms": round(disk[94], 2),
        "disk_max_ms": round(max(kept), 2),
        "ratio": round(p95 / peer_p95, 2),
    }


class Load:
    """The residents of one server, and how long what they sent it took."""

    def __init__(self, http: aiohttp.ClientSession, webhook: str, api: BotApi, *, first: int) -> None:
        self.sent = self.unanswered = 0
        self.seconds = 0.0
        self.took: list[float] = []
        self._http, self._webhook, self._api = http, webhook, api
        day = Day(first * 1_000_000)
        senders = [Sender(first + number) for number in range(RESIDENTS)]
        self._walks = cycle([(sender.chat, walk(day, sender, api)) for sender in senders])

    def forget(self) -> None:
        """What was measured so far; not how much was sent."""
        self.took, self.seconds = [], 0.0

    def percentiles(self) -> list[float]:
        """p50, p95 and p99 in milliseconds."""
        found = quantiles(self.took, n=100)
        return [round(found[share - 1], 2) for share in (50, 95, 99)]

    async def round(self, seconds: float) -> None:
        """Send for so long, then wait for what is still to be answered."""
        began = due = time.perf_counter()
        async with asyncio.TaskGroup() as group:
            for _ in range(max(int(RATE * seconds), 1)):
                due += 1 / RATE
                await asyncio.sleep(max(due - time.perf_counter(), 0))
                group.create_task(self._send())
        self.seconds += time.perf_counter() - began
        with suppress(TimeoutError):
            async with asyncio.timeout(DRAIN):
                await self._api.all_answered.wait()
        took, unanswered = self._api.settle()
        self.took += took
        self.unanswered += unanswered

    async def _send(self) -> None:
        chat, acts = next(self._walks)
        update = next(acts)
        self.sent += 1
        self._api.leaves(chat)
        headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
        async with self._http.post(self._webhook, json=update, headers=headers) as response:
            await response.read()


def _keep(file: Path) -> list[float]:
    """Milliseconds that the disk takes to keep 4 KiB, one after the other: nothing durable is faster."""
    took = []
    with file.open("wb") as opened:
        for _ in range(SYNCS):
            opened.write(bytes(4096))
            opened.flush()
            began = time.perf_counter()
            os.fsync(opened.fileno())
            took.append((time.perf_counter() - began) * 1000)
    return took


@contextmanager
def _database(engine: str, folder: Path) -> Iterator[str]:
    if engine == "sqlite":
        yield f"sqlite://{folder}/bench.db"
        return
    with postgres.server({}) as server:  # which keeps what it acknowledges, unlike the tests' own
        yield postgres.address(server, "postgres")


@asynccontextmanager
async def _served(api: BotApi, url: str, folder: Path) -> AsyncIterator[tuple[str, int]]:
    """`zvernys run`, once it is set up: its webhook and its process."""
    port = _free_port()
    file = _configured(folder, port=port, url=url, api_base=api.base)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "zvernys", "run", "--config", str(file), cwd=ROOT
    )
    try:
        ready = [asyncio.create_task(api.served.wait()), asyncio.create_task(process.wait())]
        await asyncio.wait(ready, return_when=asyncio.FIRST_COMPLETED)
        if process.returncode is not None:
            raise ValueError("the server did not start")
        yield f"http://127.0.0.1:{port}{TELEGRAM_PATH}", process.pid
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    return port


def _configured(folder: Path, **facts: object) -> Path:
    file, data = folder / "config.toml", Path("var").absolute()
    file.write_text(CONFIG.format(folder=folder, data=data, token=TOKEN, secret=SECRET, **facts), "utf-8")
    return file


@asynccontextmanager
async def _bare(api: BotApi) -> AsyncIterator[str]:
    pipe = asyncio.subprocess.PIPE
    call = f"{api.base}/bot{TOKEN}/sendMessage"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.echo_webhook", call, cwd=ROOT, stdin=pipe, stdout=pipe
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield f"http://127.0.0.1:{int(await process.stdout.readline())}/"
    finally:
        process.stdin.close()
        await process.wait()


def _cpu(process: int) -> float:
    """Seconds of processor that it has used, where the system tells; of no meaning elsewhere."""
    stat = Path(f"/proc/{process}/stat")
    if not stat.exists():
        return 0.0
    user, system = stat.read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
