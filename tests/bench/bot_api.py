"""What stands for the Bot API: takes every call at once and notes when it came. And what residents do."""

import asyncio
import json
import time
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

from aiohttp import web

from tests.bench.updates import COMPLAINTS, Day, Sender, Update

TOKEN = "42:BENCH"
MESSAGES = frozenset({"sendMessage", "editMessageText"})  # a press's own answer comes before, and isn't one
SERVED = "getMe"  # the last that our server asks for when it is set up
PLACELESS = ("не горять ліхтарі у дворі", "нема води з самого ранку", "не вивозять сміття", "яма на дорозі")
QUESTION = "а коли дадуть опалення?"


class BotApi:
    """Measures milliseconds from an update's leaving until the message that answers it is here.

    What waits for an answer in a chat is answered by the next message there, whatever it says.
    """

    def __init__(self) -> None:
        self.base = ""
        self.served = asyncio.Event()
        self.all_answered = asyncio.Event()
        self._took: list[float] = []
        self._open = 0
        self._waiting: dict[int, deque[float]] = defaultdict(deque)
        self._buttons: dict[int, list[str]] = {}
        self._messages = count(1)

    def leaves(self, chat: int) -> None:
        """An update of this chat leaves now."""
        self._waiting[chat].append(time.perf_counter())
        self._open += 1
        self.all_answered.clear()

    def settle(self) -> tuple[list[float], int]:
        """What was measured since the last time, and how many wait in vain; both forgotten then."""
        settled = self._took, self._open
        self._took, self._open = [], 0
        self._waiting.clear()
        return settled

    def button(self, chat: int, beginning: str) -> str | None:
        """What a button of the chat's last message carries."""
        return next((data for data in self._buttons.get(chat, ()) if data.startswith(beginning)), None)

    async def call(self, request: web.Request) -> web.Response:
        came = time.perf_counter()
        method = request.match_info["method"]
        given = await request.post()
        result: Any = True
        if method in MESSAGES:
            chat = int(str(given["chat_id"]))
            self._answered(chat, came)
            self._buttons[chat] = list(_carried(json.loads(str(given.get("reply_markup", "{}")))))
            result = {"message_id": next(self._messages), "date": 0, "chat": {"id": chat, "type": "private"}}
        elif method == SERVED:
            result = {"id": 42, "is_bot": True, "first_name": "Bench", "username": "bench_bot"}
            self.served.set()
        return web.json_response({"ok": True, "result": result})

    def _answered(self, chat: int, came: float) -> None:
        if waiting := self._waiting[chat]:
            self._took.append((came - waiting.popleft()) * 1000)
            self._open -= 1
            if not self._open:
                self.all_answered.set()


def _carried(markup: dict[str, Any]) -> Iterator[str]:
    for row in markup.get("inline_keyboard", ()):
        yield from (button["callback_data"] for button in row)


@asynccontextmanager
async def bot_api() -> AsyncIterator[BotApi]:
    api = BotApi()
    app = web.Application()
    app.router.add_post(f"/bot{TOKEN}/{{method}}", api.call)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        api.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield api
    finally:
        await runner.cleanup()


def walk(day: Day, sender: Sender, api: BotApi) -> Iterator[Update]:
    """What one resident does, without end: each thing after the answer to the one before has come."""
    number = sender.number
    yield day.text(sender, "/start")
    for turn in count(number):
        if turn % 2:
            yield day.text(sender, PLACELESS[turn // 2 % len(PLACELESS)])
            yield day.location(sender)
            send = api.button(sender.chat, "send:")
            yield day.press(sender, send) if send else day.text(sender, "так")
            yield day.text(sender, "мої заявки")
        else:
            house = (number * 7 + turn) % 90 + 1
            yield day.text(sender, COMPLAINTS[turn // 2 % len(COMPLAINTS)].format(house=house))
            yield day.text(sender, "так")
            yield day.text(sender, QUESTION)
            yield day.text(sender, "скасувати")
