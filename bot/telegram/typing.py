"""«typing…» under the bot's name while a file is taken in: a courtesy that never holds anything up.

Nothing waits for it, nothing is told when it fails, and nothing of it is kept.
"""

import asyncio
import time
from collections.abc import Iterable
from contextlib import suppress

from aiogram import Bot
from aiogram.exceptions import AiogramError

from bot.dialogue import Unreadable
from bot.messages import Act, Incoming
from bot.telegram.updates import parse
from core.inbox import Received

SHOWN = 5.0  # seconds that the platform shows it for
AT_ONCE = 5  # more than that are left out: the platform's limit is for messages


class Typing:
    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._shown: dict[str, float] = {}
        self._calls: set[asyncio.Task[None]] = set()

    def show(self, updates: Iterable[Received]) -> None:
        """To each resident who just sent a file, once for an album."""
        now = time.monotonic()
        self._shown = {chat: at for chat, at in self._shown.items() if now - at < SHOWN}
        for update in updates:
            if len(self._calls) < AT_ONCE and update.sender not in self._shown and _brings_a_file(update):
                self._shown[update.sender] = now
                call = asyncio.create_task(self._call(update.sender))
                self._calls.add(call)
                call.add_done_callback(self._calls.discard)

    async def close(self) -> None:
        for call in self._calls:
            call.cancel()
        await asyncio.gather(*self._calls, return_exceptions=True)

    async def _call(self, chat: str) -> None:
        with suppress(AiogramError, OSError, TimeoutError):
            await self._bot.send_chat_action(chat, "typing", request_timeout=int(SHOWN))


def _brings_a_file(update: Received) -> bool:
    if update.error or '"file_id"' not in update.payload:
        return False
    try:
        found = parse(update.payload)
    except Unreadable:
        return False
    return isinstance(found, Incoming) and found.act is Act.FILE
