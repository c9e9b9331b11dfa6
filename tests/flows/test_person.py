"""One person, their messengers and their data: linked, taken away, forgotten, over HTTP from end to end."""

import io
import json
import re
import zipfile
from typing import Any

from tortoise import Tortoise

from bot.simulator import Phone
from core import clock
from core.media import Links
from core.models import Account, Appeal, Attachment, Event, Resident
from core.models.appeals import AttachmentState
from core.workflow import Kind, Status, Verb
from tests.flows.conftest import LEAK, Town, files, until

SURE = "Забути вас?"
DONE = "я вас забув"


def other(town: Town, phone: Phone) -> Phone:
    """The same person's phone in the other messenger."""
    messenger = town.sim.viber if phone in town.sim.telegram.phones else town.sim.telegram
    return messenger.resident("Марія")


async def linked(phone: Phone, second: Phone) -> None:
    await phone.text("зв'язати")
    code = re.search(r"[A-Z0-9]{4}-[A-Z0-9]{4}", (await phone.wait("Ваш код")).text)
    assert code is not None
    await second.text(code[0].lower())
    await second.wait("З'єднати їх?")
    await second.press("Так, обидва мої")
    await second.wait("тепер ті самі заявки")
    await phone.wait("приєднано ще один чат")


async def archive(town: Town, phone: Phone) -> tuple[str, zipfile.ZipFile]:
    await phone.text("мої дані")
    said = (await phone.wait("одним архівом")).text
    url = re.search(r"http\S+", said)
    assert url is not None
    async with town.http.get(url[0]) as response:
        assert response.status == 200
        assert response.headers["Cache-Control"] == "no-store"
        assert response.content_type == "application/zip"
        return url[0], zipfile.ZipFile(io.BytesIO(await response.read()))


async def rows() -> str:
    """Every value of every row of every table."""
    found: list[Any] = []
    for model in Tortoise.apps["core"].values():
        found += await model.all().values()
    return json.dumps(found, default=str, ensure_ascii=False)


async def no_trace(*traces: str) -> None:
    """Return when none of these is found anywhere any more."""

    async def gone() -> bool:
        left = await rows()
        return all(trace not in left for trace in traces)

    await until(gone)


# first contact and language


async def test_first_contact_is_one_message_that_says_all(phone: Phone) -> None:
    await phone.start()
    greeting = await phone.wait("Особисті дані")
    await phone.settle()
    assert [each.text for each in phone.messages if each.side == "bot"] == [greeting.text]
    assert "напишіть, що сталося" in greeting.text
    await phone.press("Про мене")
    await phone.wait("забрати або стерти")


async def test_an_english_client_may_write_as_people_do(town: Town) -> None:
    for messenger in (town.sim.telegram, town.sim.viber):
        phone = messenger.resident("John", language="en")
        await phone.text("прорвало трубу на street Соборності 12")
        await phone.wait("Here is what I understood")
        await phone.text("мої дані")
        await phone.wait("in one archive")
        await phone.text("українська")
        await phone.wait("українською")
        await phone.text("forget me")
        await phone.wait(SURE)
        await phone.text("no")
        await phone.wait("нічого не стер")


# two messengers


async def test_two_messengers_see_one_list(town: Town, phone: Phone) -> None:
    second = other(town, phone)
    first_appeal = await files(phone)
    second_appeal = await files(second, "яма на дорозі, просп. Поштовий 40")
    await linked(phone, second)
    for each in (phone, second):
        await each.text("мої заявки")
        shown = await each.wait("Ваші заявки")
        assert first_appeal.number in shown.text
        assert second_appeal.number in shown.text
    assert await Resident.all().count() == 1
    await second.text("зв'язати")
    await second.wait("Ваш код")


async def test_codes_cannot_be_guessed(phone: Phone) -> None:
    for _ in range(10):
        await phone.text("A2B3-C4E5")
        await phone.wait("Такого коду немає")
    await phone.text("A2B3-C4E5")
    await phone.wait("завтра")


# their data


async def test_the_archive_holds_theirs_and_nobody_elses(town: Town, phone: Phone, picture: bytes) -> None:
    stranger, second = town.sim.telegram.resident("Сусід"), other(town, phone)
    theirs = await files(stranger, "яма на дорозі, просп. Поштовий 40, питайте Ганну")
    await phone.photo(picture, caption=LEAK)
    await phone.wait("1 фото")
    await phone.press("Надіслати")
    await phone.wait("у роботі")
    mine = await Appeal.all().order_by("-id").first()
    assert mine is not None
    await town.sign_in("operator")
    assert await town.act(mine.id, "note", expected=mine.version, text="таємна нотатка") == 303
    mine = await Appeal.get(id=mine.id)
    assert await town.act(mine.id, "tell", expected=mine.version, text="Бригада вже їде") == 303
    await phone.wait("Бригада вже їде")
    await linked(phone, second)

    async def fetched() -> bool:
        return await Attachment.filter(state=AttachmentState.STORED).exists()

    await until(fetched)
    _, packed = await archive(town, second)
    assert packed.testzip() is None
    known = json.loads(packed.read("data.json"))
    assert [each["number"] for each in known["appeals"]] == [mine.number]
    assert known["appeals"][0]["words"][0]["text"] == LEAK
    assert {each["messenger"] for each in known["accounts"]} == {"telegram", "viber"}
    (photo,) = known["files"]
    assert packed.read(photo["path"]).startswith(b"\xff\xd8")
    assert "Бригада вже їде" in packed.read("index.html").decode()
    everything = "".join(packed.read(name).decode("utf-8", "replace") for name in packed.namelist())
    for foreign in (theirs.number, "Ганну", "таємна нотатка", "Олена Коваль", stranger.address):
        assert foreign not in everything


