"""Files that are no photos: told by what they are, kept as they came, in parts where a player asks."""

import hashlib
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.config import Media
from core.errors import Invalid
from core.media import MediaStore
from core.media_types import TYPES, recognise
from core.models.appeals import AttachmentKind
from tests.core.files import DOCX, KEPT, PDF, REFUSED, packed_type
from tests.core.pictures import EXECUTABLE, picture

DOCUMENT, PHOTO = AttachmentKind.DOCUMENT, AttachmentKind.PHOTO


@pytest.fixture
def store(tmp_path: Path) -> MediaStore:
    return MediaStore(Media(url=f"file://{tmp_path}/media", max_bytes=50_000, max_file_bytes=100_000))


def files(tmp_path: Path) -> list[str]:
    folder = tmp_path / "media"
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("name", KEPT)
def test_what_is_kept_is_told_by_its_content(name: str) -> None:
    content, extension = KEPT[name]
    found = recognise(content)
    assert found is not None
    assert found.extension == extension


@pytest.mark.parametrize("name", REFUSED)
def test_what_could_do_harm_or_is_not_known_is_nothing(name: str) -> None:
    assert recognise(REFUSED[name]) is None


def test_nothing_is_unpacked_to_be_told() -> None:
    """Of half a kilobyte bzip2 makes these megabytes, and of one kilobyte gigabytes."""
    content = packed_type(zipfile.ZIP_BZIP2, gap=20_000_000)
    assert len(content) < 1000
    tracemalloc.start()
    try:
        assert recognise(content) is None
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


DAMAGED = st.sampled_from([*(content for content, _ in KEPT.values()), *REFUSED.values()]).flatmap(
    lambda content: st.builds(
        lambda cut, junk: content[:cut] + junk, st.integers(0, len(content)), st.binary(max_size=40)
    )
)


@settings(max_examples=400, deadline=None, derandomize=True)
@given(DAMAGED | st.binary(max_size=300))
def test_a_damaged_file_breaks_nothing(content: bytes) -> None:
    found = recognise(content)
    assert found is None or found in TYPES.values()


@pytest.mark.parametrize("name", ["mp4", "ogg", "docx"])
async def test_it_is_kept_as_it_came_under_the_hash_of_it(
    store: MediaStore, tmp_path: Path, name: str
) -> None:
    content, extension = KEPT[name]
    stored = await store.put(content, DOCUMENT)
    digest = hashlib.sha256(content).hexdigest()
    assert (stored.sha256, stored.bytes, stored.kind) == (digest, len(content), TYPES[extension].kind)
    assert files(tmp_path) == [f"{digest[:2]}/{digest}.{extension}"]
    assert await store.put(content, DOCUMENT) == stored
    part = b"".join([chunk async for chunk in await store.part(stored.key, 2, 30)])
    assert part == content[2:30]
    await store.forget(stored.key)
    await store.forget(stored.key)
    assert files(tmp_path) == []
    with pytest.raises(FileNotFoundError):
        await store.part(stored.key, 0, 1)


async def test_an_image_sent_as_a_file_becomes_a_photo_without_exif(store: MediaStore) -> None:
    stored = await store.put(picture(), DOCUMENT)
    assert (stored.kind, stored.width, stored.height) == (PHOTO, 320, 240)
    assert b"Secret Camera" not in await store.get(stored.key, "full")


@pytest.mark.parametrize(
    ("content", "kind", "key"),
    [
        (EXECUTABLE, DOCUMENT, "media.not_allowed"),
        (EXECUTABLE, AttachmentKind.VIDEO, "media.not_allowed"),
        (PDF, PHOTO, "media.not_image"),
        (bytes(60_000), PHOTO, "media.too_large"),
        (DOCX + bytes(100_000), DOCUMENT, "media.too_large"),
    ],
)
async def test_what_is_refused_leaves_nothing(
    store: MediaStore, tmp_path: Path, content: bytes, kind: AttachmentKind, key: str
) -> None:
    with pytest.raises(Invalid) as refused:
        await store.put(content, kind)
    assert refused.value.key == key
    assert files(tmp_path) == []
