"""Files: taken in by content, kept in a folder or in S3 under a hash of it, shown by signed links.

Whatever a file calls itself, it is a photo only if it decodes as one. It is stored re-encoded, so that
EXIF (place, camera, owner) and anything hidden behind the pixels is gone. Videos, voice messages and
documents are stored as they came, with whatever they say of their owner: nothing here could take that out
of every format. They are for the operator's panel alone, and are never sent on.
"""

import asyncio
import hashlib
import hmac
import io
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

import obstore
from PIL import Image, ImageOps, UnidentifiedImageError

from core import clock
from core.config import Media as MediaSettings
from core.errors import Invalid
from core.media_types import recognise
from core.models.appeals import AttachmentKind

FORMATS = ("JPEG", "PNG", "WEBP")
FULL = 2048  # pixels of the longer side; enough to read a meter
THUMB = 320
CAP = 1_000_000  # Viber takes JPEGs of at most 1 MB
MIME = "image/jpeg"
Image.MAX_IMAGE_PIXELS = None  # counted by ourselves before anything is decoded

Size = Literal["full", "thumb"]
SIZES: tuple[Size, ...] = ("full", "thumb")
Shown = Size | Literal["file"]  # a photo in one of its sizes, or any other file as it came


@dataclass(frozen=True, slots=True)
class Stored:
    """A file as stored; `key` names it within the store: a folder of a photo's sizes, or the file itself."""

    kind: AttachmentKind
    key: str
    sha256: str  # of what was received
    bytes: int
    width: int = 0  # of a photo
    height: int = 0


