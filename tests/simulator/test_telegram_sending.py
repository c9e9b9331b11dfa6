"""sendMessage and its kin, driven by aiogram: what is accepted, what is refused and in which words."""

import re
from typing import Any

import pytest
from aiogram import Bot
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramNotFound,
    TelegramUnauthorizedError,
)
from aiogram.types import (
    BufferedInputFile,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    KeyboardButton,
    MediaUnion,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    ReplyParameters,
)
from aiohttp import ClientSession

from bot.simulator import Simulator, TelegramPhone
from tests.simulator.receiver import Receiver


def inline(*buttons: tuple[str, str]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        inline_keyboard=[[InlineKeyboardButton(text=text, callback_data=data)] for text, data in buttons]
    )


async def test_a_message_reaches_the_phone_as_it_was_meant(
    bot: Bot, sim: Simulator, oksana: TelegramPhone
) -> None:
    sent = await bot.send_message(
        oksana.chat_id,
        "  <b>Заявка</b> &lt;№ 1&gt; 😀 <a href='https://city.example/1'>тут</a>\n",
        parse_mode="HTML",
        reply_markup=inline(("Так", "yes:1"), ("Ні", "no:1")),
    )
    bubble = oksana.last
    assert bubble.text == sent.text == "Заявка <№ 1> 😀 тут"
    assert [(span.kind, span.offset, span.length) for span in bubble.spans] == [
        ("bold", 0, 6),
        ("text_link", 16, 3),
    ]
    assert sent.entities is not None
    assert sent.entities[1].url == bubble.spans[1].url == "https://city.example/1"
    assert [[button.label for button in row] for row in bubble.buttons] == [["Так"], ["Ні"]]
    assert sent.reply_markup is not None
    assert [row[0].callback_data for row in sent.reply_markup.inline_keyboard] == ["yes:1", "no:1"]
    assert sent.chat.id == oksana.chat_id
    assert [(one.method, one.to, one.text) for one in sim.telegram.sent] == [
        ("sendMessage", oksana.key, bubble.text)
    ]
    assert sim.requests["telegram.sendMessage"] == 1


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ({"text": " \n "}, "message text is empty"),
        ({"text": "я" * 4097}, "message is too long"),
        (
            {"text": "<b>не закрито", "parse_mode": "HTML"},
            'Can\'t find end tag corresponding to start tag "b"',
        ),
        ({"text": "є<blink>", "parse_mode": "HTML"}, 'Unsupported start tag "blink" at byte offset 2'),
        (
            {"text": "<b><i>a</b></i>", "parse_mode": "HTML"},
            'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"',
        ),
        ({"text": "a</b>", "parse_mode": "HTML"}, "Unexpected end tag at byte offset 1"),
        ({"text": "5 < 6", "parse_mode": "HTML"}, "Unclosed start tag at byte offset 2"),
        ({"text": "*a", "parse_mode": "Markdown"}, "Can't find end of the entity starting at byte offset 0"),
        ({"text": "a.", "parse_mode": "MarkdownV2"}, "Character '.' is reserved and must be escaped"),
        ({"text": "_a", "parse_mode": "MarkdownV2"}, "Can't find end of Italic entity at byte offset 0"),
        ({"text": "a", "parse_mode": "BBCode"}, "unsupported parse_mode"),
        ({"text": "a", "reply_markup": inline(("x", "ї" * 33))}, "BUTTON_DATA_INVALID"),
        ({"text": "a", "reply_markup": inline(("x", ""))}, "BUTTON_DATA_INVALID"),
        ({"text": "a", "reply_parameters": ReplyParameters(message_id=9)}, "message to be replied not found"),
    ],
)
async def test_a_message_is_refused_in_the_words_of_the_platform(
    bot: Bot, sim: Simulator, oksana: TelegramPhone, words: dict[str, Any], error: str
) -> None:
    with pytest.raises(TelegramBadRequest, match=re.escape(error)) as refusal:
        await bot.send_message(oksana.chat_id, **words)
    assert refusal.value.message.startswith("Bad Request: ")
    assert [bubble for bubble in oksana.messages if bubble.side == "bot"] == []
    assert sim.telegram.sent == []


