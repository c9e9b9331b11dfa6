"""The list as a file: what stands in it, for whom, and that no cell is a formula and no row a person."""

import asyncio
import csv
import io
import json
import re
import zipfile
from collections.abc import AsyncGenerator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import structlog
from aiohttp import ClientError

from admin import sheets
from admin.sheets import CsvSheet, XlsxSheet
from admin.views.export import COLUMNS
from core import clock
from core.actions.submit import Place
from core.models import Appeal
from core.queries.panel import export
from core.queries.panel.export import Exported
from core.workflow import Role
from tests.admin.conftest import Browser, Panel
from tests.builders import make_account, make_appeal, make_staff

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


async def rows_of(browser: Browser, path: str = "/admin/export/csv", separator: str = ";") -> list[list[str]]:
    response = await browser.get(path)
    assert response.status == 200, await response.text()
    body = (await response.read()).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(body, newline=""), delimiter=separator))


def cells(content: bytes) -> list[dict[str, Any]]:
    """Of the first sheet, by reference: its text or number."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        assert book.testzip() is None
        sheet = ET.fromstring(book.read("xl/worksheets/sheet1.xml"))
    found = []
    for row in sheet.iter(f"{MAIN}row"):
        line: dict[str, Any] = {}
        for cell in row.iter(f"{MAIN}c"):
            assert cell.find(f"{MAIN}f") is None  # no formula
            text = "".join(each.text or "" for each in cell.iter(f"{MAIN}t"))
            number = cell.find(f"{MAIN}v")
            line[re.sub(r"\d", "", cell.attrib["r"])] = text or (
                float(number.text or 0) if number is not None else ""
            )
        found.append(line)
    return found


async def test_a_csv_has_the_filtered_list_in_the_readers_language(panel: Panel, operator: Browser) -> None:
    leak = await make_appeal(panel.city)
    await make_appeal(panel.city, category="roads.pothole")
    heading, *rows = await rows_of(operator, "/admin/export/csv?category=water.leak")
    assert heading[0] == "Номер"
    assert len(heading) == len(COLUMNS)
    assert [row[0] for row in rows] == [leak.number]
    assert rows[0][heading.index("Стан")] == "призначено"
    assert rows[0][heading.index("Термінове")] == "так"
    english = await panel.browser(await make_staff(Role.OPERATOR, language="en"))
    assert (await rows_of(english, separator=","))[0][0] == "Number"


async def test_it_begins_with_the_mark_that_excel_knows(panel: Panel, operator: Browser) -> None:
    await make_appeal(panel.city)
    response = await operator.get("/admin/export/csv")
    assert (await response.read()).startswith(b"\xef\xbb\xbf")
    assert response.headers["Content-Disposition"].startswith('attachment; filename="zvernys-')
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("text", ["=1+1", "+380", "-2", "@1", "\t=1", "  =cmd|' /C calc'!A0"])
async def test_what_a_resident_began_like_a_formula_is_text(
    panel: Panel, operator: Browser, text: str
) -> None:
    appeal = await make_appeal(panel.city, text="яма")
    await Appeal.filter(id=appeal.id).update(text=text)
    heading, row = await rows_of(operator)
    assert row[heading.index("Текст")] == f"'{text}"


async def test_nobody_can_be_found_by_it(panel: Panel, operator: Browser) -> None:
    account = await make_account()
    await make_appeal(
        panel.city,
        account,
        text="Мене звати Оксана Лисенко, телефонуйте 067 123 45 67 або на o.lysenko@example.org",
        place=Place(address="вул. Соборності, 12, кв. 5", district="metalurhiinyi"),
    )
    for ending in ("csv", "xlsx"):
        content = await (await operator.get(f"/admin/export/{ending}")).read()
        text = content.decode("utf-8") if ending == "csv" else json.dumps(cells(content), ensure_ascii=False)
        for word in ("Лисенко", "123 45 67", "lysenko", "кв. 5", account.external_id):
            assert word not in text, (ending, word)
        assert "Соборності, 12" in text


async def test_an_officer_gets_what_they_see(panel: Panel, officer: Browser) -> None:
    theirs = await make_appeal(panel.city)
    await make_appeal(panel.city, category="roads.pothole")
    rows = await rows_of(officer, "/admin/export/csv?view=all")
    assert [row[0] for row in rows[1:]] == [theirs.number]


async def test_an_xlsx_has_dates_as_dates_and_numbers_as_numbers(panel: Panel, operator: Browser) -> None:
    appeal = await make_appeal(panel.city, text="=1+1 \x0b яма")
    response = await operator.get("/admin/export/xlsx")
    heading, row = cells(await response.read())
    named: dict[str, Any] = {words: row.get(letter) for letter, words in heading.items()}
    assert named["Номер"] == appeal.number
    assert named["Текст"] == "=1+1  яма"
    assert named["Приєдналося"] == 0.0
    local = datetime(1899, 12, 30) + timedelta(days=named["Зареєстровано"])  # noqa: DTZ001 - as Excel counts
    assert abs(local - clock.now().astimezone().replace(tzinfo=None)) < timedelta(days=1)


async def test_a_long_list_comes_whole_and_in_order_batch_by_batch(
    panel: Panel, operator: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "BATCH", 7)
    appeals = [await make_appeal(panel.city, category="roads.pothole", urgent=n % 3 == 0) for n in range(30)]
    await Appeal.filter(id__in=[each.id for each in appeals[::4]]).update(open=False, status="closed")
    expected = [row.number for row in await Appeal.all().order_by("-open", "-urgent", "-id")]
    assert [row[0] for row in (await rows_of(operator, "/admin/export/csv?view=all"))[1:]] == expected
    content = await (await operator.get("/admin/export/xlsx?view=all")).read()
    assert [row["A"] for row in cells(content)[1:]] == expected


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
async def test_a_script_hears_how_far_it_is_and_gets_the_same_file(
    panel: Panel, operator: Browser, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    monkeypatch.setattr(export, "BATCH", 2)
    for _ in range(5):
        await make_appeal(panel.city)
    response = await operator.get(f"/admin/export/{ending}", headers={"X-Progress": "1"})
    rest, frames, file = await response.read(), [], b""
    while rest:
        line, rest = rest.split(b"\n", 1)
        frames.append(json.loads(line))
        file, rest = file + rest[: frames[-1]["bytes"]], rest[frames[-1]["bytes"] :]
    assert [frame["rows"] for frame in frames][:3] == [2, 4, 5]
    assert {frame["total"] for frame in frames} == {5}
    plain = await (await operator.get(f"/admin/export/{ending}")).read()
    assert file == plain if ending == "csv" else cells(file) == cells(plain)


async def test_an_empty_list_is_a_file_with_a_heading(panel: Panel, operator: Browser) -> None:
    del panel
    assert len(await rows_of(operator)) == 1
    assert len(cells(await (await operator.get("/admin/export/xlsx")).read())) == 1


async def test_what_excel_cannot_hold_is_said_before(
    panel: Panel, operator: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheets, "MOST_ROWS", 1)
    for _ in range(2):
        await make_appeal(panel.city)
    assert (await operator.get("/admin/export/xlsx")).status == 422
    assert (await operator.get("/admin/export/csv")).status == 200


async def test_who_took_how_many_is_logged(
    panel: Panel, operator: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = structlog.testing.CapturingLogger()  # not capture_logs: a logger once used is kept
    monkeypatch.setattr("admin.views.export._log", heard)
    await make_appeal(panel.city)
    await (await operator.get("/admin/export/csv?q=трубу")).read()
    async with asyncio.timeout(30):
        # Said once all has gone out, when the reader may have it already.
        while not heard.calls:  # noqa: ASYNC110 - a logger raises no event
            await asyncio.sleep(0.01)
    assert operator.staff
    (line,) = [call for call in heard.calls if call.args == ("export.sent",)]
    assert (line.kwargs["staff"], line.kwargs["rows"]) == (operator.staff.id, 1)
    assert "трубу" not in str(line)


def test_a_sheet_keeps_nothing_of_what_was_sent() -> None:
    sheet = CsvSheet(["a"], yes="так", separator=";")
    sizes = [len(sheet.add([["x" * 1000]] * 100)) for _ in range(5)]
    assert len(set(sizes[1:])) == 1
    assert b"".join(sheet.rest()) == b""


def test_the_files_of_an_xlsx_are_gone_with_it() -> None:
    sheet = XlsxSheet(["a"], yes="так", title="x" * 50 + "[]")
    folder = Path(sheet._folder.name)
    sheet.add([["x"]])
    assert b"".join(sheet.rest()).startswith(b"PK")
    sheet.close()
    assert not folder.exists()


async def test_a_reader_cut_off_in_the_midst_leaves_no_file(
    panel: Panel, operator: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server stops with a file half written; nothing waits for a thread then."""
    reached, begun, batches = asyncio.Event(), list[XlsxSheet](), export.batches

    class Kept(XlsxSheet):
        def __init__(self, *about: Any, **more: Any) -> None:
            super().__init__(*about, **more)
            begun.append(self)

    async def stuck(*about: Any) -> AsyncGenerator[list[Exported]]:
        async for batch in batches(*about):
            yield batch
            reached.set()
            await asyncio.Event().wait()

    monkeypatch.setattr(export, "batches", stuck)
    monkeypatch.setattr("admin.views.export.XlsxSheet", Kept)
    await make_appeal(panel.city)
    reading = asyncio.create_task(operator.get("/admin/export/xlsx"))
    await asyncio.wait_for(reached.wait(), 30)
    folders = [Path(sheet._folder.name) for sheet in begun]
    assert [folder.exists() for folder in folders] == [True]
    assert panel.server.runner
    panel.server.runner._shutdown_timeout = 0.01
    await panel.server.close()
    assert [folder.exists() for folder in folders] == [False]
    with pytest.raises(ClientError):  # nobody takes the half for the whole
        await (await reading).read()
