"""Where two streets meet: "ріг Миру і Поштового", "Соборності - Миру (перехрестя)", "Мира/Соборности"."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from core.pack import DATA
from core.understanding.gazetteer import Gazetteer
from core.understanding.mention import Mention
from core.understanding.place_words import AND, CORNER
from core.understanding.words import Words


@dataclass(frozen=True, slots=True)
class Corner:
    """Two mentions, and the words [start, end) that tell where they meet."""

    left: Mention
    right: Mention
    start: int
    end: int


@cache
def corner_forms() -> tuple[str, str]:
    """How the meeting of two streets is shown, in Ukrainian and in English."""
    table = tomllib.loads((DATA / "landmark_kinds.toml").read_text("utf-8"))["corner"]
    return table["uk"], table["en"]


def find_corners(words: Words, mentions: Sequence[Mention], gazetteer: Gazetteer) -> tuple[Corner, ...]:
    """The corners among mentions that stand in the order of the text."""
    corners = (_corner(words, left, right, gazetteer) for left, right in pairwise(mentions))
    return tuple(corner for corner in corners if corner is not None)


def _corner(words: Words, left: Mention, right: Mention, gazetteer: Gazetteer) -> Corner | None:
    joined = words.is_(AND, left.end) and right.start == left.end + 1
    gap = (words.gap(left.end) or "").strip() if right.start == left.end else ""
    beside = gap in {"/", "\\", "-", "–", "—"}
    in_city = gazetteer.city_before(words, left.start) > 0  # Kryvyi Rih itself is a "ріг"
    before = words.is_(CORNER, left.start - 1) and not in_city
    after = words.is_(CORNER, right.end)
    told = (before or after) and (joined or beside or gap == ",")
    known = gap in {"/", "\\"} and all(each.matches and not each.in_area for each in (left, right))
    if told or known:
        enclosed = "(" in (words.gap(right.end) or "")
        return Corner(left, right, left.start - before, right.end + (after and not (before or enclosed)))
    return None