class MediaStore:
    """Where files are; the same calls for a folder and for S3."""

    def __init__(self, settings: MediaSettings) -> None:
        self._settings = settings
        self._store = open_store(settings.url)

    def largest(self, kind: AttachmentKind) -> int:
        """The most bytes such a file may have."""
        return largest(self._settings, kind)

    async def take(self, chunks: AsyncIterator[bytes], kind: AttachmentKind = AttachmentKind.PHOTO) -> Stored:
        """Store what arrives in chunks; Invalid where it is too large or nothing that is kept."""
        content = bytearray()
        async for chunk in chunks:
            content += chunk
            self._measure(len(content), kind)
        return await self.put(bytes(content), kind)

    async def put(self, content: bytes, kind: AttachmentKind = AttachmentKind.PHOTO) -> Stored:
        """Store a file; the same content twice is stored once.

        What should be a photo must be one. Anything else is taken for what its content is.
        """
        self._measure(len(content), kind)
        digest = hashlib.sha256(content).hexdigest()
        key = f"{digest[:2]}/{digest}"
        if kind is AttachmentKind.PHOTO:
            return await self._put_photo(content, digest, key)
        found = await asyncio.to_thread(recognise, content)
        if found is None:
            raise Invalid("media.not_allowed")
        if found.kind is AttachmentKind.PHOTO:
            return await self._put_photo(content, digest, key)
        await obstore.put_async(self._store, f"{key}.{found.extension}", content)
        return Stored(found.kind, f"{key}.{found.extension}", digest, len(content))

    async def _put_photo(self, content: bytes, digest: str, key: str) -> Stored:
        full, thumb, size = await asyncio.to_thread(_recode, content, self._settings.max_pixels)
        await obstore.put_async(self._store, f"{key}/full.jpg", full)
        await obstore.put_async(self._store, f"{key}/thumb.jpg", thumb)
        return Stored(AttachmentKind.PHOTO, key, digest, len(full), width=size[0], height=size[1])

    def _measure(self, size: int, kind: AttachmentKind) -> None:
        limit = self.largest(kind)
        if size > limit:
            raise Invalid("media.too_large", megabytes=limit // 1_000_000)

    async def forget(self, key: str) -> None:
        """Delete a file; what is gone already is no error."""
        for path in (key,) if "." in key else [f"{key}/{size}.jpg" for size in SIZES]:
            with suppress(FileNotFoundError):
                await obstore.delete_async(self._store, path)

    async def get(self, key: str, size: Size) -> bytes:
        """A photo's JPEG; FileNotFoundError where it is gone."""
        result = await obstore.get_async(self._store, f"{key}/{size}.jpg")
        return bytes(await result.bytes_async())

    async def part(self, key: str, start: int, end: int) -> AsyncIterator[bytes]:
        """Bytes `start` up to `end` of a file that is no photo; FileNotFoundError where it is gone."""
        result = await obstore.get_async(self._store, key, options={"range": (start, end)})
        return (bytes(chunk) async for chunk in result.stream())


def largest(settings: MediaSettings, kind: AttachmentKind) -> int:
    """The most bytes such a file may have."""
    return settings.max_bytes if kind is AttachmentKind.PHOTO else settings.max_file_bytes


def open_store(url: str) -> obstore.store.ObjectStore:
    """The folder (file://, made where it is not there) or bucket (s3://) of an address."""
    if url.startswith("file://"):
        folder = Path(url.removeprefix("file://")).absolute()
        folder.mkdir(parents=True, exist_ok=True)
        url = folder.as_uri()
    return obstore.store.from_url(url)


def _recode(content: bytes, max_pixels: int) -> tuple[bytes, bytes, tuple[int, int]]:
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
            if opened.width * opened.height > max_pixels:
                raise Invalid("media.too_many_pixels", megapixels=max_pixels // 1_000_000)
            opened.draft("RGB", (FULL, FULL))
            image = ImageOps.exif_transpose(opened).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise Invalid("media.not_image") from error
    image.thumbnail((FULL, FULL))
    small = image.copy()
    small.thumbnail((THUMB, THUMB))
    return _jpeg(image), _jpeg(small), image.size


def _jpeg(image: Image.Image) -> bytes:
    for quality in (85, 70, 50, 30, 10):
        out = io.BytesIO()
        image.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
        if out.tell() <= CAP:
            break
    return out.getvalue()


class Links:
    """Signed, expiring addresses of files, for the panel's pages and for Viber, which fetches by URL."""

    def __init__(self, secret: str, public_url: str = "") -> None:
        self._secret = secret.encode()
        self._public_url = public_url

    def path(self, attachment_id: int, size: Shown, until: datetime) -> str:
        expires = int(until.timestamp())
        sign = self._sign(f"{attachment_id}/{size}/{expires}")
        name = size if size == "file" else f"{size}.jpg"
        return f"/media/{attachment_id}/{name}?until={expires}&sign={sign}"

    def url(self, attachment_id: int, size: Shown, until: datetime) -> str:
        return self.address(self.path(attachment_id, size, until))

    def holds(self, attachment_id: int, size: str, expires: int, sign: str) -> bool:
        """Whether the link is ours and still good."""
        return self._good(f"{attachment_id}/{size}/{expires}", expires, sign)

    def token(self, what: str, until: datetime) -> str:
        """Proves until then that we allowed `what`, which stands in it to be read."""
        expires = int(until.timestamp())
        return f"{what}.{expires}.{self._sign(f'token/{what}/{expires}')}"

    def allowed(self, token: str) -> str | None:
        """What the token allows; None where it isn't ours, or good no more."""
        what, _, rest = token.partition(".")
        expires, _, sign = rest.partition(".")
        if not (expires.isascii() and expires.isdigit() and len(expires) < 12):  # noqa: PLR2004 - of an instant
            return None
        return what if self._good(f"token/{what}/{expires}", int(expires), sign) else None

    def address(self, path: str) -> str:
        """As it is reached from outside."""
        return self._public_url + path

    def _good(self, message: str, expires: int, sign: str) -> bool:
        right = hmac.compare_digest(self._sign(message).encode(), sign.encode("utf-8", "replace"))
        return right and expires >= clock.now().timestamp()

    def _sign(self, message: str) -> str:
        return hmac.new(self._secret, message.encode("utf-8", "replace"), hashlib.sha256).hexdigest()[:32]
