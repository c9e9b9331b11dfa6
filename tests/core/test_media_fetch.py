"""Fetching photos from the platforms: retried, verified, counted, once."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from core import media_fetch
from core.city import City
from core.config import Media
from core.courier import Refused, TryAgain
from core.media import MediaStore
from core.media_fetch import ATTEMPTS, LEASE, Fetch
from core.models import Appeal, Attachment, Channel, Outbox
from core.models.appeals import AttachmentKind, AttachmentState
from tests.builders import make_account, make_appeal, make_photo
from tests.core.conftest import Time
from tests.core.files import KEPT, PDF
from tests.core.pictures import EXECUTABLE, bomb, picture


class Platform:
    """What each source gives: bytes, or a failure; counts who asked."""

    def __init__(self, **sources: bytes | Exception) -> None:
        self.sources = sources
        self.asked: list[str] = []
        self.meanwhile: asyncio.Event | None = None

    async def fetch(self, source: str) -> AsyncIterator[bytes]:
        self.asked.append(source)
        content = self.sources[source]
        if isinstance(content, Exception):
            raise content
        for start in range(0, len(content), 1000):
            await asyncio.sleep(0)
            yield content[start : start + 1000]

    @property
    def fetchers(self) -> dict[Channel, Fetch]:
        return {Channel.TELEGRAM: self.fetch}


@pytest.fixture
def store(tmp_path: Path) -> MediaStore:
    return MediaStore(Media(url=f"file://{tmp_path}/media", max_bytes=100_000))


async def fetch(platform: Platform, store: MediaStore) -> int:
    return await media_fetch.fetch_due(store, platform.fetchers)


pytestmark = pytest.mark.usefixtures("database")


async def test_a_photo_is_brought_home_and_its_source_forgotten(store: MediaStore) -> None:
    photo = await make_photo(await make_account(), source="a")
    assert await fetch(Platform(a=picture()), store) == 1
    row = await Attachment.get(id=photo.id)
    assert (row.state, row.mime, row.width, row.height) == (AttachmentState.STORED, "image/jpeg", 320, 240)
    assert (row.source, row.draft) == ("", "d1")
    assert len(await store.get(row.key, "full")) == row.bytes
    assert len(row.sha256) == 64
    assert await fetch(Platform(), store) == 0
    assert await Outbox.all().count() == 0


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (EXECUTABLE, "media.not_image"),
        (bomb(60_000, 60_000), "media.too_many_pixels"),
        (b"\xff" * 100_001, "media.too_large"),
        (Refused("Bad Request: file is too big"), "media.too_large"),
        (Refused("HTTP 404"), "media.gone"),
    ],
    ids=["exe", "bomb", "stream", "platform's limit", "gone"],
)
async def test_what_cannot_be_taken_is_told_and_not_counted(
    city: City, store: MediaStore, content: bytes | Exception, key: str
) -> None:
    account = await make_account()
    await make_photo(account, source="bad")
    await make_photo(account, source="good")
    appeal = await make_appeal(city, account, draft="d1")
    assert appeal.photos == 2
    await fetch(Platform(bad=content, good=picture()), store)
    bad = await Attachment.get(error=key)
    assert (bad.state, bad.source) == (AttachmentState.REFUSED, "")
    assert (await Appeal.get(id=appeal.id)).photos == 1
    message = await Outbox.get()
    assert (message.kind, message.body["error"], message.appeal_id) == ("photo_refused", key, appeal.id)
    assert ("megabytes" in message.body["params"]) == (key == "media.too_large")
    assert (await Attachment.get(state=AttachmentState.STORED)).appeal_id == appeal.id


async def test_one_filed_while_it_was_fetched_is_counted_right(city: City, store: MediaStore) -> None:
    account = await make_account()
    await make_photo(account, source="a")
    filed = []

    async def slow(_source: str) -> AsyncIterator[bytes]:
        filed.append(await make_appeal(city, account, draft="d1"))
        yield EXECUTABLE

    await media_fetch.fetch_due(store, {Channel.TELEGRAM: slow})
    (appeal,) = filed
    assert appeal.photos == 1
    assert (await Appeal.get(id=appeal.id)).photos == 0
    assert (await Outbox.get()).appeal_id == appeal.id


@pytest.mark.parametrize(
    "trouble", [TryAgain("HTTP 502"), OSError("disk"), TimeoutError(), RuntimeError("not foreseen")]
)
async def test_trouble_is_tried_again_with_pauses_and_then_told(
    store: MediaStore, time: Time, trouble: Exception
) -> None:
    account = await make_account(language="en")
    photo = await make_photo(account, source="a")
    healthy = await make_photo(account, source="b")
    platform = Platform(a=trouble, b=picture())
    pauses = []
    for _ in range(ATTEMPTS - 1):
        await fetch(platform, store)
        row = await Attachment.get(id=photo.id)
        assert row.state is AttachmentState.WAITING
        pauses.append((row.due_at - time.now).total_seconds())
        time.now = row.due_at - timedelta(seconds=1)
        assert await fetch(platform, store) == 0, "not before it is due"
        time.now = row.due_at
    assert pauses == [2, 4, 8, 16, 32, 64, 120]
    await fetch(platform, store)
    row = await Attachment.get(id=photo.id)
    assert (row.state, row.error, row.source) == (AttachmentState.REFUSED, "media.gone", "")
    assert [message.kind for message in await Outbox.all()] == ["photo_refused"]
    assert (await Attachment.get(id=healthy.id)).state is AttachmentState.STORED
    assert await fetch(platform, store) == 0


async def test_two_at_once_fetch_once(store: MediaStore) -> None:
    for number in range(6):
        await make_photo(await make_account(), source=f"s{number}")
    platform = Platform(**{f"s{number}": picture() for number in range(6)})
    taken = await asyncio.gather(*(fetch(platform, store) for _ in range(3)))
    assert sum(taken) == 6
    assert sorted(platform.asked) == [f"s{number}" for number in range(6)]
    assert await Attachment.filter(state=AttachmentState.STORED).count() == 6


async def test_who_dies_fetching_leaves_it_to_the_next(store: MediaStore, time: Time) -> None:
    await make_photo(await make_account(), source="a")

    async def dies(_source: str) -> AsyncIterator[bytes]:
        yield b""
        raise asyncio.CancelledError

    await asyncio.gather(media_fetch.fetch_due(store, {Channel.TELEGRAM: dies}), return_exceptions=True)
    platform = Platform(a=picture())
    assert await fetch(platform, store) == 0, "it may still be alive"
    time.passes(seconds=LEASE.total_seconds())
    assert await fetch(platform, store) == 1


async def test_a_channel_switched_off_keeps_its_photos_waiting(store: MediaStore) -> None:
    await make_photo(await make_account(Channel.VIBER), source="v")
    assert await fetch(Platform(), store) == 0
    assert (await Attachment.get()).state is AttachmentState.WAITING


@pytest.mark.parametrize(
    ("sent_as", "content", "found"),
    [
        (AttachmentKind.VIDEO, KEPT["mp4"][0], AttachmentKind.VIDEO),
        (AttachmentKind.VOICE, KEPT["ogg"][0], AttachmentKind.VOICE),
        (AttachmentKind.DOCUMENT, PDF, AttachmentKind.DOCUMENT),
        (AttachmentKind.DOCUMENT, KEPT["m4a"][0], AttachmentKind.VOICE),
        (AttachmentKind.DOCUMENT, picture(), AttachmentKind.PHOTO),
    ],
)
async def test_a_file_is_what_its_content_is(
    store: MediaStore, sent_as: AttachmentKind, content: bytes, found: AttachmentKind
) -> None:
    sent = await make_photo(await make_account(), source="a", kind=sent_as, name="Заява.pdf")
    await fetch(Platform(a=content), store)
    row = await Attachment.get(id=sent.id)
    assert (row.state, row.kind, row.name) == (AttachmentState.STORED, found, "Заява.pdf")
    assert (row.source, row.width) == ("", 320 if found is AttachmentKind.PHOTO else 0)


async def test_a_file_that_is_refused_is_told_of_as_one(city: City, store: MediaStore) -> None:
    account = await make_account()
    await make_photo(account, source="a", kind=AttachmentKind.DOCUMENT)
    appeal = await make_appeal(city, account, draft="d1")
    await fetch(Platform(a=EXECUTABLE), store)
    assert (await Appeal.get(id=appeal.id)).photos == 0
    body = (await Outbox.get()).body
    assert (body["error"], body["kind"]) == ("media.not_allowed", "document")
