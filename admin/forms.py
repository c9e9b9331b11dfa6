"""What a browser sent in a form: text as text, and photos, of whatever size, in pieces."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import date

from aiohttp import BodyPartReader, web
from aiohttp.http_exceptions import HttpProcessingError

from core.errors import Invalid
from core.media import MediaStore, Stored

MAX_PHOTOS = 10
MAX_FIELD = 64_000  # bytes of one typed text
MAX_FIELDS = 40

# What aiohttp raises of a body that breaks off, is in no known encoding, or is no form at all.
BROKEN = (ValueError, LookupError, AssertionError, HttpProcessingError)


@dataclass(slots=True)
class Sent:
    """The fields of a form; of several with one name, all. `refused` are photos that were none."""

    fields: dict[str, list[str]] = field(default_factory=dict)
    photos: list[Stored] = field(default_factory=list)
    refused: Invalid | None = None

    def text(self, name: str) -> str:
        return (self.fields.get(name) or [""])[0].replace("\x00", "").replace("\r\n", "\n")

    def texts(self, name: str) -> tuple[str, ...]:
        """All that was sent under one name, such as the ticked of several boxes."""
        return tuple(text.replace("\x00", "") for text in self.fields.get(name, []))

    def integer(self, name: str) -> int | None:
        return as_integer(self.text(name))

    def integers(self, name: str) -> tuple[int, ...]:
        found = (as_integer(text) for text in self.fields.get(name, [])[:MAX_FIELDS])
        return tuple(number for number in found if number is not None)


def as_integer(text: str) -> int | None:
    """A number that fits a database's integer; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None  # noqa: PLR2004


def as_day(text: str) -> date | None:
    """A day as a date field sends it; None for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


async def read(request: web.Request, media: MediaStore | None = None) -> Sent:
    """The form; photos are stored at once where `media` is given, and skipped otherwise."""
    if request.content_type == "multipart/form-data":
        return await _parts(request, media)
    sent = Sent()
    try:
        fields = await request.post()
    except BROKEN as error:
        raise web.HTTPBadRequest from error
    for name, value in fields.items():
        if isinstance(value, str):
            sent.fields.setdefault(name, []).append(value)
    return sent


async def _parts(request: web.Request, media: MediaStore | None) -> Sent:
    sent = Sent()
    try:
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader) or not part.name:
                continue
            if part.filename is None:
                text = (await _whole(part)).decode("utf-8", "replace")
                sent.fields.setdefault(part.name, []).append(text)
            elif part.filename and media is not None:
                await _photo(part, media, sent)
            if sum(map(len, sent.fields.values())) > MAX_FIELDS:  # of one name or of many, all are kept
                raise web.HTTPRequestEntityTooLarge(MAX_FIELDS, MAX_FIELDS)
    except BROKEN as error:
        raise web.HTTPBadRequest from error
    return sent


async def _photo(part: BodyPartReader, media: MediaStore, sent: Sent) -> None:
    """Take one photo; what is none is remembered and the rest read on, so that the words are not lost."""
    if len(sent.photos) >= MAX_PHOTOS:
        sent.refused = Invalid("panel.form.too_many_photos", limit=MAX_PHOTOS)
        return
    try:
        sent.photos.append(await media.take(_chunks(part)))
    except Invalid as refused:
        sent.refused = refused


async def _chunks(part: BodyPartReader) -> AsyncIterator[bytes]:
    while chunk := await part.read_chunk(65_536):
        yield bytes(chunk)


async def _whole(part: BodyPartReader) -> bytes:
    content = bytearray()
    async for chunk in _chunks(part):
        content += chunk
        if len(content) > MAX_FIELD:
            raise web.HTTPRequestEntityTooLarge(MAX_FIELD, len(content))
    return bytes(content)
