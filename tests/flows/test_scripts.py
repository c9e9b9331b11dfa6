"""Every conversation in scripts/, through Telegram and Viber at once: the same appeals, the same words."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from aiogram.client.session.aiohttp import AiohttpSession
from argon2 import PasswordHasher

from bot import channels
from bot.conversation import attaching
from core import courier, passwords
from tests.flows import scripting
from tests.flows.comparing import compare
from tests.flows.conftest import _close_at_once, any_free_port
from tests.flows.playing import Player
from tests.flows.scripting import Script
from tests.flows.stage import MORNING, Stage, opened

SCRIPTS = [
    script
    for path in sorted((Path(__file__).parent / "scripts").glob("*.txt"))
    for script in scripting.read(path)
]
# Notices don't wait for others of their appeal; and so many alike within days are no surge.
SCHEDULE = {
    "sweep_seconds": 0.2,
    "together_seconds": 0,
    "surge_reports": 10_000,
    "quiet_from": "21:00",
    "quiet_to": "08:00",
}
MESSENGERS = ("telegram", "viber")
# What differs between the engines is below the conversation: of the same scripts every third is enough there.
CASES = [("sqlite", script) for script in SCRIPTS] + [("postgres", script) for script in SCRIPTS[::3]]


@pytest.fixture(scope="module")
def played_at(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """The address of a database, and a data folder, for all scripts on one engine."""
    folder = tmp_path_factory.mktemp("town")
    (folder / "model").symlink_to(request.getfixturevalue("model_cache"))
    if request.param == "postgres":
        return request.getfixturevalue("emptied_postgres").anew(), folder
    shutil.copy(request.getfixturevalue("migrated_sqlite"), folder / "zvernys.db")
    return f"sqlite://{folder}/zvernys.db", folder


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def stage(played_at: tuple[str, Path]) -> AsyncIterator[Stage]:
    """One town for all scripts: they don't meet, and each begins on the morning of another day."""
    url, folder = played_at
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(courier, "PAUSE", 0.1)
        patch.setattr(channels, "PAUSE", 0.1)
        patch.setattr(attaching, "ALBUM_PAUSE", 0.3)
        patch.setattr(AiohttpSession, "close", _close_at_once)
        patch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        async with opened(url, folder, any_free_port(), schedule=SCHEDULE) as opened_stage:
            yield opened_stage


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(
    ("played_at", "script"),
    CASES,
    ids=[f"{engine}-{script.name}" for engine, script in CASES],
    indirect=["played_at"],
    scope="module",
)
async def test_script(stage: Stage, script: Script, picture: bytes) -> None:
    stage.clock.passes(f"{MORNING}:00")
    players = [Player(stage, script, messenger, picture) for messenger in MESSENGERS]
    for line in script.lines:
        if line.mark == "T":
            stage.clock.passes(line.text)
        elif (line.mark, line.text) == ("X", "restart"):
            await stage.restart()
        for failed in await asyncio.gather(
            *(player.take(line) for player in players), return_exceptions=True
        ):
            if failed is not None:
                raise failed
    await compare(*players)
