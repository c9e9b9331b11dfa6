"""Edits, deletions and answers to presses."""

from dataclasses import replace
from typing import Any

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeChat,
    BufferedInputFile,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
)

from bot.simulator import Simulator, TelegramPhone

MARKUP = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Так", callback_data="y")]])
OTHER = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Ні", callback_data="n")]])


async def test_an_edit_changes_the_bubble_and_is_news(bot: Bot, oksana: TelegramPhone) -> None:
    sent = await bot.send_message(oksana.chat_id, "1 фото", reply_markup=MARKUP)
    await oksana.wait("1 фото")
    edited = await bot.edit_message_text(
        "<i>2 фото</i>",
        chat_id=oksana.chat_id,
        message_id=sent.message_id,
        parse_mode="HTML",
        reply_markup=OTHER,
    )
    bubble = await oksana.wait("2 фото", timeout=1)
    assert isinstance(edited, Message)
    assert edited.text == bubble.text == "2 фото"
    assert (bubble.id, bubble.edited, bubble.buttons[0][0].label) == (sent.message_id, 1, "Ні")
    assert len([one for one in oksana.messages if one.side == "bot"]) == 1


async def test_an_edit_without_a_markup_takes_the_buttons_away(bot: Bot, oksana: TelegramPhone) -> None:
    sent = await bot.send_message(oksana.chat_id, "текст", reply_markup=MARKUP)
    await bot.edit_message_text("текст", chat_id=oksana.chat_id, message_id=sent.message_id)
    without = oksana.last
    assert not without.buttons
    await bot.edit_message_reply_markup(
        chat_id=oksana.chat_id, message_id=sent.message_id, reply_markup=OTHER
    )
    assert oksana.last.buttons[0][0].label == "Ні"


@pytest.mark.parametrize("again", [1, 2])
async def test_an_edit_that_changes_nothing_is_refused(bot: Bot, oksana: TelegramPhone, again: int) -> None:
    sent = await bot.send_message(oksana.chat_id, "0", reply_markup=MARKUP)
    arguments: dict[str, Any] = {
        "chat_id": oksana.chat_id,
        "message_id": sent.message_id,
        "reply_markup": MARKUP,
    }
    for number in range(1, again):
        await bot.edit_message_text(str(number), **arguments)
    with pytest.raises(TelegramBadRequest) as refusal:
        await bot.edit_message_text(str(again - 1), **arguments)
    assert refusal.value.message == (
        "Bad Request: message is not modified: specified new message content and reply markup are exactly "
        "the same as a current content and reply markup of the message"
    )


async def test_captions(bot: Bot, oksana: TelegramPhone, jpeg: bytes) -> None:
    sent = await bot.send_photo(oksana.chat_id, BufferedInputFile(jpeg, "a.jpg"), caption="було")
    await bot.edit_message_caption(chat_id=oksana.chat_id, message_id=sent.message_id, caption="стало")
    assert (oksana.last.text, oksana.last.photo) == ("стало", jpeg)
    with pytest.raises(TelegramBadRequest, match="there is no text in the message to edit"):
        await bot.edit_message_text("x", chat_id=oksana.chat_id, message_id=sent.message_id)


async def test_what_cannot_be_edited(bot: Bot, oksana: TelegramPhone) -> None:
    own = await oksana.text("моє")
    sent = await bot.send_message(oksana.chat_id, "текст")
    with pytest.raises(TelegramBadRequest, match="there is no caption in the message to edit"):
        await bot.edit_message_caption(chat_id=oksana.chat_id, message_id=sent.message_id, caption="x")
    with pytest.raises(TelegramBadRequest, match="message can't be edited"):
        await bot.edit_message_text("x", chat_id=oksana.chat_id, message_id=own.id)
    assert await bot.delete_message(oksana.chat_id, sent.message_id)
    assert oksana.messages[-1].deleted
    with pytest.raises(TelegramBadRequest, match="message to edit not found"):
        await bot.edit_message_text("x", chat_id=oksana.chat_id, message_id=sent.message_id)
    with pytest.raises(TelegramBadRequest, match="message to delete not found"):
        await bot.delete_message(oksana.chat_id, sent.message_id)


async def test_presses_are_answered_in_time_or_not_at_all(
    bot: Bot, sim: Simulator, oksana: TelegramPhone
) -> None:
    await bot.send_message(oksana.chat_id, "Надіслати?", reply_markup=MARKUP)
    await oksana.press("Так")
    (update,) = await bot.get_updates()
    query = update.callback_query
    assert query is not None
    assert query.data == "y"
    assert query.message is not None
    assert query.message.message_id == oksana.last.id
    await bot.answer_callback_query(query.id, text="Готово", show_alert=True)
    assert [(answer.text, answer.alert) for answer in sim.telegram.answers] == [("Готово", True)]
    too_old = "query is too old and response timeout expired or query ID is invalid"
    with pytest.raises(TelegramBadRequest, match=too_old):
        await bot.answer_callback_query("123")
    sim.telegram.config = replace(sim.config, callback_ttl=-1)
    with pytest.raises(TelegramBadRequest, match=too_old):
        await bot.answer_callback_query(query.id)


async def test_commands_are_kept_for_each_language(bot: Bot) -> None:
    commands = [BotCommand(command="start", description="Почати")]
    await bot.set_my_commands(commands, language_code="uk")
    kept = await bot.get_my_commands(language_code="uk")
    assert [(command.command, command.description) for command in kept] == [("start", "Почати")]
    assert await bot.get_my_commands() == []
    with pytest.raises(TelegramBadRequest, match="BOT_COMMAND_INVALID"):
        await bot.set_my_commands([BotCommand(command="Старт", description="x")])


async def test_a_chat_may_have_commands_of_its_own(bot: Bot, sim: Simulator, oksana: TelegramPhone) -> None:
    scope = BotCommandScopeChat(chat_id=oksana.chat_id)
    await bot.set_my_commands([BotCommand(command="my", description="My")], language_code="en")
    await bot.set_my_commands([BotCommand(command="my", description="Мої")])
    await bot.set_my_commands([BotCommand(command="work", description="Робота")], scope=scope)

    def shown(language: str, chat: str = "") -> list[str]:
        return [each["description"] for each in sim.telegram.commands_for(language, chat)]

    assert [each.command for each in await bot.get_my_commands(scope=scope)] == ["work"]
    assert (shown("uk"), shown("en")) == (["Мої"], ["My"])
    assert shown("uk", oksana.address) == shown("en", oksana.address) == ["Робота"], "the chat's come first"
    await bot.delete_my_commands(scope=scope)
    assert (shown("uk", oksana.address), shown("en", oksana.address)) == (["Мої"], ["My"])
    for wrong, why in (
        (BotCommandScopeChat(chat_id=1), "chat not found"),
        (BotCommandScopeAllGroupChats(), "unsupported"),
    ):
        with pytest.raises(TelegramBadRequest, match=why):
            await bot.delete_my_commands(scope=wrong)
