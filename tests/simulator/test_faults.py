"""Each fault does what it says, for as long as it was ordered, and leaves no trace."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from aiogram import Bot
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup
from aiohttp import ClientError, ClientResponseError, ClientSession

from bot.simulator import FaultKind, Simulator, TelegramPhone, ViberPhone
from tests.simulator.receiver import Receiver

Say = Callable[[str], Awaitable[object]]


@pytest.fixture
def say(bot: Bot, oksana: TelegramPhone) -> Say:
    return lambda text: bot.send_message(oksana.chat_id, text)


def written(phone: TelegramPhone | ViberPhone) -> list[str]:
    return [bubble.text for bubble in phone.messages if bubble.side == "bot"]


async def test_rate_limit(sim: Simulator, bot: Bot, oksana: TelegramPhone, say: Say) -> None:
    sim.faults.telegram.rate_limit(2, retry_after=7)
    for _ in range(2):
        with pytest.raises(TelegramRetryAfter, match="Too Many Requests: retry after 7") as refusal:
            await say("a")
        assert refusal.value.retry_after == 7
        await bot.get_me()
    await say("b")
    assert written(oksana) == ["b"]


async def test_bad_gateway_is_an_html_page(sim: Simulator, say: Say) -> None:
    sim.faults.telegram.bad_gateway(1)
    with pytest.raises(ClientDecodeError, match="502 Bad Gateway"):
        await say("a")
    await say("b")


async def test_server_error(sim: Simulator, bot: Bot, say: Say) -> None:
    sim.faults.telegram.server_error(1, methods=["getMe"])
    await say("a")
    with pytest.raises(TelegramServerError, match="Internal Server Error"):
        await bot.get_me()


async def test_counted_faults_spare_the_poll_and_timed_ones_do_not(
    sim: Simulator, bot: Bot, say: Say
) -> None:
    sim.faults.telegram.server_error(1)
    await bot.get_updates()
    with pytest.raises(TelegramServerError):
        await say("a")
    sim.faults.telegram.server_error(seconds=0.2)
    with pytest.raises(TelegramServerError):
        await bot.get_updates()
    await asyncio.sleep(0.25)
    await bot.get_updates()
    assert sim.faults.telegram.describe() == {}


async def test_timeout_hangs_and_then_drops(sim: Simulator, oksana: TelegramPhone, say: Say) -> None:
    sim.faults.telegram.timeout(0.2, times=1)
    began = asyncio.get_running_loop().time()
    with pytest.raises(TelegramNetworkError):
        await say("a")
    assert asyncio.get_running_loop().time() - began >= 0.2
    assert written(oksana) == []


async def test_hanging_requests_end_with_the_simulator(http: ClientSession) -> None:
    async with Simulator() as sim:
        sim.faults.telegram.timeout(60)
        url = f"{sim.telegram_api_base}/bot{sim.config.telegram_token}/getMe"
        hanging = asyncio.create_task(http.get(url))
        await asyncio.sleep(0.05)
    async with asyncio.timeout(2):
        with pytest.raises(ClientError):
            await hanging


async def test_down_drops_requests_and_polls_until_cleared(
    sim: Simulator, bot: Bot, oksana: TelegramPhone, say: Say
) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=30))
    await asyncio.sleep(0.05)
    sim.faults.telegram.down()
    async with asyncio.timeout(2):
        with pytest.raises(TelegramNetworkError):
            await poll
    with pytest.raises(TelegramNetworkError):
        await say("a")
    await oksana.text("чи є хто?")
    sim.faults.telegram.clear()
    assert len(await bot.get_updates()) == 1
    assert written(oksana) == []


async def test_down_for_a_time(sim: Simulator, bot: Bot, oksana: TelegramPhone, receiver: Receiver) -> None:
    await bot.set_webhook(receiver.url)
    sim.faults.telegram.down(0.2)
    await oksana.text("раз")
    await asyncio.sleep(0.1)
    assert receiver.received == []
    await receiver.until(1)
    await bot.get_me()


async def test_lost_answers_leave_the_message_on_the_phone(
    sim: Simulator, bot: Bot, oksana: TelegramPhone, say: Say
) -> None:
    sim.faults.telegram.lose_answers(1)
    await bot.get_me()
    with pytest.raises(TelegramNetworkError):
        await say("a")
    await say("a")
    assert written(oksana) == ["a", "a"]
    assert len(sim.telegram.sent) == 2


async def test_duplicates_in_polling(sim: Simulator, bot: Bot, oksana: TelegramPhone) -> None:
    sim.faults.telegram.duplicate(1)
    await oksana.text("раз")
    await oksana.text("два")
    first = await bot.get_updates()
    again = await bot.get_updates(offset=first[-1].update_id + 1)
    assert [update.update_id for update in again] == [first[0].update_id]
    assert await bot.get_updates(offset=first[-1].update_id + 1) == []


async def test_duplicates_by_webhook(
    sim: Simulator, bot: Bot, oksana: TelegramPhone, receiver: Receiver
) -> None:
    await bot.set_webhook(receiver.url)
    sim.faults.telegram.duplicate()
    await oksana.text("раз")
    await oksana.text("два")
    events = await receiver.until(4)
    assert [event["message"]["text"] for event in events] == ["раз", "раз", "два", "два"]
    assert len({event["update_id"] for event in events}) == 2


async def test_reorder_mixes_chats_but_not_a_chat(sim: Simulator, bot: Bot, oksana: TelegramPhone) -> None:
    markup = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Так", callback_data="y")]])
    await bot.send_message(oksana.chat_id, "?", reply_markup=markup)
    ivan = sim.telegram.resident("Іван Ткаченко")
    sim.faults.telegram.reorder(seed=4)
    for number in range(8):
        await oksana.text(f"о{number}")
    for number in range(8):
        await ivan.text(f"і{number}")
    await oksana.press("Так")
    updates = await bot.get_updates()
    assert updates[0].callback_query is not None
    assert [update.update_id for update in updates] == sorted(update.update_id for update in updates)
    texts = [update.message.text for update in updates if update.message and update.message.text]
    assert [text for text in texts if text[0] == "о"] == [f"о{number}" for number in range(8)]
    assert [text for text in texts if text[0] == "і"] == [f"і{number}" for number in range(8)]
    assert texts != [f"о{number}" for number in range(8)] + [f"і{number}" for number in range(8)]


async def test_reorder_by_webhook(
    sim: Simulator, bot: Bot, oksana: TelegramPhone, receiver: Receiver
) -> None:
    markup = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Так", callback_data="y")]])
    await bot.send_message(oksana.chat_id, "?", reply_markup=markup)
    await bot.set_webhook(receiver.url)
    sim.faults.telegram.reorder(seed=1)
    await oksana.text("раз")
    await oksana.press("Так")
    events = await receiver.until(2)
    assert ["callback_query" in event for event in events] == [True, False]


async def test_refused_downloads(
    sim: Simulator,
    bot: Bot,
    http: ClientSession,
    oksana: TelegramPhone,
    maria: ViberPhone,
    receiver: Receiver,
) -> None:
    sim.faults.telegram.refuse_downloads(1)
    sim.faults.viber.refuse_downloads(1)
    await oksana.document(b"content")
    (update,) = await bot.get_updates()
    assert update.message is not None
    assert update.message.document is not None
    file = await bot.get_file(update.message.document.file_id)
    assert file.file_path is not None
    with pytest.raises(ClientResponseError):
        await bot.download_file(file.file_path)
    content = await bot.download_file(file.file_path)
    assert content is not None
    assert content.read() == b"content"
    await maria.document(b"content")
    (event,) = await receiver.until(1)
    for status in (404, 200):
        async with http.get(event["message"]["media"]) as answer:
            assert answer.status == status


async def test_faults_are_described_and_cleared(sim: Simulator) -> None:
    sim.faults.viber.rate_limit(seconds=60)
    sim.faults.telegram.duplicate()
    assert sim.faults.viber.on(FaultKind.RATE_LIMIT)
    described = sim.faults.viber.describe()["rate_limit"]
    assert described["times"] is None
    assert described["seconds"] == pytest.approx(60, abs=1)
    sim.faults.clear()
    assert sim.faults.viber.describe() == sim.faults.telegram.describe() == {}
