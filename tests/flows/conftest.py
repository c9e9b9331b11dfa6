"""A whole town for the flows: the simulator, `zvernys run` against it, a browserless operator."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from PIL import Image

from bot.simulator import Phone, Simulator, SimulatorConfig
from core import auth, config, db
from core.config import Settings
from core.workflow import Role
from zvernys import serve

SIMULATED = SimulatorConfig(time_scale=0.02)  # platforms that try again sooner
PASSWORD = "correct horse battery"


@dataclass(slots=True)
class Town:
    """What a flow needs: the phones, the city's address, and the database for looking."""

    sim: Simulator
    settings: Settings
    base: str
    http: aiohttp.ClientSession

    async def sign_in(self, login: str) -> None:
        async with self.http.post(
            f"{self.base}/admin/sign-in", data={"login": login, "password": PASSWORD}, allow_redirects=False
        ) as response:
            assert response.status == 303, await response.text()

    async def act(self, appeal_id: int, verb: str, **fields: Any) -> int:
        """Post an action's form as the panel would; the HTTP status."""
        async with self.http.post(
            f"{self.base}/admin/appeals/{appeal_id}/{verb}",
            data={name: str(value) for name, value in fields.items()},
            allow_redirects=False,
        ) as response:
            return response.status


def settings_for(sim: Simulator, database_url: str, folder: Path, **sections: dict[str, Any]) -> Settings:
    """Settings of a town whose platforms are the simulator's."""
    values: dict[str, dict[str, Any]] = {
        "server": {"port": 0, "public_url": "http://127.0.0.1:1", "data": str(folder)},
        "database": {"url": database_url},
        "media": {"url": f"file://{folder}/media"},
        "telegram": {
            "enabled": True,
            "token": sim.config.telegram_token,
            "api_base": sim.telegram_api_base,
            "chat_pause": 0,
            "per_second": 1000,
        },
        "viber": {
            "enabled": True,
            "token": sim.config.viber_token,
            "api_base": sim.viber_api_base,
            "chat_pause": 0,
            "per_second": 1000,
        },
        "panel": {"secure_cookies": False, "secret": "s" * 40},
        "schedule": {"sweep_seconds": 0.2},
        "log": {"level": "warning"},
    }
    for name, section in sections.items():
        values[name] = {**values.get(name, {}), **section}
    return config.load(None, **values)


def http_client() -> aiohttp.ClientSession:
    """A browser's session; cookies of an address that is a number are kept too."""
    return aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[str]:
    """`zvernys run` in this process, until the block ends; the address it answers on."""
    stopping, port = asyncio.Event(), asyncio.get_running_loop().create_future()
    task = asyncio.create_task(serve(settings, stopping, ready=port.set_result))
    await asyncio.wait({task, port}, return_when=asyncio.FIRST_COMPLETED)
    if task.done():
        await task
    try:
        yield f"http://127.0.0.1:{port.result()}"
    finally:
        stopping.set()
        await task


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
async def town(database_url: str, folder: Path, free_port: int) -> AsyncIterator[Town]:
    """Everything running, with an operator, an administrator and a water utility's officer."""
    async with Simulator(SIMULATED) as sim:
        base = f"http://127.0.0.1:{free_port}"
        settings = settings_for(sim, database_url, folder, server={"port": free_port, "public_url": base})
        async with running(settings), db.connect(database_url), http_client() as http:
            await auth.create_staff("operator", "Олена Коваль", Role.OPERATOR, PASSWORD)
            await auth.create_staff("officer", "Іван Бондар", Role.EXECUTOR, PASSWORD, "kryvbasvodokanal")
            yield Town(sim, settings, base, http)


@pytest.fixture(params=["telegram", "viber"])
def phone(request: pytest.FixtureRequest, town: Town) -> Phone:
    """A resident's phone, in each messenger in turn."""
    messenger = town.sim.telegram if request.param == "telegram" else town.sim.viber
    return messenger.resident("Марія")


@pytest.fixture(scope="session")
def picture(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A small JPEG with EXIF that says where it was taken."""
    path = tmp_path_factory.mktemp("pictures") / "pipe.jpg"
    image = Image.new("RGB", (320, 240), (40, 90, 160))
    exif = Image.Exif()
    exif[0x010F] = "Secret Camera"
    image.save(path, "JPEG", exif=exif)
    return path.read_bytes()
