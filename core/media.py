"""Photos: taken in by content, freed of personal data, kept in a folder or in S3, shown by signed links.

Whatever a file calls itself, it is a photo only if it decodes as one. It is stored re-encoded, so that
EXIF (place, camera, owner) and anything hidden behind the pixels is gone.
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

FORMATS = ("JPEG", "PNG", "WEBP")
FULL = 2048  # pixels of the longer side; enough to read a meter
THUMB = 320
CAP = 1_000_000  # Viber takes JPEGs of at most 1 MB
MIME = "image/jpeg"
Image.MAX_IMAGE_PIXELS = None  # counted by ourselves before anything is decoded

Size = Literal["full", "thumb"]
SIZES: tuple[Size, ...] = ("full", "thumb")


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo as stored; `key` names its folder within the store."""

    key: str
    sha256: str  # of what was received
    bytes: int
    width: int
    height: int


class MediaStore:
    """Where photos are; the same calls for a folder and for S3."""

    def __init__(self, settings: MediaSettings) -> None:
        self._settings = settings
        url = settings.url
        if url.startswith("file://"):
            folder = Path(url.removeprefix("file://")).absolute()
            folder.mkdir(parents=True, exist_ok=True)
            url = folder.as_uri()
        self._store = obstore.store.from_url(url)

    async def take(self, chunks: AsyncIterator[bytes]) -> Photo:
        """Store a photo that arrives in chunks; Invalid where it is too large or is none."""
        content = bytearray()
        async for chunk in chunks:
            content += chunk
            if len(content) > self._settings.max_bytes:
                raise Invalid("media.too_large", megabytes=self._settings.max_bytes // 1_000_000)
        return await self.put(bytes(content))

    async def put(self, content: bytes) -> Photo:
        """Store a photo; the same content twice is stored once."""
        if len(content) > self._settings.max_bytes:
            raise Invalid("media.too_large", megabytes=self._settings.max_bytes // 1_000_000)
        full, thumb, size = await asyncio.to_thread(_recode, content, self._settings.max_pixels)
        digest = hashlib.sha256(content).hexdigest()
        photo = Photo(
            key=f"{digest[:2]}/{digest}", sha256=digest, bytes=len(full), width=size[0], height=size[1]
        )
        await obstore.put_async(self._store, f"{photo.key}/full.jpg", full)
        await obstore.put_async(self._store, f"{photo.key}/thumb.jpg", thumb)
        return photo

    async def forget(self, key: str) -> None:
        """Delete a photo; what is gone already is no error."""
        for size in SIZES:
            with suppress(FileNotFoundError):
                await obstore.delete_async(self._store, f"{key}/{size}.jpg")

    async def get(self, key: str, size: Size) -> bytes:
        """The JPEG; FileNotFoundError where it is gone."""
        result = await obstore.get_async(self._store, f"{key}/{size}.jpg")
        return bytes(await result.bytes_async())


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
    """Signed, expiring addresses of photos, for the panel's pages and for Viber, which fetches by URL."""

    def __init__(self, secret: str, public_url: str = "") -> None:
        self._secret = secret.encode()
        self._public_url = public_url

    def path(self, attachment_id: int, size: Size, until: datetime) -> str:
        expires = int(until.timestamp())
        sign = self._sign(attachment_id, size, expires)
        return f"/media/{attachment_id}/{size}.jpg?until={expires}&sign={sign}"

    def url(self, attachment_id: int, size: Size, until: datetime) -> str:
        return self._public_url + self.path(attachment_id, size, until)

    def holds(self, attachment_id: int, size: str, expires: int, sign: str) -> bool:
        """Whether the link is ours and still good."""
        expected = self._sign(attachment_id, size, expires)
        return hmac.compare_digest(expected.encode(), sign.encode()) and expires >= clock.now().timestamp()

    def _sign(self, attachment_id: int, size: str, expires: int) -> str:
        message = f"{attachment_id}/{size}/{expires}".encode()
        return hmac.new(self._secret, message, hashlib.sha256).hexdigest()[:32]
