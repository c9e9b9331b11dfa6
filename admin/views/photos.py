"""Photos, to whoever holds a link that we signed: the panel's pages, and Viber, which fetches by address."""

from typing import cast

from aiohttp import web

from admin.access import PUBLIC, Routes
from admin.keys import LINKS, MEDIA
from core import clock
from core.media import MIME, Size
from core.models import Attachment
from core.models.appeals import AttachmentState

routes = Routes()
_PATH = r"/media/{id:\d{1,18}}/{size:full|thumb}.jpg"


async def photo(request: web.Request) -> web.Response:
    attachment_id, size = int(request.match_info["id"]), cast("Size", request.match_info["size"])
    expires, sign = request.query.get("until", ""), request.query.get("sign", "")
    until = int(expires) if expires.isascii() and expires.isdigit() and len(expires) < 12 else 0  # noqa: PLR2004
    if not request.app[LINKS].holds(attachment_id, size, until, sign):
        raise web.HTTPForbidden
    key = await Attachment.get_or_none(id=attachment_id, state=AttachmentState.STORED).values_list(
        "key", flat=True
    )
    if not key:
        raise web.HTTPNotFound
    try:
        content = await request.app[MEDIA].get(str(key), size)
    except FileNotFoundError as error:
        raise web.HTTPNotFound from error
    age = max(0, until - int(clock.now().timestamp()))
    return web.Response(
        body=content,
        content_type=MIME,
        headers={
            "Cache-Control": f"private, max-age={age}",
            "Content-Security-Policy": "default-src 'none'",
            "Cross-Origin-Resource-Policy": "same-site",
        },
    )


for _method in ("GET", "HEAD"):
    routes.route(_method, _PATH, roles=PUBLIC)(photo)
