"""What a resident does, as aiogram's types understand it."""

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import (
    Message,
    Update,
)

from bot.simulator import Simulator, TelegramPhone
from tests.simulator.conftest import make_jpeg


async def newest(bot: Bot) -> Update:
    (update,) = await bot.get_updates(offset=-1)
    return update


async def message(bot: Bot) -> Message:
    update = await newest(bot)
    found = update.message or update.edited_message
    assert found is not None
    return found


async def test_who_writes(bot: Bot, sim: Simulator) -> None:
    alex = sim.telegram.resident("Alex Morgan")
    await alex.start("qr_12")
    got = await message(bot)
    assert got.from_user is not None
    assert (got.from_user.full_name, got.from_user.language_code, got.from_user.is_bot) == (
        "Alex Morgan",
        "en",
        False,
    )
    assert (got.chat.id, got.chat.type) == (alex.chat_id, "private")
    assert alex.chat_id > 2**32
    assert got.text == "/start qr_12"
    assert got.entities is not None
    assert (got.entities[0].type, got.entities[0].length) == ("bot_command", 6)


async def test_residents_are_kept_by_key(sim: Simulator) -> None:
    first = sim.telegram.resident("Ганна", key="neighbour")
    assert sim.telegram.resident("Інша", key="neighbour") is first
    assert sim.telegram.resident("Ганна") is not first
    assert len({phone.address for phone in sim.telegram.phones}) == len(sim.telegram.phones) == 6
    assert {phone.resident.language for phone in sim.telegram.phones} == {"uk", "en", "ru"}


async def test_a_photo_comes_in_several_sizes(bot: Bot, oksana: TelegramPhone) -> None:
    picture = make_jpeg(1000, 500)
    await oksana.photo(picture, caption="прорвало трубу")
    got = await message(bot)
    assert got.caption == "прорвало трубу"
    assert got.photo is not None
    assert [(size.width, size.height) for size in got.photo] == [
        (90, 45),
        (320, 160),
        (800, 400),
        (1000, 500),
    ]
    assert len({size.file_id for size in got.photo} | {size.file_unique_id for size in got.photo}) == 8
    assert got.media_group_id is None


async def test_an_album_is_one_update_for_each_photo(bot: Bot, oksana: TelegramPhone, jpeg: bytes) -> None:
    await oksana.photo(jpeg, jpeg, jpeg, caption="двір")
    messages = [update.message for update in await bot.get_updates() if update.message]
    assert [got.caption for got in messages] == ["двір", None, None]
    assert len({got.media_group_id for got in messages}) == 1
    assert messages[0].media_group_id


async def test_places(bot: Bot, oksana: TelegramPhone) -> None:
    await oksana.location(47.91, 33.39)
    got = await message(bot)
    assert got.location is not None
    assert (got.location.latitude, got.location.longitude) == (47.91, 33.39)
    await oksana.venue(47.9, 33.4, "Школа № 5", "вул. Соборності, 12")
    venue = (await message(bot)).venue
    assert venue is not None
    assert (venue.title, venue.location.latitude) == ("Школа № 5", 47.9)


async def test_a_live_location_moves_by_edits(bot: Bot, oksana: TelegramPhone) -> None:
    own = await oksana.live_location(47.9, 33.4, period=600)
    started = await message(bot)
    assert started.location is not None
    assert started.location.live_period == 600
    await oksana.move(own.id, 47.95, 33.45)
    update = await newest(bot)
    assert update.edited_message is not None
    assert update.edited_message.message_id == own.id
    assert update.edited_message.location is not None
    assert update.edited_message.location.latitude == 47.95
    assert oksana.messages[-1].place == (47.95, 33.45)


async def test_own_and_foreign_contacts(bot: Bot, oksana: TelegramPhone) -> None:
    await oksana.contact()
    got = (await message(bot)).contact
    assert got is not None
    assert (got.user_id, got.phone_number) == (oksana.chat_id, oksana.resident.phone)
    await oksana.contact("+380501112233", own=False)
    got = (await message(bot)).contact
    assert got is not None
    assert (got.user_id, got.phone_number) == (None, "+380501112233")


