"""The bots' tests use the same cast and clock as the core's."""

from pathlib import Path

import pytest

from core.actions.actor import Actor
from core.city import City
from core.config import Media, Schedule
from core.jobs import Desk
from core.media import MediaStore
from core.models import Channel, Staff
from core.workflow import Role
from tests.bot.chatting import Chat
from tests.builders import make_staff
from tests.core.conftest import WATER, cast, plain_log, time

__all__ = ["cast", "plain_log", "time"]


@pytest.fixture
async def chat(city: City, tmp_path: Path) -> Chat:
    operator = Actor.staff(await make_staff())
    media = MediaStore(Media(url=f"file://{tmp_path}/media"))
    return Chat(city, operator, Desk(city, Schedule(), media, {}))


@pytest.fixture
async def officer(chat: Chat) -> Staff:
    """The water utility's officer, whose chat this is."""
    await chat.begin(Channel.TELEGRAM, [])
    return await make_staff(Role.EXECUTOR, WATER, name="Іван Бондар", account_id=chat.account.id)