async def test_limits_are_inclusive_and_counted_after_formatting(bot: Bot, oksana: TelegramPhone) -> None:
    await bot.send_message(oksana.chat_id, "<b>" + "я" * 4096 + "</b>", parse_mode="HTML")
    await bot.send_message(oksana.chat_id, "a", reply_markup=inline(("x", "ї" * 32)))
    assert oksana.last.buttons[0][0].data == "ї" * 32


@pytest.mark.parametrize(
    ("source", "plain"),
    [("*жирно* і _курсив_", "жирно і курсив"), ("[тут](https://a.example)", "тут"), (r"2\*2", "2*2")],
)
async def test_markdown_is_read(bot: Bot, oksana: TelegramPhone, source: str, plain: str) -> None:
    await bot.send_message(oksana.chat_id, source, parse_mode="MarkdownV2")
    assert oksana.last.text == plain


async def test_who_can_be_written_to(bot: Bot, sim: Simulator, oksana: TelegramPhone) -> None:
    with pytest.raises(TelegramBadRequest, match="chat not found"):
        await bot.send_message(42, "hi")
    silent = sim.telegram.resident("Мовчун")
    with pytest.raises(TelegramForbiddenError, match="bot can't initiate conversation with a user"):
        await bot.send_message(silent.chat_id, "hi")
    await oksana.block()
    with pytest.raises(TelegramForbiddenError, match="Forbidden: bot was blocked by the user"):
        await bot.send_message(oksana.chat_id, "hi")
    await oksana.text("я знову тут")
    await bot.send_message(oksana.chat_id, "hi")


async def test_tokens_and_methods(bot: Bot, sim: Simulator, http: ClientSession) -> None:
    async with Bot("100001:WRONG", session=bot.session) as stranger:
        with pytest.raises(TelegramUnauthorizedError, match="Unauthorized"):
            await stranger.get_me()
    with pytest.raises(TelegramNotFound, match="Not Found"):
        await bot.leave_chat(1)
    async with http.get(f"{sim.telegram_api_base}/botnonsense/getMe") as answer:
        assert answer.status == 404
    async with http.get(f"{sim.telegram_api_base}/bot{sim.config.telegram_token}/GETME") as answer:
        assert (await answer.json())["result"]["is_bot"] is True


async def test_parameters_come_in_any_form(
    sim: Simulator, oksana: TelegramPhone, http: ClientSession
) -> None:
    url = f"{sim.telegram_api_base}/bot{sim.config.telegram_token}/sendMessage"
    markup = {"inline_keyboard": [[{"text": "Так", "callback_data": "y"}]]}
    for arguments in (
        {"params": {"chat_id": str(oksana.chat_id), "text": "запит"}},
        {"data": {"chat_id": str(oksana.chat_id), "text": "форма"}},
        {"json": {"chat_id": oksana.chat_id, "text": "json", "reply_markup": markup}},
    ):
        async with http.post(url, **arguments) as answer:
            assert (await answer.json())["ok"] is True
    assert [bubble.text for bubble in oksana.messages[1:]] == ["запит", "форма", "json"]
    async with http.post(
        url, data={"chat_id": str(oksana.chat_id), "text": "x", "reply_markup": "{"}
    ) as answer:
        assert answer.status == 400


