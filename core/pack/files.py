"""Reading a pack's files so that whatever is wrong names the file, the place and what would be right."""

import csv
import json
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from math import isfinite, nan
from pathlib import Path
from typing import TypeVar

from core.errors import ZvernysError
from core.phrases import Phrase, Words, joined, phrase

T = TypeVar("T")
Texts = Mapping[str, str]  # the files of a pack by name
FILE, TOP = Phrase("pack.file"), Phrase("pack.top")  # places: the whole, and what stands in no table
_NO_TEXT = re.compile("[\x00-\x1f\ud800-\udfff]")  # what no name holds, and PostgreSQL would not take


class PackError(ZvernysError):
    """A city pack can't be used: `file`, the `place` in it, and what would be `right`; a str in English."""

    def __init__(self, file: str, place: Words, right: Words) -> None:
        super().__init__("pack.broken", file=file, place=place, right=right)
        self.file, self.place, self.right = file, place, right

    def __str__(self) -> str:
        return self.text("en")


class Section:
    """A table of named values that knows where it stands. Every key must be asked for: see `done`."""

    def __init__(self, file: str, place: Words, values: Mapping[str, object]) -> None:
        self.file, self.place = file, place
        self._values = values
        self._asked: set[str] = set()

    def wrong(self, key: str, *, n: int | None = None, **params: object) -> PackError:
        """With the text that says what would be right."""
        return PackError(self.file, self.place, Phrase(key, params, n))

    def text(self, key: str) -> str:
        found = self.optional(key)
        if found is None:
            raise self.wrong("pack.text", name=key)
        return found

    def optional(self, key: str) -> str | None:
        """The text under `key`; None where it is absent or empty (a CSV cell can't be absent)."""
        value = self._take(key, "")
        if not isinstance(value, str) or _NO_TEXT.search(value.strip()):
            raise self.wrong("pack.one_line", name=key)
        return value.strip() or None

    def lines(self, key: str) -> str:
        """A text of one line or several, as somebody typed it."""
        value = self._take(key, "")
        if not isinstance(value, str) or not value.strip() or "\x00" in value:
            raise self.wrong("pack.text", name=key)
        return value.strip()

    def number(self, key: str) -> float:
        """A finite number; in CSV it may be written with a comma, as spreadsheets do where that is usual."""
        value = self._take(key, None)
        value = value.replace(",", ".") if isinstance(value, str) else value
        try:
            number = float(nan if isinstance(value, bool) else value)  # type: ignore[arg-type]
        except (TypeError, ValueError):
            number = nan
        if not isfinite(number):
            raise self.wrong("pack.number", name=key)
        return number

    def number_or_none(self, key: str) -> float | None:
        return self.number(key) if self._take(key, "") not in ("", None) else None

    def flag(self, key: str, *, default: bool = False) -> bool:
        value = self._take(key, default)
        if not isinstance(value, bool):
            raise self.wrong("pack.flag", name=key)
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; in CSV and GeoJSON properties, one text with semicolons between."""
        value = self._take(key, [])
        parts = value.split(";") if isinstance(value, str) else value
        if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
            raise self.wrong("pack.texts", name=key)
        return tuple(part.strip() for part in parts if part.strip())

    def numbers(self, key: str, count: int) -> tuple[float, ...]:
        value = self._take(key, None)
        if not isinstance(value, list) or len(value) != count:
            raise self.wrong("pack.numbers", name=key, n=count)
        inner = self._section(key, {str(at): item for at, item in enumerate(value)})
        return tuple(inner.number(at) for at in inner.keys)

    def section(self, key: str) -> "Section":
        return self._section(f"[{key}]", self._take(key, {}))

    def sections(self, key: str) -> list["Section"]:
        items = self._take(key, [])
        if not isinstance(items, list):
            raise self.wrong("pack.tables", name=key)
        return [self._section(f"[[{key}]] {at}", item) for at, item in enumerate(items, start=1)]

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(self._values)

    def raw(self, key: str) -> object:
        return self._take(key, None)

    def one_of(self, key: str, known: Iterable[str]) -> str:
        return self._known(key, self.text(key), known)

    def one_of_or_none(self, key: str, known: Iterable[str]) -> str | None:
        value = self.optional(key)
        return None if value is None else self._known(key, value, known)

    def done(self) -> None:
        """Refuse keys that nobody asked for: a misspelt key would otherwise be silently without effect."""
        if unknown := set(self._values) - self._asked:
            names = ", ".join(sorted(map(str, unknown)))
            raise self.wrong("pack.unknown_name", names=names, known=", ".join(sorted(self._asked)))

    def _take(self, key: str, default: object) -> object:
        self._asked.add(key)
        return self._values.get(key, default)

    def _section(self, place: str, value: object) -> "Section":
        if not isinstance(value, dict):
            raise self.wrong("pack.table", name=place)
        return Section(self.file, place if self.place == TOP else joined(", ", self.place, place), value)

    def _known(self, key: str, value: str, known: Iterable[str]) -> str:
        if value not in (names := list(known)):
            raise self.wrong("pack.unknown_value", name=key, value=value, known=", ".join(names))
        return value


def texts_of(folder: Path, names: Iterable[str]) -> dict[str, str]:
    """Those of the named files that the folder has, without the byte order mark that spreadsheets write."""
    return {name: _text(folder / name) for name in names if (folder / name).exists()}


def decoded(name: str, content: bytes) -> str:
    """The file as a text, its lines ended as here."""
    try:
        text = content.decode("utf-8-sig")
    except ValueError as error:
        raise PackError(name, FILE, phrase("pack.utf8", why=error)) from error
    if "\x00" in text:
        raise PackError(name, FILE, phrase("pack.nul"))
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_toml(texts: Texts, name: str) -> Section:
    values: dict[str, object] = _read(texts, name, tomllib.loads, "TOML")
    return Section(name, TOP, values)


def read_json(texts: Texts, name: str) -> Section:
    values = _read(texts, name, json.loads, "JSON")
    if not isinstance(values, dict):
        raise PackError(name, TOP, phrase("pack.object"))
    return Section(name, TOP, values)


def read_csv(texts: Texts, name: str) -> list[Section]:
    """The rows of a file with a heading, its cells parted by commas, or by semicolons as spreadsheets may.

    Where semicolons part the cells, a cell with some of its own stands in quotes: spreadsheets see to that.
    """
    rows = _read(texts, name, _rows, "CSV")
    if not rows:
        raise PackError(name, _line(1), phrase("pack.heading"))
    heading = rows[0][1]
    if len(set(heading)) < len(heading):
        raise PackError(name, _line(1), phrase("pack.heading_once"))
    for line, row in rows[1:]:
        if len(row) != len(heading):
            raise PackError(name, _line(line), phrase("pack.cells", count=len(heading)))
    return [Section(name, _line(line), dict(zip(heading, row, strict=True))) for line, row in rows[1:]]


def _line(number: int) -> Phrase:
    return phrase("pack.line", line=number)


def _rows(text: str) -> list[tuple[int, list[str]]]:
    """The rows that are not blank, each with the number of its (last) line."""
    lines = text.splitlines()
    semicolons = bool(lines) and ";" in lines[0] and "," not in lines[0]
    reader = csv.reader(lines, delimiter=";" if semicolons else ",", strict=True)
    return [(reader.line_num, row) for row in reader if row]


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise PackError(path.name, FILE, phrase("pack.unreadable", why=error.strerror)) from error
    return decoded(path.name, content)


def _read(texts: Texts, name: str, parse: Callable[[str], T], form: str) -> T:
    if name not in texts:
        raise PackError(name, FILE, phrase("pack.absent"))
    try:
        return parse(texts[name])
    except (ValueError, RecursionError, csv.Error) as error:
        raise PackError(name, FILE, phrase("pack.form", form=form, why=error)) from error
