"""Photos: told by what they are, freed of what they say about their owner, shown by signed links."""

import asyncio
import io
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from core.config import Media
from core.errors import Invalid
from core.media import CAP, FULL, THUMB, Links, MediaStore, _recode
from tests.core.conftest import Time
from tests.core.pictures import CAMERA, EXECUTABLE, PLACE, bomb, picture


@pytest.fixture
def store(tmp_path: Path) -> MediaStore:
    return MediaStore(Media(url=f"file://{tmp_path}/new/media", max_bytes=200_000))


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


@pytest.mark.parametrize(
    ("kind", "mode"), [("JPEG", "RGB"), ("PNG", "RGBA"), ("PNG", "L"), ("PNG", "1"), ("WEBP", "RGB")]
)
async def test_a_photo_is_kept_as_a_jpeg_without_what_it_says_of_its_owner(
    store: MediaStore, kind: str, mode: str
) -> None:
    content = picture(kind, mode=mode)
    assert b"Secret Camera" in content
    photo = await store.put(content)
    assert (photo.width, photo.height) == (320, 240)
    for size in ("full", "thumb"):
        stored = await store.get(photo.key, size)
        assert b"Secret Camera" not in stored
        image = opened(stored)
        assert image.format == "JPEG"
        exif = image.getexif()
        assert CAMERA not in exif
        assert not exif.get_ifd(PLACE)
    assert len(await store.get(photo.key, "full")) == photo.bytes


async def test_a_turned_photo_is_stored_upright(store: MediaStore) -> None:
    photo = await store.put(picture(turned=True))
    assert (photo.width, photo.height) == (240, 320)


async def test_a_large_one_is_made_smaller(store: MediaStore) -> None:
    photo = await store.put(picture(size=(3000, 1500)))
    assert (photo.width, photo.height) == (FULL, FULL // 2)
    thumb = opened(await store.get(photo.key, "thumb"))
    assert thumb.size == (THUMB, THUMB // 2)


async def test_even_noise_stays_below_what_viber_takes(tmp_path: Path) -> None:
    store = MediaStore(Media(url=f"file://{tmp_path}/m"))
    noise = io.BytesIO()
    Image.effect_noise((2000, 1500), 250).convert("RGB").save(noise, "JPEG", quality=95)
    photo = await store.put(noise.getvalue())
    assert photo.bytes <= CAP < len(noise.getvalue())


async def test_the_same_content_twice_is_one_photo(store: MediaStore) -> None:
    first, second = await asyncio.gather(store.put(picture()), store.put(picture()))
    assert first == second
    assert (await store.put(picture("PNG"))).key != first.key


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (EXECUTABLE, "media.not_image"),
        (b"", "media.not_image"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "media.not_image"),
        (b"GIF89a" + b"\x00" * 100, "media.not_image"),
        (picture()[:400], "media.not_image"),
        (b"\xff\xd8\xff\xe0" + b"\x00" * 200, "media.not_image"),
        (bomb(9000, 9000), "media.too_many_pixels"),
        (bomb(60_000, 60_000), "media.too_many_pixels"),
        (b"\x00" * 200_001, "media.too_large"),
    ],
    ids=["exe", "empty", "svg", "gif", "cut", "header", "bomb", "large bomb", "large"],
)
async def test_what_is_no_photo_is_refused(
    store: MediaStore, tmp_path: Path, content: bytes, key: str
) -> None:
    with pytest.raises(Invalid) as refused:
        await store.put(content)
    assert refused.value.key == key
    assert not [path for path in (tmp_path / "new" / "media").rglob("*") if path.is_file()]


async def test_an_endless_stream_is_cut_short(store: MediaStore) -> None:
    given_out = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal given_out
        while True:
            given_out += 1
            yield b"\xff" * 65_536

    with pytest.raises(Invalid, match=r"media\.too_large"):
        await store.take(endless())
    assert given_out == 4


@pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow's, about EXIF that is damaged
@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    st.sampled_from(["JPEG", "PNG", "WEBP"]),
    st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 255)), min_size=1, max_size=12),
    st.integers(10, 4000),
)
def test_a_damaged_file_is_a_photo_or_refused(kind: str, damage: list[tuple[int, int]], cut: int) -> None:
    content = bytearray(picture(kind, (64, 48))[:cut])
    for place, value in damage:
        if place < len(content):
            content[place] = value
    try:
        full, thumb, size = _recode(bytes(content), 50_000_000)
    except Invalid as refusal:
        assert refusal.key in {"media.not_image", "media.too_many_pixels"}  # noqa: PT017 - it may be raised
    else:
        assert opened(full).size == size
        assert opened(thumb).format == "JPEG"


async def test_what_is_gone_says_so(store: MediaStore) -> None:
    with pytest.raises(FileNotFoundError):
        await store.get("ab/none", "full")


class TestLinks:
    links = Links("s" * 40, "https://city.example")

    def fields(self, path: str) -> tuple[int, str, int, str]:
        where, _, query = path.partition("?")
        _, _, number, file = where.split("/")
        values = dict(pair.split("=") for pair in query.split("&"))
        return int(number), file.removesuffix(".jpg"), int(values["until"]), values["sign"]

    def test_a_link_opens_its_photo_until_its_time(self, time: Time) -> None:
        until = time.now + timedelta(days=1)
        path = self.links.path(7, "full", until)
        assert self.links.url(7, "full", until) == f"https://city.example{path}"
        assert self.links.holds(*self.fields(path))
        time.passes(days=1)
        assert self.links.holds(*self.fields(path))
        time.passes(seconds=1)
        assert not self.links.holds(*self.fields(path))

    def test_nothing_else_opens_by_it(self, time: Time) -> None:
        number, size, expires, sign = self.fields(self.links.path(7, "thumb", time.now + timedelta(days=1)))
        assert not self.links.holds(8, size, expires, sign)
        assert not self.links.holds(number, "full", expires, sign)
        assert not self.links.holds(number, size, expires + 1, sign)
        assert not self.links.holds(number, size, expires, "")
        assert not self.links.holds(number, size, expires, "ж" * 32)
        assert not Links("t" * 40).holds(number, size, expires, sign)
