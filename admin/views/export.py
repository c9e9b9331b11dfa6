"""The list as it is filtered, as a file: CSV that flows while it is read, XLSX once it is whole."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from aiohttp import web

from admin import security, sheets
from admin.access import STAFF, Routes
from admin.keys import CITY, LANGUAGE, USER
from admin.sheets import Cell, CsvSheet, Sheet, XlsxSheet
from admin.views.queue import looked_for, read
from admin.wording import called
from core import clock, log
from core.city import City
from core.errors import Invalid
from core.i18n import t
from core.queries.panel import export
from core.queries.panel.export import Exported

routes = Routes()
COLUMNS: Final = (
    *("number", "kind", "status", "urgent", "category", "district", "address", "text", "executor", "channel"),
    *(
        "created",
        "due",
        "overdue",
        "answered",
        "closed",
        "answer",
        "supporters",
        "photos",
        "reworks",
        "reopenings",
    ),
)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SEPARATORS = {"uk": ";", "en": ","}
_log = log.get(__name__)
Begin = Callable[[list[str], str], Sheet]


@routes.route("GET", "/admin/export/csv", roles=STAFF)
async def as_csv(request: web.Request) -> web.StreamResponse:
    language = request[LANGUAGE]
    yes, separator = t("panel.export.yes", language), SEPARATORS[language]
    return await _send(
        request,
        "csv",
        "text/csv; charset=utf-8",
        lambda heading, _: CsvSheet(heading, yes=yes, separator=separator),
    )


@routes.route("GET", "/admin/export/xlsx", roles=STAFF)
async def as_xlsx(request: web.Request) -> web.StreamResponse:
    yes = t("panel.export.yes", request[LANGUAGE])
    return await _send(request, "xlsx", XLSX, lambda heading, title: XlsxSheet(heading, yes=yes, title=title))


async def _send(request: web.Request, ending: str, mime: str, begin: Begin) -> web.StreamResponse:
    """The file; to a script that asks so in frames, each a line of JSON that says how many rows are done.

    A frame is {"rows", "total", "bytes"}, and after it so many bytes of the file.
    """
    language, user = request[LANGUAGE], request[USER]
    filters = read(request.query, request.app[CITY], desk=user.desk)
    wanted = looked_for(filters.words)
    total = await export.count(user.actor, filters, wanted)
    if ending == "xlsx" and total > sheets.MOST_ROWS:
        raise Invalid("export.too_long", limit=sheets.MOST_ROWS)
    framed = request.headers.get("X-Progress") == "1"
    name = f"zvernys-{clock.now().astimezone(_zone(request)):%Y-%m-%d-%H%M}.{ending}"
    response = web.StreamResponse(
        headers={
            **security.HEADERS,
            "Content-Type": "application/octet-stream" if framed else mime,
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
            "X-Accel-Buffering": "no",
        }
    )
    heading = [t(f"panel.export.column.{column}", language) for column in COLUMNS]
    done, whole = 0, False
    # Begun and closed here, not in a thread: a handler that is cancelled at its end waits for none.
    sheet = begin(heading, t("panel.export.sheet", language))
    try:
        await response.prepare(request)
        async with aclosing(_pieces(request, sheet, export.batches(user.actor, filters, wanted))) as pieces:
            async for rows, piece in pieces:
                done += rows
                if framed:
                    frame = {"rows": done, "total": max(total, done), "bytes": len(piece)}
                    await response.write(json.dumps(frame).encode() + b"\n" + piece)
                elif piece:
                    await response.write(piece)
        await response.write_eof()
        whole = True
    except ConnectionError:
        pass  # who asked for it is gone
    finally:
        sheet.close()
        _log.info(
            "export.sent", staff=user.staff.id, format=ending, rows=done, whole=whole, view=filters.view.value
        )
    return response


async def _pieces(
    request: web.Request, sheet: Sheet, batches: AsyncGenerator[list[Exported]]
) -> AsyncGenerator[tuple[int, bytes]]:
    """How many rows were added, and what of the file is ready by that."""
    async with aclosing(batches):
        async for batch in batches:
            yield len(batch), await asyncio.to_thread(_add, request, sheet, batch)
    rest = sheet.rest()
    while (piece := await asyncio.to_thread(next, rest, None)) is not None:
        yield 0, piece


def _add(request: web.Request, sheet: Sheet, batch: Sequence[Exported]) -> bytes:
    city, language, zone, now = request.app[CITY], request[LANGUAGE], _zone(request), clock.now()
    return sheet.add([_cells(city, row, language, zone, now) for row in batch])


def _cells(city: City, row: Exported, language: str, zone: ZoneInfo, now: datetime) -> tuple[Cell, ...]:
    """In the order of COLUMNS."""
    return (
        row.number,
        t(f"panel.kind.{row.kind}", language),
        t(f"panel.status.{row.status}", language),
        row.urgent,
        called(city.categories, row.category, language),
        called(city.districts, row.district, language) if row.district else "",
        row.address,
        row.text,
        called(city.executors, row.executor, f"short_{language}") if row.executor else "",
        t(f"panel.channel.{row.channel}", language),
        _local(row.created_at, zone),
        _local(row.due_at, zone),
        row.due_at is not None and row.due_at < now,
        _local(row.answered_at, zone),
        _local(row.closed_at, zone),
        row.answer,
        row.supporters,
        row.photos,
        row.reworks,
        row.reopenings,
    )


def _local(instant: datetime | None, zone: ZoneInfo) -> datetime | None:
    return instant.astimezone(zone).replace(tzinfo=None) if instant else None


def _zone(request: web.Request) -> ZoneInfo:
    return ZoneInfo(request.app[CITY].pack.timezone)
