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

T = TypeVar("T")
Texts = Mapping[str, str]  # the files of a pack by name
_NO_TEXT = re.compile("[\x00-\x1f\ud800-\udfff]")  # what no name holds, and PostgreSQL would not take


class PackError(ZvernysError):
    """A city pack can't be used: `file`, the `place` in it, and what would be `right`."""

    def __init__(self, file: str, place: str, right: str) -> None:
        super().__init__("pack.broken", file=file, place=place, right=right)
        self.file, self.place, self.right = file, place, right

    def __str__(self) -> str:
        return f"{self.file}: {self.place}: {self.right}"


class Section:
    """A table of named values that knows where it stands. Every key must be asked for: see `done`."""

    def __init__(self, file: str, place: str, values: Mapping[str, object]) -> None:
        self.file, self.place = file, place
        self._values = values
        self._asked: set[str] = set()

    def wrong(self, right: str) -> PackError:
        return PackError(self.file, self.place, right)

    def text(self, key: str) -> str:
        found = self.optional(key)
        if found is None:
            raise self.wrong(f"`{key}` must be a text that is not empty")
        return found

    def optional(self, key: str) -> str | None:
        """The text under `key`; None where it is absent or empty (a CSV cell can't be absent)."""
        value = self._take(key, "")
        if not isinstance(value, str) or _NO_TEXT.search(value.strip()):
            raise self.wrong(f"`{key}` must be a text of one line")
        return value.strip() or None

    def number(self, key: str) -> float:
        """A finite number; in CSV it may be written with a comma, as spreadsheets do where that is usual."""
        value = self._take(key, None)
        value = value.replace(",", ".") if isinstance(value, str) else value
        try:
            number = float(nan if isinstance(value, bool) else value)  # type: ignore[arg-type]
        except (TypeError, ValueError):
            number = nan
        if not isfinite(number):
            raise self.wrong(f"`{key}` must be a number")
        return number

    def number_or_none(self, key: str) -> float | None:
        return self.number(key) if self._take(key, "") not in ("", None) else None

    def flag(self, key: str, *, default: bool = False) -> bool:
        value = self._take(key, default)
        if not isinstance(value, bool):
            raise self.wrong(f"`{key}` must be true or false")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; in CSV and GeoJSON properties, one text with semicolons between."""
        value = self._take(key, [])
        parts = value.split(";") if isinstance(value, str) else value
        if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
            raise self.wrong(f"`{key}` must be a list of texts")
        return tuple(part.strip() for part in parts if part.strip())

    def numbers(self, key: str, count: int) -> tuple[float, ...]:
        value = self._take(key, None)
        if not isinstance(value, list) or len(value) != count:
            raise self.wrong(f"`{key}` must be a list of {count} numbers")
        place = f"{self.place}, {key}"
        return tuple(
            Section(self.file, place, {str(at): item}).number(str(at)) for at, item in enumerate(value)
        )

    def section(self, key: str) -> "Section":
        return self._section(f"[{key}]", self._take(key, {}))

    def sections(self, key: str) -> list["Section"]:
        items = self._take(key, [])
        if not isinstance(items, list):
            raise self.wrong(f"`{key}` must be a list of tables: [[{key}]]")
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
            raise self.wrong(f"nothing is called {names} here; known: {', '.join(sorted(self._asked))}")

    def _take(self, key: str, default: object) -> object:
        self._asked.add(key)
        return self._values.get(key, default)

    def _section(self, place: str, value: object) -> "Section":
        if not isinstance(value, dict):
            raise self.wrong(f"{place} must be a table")
        return Section(self.file, place if self.place == "top" else f"{self.place}, {place}", value)

    def _known(self, key: str, value: str, known: Iterable[str]) -> str:
        if value not in (names := list(known)):
            raise self.wrong(f"`{key}` = {value!r} is unknown; known: {', '.join(names)}")
        return value


def texts_of(folder: Path, names: Iterable[str]) -> dict[str, str]:
    """Those of the named files that the folder has, without the byte order mark that spreadsheets write."""
    return {name: _text(folder / name) for name in names if (folder / name).exists()}


def decoded(name: str, content: bytes) -> str:
    """The file as a text, its lines ended as here."""
    try:
        text = content.decode("utf-8-sig")
    except ValueError as error:
        raise PackError(name, "file", f"must be in UTF-8 ({error})") from error
    if "\x00" in text:
        raise PackError(name, "file", "must be a text; this one holds NUL")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_toml(texts: Texts, name: str) -> Section:
    values: dict[str, object] = _read(texts, name, tomllib.loads, "TOML")
    return Section(name, "top", values)


def read_json(texts: Texts, name: str) -> Section:
    values = _read(texts, name, json.loads, "JSON")
    if not isinstance(values, dict):
        raise PackError(name, "top", "must be an object")
    return Section(name, "top", values)


def read_csv(texts: Texts, name: str) -> list[Section]:
    """The rows of a file with a heading, its cells parted by commas, or by semicolons as spreadsheets may.

    Where semicolons part the cells, a cell with some of its own stands in quotes: spreadsheets see to that.
    """
    rows = _read(texts, name, _rows, "CSV")
    if not rows:
        raise PackError(name, "line 1", "must be a heading, the names of the columns")
    heading = rows[0][1]
    if len(set(heading)) < len(heading):
        raise PackError(name, "line 1", "each heading stands once")
    for line, row in rows[1:]:
        if len(row) != len(heading):
            raise PackError(name, f"line {line}", f"must have as many cells as the heading: {len(heading)}")
    return [Section(name, f"line {line}", dict(zip(heading, row, strict=True))) for line, row in rows[1:]]


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
        raise PackError(path.name, "file", f"must be readable ({error.strerror})") from error
    return decoded(path.name, content)


def _read(texts: Texts, name: str, parse: Callable[[str], T], form: str) -> T:
    if name not in texts:
        raise PackError(name, "file", "must be readable (no such file)")
    try:
        return parse(texts[name])
    except (ValueError, RecursionError, csv.Error) as error:
        raise PackError(name, "file", f"must be {form} ({error})") from error
