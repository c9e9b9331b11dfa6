"""The catalogue as files: a zip out; files in, shown as changes first and applied only then.

Nothing is kept between the two requests: what was uploaded travels in the form that applies it, and is read
and checked anew.
"""

import asyncio
import base64
import binascii
from collections.abc import Sequence
from functools import partial
from typing import Any

from aiohttp import BodyPartReader, web

from admin import catalogue as shared
from admin import pages
from admin.access import ADMINISTRATORS, Routes
from admin.catalogue import Form
from admin.forms import BROKEN
from admin.keys import CITY, LANGUAGE, USER
from core.errors import Conflict
from core.importing.apply import apply
from core.importing.archive import packed, unpacked
from core.importing.compare import NAMED
from core.importing.plan import Plan, planned
from core.importing.standing import export
from core.pack import FILES
from core.phrases import said

routes = Routes()
PAGE = "/admin/catalogue/files"
LARGEST = 16_000_000  # bytes of an upload; cities that need more are imported from the command line
CARRIED = LARGEST * 4 // 3 + 100_000  # the same on its way back, as text
Files = Sequence[tuple[str, bytes]]


@routes.route("GET", PAGE, roles=ADMINISTRATORS)
async def show(request: web.Request) -> web.Response:
    return await _page(request)


@routes.route("GET", "/admin/catalogue/export", roles=ADMINISTRATORS)
async def download(request: web.Request) -> web.Response:
    body = await asyncio.to_thread(packed, await export(request.app[CITY].settings))
    headers = {"Content-Disposition": 'attachment; filename="city.zip"', "Cache-Control": "no-store"}
    return web.Response(body=body, content_type="application/zip", headers=headers)


@routes.route("POST", PAGE, roles=ADMINISTRATORS)
async def look(request: web.Request) -> web.Response:
    """What the files would change."""
    files, _fields = await _received(request, LARGEST)
    return await _look(request, files, Form({}))


@routes.route("POST", f"{PAGE}/apply", roles=ADMINISTRATORS)
async def take(request: web.Request) -> web.Response:
    """As it was shown; where the city has changed since, it is shown anew."""
    _files, fields = await _received(request, CARRIED)
    try:
        content = base64.b64decode(fields.get("packed", b""), validate=True)
        revision = int(fields["revision"])
    except (binascii.Error, ValueError, KeyError) as error:
        raise web.HTTPBadRequest from error
    form, files = Form({}), [("pack.zip", content)]

    async def change() -> None:
        texts, aside = await asyncio.to_thread(unpacked, files)
        plan = await planned(request.app[CITY].settings, texts, aside)
        if plan.revision != revision:
            raise Conflict("import.overtaken")
        await apply(request.app[CITY].settings, plan, by=request[USER].actor.staff_id)

    if await shared.tried(request, form, change()):
        await request.app[CITY].refresh()
        return pages.see_other("/admin/catalogue/changes")
    return await _look(request, files, form)


async def _look(request: web.Request, files: Files, form: Form) -> web.Response:
    found: list[Plan] = []
    carried: list[bytes] = []

    async def plan() -> None:
        texts, aside = await asyncio.to_thread(unpacked, files)
        found.append(await planned(request.app[CITY].settings, texts, aside))
        carried.append(base64.b64encode(await asyncio.to_thread(packed, texts)))

    status = form.status
    if status != 422:  # noqa: PLR2004 - refused already
        form.status = 200
        error = form.error
        await shared.tried(request, form, plan())
        if form.status == 200:  # noqa: PLR2004 - readable
            form.status, form.error = status, error
    return await _page(request, form, found[0] if found else None, carried[0] if carried else b"")


async def _page(
    request: web.Request, form: Form | None = None, plan: Plan | None = None, carried: bytes = b""
) -> web.Response:
    context: dict[str, Any] = {
        "plan": plan,
        "moves": await plan.moves() if plan else None,
        "packed": carried.decode(),
        "said": partial(said, language=request[LANGUAGE]),
        "named": NAMED,
        "files": FILES,
        "largest": LARGEST // 1_000_000,
        "retrains": plan is not None and "taxonomy.toml" in plan.files,
    }
    return await shared.respond(request, "catalogue_files.html", context, form=form or Form({}))


async def _received(request: web.Request, most: int) -> tuple[list[tuple[str, bytes]], dict[str, bytes]]:
    """The files and the fields of a form, `most` bytes together."""
    if request.content_type != "multipart/form-data":
        raise web.HTTPBadRequest
    if (request.content_length or 0) > most + 100_000:
        raise web.HTTPRequestEntityTooLarge(most, request.content_length or 0)
    files: list[tuple[str, bytes]] = []
    fields: dict[str, bytes] = {}
    total = 0
    try:
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader) or not part.name:
                continue
            content = bytearray()
            while chunk := await part.read_chunk(65_536):
                content += chunk
                total += len(chunk)
                if total > most:
                    raise web.HTTPRequestEntityTooLarge(most, total)
            if part.filename:
                files.append((part.filename, bytes(content)))
            else:
                fields[part.name] = bytes(content)
            if len(files) + len(fields) > len(FILES) + 10:
                raise web.HTTPRequestEntityTooLarge(most, total)
    except BROKEN as error:
        raise web.HTTPBadRequest from error
    return files, fields
