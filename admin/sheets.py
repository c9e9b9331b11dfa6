"""Rows into files that spreadsheets open, a batch at a time and never the whole in memory.

Written and read from a thread: both take their time, and one of them the disk. Begun and closed at once.
"""

import csv
import io
import re
import tempfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol

import xlsxwriter

Cell = str | int | bool | datetime | None  # instants in the reader's zone, without it
MOST_ROWS: Final = 1_048_575  # of an XLSX sheet, besides its heading
LONGEST_CELL: Final = 32_767  # characters of one
_PIECE = 1 << 18
# What a spreadsheet would take for a formula (OWASP, CSV Injection).
_FORMULA = re.compile(r"[=+\-@\t\r\n]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class Sheet(Protocol):
    """One file in the making. What `add` gives may be sent at once; `rest` is what is left at the end."""

    def add(self, rows: Sequence[Sequence[Cell]]) -> bytes: ...

    def rest(self) -> Iterator[bytes]: ...

    def close(self) -> None: ...


class CsvSheet:
    """UTF-8 with its mark, by which Excel knows it; the comma of numbers makes a semicolon part the cells."""

    def __init__(self, heading: Sequence[str], *, yes: str, separator: str) -> None:
        self._yes, self._out = yes, io.StringIO()
        # All in quotes: a spreadsheet elsewhere parts cells by another mark, which may stand in their words.
        self._writer = csv.writer(
            self._out, delimiter=separator, lineterminator="\r\n", quoting=csv.QUOTE_ALL
        )
        self._out.write("\ufeff")
        self._writer.writerow(heading)

    def add(self, rows: Sequence[Sequence[Cell]]) -> bytes:
        self._writer.writerows([self._plain(cell) for cell in row] for row in rows)
        return self._taken()

    def rest(self) -> Iterator[bytes]:
        yield self._taken()

    def close(self) -> None:
        self._out.close()

    def _taken(self) -> bytes:
        written = self._out.getvalue().encode("utf-8", "replace")
        self._out.seek(0)
        self._out.truncate()
        return written

    def _plain(self, cell: Cell) -> str:
        if cell is None or cell is False:
            return ""
        if cell is True:
            return self._yes
        if isinstance(cell, datetime):
            return f"{cell:%Y-%m-%d %H:%M:%S}"
        return unformulated(clean(cell)) if isinstance(cell, str) else str(cell)


class XlsxSheet:
    """Rows go to the disk as they come; the file is there when all have."""

    def __init__(self, heading: Sequence[str], *, yes: str, title: str) -> None:
        self._yes, self._rows, self._width = yes, 0, len(heading)
        # Closed while a thread still writes there, it may be found with a file more.
        self._folder = tempfile.TemporaryDirectory(prefix="zvernys-export-", ignore_cleanup_errors=True)
        self._path = Path(self._folder.name) / "export.xlsx"
        options = {
            "constant_memory": True,
            "tmpdir": self._folder.name,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        self._book = xlsxwriter.Workbook(str(self._path), options)
        self._sheet = self._book.add_worksheet(re.sub(r"[\[\]:*?/\\']", " ", title)[:31])
        self._day = self._book.add_format({"num_format": "dd.mm.yyyy hh:mm"})
        self._sheet.set_column(0, self._width - 1, 18)
        self._sheet.freeze_panes(1, 1)
        bold = self._book.add_format({"bold": True})
        for column, words in enumerate(heading):
            self._sheet.write_string(0, column, words, bold)

    def add(self, rows: Sequence[Sequence[Cell]]) -> bytes:
        for row in rows:
            self._rows += 1
            for column, cell in enumerate(row):
                self._write(column, cell)
        return b""

    def rest(self) -> Iterator[bytes]:
        self._sheet.autofilter(0, 0, max(self._rows, 1), self._width - 1)
        self._book.close()
        with self._path.open("rb") as file:
            while piece := file.read(_PIECE):
                yield piece

    def close(self) -> None:
        self._sheet.row_data_fh.close()  # where the book was never closed
        self._folder.cleanup()

    def _write(self, column: int, cell: Cell) -> None:
        if cell is None or cell is False:
            return
        if cell is True:
            self._sheet.write_string(self._rows, column, self._yes)
        elif isinstance(cell, datetime):
            self._sheet.write_datetime(self._rows, column, cell, self._day)
        elif isinstance(cell, int):
            self._sheet.write_number(self._rows, column, cell)
        else:
            self._sheet.write_string(self._rows, column, clean(cell)[:LONGEST_CELL])


def clean(text: str) -> str:
    """Without what no file format takes."""
    return _CONTROL.sub("", text)


def unformulated(text: str) -> str:
    """As text, whatever a resident began it with."""
    return f"'{text}" if _FORMULA.match(text.lstrip(" ")) else text
