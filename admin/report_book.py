"""A report as a workbook: a sheet a table, with formulas where a reader would want to follow the sum.

Written from a thread, for it takes its time; each sum and share also carries its value, for what only looks.
"""

import io
import re
from collections.abc import Sequence
from typing import Any, Final

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from admin.reporting import Table
from admin.sheets import LONGEST_CELL, clean
from core.i18n import t
from core.queries.reports.sums import Row

_HEAD: Final = 3  # rows above the first line of a table: the title, the days, the headings
_WIDEST: Final = 60  # characters of the first column
_SHEET: Final = 31  # characters of a sheet's name that Excel takes


def workbook(tables: Sequence[Table], *, title: str, words: Sequence[str], language: str) -> bytes:
    """`words`: the report in a few sentences, on the first sheet."""
    out = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(out, {"in_memory": True, **options})
    formats = {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "head": book.add_format({"bold": True, "text_wrap": True, "bottom": 1, "valign": "top"}),
        "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
        "number": book.add_format({"num_format": "#,##0"}),
        "change": book.add_format({"num_format": "+#,##0;-#,##0;0"}),
        "share": book.add_format({"num_format": "0%"}),
        "total": book.add_format({"bold": True, "top": 1, "num_format": "#,##0"}),
        "total_change": book.add_format({"bold": True, "top": 1, "num_format": "+#,##0;-#,##0;0"}),
        "total_share": book.add_format({"bold": True, "top": 1, "num_format": "0%"}),
    }
    first = book.add_worksheet(_name(t("panel.report.in_short", language)))
    first.set_column(0, 0, 100)
    first.write_string(0, 0, _text(title), formats["title"])
    for at, each in enumerate(words, 2):
        first.write_string(at, 0, _text(each), formats["wrap"])
    for table in tables:
        sheet = book.add_worksheet(_name(t(f"panel.report.table.{table.name}", language)))
        _Page(sheet, table, formats, language).write(title)
    book.close()
    return out.getvalue()


class _Page:
    """One sheet: names, what came, its share, what came before, the change, and what else the table tells."""

    def __init__(self, sheet: Any, table: Table, formats: dict[str, Any], language: str) -> None:  # noqa: ANN401 - a Worksheet, untyped
        self._sheet, self._table, self._formats, self._language = sheet, table, formats, language
        worked = ("answered", "in_time", "on_time") if "answered" in table.more else ()
        late = ("overdue",) if "overdue" in table.more else ()
        self._columns = ("name", table.counts, "share", "before", "change", *worked, *late)
        self._last = _HEAD + len(table.lines) - 1

    def write(self, title: str) -> None:
        sheet, lines = self._sheet, self._table.lines
        sheet.write_string(0, 0, _text(title), self._formats["title"])
        for at, column in enumerate(self._columns):
            words = t(f"panel.report.column.{column}", self._language)
            sheet.write_string(_HEAD - 1, at, words, self._formats["head"])
        for at, line in enumerate(lines, _HEAD):
            sheet.write_string(at, 0, _text(line.name))
            self._figures(at, line.row)
        sheet.write_string(self._last + 1, 0, t("panel.report.total", self._language), self._formats["total"])
        self._figures(self._last + 1, self._table.total, total=True)
        longest = max((len(line.name) for line in lines), default=0)
        sheet.set_column(0, 0, min(max(longest, 20) + 2, _WIDEST))
        sheet.set_column(1, len(self._columns) - 1, 14)
        sheet.freeze_panes(_HEAD, 1)
        sheet.repeat_rows(_HEAD - 1)
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.set_landscape()

    def _figures(self, at: int, row: Row, *, total: bool = False) -> None:
        total_row = self._last + 1
        whole = self._table.total.now.came
        plain = {
            self._table.counts: row.now.came,
            "before": row.before.came,
            "answered": row.now.answered,
            "in_time": row.now.on_time,
            "overdue": row.now.overdue,
        }
        for column, name in enumerate(self._columns[1:], 1):
            look = self._look(name, total=total)
            if name == "share":
                over = f"{xl_rowcol_to_cell(at, 1)}/{xl_rowcol_to_cell(total_row, 1, row_abs=True)}"
                self._formula(at, column, over, look, row.now.came / whole if whole else None)
            elif name == "change":
                less = f"{xl_rowcol_to_cell(at, 1)}-{xl_rowcol_to_cell(at, 3)}"
                self._formula(at, column, less, look, row.change)
            elif name == "on_time":
                over = f"{xl_rowcol_to_cell(at, column - 1)}/{xl_rowcol_to_cell(at, column - 2)}"
                answered = row.now.answered
                self._formula(at, column, over, look, row.now.on_time / answered if answered else None)
            elif total:
                letter = xl_col_to_name(column)
                added = f"SUM({letter}{_HEAD + 1}:{letter}{self._last + 1})"
                self._formula(at, column, added, look, plain[name])
            else:
                self._sheet.write_number(at, column, plain[name], look)

    def _formula(self, at: int, column: int, formula: str, look: Any, value: float | None) -> None:  # noqa: ANN401 - a Format, untyped
        """What has nothing to be divided by stays empty."""
        if value is not None:
            self._sheet.write_formula(at, column, f"={formula}", look, value)
        else:
            self._sheet.write_blank(at, column, None, look)

    def _look(self, name: str, *, total: bool) -> Any:  # noqa: ANN401 - a Format, untyped
        kind = {"share": "share", "on_time": "share", "change": "change"}.get(name)
        if total:
            return self._formats[f"total_{kind}" if kind else "total"]
        return self._formats[kind or "number"]


def _text(words: str) -> str:
    return clean(words)[:LONGEST_CELL]


def _name(words: str) -> str:
    return re.sub(r"[\[\]:*?/\\']", " ", words)[:_SHEET]
