"""Files from the page's paperclip, the menu's commands, and a voice message that plays."""

import pytest
from aiogram import Bot
from aiogram.types import BotCommand, MenuButtonCommands, MenuButtonWebApp, WebAppInfo
from aiohttp import ClientSession, FormData

from bot.simulator import Simulator, TelegramPhone, ViberPhone
from bot.simulator.sounds import silence


def form(key: str, content: bytes, name: str, mime: str) -> FormData:
    sent = FormData(quote_fields=False)
    sent.add_field("key", key)
    sent.add_field("file", content, filename=name, content_type=mime)
    return sent


@pytest.mark.parametrize(
    ("name", "mime", "kind"),
    [
        ("двір.mp4", "video/mp4", "video"),
        ("голос.ogg", "audio/ogg", "voice"),
        ("Заява.pdf", "application/pdf", "document"),
        ("невідомо", "application/octet-stream", "document"),
    ],
)
async def test_any_file_can_be_sent_from_the_page(
    http: ClientSession,
    sim: Simulator,
    oksana: TelegramPhone,
    maria: ViberPhone,
    name: str,
    mime: str,
    kind: str,
) -> None:
    for phone, messenger in ((oksana, "telegram"), (maria, "viber")):
        url = f"{sim.base}/sim/{messenger}/send/file"
        async with http.post(url, data=form(phone.key, b"content", name, mime)) as answer:
            assert answer.status == 200, await answer.text()
        assert phone.messages[-1].kind == kind
    (update,) = await sim.telegram.updates.take(0, 10, 1)
    assert update["message"][kind]["mime_type"] == mime
    if kind == "document":
        assert update["message"][kind]["file_name"] == name
    stored = sim.telegram.files.find(update["message"][kind]["file_id"])
    assert await stored.content() == b"content"


async def test_a_file_needs_a_file_and_a_phone(
    http: ClientSession, sim: Simulator, oksana: TelegramPhone
) -> None:
    url = f"{sim.base}/sim/telegram/send/file"
    async with http.post(url, data={"key": oksana.key, "file": "words"}) as answer:
        assert answer.status == 400
    async with http.post(url, data=form("ніхто", b"x", "x.pdf", "application/pdf")) as answer:
        assert answer.status == 404


async def test_a_caption_goes_with_a_document(sim: Simulator, oksana: TelegramPhone) -> None:
    await oksana.document(b"%PDF", "акт.pdf", caption="ось акт")
    (update,) = await sim.telegram.updates.take(0, 10, 1)
    assert update["message"]["caption"] == oksana.messages[-1].text == "ось акт"


async def test_the_menu_shows_commands_in_the_residents_language(
    http: ClientSession, bot: Bot, sim: Simulator, oksana: TelegramPhone, maria: ViberPhone
) -> None:
    async def shown(messenger: str, key: str) -> list[str]:
        async with http.get(f"{sim.base}/sim/{messenger}/commands", params={"key": key}) as answer:
            return [each["description"] for each in await answer.json()]

    assert await shown("telegram", oksana.key) == []
    await bot.set_my_commands([BotCommand(command="my", description="Мої заявки")])
    await bot.set_my_commands([BotCommand(command="my", description="My appeals")], language_code="en")
    await bot.set_chat_menu_button(menu_button=MenuButtonCommands())
    assert await shown("telegram", oksana.key) == ["Мої заявки"]
    assert await shown("telegram", sim.telegram.resident("Alex Morgan", language="en").key) == ["My appeals"]
    assert await shown("viber", maria.key) == []
    app = MenuButtonWebApp(text="Відкрити", web_app=WebAppInfo(url="https://city.example"))
    await bot.set_chat_menu_button(menu_button=app)
    assert await shown("telegram", oksana.key) == []


def test_a_silent_voice_message_is_sound_ogg() -> None:
    """Three pages that begin where the one before ends, each with the checksum that Ogg asks for."""
    content, pages = silence(50), []
    while content:
        packets = content[26]
        size = 27 + packets + sum(content[27 : 27 + packets])
        pages.append(content[:size])
        content = content[size:]
    assert [page[:4] for page in pages] == [b"OggS"] * 3
    assert [page[5] for page in pages] == [2, 0, 4]
    assert b"OpusHead" in pages[0]
    assert b"OpusTags" in pages[1]
    assert pages[2][26] == 50
    for page in pages:
        rest = 0
        for bit in (bit for byte in page[:22] + bytes(4) + page[26:] for bit in f"{byte:08b}"):
            carry = (rest >> 31) ^ int(bit)
            rest = ((rest << 1) ^ (carry * 0x04C11DB7)) & 0xFFFFFFFF
        assert rest == int.from_bytes(page[22:26], "little")
