"""Delivery to a webhook: secret, order, repeats, and the change from and to polling."""

import asyncio
from collections import deque

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.simulator import Simulator, TelegramPhone
from tests.simulator.receiver import Receiver


def texts(receiver: Receiver) -> list[str]:
    return [event["message"]["text"] for event in receiver.events if "message" in event]


async def test_updates_carry_the_secret_and_tick_the_message(
    bot: Bot, oksana: TelegramPhone, receiver: Receiver
) -> None:
    await bot.set_webhook(receiver.url, secret_token="Secret_1-x")
    await oksana.text("вода")
    await receiver.until(1)
    assert receiver.received[0].headers["X-Telegram-Bot-Api-Secret-Token"] == "Secret_1-x"
    assert receiver.received[0].headers["Content-Type"] == "application/json"
    assert texts(receiver) == ["вода"]
    await oksana.settle(0.05)
    assert oksana.messages[-1].status == "delivered"
    info = await bot.get_webhook_info()
    assert (info.url, info.pending_update_count, info.last_error_message) == (receiver.url, 0, None)


async def test_the_next_message_of_a_chat_waits_for_the_former(
    bot: Bot, sim: Simulator, oksana: TelegramPhone, receiver: Receiver
) -> None:
    receiver.statuses = deque([500, 503, 200])
    await bot.set_webhook(receiver.url)
    await oksana.text("раз")
    await oksana.text("два")
    await receiver.until(4)
    assert texts(receiver) == ["раз", "раз", "раз", "два"]
    assert len({event["update_id"] for event in receiver.events[:3]}) == 1
    pauses = [b.at - a.at for a, b in zip(receiver.received, receiver.received[1:], strict=False)]
    assert pauses[0] < 0.03, "the first repeat comes at once"
    assert pauses[1] > 2 * sim.config.time_scale * 0.9
    info = await bot.get_webhook_info()
    assert info.last_error_message == "Wrong response from the webhook: 503 Service Unavailable"


async def test_chats_and_presses_do_not_wait_for_one_another(
    bot: Bot, sim: Simulator, oksana: TelegramPhone, receiver: Receiver
) -> None:
    ivan = sim.telegram.resident("Іван Ткаченко")
    markup = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Так", callback_data="y")]])
    await bot.send_message(oksana.chat_id, "?", reply_markup=markup)
    receiver.statuses = deque([500] * 4)
    await bot.set_webhook(receiver.url)
    await oksana.text("застрягло")
    await receiver.until(2)
    receiver.statuses.clear()
    receiver.statuses.append(500)
    await receiver.until(3)
    await ivan.text("іду повз")
    await oksana.press("Так")
    await receiver.until(6)
    kinds = [event.get("message", {}).get("text", "press") for event in receiver.events[3:]]
    assert sorted(kinds[:2]) == ["press", "іду повз"]
    assert kinds[2] == "застрягло"


async def test_retry_after_is_honoured(
    bot: Bot, sim: Simulator, oksana: TelegramPhone, receiver: Receiver
) -> None:
    receiver.statuses = deque([429])
    receiver.headers = {"Retry-After": "10"}
    await bot.set_webhook(receiver.url)
    await oksana.text("раз")
    await receiver.until(2)
    pause = receiver.received[1].at - receiver.received[0].at
    assert pause >= 10 * sim.config.time_scale * 0.9


async def test_what_waited_for_a_poll_goes_to_the_webhook(
    bot: Bot, oksana: TelegramPhone, receiver: Receiver
) -> None:
    await oksana.text("раз")
    await bot.get_updates()
    await oksana.text("два")
    waiting = asyncio.create_task(bot.get_updates(offset=2_000_000_000, timeout=5))
    await asyncio.sleep(0.05)
    await oksana.text("три")
    await waiting
    await bot.set_webhook(receiver.url)
    await receiver.until(1)
    await bot.delete_webhook()
    await oksana.text("чотири")
    assert [update.message.text for update in await bot.get_updates() if update.message] == ["чотири"]
    await bot.set_webhook("http://127.0.0.1:9/nobody", drop_pending_updates=True)
    assert (await bot.get_webhook_info()).pending_update_count == 0
    await oksana.text("п'ять")
    await asyncio.sleep(0.05)
    info = await bot.get_webhook_info()
    assert (info.pending_update_count, info.last_error_message) == (1, "Connection refused")


@pytest.mark.parametrize(
    ("url", "secret", "error"),
    [
        ("http://city.example/hook", None, "An HTTPS URL must be provided for webhook"),
        ("https://city.example/hook", "секрет", "secret token contains unallowed characters"),
    ],
)
async def test_what_a_webhook_must_be(bot: Bot, url: str, secret: str | None, error: str) -> None:
    with pytest.raises(TelegramBadRequest, match=error):
        await bot.set_webhook(url, secret_token=secret)
