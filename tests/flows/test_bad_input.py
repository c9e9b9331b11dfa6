"""What must be answered kindly and change nothing, in both messengers."""

import io
import struct
import zlib

import aiohttp
import pytest
from PIL import Image

from bot.simulator import Phone
from core.models import Appeal, Attachment, Conversation, Inbox, InboxState, Outbox
from core.models.appeals import AttachmentState
from tests.flows.conftest import CARD, LEAK, Town, files, until


async def _draft(phone: Phone) -> dict[str, object]:
    """A draft is open; what its row holds, but for the time."""
    await phone.text(LEAK)
    await phone.wait(CARD)
    return await _kept()


async def _kept() -> dict[str, object]:
    """All but how much they did lately."""
    return {key: value for key, value in (await Conversation.get()).data.items() if key != "pace"}


@pytest.mark.parametrize("kind", ["sticker", "contact"])
async def test_what_cannot_be_read_gets_a_sentence(phone: Phone, kind: str) -> None:
    kept = await _draft(phone)
    await getattr(phone, kind)()
    await phone.wait("не вмію читати")
    assert await _kept() == kept


@pytest.mark.parametrize(
    "words",
    ["👍", "???", "/unknown_command", "/start_something"],
)
async def test_words_that_say_nothing(phone: Phone, words: str) -> None:
    kept = await _draft(phone)
    await phone.text(words)
    await phone.wait()
    assert await _kept() == kept


async def test_too_long_a_text_keeps_the_draft(phone: Phone) -> None:
    kept = await _draft(phone)
    await phone.text("довго " * 650)
    await phone.wait("вміщається 3500 знаків")
    assert await _kept() == kept


async def test_markup_braces_and_invisible_marks_are_words(town: Town, phone: Phone) -> None:
    appeal = await files(
        phone, "<b>яма</b> {number} %s {{7*7}} \u202eна дорозі\u202c, вул. Соборності 3 \u200b*_`"
    )
    assert appeal.text == "<b>яма</b> {number} %s {{7*7}} на дорозі, вул. Соборності 3 *_`"
    await town.sign_in("operator")
    async with town.http.get(f"{town.base}/admin/appeals/{appeal.id}") as page:
        body = await page.text()
    assert "&lt;b&gt;яма&lt;/b&gt;" in body
    assert "<b>яма</b>" not in body
    assert "{{7*7}}" in body


@pytest.mark.parametrize("place", [(0.0, 0.0), (50.45, 30.52), (89.9, 179.9)])
async def test_a_place_outside_the_city(phone: Phone, place: tuple[float, float]) -> None:
    kept = await _draft(phone)
    await phone.location(*place)
    await phone.wait("не в нашому місті")
    assert await _kept() == kept


async def test_thirty_photos_are_ten(phone: Phone, picture: bytes) -> None:
    for _ in range(3):
        await phone.photo(*[picture] * 10)
    await phone.wait("вміщається 10 фото", timeout=20)
    await phone.settle(1.2)
    told = [bubble for bubble in phone.messages if "вміщається 10 фото" in bubble.text]
    assert 1 <= len(told) <= 4
    await phone.text(LEAK)
    card = await phone.wait(CARD)
    assert "10 фото" in card.text
    assert await Attachment.all().count() == 10


async def test_a_file_over_the_limit(phone: Phone) -> None:
    kept = await _draft(phone)
    await phone.document(b"\xff\xd8" + bytes(25_000_000), "pipe.jpg", "image/jpeg")
    await phone.wait(timeout=30)
    assert await _kept() == kept
    assert not await Attachment.filter(state=AttachmentState.STORED).exists()


def _bomb() -> bytes:
    """A PNG of a few kilobytes that says it is 30,000 by 30,000 pixels."""
    header = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 0, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(bytes(30_001))), (b"IEND", b"")]
    body = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.parametrize(
    ("content", "why"),
    [(b"MZ\x90\x00" + b"\x00" * 5000, "не фото"), (_bomb(), "мегапікселів")],
    ids=["executable", "bomb"],
)
async def test_an_image_that_is_none(phone: Phone, content: bytes, why: str) -> None:
    await phone.text(LEAK)
    await phone.wait(CARD)
    await phone.photo(content)
    await phone.wait(why, timeout=20)
    await phone.text("так")
    await phone.wait("у роботі")
    assert (await Appeal.get()).photos == 0
    assert (await Attachment.get()).state is AttachmentState.REFUSED


