"""What the desk begins with in any city: replies to start from, and bodies outside the city (desk.toml)."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from core.models import Template
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


def templates() -> list[Template]:
    """What an empty catalogue begins with."""
    return [
        Template(
            position=position,
            verb=entry.get("verb", ""),
            title_uk=entry["title_uk"],
            title_en=entry["title_en"],
            uk=entry["uk"],
            en=entry["en"],
            active=True,
        )
        for position, entry in enumerate(_file()["template"], start=1)
    ]


@cache
def _file() -> Mapping[str, list[dict[str, str]]]:
    return tomllib.loads(FILE.read_text("utf-8"))