async def test_a_forged_or_old_link_is_refused(town: Town, phone: Phone) -> None:
    await files(phone)
    url, _ = await archive(town, phone)
    account = await Account.get()
    token = url.rpartition("/")[2]
    what, expires, sign = token.split(".")
    yesterday = clock.now().timestamp() - 1
    old = Links("s" * 40).token(what, clock.now().fromtimestamp(yesterday, tz=clock.now().tzinfo))
    forged = [
        f"{what}.{int(expires) + 1}.{sign}",
        f"{account.id + 1}-{account.resident_id}.{expires}.{sign}",
        Links("another secret").token(what, clock.now()),
        "x",
        "1-1.1.",
        "%F0%9F%92%A9.1.1",
        old,
    ]
    for each in forged:
        async with town.http.get(f"{town.base}/my-data/{each}") as response:
            assert response.status == 404, each


async def test_links_and_downloads_have_a_limit(town: Town, phone: Phone) -> None:
    url, _ = await archive(town, phone)
    statuses = []
    for _ in range(7):
        async with town.http.get(url) as response:
            statuses.append(response.status)
            await response.read()
    assert statuses[0] == 200
    assert statuses[-1] == 429
    for _ in range(5):
        await phone.text("мої дані")
        last = await phone.wait()
    assert "Спробуйте" in last.text


# forgotten


async def test_forgotten_with_a_last_word(town: Town, phone: Phone, picture: bytes) -> None:
    second = other(town, phone)
    appeal = await files(phone)
    complaint = await files(second, "не вивозять сміття вже тиждень, просп. Поштовий 40")
    await Appeal.filter(id=complaint.id).update(kind=Kind.COMPLAINT)
    await linked(phone, second)
    url, _ = await archive(town, phone)
    await phone.photo(picture, caption="яма на дорозі, вул. Січеславська 3, телефон 067 123 45 67")
    await phone.wait("1 фото")

    await phone.text("забути мене")
    asked = (await phone.wait(SURE)).text
    assert "1 відкрита заявка" in asked
    assert "1 офіційне звернення" in asked
    await phone.text("а можна пізніше")
    await phone.wait("«скасувати»")
    await phone.text("скасувати")
    await phone.wait()
    assert await Account.filter(forget_at__not_isnull=True).count() == 0
    await phone.text("забути мене")
    await phone.wait(SURE)
    await phone.press("Ні, залишити")
    await phone.wait("нічого не стер")
    await phone.text("забути мене")
    await phone.wait(SURE)
    await phone.press("Так, забути")
    await phone.wait(DONE)

    await no_trace(phone.address, second.address, "067 123", "Січеславська")
    assert not await Account.exists()
    now, withdrawn = await Appeal.get(id=appeal.id), await Appeal.get(id=complaint.id)
    assert (now.open, now.resident_id, now.account_id) == (True, None, None)
    assert (withdrawn.status, withdrawn.resident_id) == (Status.WITHDRAWN, None)
    await town.sign_in("operator")
    for each in (appeal, complaint):
        async with town.http.get(f"{town.base}/admin/appeals/{each.id}") as response:
            page = await response.text()
            assert response.status == 200
            assert phone.address not in page
    async with town.http.get(url) as response:
        assert response.status == 404

    await phone.text("мої заявки")  # a newcomer
    await phone.wait("ще немає")
    assert await Account.all().count() == 1


async def test_yes_means_the_question_only_right_after_it(town: Town, phone: Phone) -> None:
    appeal = await files(phone)
    await phone.text("забути мене")
    await phone.wait(SURE)
    await town.sign_in("operator")
    assert await town.act(appeal.id, "resolve", expected=appeal.version, text="Полагоджено") == 303
    await phone.wait("справді вирішено")
    await phone.text("так")
    await phone.wait("«скасувати»")
    assert (await Account.get()).forget_at is None
    await phone.text("так")
    await phone.wait(DONE)


async def test_pressed_twice_is_done_once(phone: Phone) -> None:
    await files(phone)
    await phone.text("забути мене")
    question = await phone.wait(SURE)
    await phone.press_on(question.id, "Так, забути") if question.buttons else await phone.press("Так, забути")
    await phone.wait(DONE)
    if question.buttons:
        await phone.press_on(question.id, "Так, забути")

    await no_trace(phone.address)
    assert await Event.filter(verb=Verb.NOTE).count() == 1


async def test_who_blocks_us_after_it_leaves_no_trace(phone: Phone) -> None:
    await files(phone)
    await phone.text("забути мене")
    await phone.wait(SURE)
    await phone.text("так")
    await phone.wait(DONE)
    await no_trace(phone.address)
    await phone.block()
    await phone.settle(0.5)
    await no_trace(phone.address)
    await phone.unblock()
    await no_trace(phone.address)
    await phone.text("Вітаю")
    await phone.wait("напишіть, що сталося")
    assert await Account.all().count() == 1