async def test_photos(
    bot: Bot, sim: Simulator, oksana: TelegramPhone, receiver: Receiver, jpeg: bytes
) -> None:
    receiver.files["a.jpg"] = jpeg, "image/jpeg"
    uploaded = await bot.send_photo(oksana.chat_id, BufferedInputFile(jpeg, "фото.jpg"), caption="ось")
    assert (oksana.last.photo, oksana.last.text) == (jpeg, "ось")
    assert uploaded.photo is not None
    assert [(size.width, size.height) for size in uploaded.photo] == [(90, 68), (320, 240), (640, 480)]
    await bot.send_photo(oksana.chat_id, uploaded.photo[-1].file_id)
    assert oksana.last.photo == jpeg
    await bot.send_photo(oksana.chat_id, f"{receiver.base}/files/a.jpg")
    assert oksana.last.photo == jpeg
    for photo, error in (
        ("AgAC-no-such-file", "wrong file identifier/HTTP URL specified"),
        ("http://city.example/a.jpg", "wrong file identifier/HTTP URL specified"),
        (f"{receiver.base}/files-no/a.jpg", "failed to get HTTP URL content"),
        (BufferedInputFile(b"not a picture", "a.jpg"), "IMAGE_PROCESS_FAILED"),
    ):
        with pytest.raises(TelegramBadRequest, match=error):
            await bot.send_photo(oksana.chat_id, photo)
    with pytest.raises(TelegramBadRequest, match="message caption is too long"):
        await bot.send_photo(oksana.chat_id, BufferedInputFile(jpeg, "a.jpg"), caption="я" * 1025)
    assert len(sim.telegram.sent) == 3


async def test_an_album(bot: Bot, oksana: TelegramPhone, jpeg: bytes) -> None:
    def media(count: int) -> list[MediaUnion]:
        return [
            InputMediaPhoto(
                media=BufferedInputFile(jpeg, f"{n}.jpg"), caption=f"<b>{n}</b>", parse_mode="HTML"
            )
            for n in range(count)
        ]

    sent = await bot.send_media_group(oksana.chat_id, media(3))
    assert len({message.media_group_id for message in sent}) == 1
    bubbles = oksana.messages[-3:]
    assert [bubble.text for bubble in bubbles] == ["0", "1", "2"]
    assert {bubble.group for bubble in bubbles} == {sent[0].media_group_id}
    assert {bubble.photo for bubble in bubbles} == {jpeg}
    with pytest.raises(TelegramBadRequest, match="too many messages to send as an album"):
        await bot.send_media_group(oksana.chat_id, media(11))


async def test_reply_keyboards_stay_until_taken_away(bot: Bot, oksana: TelegramPhone) -> None:
    markup = ReplyKeyboardMarkup(
        keyboard=[
            [KeyboardButton(text="📍 Надіслати місце", request_location=True)],
            [KeyboardButton(text="Мій номер", request_contact=True), KeyboardButton(text="Меню")],
        ],
        input_field_placeholder="Адреса",
    )
    await bot.send_message(oksana.chat_id, "Де це?", reply_markup=markup)
    await bot.send_message(oksana.chat_id, "Чекаю")
    keyboard = oksana.keyboard
    assert keyboard is not None
    assert [button.kind for row in keyboard.rows for button in row] == ["location", "contact", "text"]
    assert keyboard.placeholder == "Адреса"
    await bot.send_message(oksana.chat_id, "Дякую", reply_markup=ReplyKeyboardRemove())
    assert oksana.keyboard is None
    assert oksana.last.keyboard_removed


async def test_small_methods(bot: Bot, sim: Simulator, oksana: TelegramPhone) -> None:
    assert await bot.send_chat_action(oksana.chat_id, "typing")
    first = await bot.send_message(oksana.chat_id, "раз")
    reply = await bot.send_message(
        oksana.chat_id, "два", reply_parameters=ReplyParameters(message_id=first.message_id)
    )
    assert reply.reply_to_message is not None
    assert oksana.last.reply_to == first.message_id
    await bot.send_location(oksana.chat_id, 47.9, 33.4)
    assert oksana.last.place == (47.9, 33.4)
    assert await bot.set_my_description("Контактний центр", language_code="uk")
    assert sim.telegram.profile == {"description:uk": "Контактний центр"}
    assert await bot.set_chat_menu_button()
