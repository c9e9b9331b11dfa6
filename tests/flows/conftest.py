"""A whole town for the flows: the simulator, `zvernys run` against it, a browserless operator."""

import asyncio
import random
import socket
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiogram.client.session.aiohttp import AiohttpSession
from PIL import Image

from bot import channels
from bot.simulator import Phone, Simulator, SimulatorConfig
from core import auth, config, courier, db
from core.config import Settings
from core.models import Appeal
from core.workflow import Role
from zvernys import serve

SIMULATED = SimulatorConfig(time_scale=0.02)  # platforms that try again sooner
SET_UP = ("telegram.getMe", "viber.set_webhook")  # what each channel asks last before it is ready
PASSWORD = "correct horse battery"
LEAK = "прорвало трубу на вул. Соборності 12"
CARD = "Ось як я зрозумів"


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
        # Nothing waits for a minute, nor for the morning of whoever runs the tests.
        "schedule": {"sweep_seconds": 0.2, "together_seconds": 0, "quiet_from": "", "quiet_to": ""},
        "log": {"level": "warning"},
    }
    for name, section in sections.items():
        values[name] = {**values.get(name, {}), **section}
    return config.load(None, **values)


def http_client() -> aiohttp.ClientSession:
    """A browser's session; cookies of an address that is a number are kept too."""
    return aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))


@pytest.fixture(autouse=True)
def quick(cheap_hashing: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """What failed is tried again soon, and closing waits for no TLS connection to end, as there is none."""
    del cheap_hashing
    monkeypatch.setattr(courier, "PAUSE", 0.1)
    monkeypatch.setattr(channels, "PAUSE", 0.1)
    monkeypatch.setattr(AiohttpSession, "close", _close_at_once)


async def _close_at_once(session: AiohttpSession) -> None:
    if session._session is not None:
        await session._session.close()


@asynccontextmanager
async def running(settings: Settings, sim: Simulator) -> AsyncIterator[None]:
    """`zvernys run` in this process, until the block ends; both messengers know of it."""
    asked, stopping = Counter(sim.requests), asyncio.Event()
    task = asyncio.create_task(serve(settings, stopping))
    try:
        async with asyncio.timeout(60):
            while not (sim.viber.connected and all(sim.requests[name] > asked[name] for name in SET_UP)):
                if task.done():
                    await task
                await asyncio.sleep(0.005)
        yield
    finally:
        stopping.set()
        await task


async def files(phone: Phone, words: str = LEAK) -> Appeal:
    """Words, the card, «так»: the one appeal that comes of it."""
    before = set(await Appeal.all().values_list("id", flat=True))
    await phone.text(words)
    await phone.wait(CARD)
    await phone.text("так")
    await phone.wait("у роботі")
    return await Appeal.exclude(id__in=list(before)).get() if before else await Appeal.get()


async def press_raw(phone: Phone, data: str) -> None:
    """A press as an old or a forged client would send it."""
    if "viber" in type(phone).__module__:
        await phone.text(data if data.startswith("zv|") else f"zv|{data}")
        return
    await phone.raw(
        {
            "callback_query": {
                "id": data[-20:],
                "from": {"id": int(phone.address), "is_bot": False, "first_name": "X", "language_code": "uk"},
                "chat_instance": "1",
                "data": data,
            }
        }
    )


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    """Return when it holds in the database, where nothing tells of it; TimeoutError when it never does."""
    async with asyncio.timeout(60):
        while not await holds():  # noqa: ASYNC110 - a row has no event
            await asyncio.sleep(0.02)


def any_free_port() -> int:
    """Below those that connections get by themselves: one of them might take it before the server does."""
    while True:
        port = random.randint(20_000, 32_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


@pytest.fixture
def free_port() -> int:
    return any_free_port()


@pytest.fixture
async def town(database_url: str, folder: Path, free_port: int) -> AsyncIterator[Town]:
    """Everything running, with an operator, an administrator and a water utility's officer."""
    async with Simulator(SIMULATED) as sim:
        base = f"http://127.0.0.1:{free_port}"
        settings = settings_for(sim, database_url, folder, server={"port": free_port, "public_url": base})
        async with running(settings, sim), db.connect(database_url), http_client() as http:
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
