"""Reading a pack's files so that whatever is wrong names the file, the place and what would be right."""

import csv
import json
import tomllib
from collections.abc import Callable, Iterable, Mapping
from math import isfinite, nan
from pathlib import Path
from typing import TypeVar

from core.errors import ZvernysError

T = TypeVar("T")


class PackError(ZvernysError):
    """A city pack can't be used: `file`, the `place` in it, and what would be `right`."""

    def __init__(self, file: str, place: str, right: str) -> None:
        super().__init__("pack_broken", file=file, place=place, right=right)
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
        if not isinstance(value, str):
            raise self.wrong(f"`{key}` must be a text")
        return value.strip() or None

    def number(self, key: str) -> float:
        value = self._take(key, None)
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
        return Section(self.file, place, value)

    def _known(self, key: str, value: str, known: Iterable[str]) -> str:
        if value not in (names := list(known)):
            raise self.wrong(f"`{key}` = {value!r} is unknown; known: {', '.join(names)}")
        return value


def read_toml(path: Path) -> Section:
    values: dict[str, object] = _read(path, tomllib.loads, "TOML")
    return Section(path.name, "top", values)


def read_json(path: Path) -> Section:
    values = _read(path, json.loads, "JSON")
    if not isinstance(values, dict):
        raise PackError(path.name, "top", "must be an object")
    return Section(path.name, "top", values)


def read_csv(path: Path) -> list[Section]:
    """The rows of a comma-separated file with a heading."""
    rows = _read(path, lambda text: list(csv.DictReader(text.splitlines(), strict=True)), "CSV")
    for line, row in enumerate(rows, start=2):
        if None in row or None in row.values():
            raise PackError(path.name, f"line {line}", "must have as many cells as the heading")
    return [Section(path.name, f"line {line}", row) for line, row in enumerate(rows, start=2)]


def _read(path: Path, parse: Callable[[str], T], form: str) -> T:
    try:
        return parse(path.read_text("utf-8"))
    except OSError as error:
        raise PackError(path.name, "file", f"must be readable ({error.strerror})") from error
    except (ValueError, csv.Error) as error:
        raise PackError(path.name, "file", f"must be {form} in UTF-8 ({error})") from error