async def test_stored_photos_carry_no_exif(town: Town, phone: Phone, picture: bytes) -> None:
    await phone.photo(picture, caption=LEAK)
    await phone.wait(CARD)
    await phone.text("так")
    await phone.wait("у роботі")
    await until(Attachment.filter(state=AttachmentState.STORED).exists)
    appeal = await Appeal.get()
    await town.sign_in("operator")
    photo = await Attachment.get()
    async with town.http.get(f"{town.base}/admin/appeals/{appeal.id}") as page:
        body = await page.text()
    link = body.split(f'"/media/{photo.id}/full', 1)[1].split('"', 1)[0].replace("&amp;", "&")
    async with town.http.get(f"{town.base}/media/{photo.id}/full{link}") as response:
        assert response.status == 200
        content = await response.read()
    assert not Image.open(io.BytesIO(content)).getexif()
    assert b"Secret Camera" not in content
    async with town.http.get(f"{town.base}/media/{photo.id}/full{link}x") as response:
        assert response.status == 403


async def test_a_name_of_500_characters_is_not_kept(town: Town) -> None:
    for messenger in (town.sim.telegram, town.sim.viber):
        phone = messenger.resident("Дуже" * 125)
        await phone.text(LEAK)
        await phone.wait(CARD)


async def test_forged_webhooks_store_nothing(town: Town) -> None:
    before = await Inbox.all().count()
    async with aiohttp.ClientSession() as http:
        for headers in ({}, {"X-Viber-Content-Signature": "0" * 64}, {"X-Viber-Content-Signature": "ї"}):
            async with http.post(
                f"{town.base}/webhooks/viber", data=b'{"event":"message"}', headers=headers
            ) as answer:
                assert answer.status == 403
        for headers in (
            {},
            {"X-Telegram-Bot-Api-Secret-Token": "wrong"},
            {"X-Telegram-Bot-Api-Secret-Token": "ї"},
        ):
            async with http.post(f"{town.base}/webhooks/telegram", data=b"{}", headers=headers) as answer:
                assert answer.status == 401
    assert await Inbox.all().count() == before


async def test_what_cannot_be_parsed_is_kept_and_parked(town: Town, phone: Phone) -> None:
    """And the resident's next message is answered all the same."""
    await phone.raw(
        {"message": {"nobody": "knows this"}}
        if "telegram" in type(phone).__module__
        else {"event": "message"}
    )
    await phone.text("мої заявки")
    await phone.wait("ще немає заявок")
    parked = await Inbox.filter(state=InboxState.PARKED)
    assert len(parked) == 1
    assert "nobody" in parked[0].payload or "event" in parked[0].payload

    await town.sign_in("operator")
    async with town.http.get(f"{town.base}/admin/hand-over") as page:
        assert page.status == 200
        body = await page.text()
    assert town.sim.config.telegram_token not in body
    async with town.http.post(f"{town.base}/admin/hand-over/inbox/{parked[0].id}/replay") as answer:
        assert answer.status < 400
    await until(Inbox.filter(id=parked[0].id, state=InboxState.PARKED).exists)


async def test_no_name_and_no_words_reach_the_log(
    town: Town, phone: Phone, capsys: pytest.CaptureFixture[str]
) -> None:
    await phone.text(LEAK)
    await phone.wait(CARD)
    town.sim.faults.telegram.server_error(1)
    town.sim.faults.viber.server_error(1)
    await phone.text("так")
    await phone.wait("у роботі", timeout=20)
    logged = capsys.readouterr()
    for secret in ("прорвало", "Марія", town.sim.config.telegram_token, town.sim.config.viber_token):
        assert secret not in logged.out + logged.err
    await until(Outbox.filter(attempts__gt=1).exists)
