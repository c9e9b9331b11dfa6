"""Updates a second through inbox, conversation and outbox, each committed to a SQLite file.

Beside them aiogram's bare dispatcher with one echo handler and a session in memory.
"""

import argparse
import asyncio
import tempfile
import time
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

from aiogram import Bot, Dispatcher
from aiogram.client.session.base import BaseSession
from aiogram.methods import TelegramMethod
from aiogram.types import CallbackQuery, Chat, Message

from bot import telegram
from bot.channels import PARSERS
from bot.dialogue import Dialogue
from core import city as cities
from core import config, db, inbox, log
from core.config import Settings
from core.media import Links
from core.models import Appeal, Conversation, Inbox, InboxState, Outbox
from tests.bench.side_by_side import rates, shown
from tests.bench.updates import ACTS, Day, Sender, Update

GROUP, GROUPS = 100, 3  # residents who write at once, and how many such groups there are
POLL = 100  # updates that one long poll brings
SENT = 2  # of them send a complaint


def run(options: argparse.Namespace) -> str:
    log.configure(style="readable", level="warning")
    data = str(Path("var").absolute())
    with tempfile.TemporaryDirectory() as folder:
        settings = config.load(
            server={"data": data},
            database={"url": f"sqlite://{folder}/bench.db"},
            schedule={"alike_days": 1e-9},  # looked for, but never found: a few complaints come over and over
        )
        return asyncio.run(_run(settings, options.updates, as_json=options.json))


async def _run(settings: Settings, updates: int, *, as_json: bool) -> str:
    size = min(GROUP, max(updates // ACTS, 1))
    peer, ours, beside = Peer(), [], []
    await db.migrate(settings.database.url)
    async with db.connect(settings.database.url):
        dialogue = Dialogue(
            await cities.load(settings),
            PARSERS,
            media=settings.media,
            limits=settings.limits,
            links=Links("bench"),
            schedule=settings.schedule,
        )
        day = Day()
        for number in range(max(updates // (ACTS * size), 1)):
            group = [Sender(number % GROUPS * size + position) for position in range(size)]
            seconds = others = 0.0
            for act in range(ACTS):
                batch = day.round(act, group, await _tokens())
                seconds += await _ours(batch, dialogue)
                others += await peer.take(batch)
            ours.append(ACTS * size / seconds)
            beside.append(ACTS * size / others)
        await _check(taken := len(ours) * ACTS * size)
    return shown(
        "intake",
        rates(ours, beside),
        unit="updates/s",
        beside="aiogram's dispatcher with an echo in memory",
        as_json=as_json,
        updates=taken,
    )


async def _ours(batch: list[Update], dialogue: Dialogue) -> float:
    """Seconds from the platform's answer until everything is handled and committed."""
    began = time.perf_counter()
    for start in range(0, len(batch), POLL):
        await inbox.receive([telegram.received(update) for update in batch[start : start + POLL]])
    while await inbox.work_off(dialogue.handle):
        pass
    return time.perf_counter() - began


async def _tokens() -> dict[int, str]:
    """The token of each chat's draft, as its buttons carry it."""
    drafts = await Conversation.all().select_related("account")
    return {
        int(row.account.external_id): row.data["draft"]["token"] for row in drafts if row.data.get("draft")
    }


async def _check(updates: int) -> None:
    """A bench that measures failures measures nothing."""
    assert await Inbox.filter(state=InboxState.DONE).count() == updates
    assert await Outbox.all().count() >= updates
    assert await Appeal.all().count() == updates // ACTS * SENT


class Peer:
    """aiogram with nothing around it: no database, no network."""

    def __init__(self) -> None:
        self._bot = Bot("42:BENCH", session=_Memory())
        self._dispatcher = Dispatcher()
        self._dispatcher.message.register(_echo)
        self._dispatcher.callback_query.register(_echo_press)

    async def take(self, batch: list[Update]) -> float:
        began = time.perf_counter()
        for update in batch:
            await self._dispatcher.feed_raw_update(self._bot, update)
        return time.perf_counter() - began


async def _echo(message: Message) -> None:
    await message.answer(message.text or message.caption or "a place")


async def _echo_press(query: CallbackQuery) -> None:
    if isinstance(query.message, Message):
        await query.message.answer(query.data or "")


class _Memory(BaseSession):
    """Takes every message, as a platform would that answers at once."""

    _sent = Message(message_id=1, date=0, chat=Chat(id=1, type="private"), text="")  # type: ignore[arg-type]

    async def close(self) -> None:
        return

    async def make_request(self, bot: Bot, method: TelegramMethod[Any], timeout: int | None = None) -> Any:  # noqa: ASYNC109
        del bot, method, timeout
        return self._sent

    async def stream_content(self, *_args: Any, **_options: Any) -> AsyncGenerator[bytes, None]:
        yield b""
