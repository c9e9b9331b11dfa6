"""What the desk has in any city: bodies outside it (desk.toml)."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from core.pack import DATA

FILE = DATA / "desk.toml"


@dataclass(frozen=True, slots=True)
class Body:
    """To which appeals are sent on that aren't the city's."""

    uk: str
    en: str


def body_in(name: str, language: str) -> str:
    """The name of a body in a resident's language, where it is one of ours; as it was typed otherwise."""
    found = next((body for body in bodies() if name in (body.uk, body.en)), None)
    return getattr(found, language, name)


@cache
def bodies() -> tuple[Body, ...]:
    return tuple(Body(entry["uk"], entry["en"]) for entry in _file()["body"])


@cache
def _file() -> Mapping[str, list[dict[str, str]]]:
    return tomllib.loads(FILE.read_text("utf-8"))
