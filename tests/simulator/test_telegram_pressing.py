"""Buttons and waiting, as the writers of flows use them."""

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import (
    InaccessibleMessage,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
    Update,
)

from bot.simulator import TelegramPhone


async def newest(bot: Bot) -> Update:
    (update,) = await bot.get_updates(offset=-1)
    return update


async def test_pressing(bot: Bot, oksana: TelegramPhone) -> None:
    def rows(*labels: str) -> InlineKeyboardMarkup:
        return InlineKeyboardMarkup(
            inline_keyboard=[[InlineKeyboardButton(text=x, callback_data=f"data:{x}")] for x in labels]
        )

    old = await bot.send_message(oksana.chat_id, "перша", reply_markup=rows("✅ Надіслати", "Інше місце"))
    keys = [[KeyboardButton(text="📍 Місце", request_location=True), KeyboardButton(text="Меню")]]
    await bot.send_message(oksana.chat_id, "ключі", reply_markup=ReplyKeyboardMarkup(keyboard=keys))
    await bot.send_message(oksana.chat_id, "друга", reply_markup=rows("Так", "Інше…", "Інша тема"))

    await oksana.press("Надіслати")
    got = (await newest(bot)).callback_query
    assert got is not None
    assert got.data == "data:✅ Надіслати"
    assert got.message is not None
    assert got.message.message_id == old.message_id
    await oksana.press("data:Так")
    got = (await newest(bot)).callback_query
    assert got is not None
    assert got.data == "data:Так"
    await oksana.press("Меню")
    update = await newest(bot)
    assert update.message is not None
    assert update.message.text == "Меню"
    await oksana.press("Місце", place=(47.8, 33.3))
    update = await newest(bot)
    assert update.message is not None
    assert update.message.location is not None
    await oksana.press_on(old.message_id, "Інше місце")
    got = (await newest(bot)).callback_query
    assert got is not None
    assert got.data == "data:Інше місце"
    with pytest.raises(LookupError, match="fits"):
        await oksana.press("Інш")
    with pytest.raises(LookupError, match="no button 'Ні'"):
        await oksana.press("Ні")


async def test_an_address_button_is_opened_and_tells_the_bot_nothing(bot: Bot, oksana: TelegramPhone) -> None:
    button = InlineKeyboardButton(text="Мапа", url="https://city.example/map")
    markup = InlineKeyboardMarkup(inline_keyboard=[[button]])
    await bot.send_message(oksana.chat_id, "дивіться", reply_markup=markup)
    assert await oksana.press("Мапа") is None
    assert oksana.opened == ["https://city.example/map"]
    assert await bot.get_updates() == []
    bad = InlineKeyboardButton(text="Мапа", url="http://панель")
    with pytest.raises(TelegramBadRequest, match="is invalid: Wrong HTTP URL"):
        await bot.send_message(
            oksana.chat_id, "x", reply_markup=InlineKeyboardMarkup(inline_keyboard=[[bad]])
        )


async def test_waiting(bot: Bot, oksana: TelegramPhone) -> None:
    for text in ("раз", "два", "два знову", "три"):
        await bot.send_message(oksana.chat_id, text)
    assert (await oksana.wait("раз")).text == "раз"
    assert (await oksana.wait("два", count=2)).text == "два знову"
    with pytest.raises(TimeoutError, match=r"(?s)wrote 'раз' 0 of 1 times.*bot: три"):
        await oksana.wait("раз", timeout=0.05)
    await bot.send_message(oksana.chat_id, "чотири")
    await oksana.text("далі")
    with pytest.raises(TimeoutError):
        await oksana.wait("чотири", timeout=0.05)
    await oksana.settle(0.05)
    sim_quiet = oksana.log.quiet_since
    await oksana.settle(0.05)
    assert oksana.log.quiet_since == sim_quiet


async def test_a_slow_screen_still_shows_buttons_that_are_gone(bot: Bot, oksana: TelegramPhone) -> None:
    button = InlineKeyboardButton(text="Надіслати", callback_data="send:1")
    markup = InlineKeyboardMarkup(inline_keyboard=[[button]])
    sent = await bot.send_message(oksana.chat_id, "картка", reply_markup=markup)
    await bot.edit_message_text("картка надіслана", chat_id=oksana.chat_id, message_id=sent.message_id)
    await oksana.press_on(sent.message_id, "Надіслати")
    query = (await newest(bot)).callback_query
    assert query is not None
    assert query.data == "send:1"
    await bot.delete_message(oksana.chat_id, sent.message_id)
    await oksana.press_on(sent.message_id, "send:1")
    query = (await newest(bot)).callback_query
    assert query is not None
    assert isinstance(query.message, InaccessibleMessage)
    with pytest.raises(LookupError):
        await oksana.press_on(sent.message_id, "Скасувати")
