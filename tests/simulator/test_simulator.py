"""The server as a whole: where it listens, whom it answers, what it depends on."""

import ast
import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
from aiohttp import ClientError, ClientSession

import bot.simulator
from bot.simulator import Simulator, SimulatorConfig

PACKAGE = Path(bot.simulator.__file__).parent


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "city.example", "::", ""])
def test_it_refuses_to_listen_to_others(host: str) -> None:
    with pytest.raises(ValueError, match="listens on this machine only"):
        Simulator(SimulatorConfig(host=host))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_addresses(http: ClientSession, host: str) -> None:
    async with Simulator(SimulatorConfig(host=host)) as sim:
        assert sim.base.startswith(f"http://{host}:")
        assert sim.telegram_api_base == f"{sim.base}/telegram"
        assert sim.viber_api_base == f"{sim.base}/viber/pa"
        async with http.get(sim.base) as answer:
            assert answer.status == 200
            assert "script-src 'self'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Host": "localhost:1"}, 200),
        ({"Host": "city.example"}, 403),
        ({"Host": "127.0.0.1.city.example"}, 403),
        ({"Host": "[::1"}, 403),
        ({"Origin": "https://city.example"}, 403),
        ({"Origin": "null"}, 403),
    ],
)
async def test_foreign_pages_are_kept_out(
    sim: Simulator, http: ClientSession, headers: dict[str, str], status: int
) -> None:
    async with http.get(f"{sim.base}/sim/state", headers=headers) as answer:
        assert answer.status == status


async def test_it_starts_again_and_leaves_nothing_running(http: ClientSession) -> None:
    before = asyncio.all_tasks()
    sim = Simulator()
    for _ in range(2):
        async with sim:
            await sim.start()
            async with http.get(f"{sim.base}/sim/counters") as answer:
                assert (await answer.json())["connected"] == {"telegram": False, "viber": False}
            base = sim.base
        with pytest.raises(ClientError):
            await http.get(f"{base}/sim/counters")
    await sim.stop()
    await asyncio.sleep(0)
    assert asyncio.all_tasks() == before


def test_it_shares_no_code_with_what_it_tests() -> None:
    for file in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            for name in names:
                assert name.split(".")[0] not in {"aiogram", "viberbot", "core", "admin"}, file
                assert not name.startswith("bot.") or name.startswith("bot.simulator"), file


def test_the_command_line_helps() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot.simulator", "--help"],
        capture_output=True,
        text=True,
        check=True,
        cwd=PACKAGE.parents[1],
    )
    assert "--port" in done.stdout
