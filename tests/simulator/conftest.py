import io
from collections.abc import AsyncIterator, Iterator

import aiohttp
import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from blockbuster import blockbuster_ctx
from PIL import Image

from bot.simulator import Simulator, SimulatorConfig, TelegramPhone, ViberPhone
from tests.simulator.receiver import Receiver
from tests.simulator.viber_client import ViberClient


@pytest.fixture(autouse=True)
def never_blocks(request: pytest.FixtureRequest) -> Iterator[None]:
    """A simulator that stops the event loop would distort every test made with it."""
    if request.node.get_closest_marker("browser"):
        yield
        return
    with blockbuster_ctx(scanned_modules=["bot.simulator"]):
        yield


@pytest.fixture
async def sim() -> AsyncIterator[Simulator]:
    async with Simulator(SimulatorConfig(time_scale=0.02, answer_timeout=2)) as simulator:
        yield simulator


@pytest.fixture
async def bot(sim: Simulator) -> AsyncIterator[Bot]:
    session = AiohttpSession(api=TelegramAPIServer.from_base(sim.telegram_api_base))
    async with Bot(sim.config.telegram_token, session=session) as client:
        yield client


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with Receiver() as running:
        yield running


@pytest.fixture
async def viber(sim: Simulator, http: aiohttp.ClientSession, receiver: Receiver) -> ViberClient:
    """A Viber bot whose webhook is set; the trial event is forgotten."""
    client = ViberClient(http, sim.viber_api_base, sim.config.viber_token)
    assert (await client.set_webhook(receiver.url))["status"] == 0
    receiver.received.clear()
    return client


@pytest.fixture
async def oksana(sim: Simulator) -> TelegramPhone:
    """Has opened the chat with the bot, which has not looked yet."""
    phone = sim.telegram.resident("Оксана Бондар")
    await phone.start()
    sim.telegram.updates.drop()
    return phone


@pytest.fixture
async def maria(sim: Simulator, viber: ViberClient, receiver: Receiver) -> ViberPhone:
    """Subscribed by writing to the bot."""
    assert viber.base == sim.viber_api_base
    phone = sim.viber.resident("Марія Коваль")
    await phone.text("добрий день")
    await receiver.until(1)
    receiver.received.clear()
    return phone


@pytest.fixture(scope="session")
def jpeg() -> bytes:
    return make_jpeg(640, 480)


def make_jpeg(width: int, height: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "#3d6b8f").save(out, "JPEG")
    return out.getvalue()