async def test_everything_else_a_resident_may_send(bot: Bot, oksana: TelegramPhone) -> None:
    await oksana.sticker()
    assert (await message(bot)).content_type == "sticker"
    await oksana.voice()
    assert (await message(bot)).content_type == "voice"
    await oksana.video(caption="тече")
    assert (await message(bot)).caption == "тече"
    await oksana.document(b"%PDF", "акт огляду.pdf", "application/pdf")
    document = (await message(bot)).document
    assert document is not None
    assert document.file_name == "акт огляду.pdf"


async def test_edits_of_words_and_captions(bot: Bot, oksana: TelegramPhone, jpeg: bytes) -> None:
    own = await oksana.text("Соборности 12")
    edited = await oksana.edit(own.id, "Соборності 14")
    got = (await newest(bot)).edited_message
    assert got is not None
    assert (got.message_id, got.text) == (own.id, "Соборності 14")
    assert got.edit_date
    assert (edited.text, edited.edited) == ("Соборності 14", 1)
    photo = await oksana.photo(jpeg, caption="було")
    await oksana.edit(photo.id, "стало")
    assert (await message(bot)).caption == "стало"
    sent = await bot.send_message(oksana.chat_id, "від бота")
    with pytest.raises(LookupError):
        await oksana.edit(sent.message_id, "x")


async def test_blocking_is_told_once(bot: Bot, oksana: TelegramPhone) -> None:
    await oksana.block()
    await oksana.block()
    (update,) = await bot.get_updates()
    assert update.my_chat_member is not None
    assert update.my_chat_member.new_chat_member.status == "kicked"
    assert update.my_chat_member.from_user.id == oksana.chat_id
    await oksana.text("пишу знову")
    restored, written = await bot.get_updates(offset=update.update_id + 1)
    assert restored.my_chat_member is not None
    assert restored.my_chat_member.new_chat_member.status == "member"
    assert written.message is not None


async def test_raw_updates_pass_as_they_are(sim: Simulator, oksana: TelegramPhone) -> None:
    await oksana.raw({"message": {"text": 5}, "strange": None})
    await oksana.raw({"update_id": 7, "unheard_of": {}})
    updates = await sim.telegram.updates.take(0, 10, 0)
    assert updates[0].keys() == {"update_id", "message", "strange"}
    assert updates[1] == {"update_id": 7, "unheard_of": {}}


async def test_files_are_downloaded_by_their_path(bot: Bot, oksana: TelegramPhone) -> None:
    picture = make_jpeg(1000, 500)
    await oksana.photo(picture)
    photo = (await message(bot)).photo
    assert photo is not None
    largest = await bot.get_file(photo[-1].file_id)
    assert largest.file_path is not None
    assert largest.file_path.startswith("photos/file_")
    content = await bot.download(largest)
    assert content is not None
    assert content.read() == picture
    smaller = await bot.download(photo[0])
    assert smaller is not None
    assert len(smaller.read()) < len(picture)
    with pytest.raises(TelegramBadRequest, match="invalid file_id"):
        await bot.get_file("nothing")


@pytest.mark.parametrize(("size", "refused"), [(20 * 1024 * 1024, False), (20 * 1024 * 1024 + 1, True)])
async def test_files_over_20_mb_are_refused(
    bot: Bot, oksana: TelegramPhone, *, size: int, refused: bool
) -> None:
    await oksana.video(size=size)
    video = (await message(bot)).video
    assert video is not None
    assert video.file_size == size
    if refused:
        with pytest.raises(TelegramBadRequest, match="Bad Request: file is too big"):
            await bot.get_file(video.file_id)
    else:
        assert (await bot.get_file(video.file_id)).file_path
