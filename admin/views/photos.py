"""Files, to whoever holds a link that we signed: the panel's pages, and Viber, which fetches photos by it.

A file that a resident sent is of the type that we found it to be, can run nothing, and a document is saved,
never opened here.
"""

from pathlib import PurePosixPath
from typing import cast
from urllib.parse import quote

from aiohttp import web

from admin.access import PUBLIC, Routes
from admin.keys import LINKS, MEDIA
from core import clock
from core.media import MIME, Shown, Size
from core.media_types import TYPES
from core.models import Attachment
from core.models.appeals import AttachmentKind, AttachmentState

routes = Routes()
_PHOTO = r"/media/{id:\d{1,18}}/{size:full|thumb}.jpg"
_FILE = r"/media/{id:\d{1,18}}/file"


async def photo(request: web.Request) -> web.Response:
    size = cast("Size", request.match_info["size"])
    attachment, age = await _asked_for(request, size)
    if attachment.kind is not AttachmentKind.PHOTO:
        raise web.HTTPNotFound
    try:
        content = await request.app[MEDIA].get(attachment.key, size)
    except FileNotFoundError as error:
        raise web.HTTPNotFound from error
    return web.Response(body=content, content_type=MIME, headers=_headers(age))


async def file(request: web.Request) -> web.Response:
    """A video, a voice message or a document; a part of it where a player asks for one."""
    attachment, age = await _asked_for(request, "file")
    known = TYPES.get(PurePosixPath(attachment.key).suffix.removeprefix("."))
    if known is None:
        raise web.HTTPNotFound
    headers = _headers(age) | {
        "Content-Type": known.mime,
        "Content-Disposition": _disposition(attachment, known.extension),
        "Accept-Ranges": "bytes",
    }
    part = _part(request, attachment.bytes)
    status = 200
    if part is None:
        part = slice(0, attachment.bytes)
    else:
        status = 206
        headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{attachment.bytes}"
    headers["Content-Length"] = str(part.stop - part.start)
    try:
        body = await request.app[MEDIA].part(attachment.key, part.start, part.stop)
    except FileNotFoundError as error:
        raise web.HTTPNotFound from error
    return web.Response(status=status, body=body, headers=headers)


async def _asked_for(request: web.Request, shown: Shown) -> tuple[Attachment, int]:
    """The stored file of a link that holds, and for how many seconds it goes on to hold."""
    attachment_id = int(request.match_info["id"])
    expires, sign = request.query.get("until", ""), request.query.get("sign", "")
    until = int(expires) if expires.isascii() and expires.isdigit() and len(expires) < 12 else 0  # noqa: PLR2004
    if not request.app[LINKS].holds(attachment_id, shown, until, sign):
        raise web.HTTPForbidden
    attachment = await Attachment.get_or_none(id=attachment_id, state=AttachmentState.STORED)
    if attachment is None:
        raise web.HTTPNotFound
    return attachment, max(0, until - int(clock.now().timestamp()))


def _headers(age: int) -> dict[str, str]:
    return {
        "Cache-Control": f"private, max-age={age}",
        "Content-Security-Policy": "default-src 'none'; media-src 'self'; sandbox",
        "Cross-Origin-Resource-Policy": "same-site",
    }


def _disposition(attachment: Attachment, extension: str) -> str:
    """How it is saved: by the sender's name for it, with the ending of what it is."""
    stem = PurePosixPath(attachment.name).stem or f"{attachment.kind.value}-{attachment.id}"
    how = "attachment" if attachment.kind is AttachmentKind.DOCUMENT else "inline"
    return f"{how}; filename*=UTF-8''{quote(f'{stem}.{extension}', safe='')}"


def _part(request: web.Request, size: int) -> slice | None:
    """The one range that is asked for, if any; 416 for one that the file doesn't have."""
    if not request.headers.get("Range"):
        return None
    try:
        start, end, _ = request.http_range.indices(size)
    except ValueError:
        start = end = size
    if start >= end:
        raise web.HTTPRequestRangeNotSatisfiable(headers={"Content-Range": f"bytes */{size}"})
    return slice(start, end)


for _method in ("GET", "HEAD"):
    routes.route(_method, _PHOTO, roles=PUBLIC)(photo)
    routes.route(_method, _FILE, roles=PUBLIC)(file)
