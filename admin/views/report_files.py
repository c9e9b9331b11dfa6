"""The report of a period as a file: one table after another in CSV, a sheet each in XLSX."""

import asyncio
from collections.abc import Iterator, Sequence

from aiohttp import web

from admin import periods, reporting, security
from admin.access import WATCH, Routes
from admin.keys import CITY, LANGUAGE, USER
from admin.report_book import workbook
from admin.reporting import Table
from admin.sheets import Cell, CsvSheet
from admin.views.export import SEPARATORS, XLSX
from admin.views.reports import PATH, field_of
from core import log, report_words
from core.i18n import t
from core.periods import Period
from core.queries.reports.report import Report, report

routes = Routes()
COLUMNS = ("table", "name", "count", "before", "answered", "in_time", "overdue")
_PIECE = 1 << 16
_log = log.get(__name__)


@routes.route("GET", f"{PATH}/csv", roles=WATCH)
async def as_csv(request: web.Request) -> web.StreamResponse:
    language = request[LANGUAGE]
    period, _, tables = await _read(request)
    heading = [t(f"panel.report.column.{column}", language) for column in COLUMNS]
    sheet = CsvSheet(heading, yes="", separator=SEPARATORS[language])
    try:
        pieces = [sheet.add(list(_cells(table, language))) for table in tables]
        return await _send(request, period, "csv", "text/csv; charset=utf-8", [*pieces, *sheet.rest()])
    finally:
        sheet.close()


@routes.route("GET", f"{PATH}/xlsx", roles=WATCH)
async def as_xlsx(request: web.Request) -> web.StreamResponse:
    city, language = request.app[CITY], request[LANGUAGE]
    period, found, tables = await _read(request)
    title = t("panel.report.title", language, period=report_words.name(period, language))
    if found.portfolio:
        named = report_words.field_name(city, found.portfolio, language)
        title += f". {t('panel.report.field', language, name=named)}"
    words = [report_words.said(one, language, city) for one in report_words.sentences(found)]
    book = await asyncio.to_thread(workbook, tables, title=title, words=words, language=language)
    pieces = [book[at : at + _PIECE] for at in range(0, len(book), _PIECE)]
    return await _send(request, period, "xlsx", XLSX, pieces)


async def _read(request: web.Request) -> tuple[Period, Report, list[Table]]:
    """Raises Invalid for days that make no period."""
    period, city = periods.read(request), request.app[CITY]
    found = await report(city, period, field_of(request))
    return period, found, reporting.tables(found, city, request[LANGUAGE])


def _cells(table: Table, language: str) -> Iterator[tuple[Cell, ...]]:
    """In the order of COLUMNS; empty what the table doesn't tell."""
    called = t(f"panel.report.table.{table.name}", language)
    for line in table.lines:
        now = line.row.now
        worked = (now.answered, now.on_time) if "answered" in table.more else (None, None)
        late = now.overdue if "overdue" in table.more else None
        yield (called, line.name, now.came, line.row.before.came, *worked, late)


async def _send(
    request: web.Request, period: Period, ending: str, mime: str, pieces: Sequence[bytes]
) -> web.StreamResponse:
    name = f"zvernys-report-{period.since}-{period.until}.{ending}"
    response = web.StreamResponse(
        headers={
            **security.HEADERS,
            "Content-Type": mime,
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        }
    )
    _log.info("report.sent", staff=request[USER].staff.id, format=ending)
    await response.prepare(request)
    for piece in pieces:
        await response.write(piece)
    await response.write_eof()
    return response
