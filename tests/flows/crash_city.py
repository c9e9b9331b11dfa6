"""A city whose server dies at random instants, and the residents who write to it meanwhile."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import aiohttp

from bot.simulator import Phone, Simulator

ROOT = Path(__file__).parents[2]
PATIENCE = 300.0  # seconds that anything may take: the machine may be busy with more than this
CONFIG = """
[server]
port = {port}
public_url = "http://127.0.0.1:{port}"
data = "{folder}"
[database]
url = "{database}"
[media]
url = "file://{folder}/media"
[telegram]
enabled = true
token = "{telegram_token}"
api_base = "{telegram}"
mode = "{mode}"
webhook_secret = "crash"
chat_pause = 0
per_second = 1000
[viber]
enabled = true
token = "{viber_token}"
api_base = "{viber}"
chat_pause = 0
per_second = 1000
[panel]
secure_cookies = false
[schedule]
sweep_seconds = 0.5
together_seconds = 0
quiet_from = ""
quiet_to = ""
alike_days = 1e-9  # three hundred burst pipes at one address: nobody is asked whether theirs is the same
[control]
lease_seconds = 2
[log]
level = "warning"
"""


def write_config(path: Path, sim: Simulator, *, port: int, folder: Path, database: str, mode: str) -> Path:
    text = CONFIG.format(
        port=port,
        folder=folder,
        database=database,
        telegram_token=sim.config.telegram_token,
        telegram=sim.telegram_api_base,
        mode=mode,
        viber_token=sim.config.viber_token,
        viber=sim.viber_api_base,
    )
    path.write_text(text, "utf-8")
    return path


@dataclass(slots=True)
class Server:
    """`zvernys run`, one process after another. `opened`: the messengers know of it."""

    base: str
    forks: asyncio.subprocess.Process
    kills: int = 0
    pid: int = 0
    opened: asyncio.Event = field(default_factory=asyncio.Event)
    _kill_came: asyncio.Event = field(default_factory=asyncio.Event)

    async def start(self) -> None:
        assert self.forks.stdin is not None
        self.forks.stdin.write(b"run\n")
        self.pid = int(await self._line())

    async def healthy(self, http: aiohttp.ClientSession) -> None:
        while True:
            try:
                async with http.get(f"{self.base}/healthz") as response:
                    if response.status == 200:
                        return
            except aiohttp.ClientError:
                await asyncio.sleep(0.02)

    async def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)
        assert await self._line() == str(-signal.SIGKILL), "it ended before it was killed"
        self.kills += 1
        self._kill_came.set()

    async def stop(self) -> None:
        """Ask it to end as an operator would; it must finish what it holds."""
        os.kill(self.pid, signal.SIGTERM)
        ended = await self._line()
        assert ended == "0", f"it ended with {ended}"

    async def killed(self, times: int) -> None:
        """Return when it has been killed so often."""
        while self.kills < times:
            self._kill_came.clear()
            await self._kill_came.wait()

    async def _line(self) -> str:
        assert self.forks.stdout is not None
        async with asyncio.timeout(PATIENCE):
            return (await self.forks.stdout.readline()).decode().strip()


@asynccontextmanager
async def server(config: Path, base: str, log: Path) -> AsyncIterator[Server]:
    """Not started yet; what is alive of it at the end is killed."""
    with log.open("wb") as stderr:
        forks = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.flows.crash_server",
            str(config),
            cwd=ROOT,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=stderr,
        )
        city = Server(base, forks)
        try:
            assert await city._line() == "ready"
            yield city
        finally:
            forks.kill()  # and its child with it
            await forks.wait()


async def kill_again_and_again(city: Server, sim: Simulator, times: int, rng: Random) -> None:
    """At random instants: of its start, of its work, and just as it has sent something."""
    async with aiohttp.ClientSession() as http:
        await city.start()
        await _until(lambda: sim.telegram.connected and sim.viber.connected, PATIENCE)
        city.opened.set()
        await city.kill()
        for _ in range(times - 1):
            sent = _sent(sim)
            await city.start()
            instant = rng.choice(("starting", "working", "sending", "sending"))
            if instant == "starting":
                await asyncio.sleep(rng.uniform(0.0, 0.4))
            else:
                await city.healthy(http)
            if instant == "working":
                await asyncio.sleep(rng.uniform(0.02, 1.2))
            elif instant == "sending":
                await _until(lambda sent=sent: _sent(sim) > sent, 1.5)  # type: ignore[misc]
                await asyncio.sleep(rng.uniform(0.0, 0.08))
            await city.kill()
        await city.start()
        await city.healthy(http)


def _sent(sim: Simulator) -> int:
    return len(sim.telegram.sent) + len(sim.viber.sent)


async def _until(holds: Callable[[], bool], seconds: float) -> None:
    """Return when it holds, or when it hasn't for so long."""
    until = asyncio.get_running_loop().time() + seconds
    while not holds() and asyncio.get_running_loop().time() < until:  # noqa: ASYNC110 - of another process
        await asyncio.sleep(0.003)


async def complain(phone: Phone, text: str, *, press: bool) -> None:
    """Write, see the card, send it, be answered with a number. Nothing is said twice."""
    await phone.text(text)
    await phone.wait("Ось як я зрозумів", timeout=PATIENCE)
    if press:
        await phone.press("Надіслати")
    else:
        await phone.text("так")
    await phone.wait("у роботі", timeout=PATIENCE)
