"""getUpdates: offsets, confirmation, waiting, who is allowed to poll."""

import asyncio
from typing import Any

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramConflictError
from aiohttp import ClientSession

from bot.simulator import Simulator, TelegramPhone


class Poll:
    """getUpdates without aiogram, which keeps no raw JSON."""

    def __init__(self, http: ClientSession, sim: Simulator) -> None:
        self._http = http
        self._url = f"{sim.telegram_api_base}/bot{sim.config.telegram_token}/getUpdates"

    async def __call__(self, **parameters: Any) -> list[dict[str, Any]]:
        async with self._http.post(self._url, json=parameters) as answer:
            result: list[dict[str, Any]] = (await answer.json())["result"]
            return result


@pytest.fixture
def poll(http: ClientSession, sim: Simulator) -> Poll:
    return Poll(http, sim)


async def test_unconfirmed_updates_come_again(poll: Poll, oksana: TelegramPhone) -> None:
    for text in ("раз", "два", "три"):
        await oksana.text(text)
    first = await poll()
    assert [update["message"]["text"] for update in first] == ["раз", "два", "три"]
    numbers = [update["update_id"] for update in first]
    assert numbers == list(range(numbers[0], numbers[0] + 3))
    assert await poll() == first
    assert await poll(offset=numbers[1]) == first[1:]
    assert await poll(offset=numbers[0]) == first[1:], "what is confirmed never returns"
    assert await poll(offset=numbers[2] + 1) == []


async def test_a_message_is_ticked_when_the_bot_confirms_it(poll: Poll, oksana: TelegramPhone) -> None:
    own = await oksana.text("раз")
    assert own.status == "sent"
    (update,) = await poll()
    before = oksana.messages[-1]
    await poll(offset=update["update_id"] + 1)
    after = oksana.messages[-1]
    assert (before.status, after.status) == ("sent", "delivered")


async def test_limit_and_negative_offset(poll: Poll, oksana: TelegramPhone) -> None:
    for number in range(5):
        await oksana.text(str(number))
    assert [update["message"]["text"] for update in await poll(limit=2)] == ["0", "1"]
    assert [update["message"]["text"] for update in await poll(offset=-2)] == ["3", "4"]
    assert [update["message"]["text"] for update in await poll()] == ["3", "4"]


async def test_a_long_poll_waits_for_the_first_update(poll: Poll, oksana: TelegramPhone) -> None:
    waiting = asyncio.create_task(poll(timeout=10))
    await asyncio.sleep(0.05)
    assert not waiting.done()
    await oksana.text("нарешті")
    async with asyncio.timeout(2):
        assert [update["message"]["text"] for update in await waiting] == ["нарешті"]
    began = asyncio.get_running_loop().time()
    assert await poll(offset=-1, timeout=0) != []
    assert asyncio.get_running_loop().time() - began < 1


async def test_an_idle_poll_ends_after_its_timeout(poll: Poll) -> None:
    began = asyncio.get_running_loop().time()
    assert await poll(timeout=1) == []
    assert 0.9 < asyncio.get_running_loop().time() - began < 3


async def test_a_second_poll_ends_the_first(bot: Bot) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=10))
    await asyncio.sleep(0.05)
    second = asyncio.create_task(bot.get_updates(timeout=1))
    with pytest.raises(TelegramConflictError, match="terminated by other getUpdates request"):
        await first
    assert await second == []


async def test_polling_and_a_webhook_exclude_each_other(bot: Bot, oksana: TelegramPhone) -> None:
    await bot.set_webhook("https://city.example/hook")
    with pytest.raises(TelegramConflictError, match="can't use getUpdates method while webhook is active"):
        await bot.get_updates()
    await oksana.text("почекаю")
    await bot.delete_webhook()
    assert [update.message.text for update in await bot.get_updates() if update.message] == ["почекаю"]


async def test_allowed_updates_hold_from_then_on(poll: Poll, oksana: TelegramPhone) -> None:
    await poll(allowed_updates=["message"])
    own = await oksana.text("раз")
    await oksana.edit(own.id, "два")
    await oksana.block()
    assert [list(update)[1] for update in await poll()] == ["message"]
    await poll(allowed_updates=[])
    await oksana.unblock()
    assert [list(update)[1] for update in await poll(offset=-1)] == ["my_chat_member"]
