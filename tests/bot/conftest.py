"""The bots' tests use the same cast and clock as the core's."""

from pathlib import Path

import pytest

from core.actions.actor import Actor
from core.city import City
from core.config import Media, Schedule
from core.jobs import Desk
from core.media import MediaStore
from tests.bot.chatting import Chat
from tests.builders import make_staff
from tests.core.conftest import cast, plain_log, time

__all__ = ["cast", "plain_log", "time"]


@pytest.fixture
async def chat(city: City, tmp_path: Path) -> Chat:
    operator = Actor.staff(await make_staff())
    media = MediaStore(Media(url=f"file://{tmp_path}/media"))
    return Chat(city, operator, Desk(city, Schedule(), media, {}))
