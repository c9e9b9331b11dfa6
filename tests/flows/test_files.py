"""Voice, video and documents: from the phone to the operator's player, in both messengers."""

import asyncio
import re

import pytest

from bot.simulator import Phone, TelegramPhone
from bot.telegram import COMMANDS
from core.models import Appeal, Attachment
from core.models.appeals import AttachmentKind, AttachmentState
from tests.core.files import KEPT, PDF, REFUSED
from tests.flows.conftest import CARD, LEAK, Town, files

MP4, OGG = KEPT["mp4"][0], KEPT["ogg"][0]


async def stored(count: int) -> list[Attachment]:
    """Once so many files are fetched."""
    async with asyncio.timeout(15):
        while True:
            rows = await Attachment.filter(state=AttachmentState.STORED).order_by("id")
            if len(rows) == count:
                return rows
            await asyncio.sleep(0.05)


async def test_every_kind_of_file_reaches_the_operator(town: Town, phone: Phone, picture: bytes) -> None:
    await phone.voice(OGG)
    asked = await phone.wait("Голосове передам оператору")
    assert "кількома словами" in asked.text
    await phone.video(MP4, caption=LEAK)
    await phone.wait(CARD)
    await phone.document(PDF, "Заява.pdf", "application/pdf")
    await phone.document(picture, "план.jpg", "image/jpeg")
    rows = await stored(4)
    await phone.text("назад")
    card = await phone.wait("📷 1 фото")  # not an earlier card that comes late
    for part in ("🎤 1 голосове", "🎥 1 відео", "📎 1 файл", "📷 1 фото"):
        assert part in card.text
    await phone.text("біля третього під'їзду")
    await phone.wait("Додав ваші слова")
    await phone.text("так")
    await phone.wait("у роботі")
    kinds = [row.kind for row in rows]
    assert kinds == [
        AttachmentKind.VOICE,
        AttachmentKind.VIDEO,
        AttachmentKind.DOCUMENT,
        AttachmentKind.PHOTO,
    ]

    appeal = await Appeal.get()
    assert appeal.photos == 4
    await town.sign_in("operator")
    async with town.http.get(f"{town.base}/admin/appeals/{appeal.id}") as page:
        html = await page.text()
    for tag, content, kind in (("audio", OGG, "voice"), ("video", MP4, "video")):
        found = re.search(rf'<{tag} class="file-{kind}" src="([^"]+)"', html)
        assert found is not None
        link = town.base + found[1].replace("&amp;", "&")
        async with town.http.get(link, headers={"Range": "bytes=4-9"}) as got:
            assert (got.status, await got.read()) == (206, content[4:10])
    assert "Заява.pdf" in html


async def test_a_voice_message_alone_goes_to_the_operator(phone: Phone) -> None:
    await phone.voice(OGG)
    await phone.wait("Голосове передам")
    await phone.press("Надіслати без слів")
    await phone.settle()
    if "Де це?" in phone.last.text:
        await phone.text("вул. Соборності, 5")
        await phone.wait(CARD)
    await phone.text("так")
    await phone.wait("Оператор визначить")
    appeal = await Appeal.get()
    assert (appeal.text, appeal.triage, appeal.photos) == ("", True, 1)


@pytest.mark.parametrize("name", ["exe", "html"])
async def test_a_file_that_could_do_harm_is_refused_kindly(phone: Phone, name: str) -> None:
    await phone.text(LEAK)
    await phone.wait(CARD)
    await phone.document(REFUSED[name], "фото.pdf", "application/pdf")
    told = await phone.wait("прийняти не можу", timeout=20)
    assert "Один файл не вдалося прийняти" in told.text
    assert (await Attachment.get()).state is AttachmentState.REFUSED
    await phone.text("так")
    await phone.wait("у роботі")
    assert (await Appeal.get()).photos == 0


async def test_files_go_along_with_an_answer(town: Town, phone: Phone) -> None:
    appeal = await files(phone)
    await town.sign_in("operator")
    assert await town.act(appeal.id, "ask", expected=appeal.version, text="З якого боку?") == 303
    question = await phone.wait("З якого боку?")
    await phone.press_on(question.id, "Відповісти")
    await phone.wait("Напишіть відповідь")
    await phone.video(MP4)
    await phone.wait("Передав")
    (file,) = await stored(1)
    assert (file.kind, file.appeal_id) == (AttachmentKind.VIDEO, appeal.id)
    assert file.event_id is not None


async def test_what_telegram_shows_meanwhile_and_in_its_menu(town: Town, picture: bytes) -> None:
    sim = town.sim
    phone = sim.telegram.resident("Марія")
    assert isinstance(phone, TelegramPhone)
    await phone.photo(*[picture] * 3, caption=LEAK)
    await phone.wait(CARD)
    assert sim.requests["telegram.sendChatAction"] == 1, "once for an album"
    await phone.text("так")
    await phone.wait("у роботі")
    assert sim.requests["telegram.sendChatAction"] == 1, "words are answered too quickly for it"
    assert sim.telegram.menu_button == {"type": "commands"}
    assert [each["command"] for each in sim.telegram.commands_for("uk")] == list(COMMANDS)
    assert sim.telegram.commands_for("en")[1]["description"] == "My appeals"
    assert sim.telegram.commands_for("pl") == sim.telegram.commands_for("uk")


async def test_a_courtesy_that_fails_holds_nothing_up(town: Town, picture: bytes) -> None:
    town.sim.faults.telegram.rate_limit(methods=["sendChatAction"])
    phone = town.sim.telegram.resident("Марія")
    await phone.photo(picture, caption=LEAK)
    await phone.wait(CARD)
    await phone.press("Надіслати")
    await phone.wait("у роботі")


async def test_a_live_location_is_answered_once(town: Town) -> None:
    phone = town.sim.telegram.resident("Марія")
    await phone.text("яма на дорозі")
    await phone.wait("Де це?")
    place = await phone.live_location(47.905, 33.39)
    await phone.wait(CARD)
    for step in range(5):
        await phone.move(place.id, 47.905 + step / 10_000, 33.39)
    await phone.settle(0.5)
    assert sum(CARD in bubble.text for bubble in phone.messages) == 1
