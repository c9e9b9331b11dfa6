"""Kinds of streets and how addresses write them; the words stand in core/data/street_types.toml."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache

from core.pack import DATA
from core.understanding.normalise import share_letters
from core.understanding.transliteration import to_latin

NUMBERED = {"quarter", "microdistrict"}  # whose name may be a number: "95 квартал"
AREAS = NUMBERED | {"settlement"}  # in which other streets may lie


@dataclass(frozen=True, slots=True)
class StreetType:
    slug: str
    uk: str
    en: str
    words: re.Pattern[str]

    def shown(self, name: str) -> tuple[str, str]:
        """The whole name in Ukrainian and in English, the latter in the transliteration of the state."""
        return self.uk.format(name), self.en.format(to_latin(name.removesuffix("-й")))


@cache
def street_types() -> dict[str, StreetType]:
    table = tomllib.loads((DATA / "street_types.toml").read_text("utf-8"))["type"]
    return {
        entry["slug"]: StreetType(
            entry["slug"], entry["uk"], entry["en"], re.compile(share_letters(entry["words"]))
        )
        for entry in table
    }


@lru_cache(maxsize=20_000)
def type_of(folded: str) -> StreetType | None:
    """The kind of street a folded word names."""
    return next((kind for kind in street_types().values() if kind.words.fullmatch(folded)), None)
