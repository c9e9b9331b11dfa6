"""The panel over real HTTP, on both databases, with whoever is needed signed in."""

import io
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer
from PIL import Image

from admin.app import Probes, create_app
from bot.preview import show
from core import auth
from core.city import City
from core.config import Settings
from core.media import Links, MediaStore
from core.models import Staff
from core.workflow import Role
from tests.builders import make_staff

SECRET = "s" * 40
HTMX = {"HX-Request": "true"}


@dataclass
class Panel:
    server: TestServer
    city: City
    media: MediaStore
    links: Links
    settings: Settings
    clients: list[Any] = field(default_factory=list)

    async def browser(self, staff: Staff | None = None) -> "Browser":
        """A browser of its own; signed in where `staff` is given."""
        client: Any = TestClient(self.server)
        self.clients.append(client)
        if staff is not None:
            token = await auth._open_session(staff, "127.0.0.1", "Test", 12)
            client.session.cookie_jar.update_cookies({"zvernys": token}, self.server.make_url("/"))
        return Browser(client, staff)


@dataclass
class Browser:
    client: Any
    staff: Staff | None

    async def get(self, path: str, **more: Any) -> ClientResponse:
        return await self._send("GET", path, **more)

    async def post(self, path: str, data: Any = None, **more: Any) -> ClientResponse:
        return await self._send("POST", path, data=data or {}, **more)

    async def text(self, path: str, **more: Any) -> str:
        response = await self.get(path, **more)
        assert response.status == 200, (response.status, await response.text())
        return await response.text()

    async def _send(self, method: str, path: str, **more: Any) -> ClientResponse:
        response: ClientResponse = await self.client.request(
            method, path, **({"allow_redirects": False} | more)
        )
        return response


@pytest.fixture(autouse=True)
def _quick(cheap_hashing: None) -> None:
    del cheap_hashing


Maker = Callable[..., Awaitable[Panel]]


@pytest.fixture
async def make_panel(city: City, tmp_path: Path) -> AsyncIterator[Maker]:
    panels: list[Panel] = []

    async def make(probes: Probes = Probes(), bot_name: str = "", **settings: Any) -> Panel:  # noqa: B008
        values = Settings(
            panel={"secure_cookies": False, "secret": SECRET, "totp_for_administrators": False}
            | settings.pop("panel", {}),
            media={"url": f"file://{tmp_path}/media"} | settings.pop("media", {}),
            **settings,
        )
        media, links = MediaStore(values.media), Links(SECRET)
        app = create_app(
            values, city, media, links, probes=probes, bot_name=lambda: bot_name, show=show(city)
        )
        server = TestServer(app)
        await server.start_server()
        panels.append(Panel(server, city, media, links, values))
        return panels[-1]

    yield make
    for panel in panels:
        for client in panel.clients:
            await client.close()
        await panel.server.close()


@pytest.fixture
async def panel(make_panel: Maker) -> Panel:
    return await make_panel()


@pytest.fixture
async def operator(panel: Panel) -> Browser:
    return await panel.browser(await make_staff(Role.OPERATOR, name="Олена Коваль"))


@pytest.fixture
async def officer(panel: Panel) -> Browser:
    """Of the water utility, to which a burst pipe goes."""
    return await panel.browser(await make_staff(Role.EXECUTOR, "kryvbasvodokanal", name="Петро Майстер"))


class _Count(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.queries: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.queries.append(record.getMessage())


@contextmanager
def counted() -> Iterator[list[str]]:
    """The SQL queries sent within the block."""
    log, handler = logging.getLogger("tortoise.db_client"), _Count()
    before = log.level
    log.addHandler(handler)
    log.setLevel(logging.DEBUG)
    try:
        yield handler.queries
    finally:
        log.removeHandler(handler)
        log.setLevel(before)


def jpeg(colour: str = "#446688", size: tuple[int, int] = (80, 60)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG")
    return out.getvalue()
