"""Two problems in one text: parted only where the words plainly tell of two, and others would answer each.

A text is cut between clauses. Of all cuts the one is taken after which both sides are surest of different
categories; it stands when neither side could well be about what the other is.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from core.pack import DATA
from core.understanding.category import CategoryModel
from core.understanding.gazetteer import Gazetteer
from core.understanding.normalise import MAX_CHARACTERS, fold, share_letters, tokens
from core.understanding.place import PlaceCandidate, parse_address

TABLE = DATA / "problems.toml"
MOST = 3  # problems of one text; who tells more is better served by a person
MOST_CLAUSES = 14
# How sure each side must be of its category, by what stands between them.
ADDED, SENTENCE, CONJUNCTION, COMMA = 0.3, 0.6, 0.6, 0.9
ALIEN = 0.12  # of the other side's category, at most
FEWEST = 2  # words of a part
STORY = 30  # words; a longer text tells of one thing at length, unless it says that it adds another
AHEAD = 40  # characters in which a word that adds something stands
_END = re.compile(
    r"[.!?;\n…]+\s*|,\s*|\s+[-–—]\s+|\s+(?=(?:і|й|и|та|а|ще|також|еще|ещё|плюс)\s)|\s+(?=\d[.)]\s)",
    re.IGNORECASE,
)
# What is no end of a clause: an abbreviation of addresses, "1.", "3.2", a conjunction.
_NO_END = re.compile(
    r"^\W*(?:\d+[.)]\s*)?$|\b(?:вул|ул|пр|просп|пров|пер|буд|кв|під|пл|бул|мкр|ім|им|ст|тел|[^\W\d])\.\s*$|\d[.,]$"
    r"|(?:^|\s)(?:і|й|и|та|а)\s+$",
    re.IGNORECASE,
)
_CONJUNCTION = re.compile(share_letters(r"(і|и|та|а)\b"))
_LEADING = re.compile(
    r"^(?:[\s,.;:!?…–—-]+|\d[.)]\s+|(?:і|й|и|та|а|ще(?: й)?|еще|ещё|також|также|плюс|до того ж"
    r"|крім (?:того|цього)|кроме (?:того|этого))[\s,:]+)+",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Problem:
    """`text`: the resident's words for it. `places`: the readings of its own address, or of the only one.

    They are none where it is said to be elsewhere: «не вивозять сміття на Миру 5, і яма біля школи».
    """

    text: str
    category: str
    places: tuple[PlaceCandidate, ...]


@dataclass(frozen=True, slots=True)
class _Cut:
    """Where a text is parted, what either side is about, and how sure the less sure side is of that."""

    at: int
    left: str
    right: str
    surety: float


@dataclass(frozen=True, slots=True)
class _Table:
    """What problems.toml says."""

    added: re.Pattern[str]
    belongs: re.Pattern[str]
    wrong: re.Pattern[str]
    elsewhere: re.Pattern[str]
    same: re.Pattern[str]
    together: tuple[frozenset[str], ...]
    themes: dict[str, re.Pattern[str]]


def problems_of(
    text: str, model: CategoryModel, kinds: Mapping[str, str], gazetteer: Gazetteer
) -> tuple[Problem, ...]:
    """The problems a text plainly tells of, in order; none where it is one.

    `kinds`: what kind of executor answers each category.
    """
    parts = list(_parted(text[:MAX_CHARACTERS], model, kinds, MOST))
    if parts:  # what was not looked at belongs to the last
        parts[-1] = (parts[-1][0] + text[MAX_CHARACTERS:], parts[-1][1])
    found = [parse_address(part, gazetteer) for part, _ in parts]
    told = [places for places in found if places]
    shared = told[0] if len(told) == 1 else ()
    return tuple(
        Problem(part, slug, places or (() if _is_elsewhere(part) else shared))
        for (part, slug), places in zip(parts, found, strict=True)
    )


def _is_elsewhere(part: str) -> bool:
    """Whether words of place say that a part is not where the rest of the text is."""
    forms = [token.folded for token in tokens(part)]
    return any(
        _table().elsewhere.match(form) and not _table().same.match(following)
        for form, following in pairwise(forms)
    )


def _parted(
    text: str, model: CategoryModel, kinds: Mapping[str, str], most: int
) -> tuple[tuple[str, str], ...]:
    """The parts of a text with their categories; none where it is whole."""
    if most == 1:
        return ()
    cuts = [cut for at in _boundaries(text) if (cut := _cut(text, at, model, kinds))]
    if not cuts:
        return ()
    best = max(cuts, key=lambda cut: cut.surety)
    left, right = text[: best.at], text[best.at :]
    parts = _parted(left, model, kinds, most - 1) or (_part(left, best.left),)
    parts += _parted(right, model, kinds, most - len(parts)) or (_part(right, best.right),)
    return parts if len({slug for _, slug in parts}) == len(parts) else ()


def _part(side: str, slug: str) -> tuple[str, str]:
    return _LEADING.sub("", side).strip(" ,;:-–—"), slug


def _boundaries(text: str) -> Iterator[int]:
    """Where a clause ends and another begins."""
    ends = [match.end() for match in _END.finditer(text)]
    yield from (at for at in ends[:MOST_CLAUSES] if text[at:].strip() and not _NO_END.search(text[:at]))


def _cut(text: str, at: int, model: CategoryModel, kinds: Mapping[str, str]) -> _Cut | None:
    """The text parted at a character, where both sides are surely about different things."""
    if not (enough := _enough(text, at)):
        return None
    left, right = model.scores(text[:at]), model.scores(text[at:])
    one, other = int(left.argmax()), int(right.argmax())
    pair = frozenset((model.slugs[one], model.slugs[other]))
    if len({kinds.get(slug) for slug in pair}) == 1:
        return None
    if any(pair <= group for group in _table().together):
        return None
    surety, alien = float(min(left[one], right[other])), float(max(left[other], right[one]))
    sides = ((text[:at], model.slugs[one]), (text[at:], model.slugs[other]))
    if surety < enough or alien > ALIEN or not all(_names(side, slug) for side, slug in sides):
        return None
    return _Cut(at, model.slugs[one], model.slugs[other], surety)


def _enough(text: str, at: int) -> float | None:
    """How sure both sides must be when the text is parted here; None where it is not to be parted."""
    rest = fold(text[at : at + AHEAD])
    if _table().added.match(rest):
        return ADDED
    before = text[:at].rstrip()[-1:]
    if len(text.split()) > STORY or _table().belongs.match(_CONJUNCTION.sub("", rest).lstrip()):
        return None
    if before in ".!?;…\n" or "\n" in text[len(text[:at].rstrip()) : at]:
        return SENTENCE
    return CONJUNCTION if _CONJUNCTION.match(rest) else COMMA


def _names(side: str, slug: str) -> bool:
    """Whether a side names the thing that the category is about, and says something of it."""
    forms = [token.folded for token in tokens(side)]
    theme = _table().themes.get(slug)
    if theme is None or len(forms) < FEWEST:
        return False
    return any(map(theme.match, forms)) and any(map(_table().wrong.match, forms))


@cache
def _table() -> _Table:
    read = tomllib.loads(TABLE.read_text("utf-8"))
    return _Table(
        added=re.compile(share_letters(read["added"])),
        belongs=re.compile(share_letters(rf"(?:{read['belongs']})\b")),
        wrong=re.compile(share_letters(read["wrong"])),
        elsewhere=re.compile(share_letters(read["elsewhere"])),
        same=re.compile(share_letters(read["same"])),
        together=tuple(frozenset(group) for group in read["together"]),
        themes={slug: re.compile(share_letters(roots)) for slug, roots in read["themes"].items()},
    )
