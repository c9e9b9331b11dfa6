"""What is known of a person, for themselves: complete, theirs alone, by a link that can't be made up."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from core import brakes, clock, db, inbox, my_data, outbox
from core.actions import desk, poll
from core.actions.forgetting import forget
from core.actions.join import join
from core.actions.linking import link, link_code
from core.actions.person import introduce
from core.actions.resident import answer
from core.actions.withdraw import withdraw
from core.city import City
from core.config import Media
from core.errors import TooMany
from core.forgotten import end_forgotten
from core.inbox import Received
from core.jobs import Desk
from core.media import Links, MediaStore
from core.models import Account, Attachment, Channel, Conversation, Counter
from core.models.appeals import AttachmentKind, AttachmentState
from core.outbox import Message
from core.queries import person
from tests.builders import make_account, make_appeal, make_photo
from tests.core.conftest import Cast, Time
from tests.core.pictures import picture

LINKS = Links("secret", "https://city.example")


def told(kind: str, body: dict[str, Any]) -> str:
    return f"{kind}: {body.get('text', '')}"


@pytest.fixture
def store(tmp_path: Path) -> MediaStore:
    return MediaStore(Media(url=f"file://{tmp_path}/media"))


async def known_of(account: Account) -> dict[str, Any]:
    known = await person.mine(account.resident_id, told)
    assert json.loads(json.dumps(known)) == known
    return known


async def stored(account: Account, store: MediaStore, draft: str) -> Attachment:
    kept = await store.put(picture())
    photo = await make_photo(account, draft=draft)
    await Attachment.filter(id=photo.id).update(
        state=AttachmentState.STORED, key=kept.key, bytes=kept.bytes, source=""
    )
    return photo


async def test_all_that_is_theirs_is_there(city: City, cast: Cast, store: MediaStore) -> None:
    me, viber = cast.account, await make_account(Channel.VIBER)
    await link(viber, await link_code(me))
    await introduce(cast.resident, name="Людмила Біла", address="вул. Соборності, 12")
    photo = await stored(me, store, "d1")
    filed = await make_appeal(city, me, draft="d1", text="тече труба")
    others = await make_appeal(city, text="чужі слова Ганни")
    await join(city, viber, others.id, "і в мене тече")
    await desk.ask(city, filed.id, cast.operator, expected=0, question="Де саме?")
    await answer(city, filed.id, cast.resident, text="біля під'їзду")
    await desk.note(city, filed.id, cast.operator, expected=2, text="таємна нотатка")
    await desk.resolve(city, filed.id, cast.operator, expected=3, answer="Полагоджено")
    await poll.confirm(city, filed.id, cast.resident)
    await poll.rate(city, filed.id, cast.resident, stars=4)
    await outbox.queue(Message(me, "staff.urgent", {"text": "службове"}))
    await inbox.receive([Received(Channel.TELEGRAM, "1", me.external_id, '{"text": "тече труба"}')])
    await Conversation.create(account_id=me.id, data={"draft": {"texts": []}}, updated_at=clock.now())

    known = await known_of(me)
    assert known == await known_of(viber)
    assert known["person"]["name"] == "Людмила Біла"
    assert [each["messenger"] for each in known["accounts"]] == ["telegram", "viber"]
    own, joined = known["appeals"]
    assert (own["number"], own["filed"], own["text"]) == (filed.number, True, "тече труба")
    assert [each["text"] for each in own["words"] if each["text"]] == ["тече труба", "біля під'їзду"]
    assert (own["answer"], own["status"]) == ("Полагоджено", "closed")
    assert (own["ratings"][0]["solved"], own["ratings"][0]["stars"]) == (True, 4)
    assert own["files"] == [f"files/{photo.id}.jpg"]
    assert (joined["number"], joined["filed"]) == (others.number, False)
    assert [each["text"] for each in joined["words"]] == ["і в мене тече"]
    assert known["files"][0]["appeal"] == filed.number
    assert "question: Де саме?" in [each["text"] for each in known["messages"]]
    assert known["received"][0]["updates"][0]["as_received"] == '{"text": "тече труба"}'
    assert known["conversation"] == [{"draft": {"texts": []}}]
    everything = json.dumps(known, ensure_ascii=False)
    for foreign in ("Ганни", "таємна", "службове", "Олена Коваль", "Соборності, 12, ", "file-id"):
        assert foreign not in everything, foreign


async def test_who_filed_it_does_not_get_the_words_of_those_who_joined(city: City, cast: Cast) -> None:
    filed = await make_appeal(city, cast.account)
    neighbour = await make_account()
    await join(city, neighbour, filed.id, "у мене в кв. 7 теж")
    assert "у мене" not in json.dumps(await known_of(cast.account), ensure_ascii=False)
    assert "прорвало" not in json.dumps(await known_of(neighbour), ensure_ascii=False)


async def test_the_archive_has_every_file_that_there_is(cast: Cast, store: MediaStore) -> None:
    photo, lost = await stored(cast.account, store, "d1"), await stored(cast.account, store, "d1")
    await Attachment.filter(id=lost.id).update(key="00/gone")
    voice = await make_photo(cast.account, kind=AttachmentKind.VOICE)
    note = await store.put(b"OggS" + b"\0" * 24 + b"OpusHead" + b"\1" * 300_000, AttachmentKind.VOICE)
    await Attachment.filter(id=voice.id).update(
        state=AttachmentState.STORED, key=note.key, bytes=note.bytes, kind=note.kind
    )
    await make_photo(cast.account)
    known = await known_of(cast.account)
    files = await person.own_files([cast.account.id])
    packed = b"".join([piece async for piece in my_data.archive(known, "<p>сторінка</p>", files, store)])
    with zipfile.ZipFile(io.BytesIO(packed)) as opened:
        assert opened.testzip() is None
        assert sorted(opened.namelist()) == sorted(
            [
                "index.html",
                "data.json",
                f"files/{photo.id}.jpg",
                f"files/{voice.id}.{note.key.rpartition('.')[2]}",
            ]
        )
        assert json.loads(opened.read("data.json")) == known
        assert opened.read("index.html").decode() == "<p>сторінка</p>"
        assert opened.read(f"files/{photo.id}.jpg") == await store.get(files[0].key, "full")


# the link


def token_of(account: Account) -> str:
    address = my_data.link(LINKS, account)
    assert address.startswith("https://city.example/my-data/")
    return address.removeprefix("https://city.example/my-data/")


async def test_a_link_opens_ones_own_for_a_day(cast: Cast, time: Time) -> None:
    token = token_of(cast.account)
    for hours in (0, 23.9):
        time.passes(hours=hours)
        found = await my_data.account_of(LINKS, token)
        assert found is not None
        assert found.id == cast.account.id
    time.passes(hours=0.2)
    assert await my_data.account_of(LINKS, token) is None


async def test_what_was_changed_opens_nothing(cast: Cast) -> None:
    token = token_of(cast.account)
    what, expires, sign = token.split(".")
    wrong = [
        "",
        "x",
        what,
        f"{what}.{expires}",
        f"{what}.{expires}.",
        f"{what}.{int(expires) + 1}.{sign}",
        f"{cast.account.id + 1}-{cast.account.resident_id}.{expires}.{sign}",
        f"{what}.{'9' * 40}.{sign}",
        f"{what}.²³.{sign}",
        f"{what}.{expires}.{sign}\ud800",
        Links("another").token(what, clock.now()),
        LINKS.path(cast.account.id, "full", clock.now()).partition("sign=")[2],
        LINKS.token(f"{2**40}-1", clock.now().replace(year=2099)),
    ]
    for each in wrong:
        assert await my_data.account_of(LINKS, each) is None, each


async def test_a_link_dies_with_whom_it_was_for(city: City, cast: Cast) -> None:
    token = token_of(cast.account)
    await forget(city, cast.account)
    assert await my_data.account_of(LINKS, token) is None
    await Account.filter(id=cast.account.id).update(forget_at=None)  # they wrote again, as somebody new
    assert await my_data.account_of(LINKS, token) is None
    assert await my_data.account_of(LINKS, token_of(cast.account)) is not None


# brakes


async def test_so_often_an_hour_and_no_more(database: str, time: Time, city: City, store: MediaStore) -> None:
    assert database
    for _ in range(3):
        await brakes.brake("data:1", 3)
    await brakes.brake("data:2", 3)
    with pytest.raises(TooMany) as refused:
        await brakes.brake("data:1", 3)
    assert 1 <= refused.value.params["minutes"] <= 60
    time.passes(hours=1)
    await brakes.brake("data:1", 3)
    await end_forgotten(Desk(city, city.schedule, store, {}))
    assert await Counter.filter(name__startswith="brake:").count() == 1
    assert db.is_sqlite() or database.startswith("asyncpg")


async def test_what_they_said_is_theirs_after_they_left(city: City, cast: Cast) -> None:
    others = await make_appeal(city, text="чужі слова Ганни")
    await join(city, cast.account, others.id, "і в мене тече")
    await outbox.queue(Message(cast.account, "reply", {"lines": []}, appeal_id=others.id))
    await withdraw(city, others.id, cast.resident)
    (left,) = (await known_of(cast.account))["appeals"]
    assert [said["text"] for said in left["words"]] == ["і в мене тече", ""]
    assert (left["filed"], left["ratings"], left["answer"]) == (False, [], "")
    assert "Ганни" not in json.dumps(left, ensure_ascii=False)


async def test_who_floods_us_takes_the_newest_away(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(person, "MOST", 2)
    for number in range(3):
        await outbox.queue(Message(cast.account, "question", {"text": f"слово {number}"}))
        update = Received(Channel.TELEGRAM, str(number), cast.account.external_id, str(number))
        await inbox.receive([update])
    known = await known_of(cast.account)
    assert [each["text"] for each in known["messages"]] == ["question: слово 1", "question: слово 2"]
    assert [each["as_received"] for each in known["received"][0]["updates"]] == ["1", "2"]
