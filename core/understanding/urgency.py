"""Danger to life or property, told from words alone.

Recall comes first: an alarm too many costs an operator a look, one too few may cost a life. What counts as
danger, and how it is written, stands in core/data/urgency.toml.
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

from core.pack import DATA
from core.understanding.normalise import MAX_CHARACTERS, Token, fold_word, share_letters, tokens

WITHIN = 7  # words apart, at most, that still speak of one thing
UNLESS = -1  # the part of a danger that speaks against it
DENIALS = {
    fold_word(word) for word in ("не", "ні", "нема", "немає", "нет", "нету", "без", "жодного", "відсутня")
}
ABSENT = {fold_word(word) for word in ("нема", "немає", "нет", "нету", "відсутня", "відсутній", "відсутнє")}


@dataclass(frozen=True, slots=True)
class Urgency:
    """`words` that decided, as they were written; `number`: whom to call first, a key of the city pack."""

    urgent: bool
    words: tuple[str, ...] = ()
    number: str | None = None


@dataclass(frozen=True, slots=True)
class Danger:
    """One of each of `words`, at most `within` words apart, and nothing of `unless` among the words."""

    slug: str
    number: str | None
    words: tuple[re.Pattern[str], ...]
    within: int
    unless: re.Pattern[str] | None


def urgency_of(text: str) -> Urgency:
    """What danger the words of a text tell."""
    text = text[:MAX_CHARACTERS]
    found = tokens(text)
    seen = [_roots(form) for form in _forms(text, found)]
    deciding: set[int] = set()
    numbers: list[str | None] = []
    for at, danger in enumerate(_dangers()):
        if chosen := _match(at, danger, seen):
            deciding.update(chosen)
            numbers.append(danger.number)
    words = tuple(text[found[at].start : found[at].end] for at in sorted(deciding))
    return Urgency(bool(numbers), words, next((number for number in numbers if number), None))


def _forms(text: str, found: Sequence[Token]) -> Iterator[str]:
    """The folded words, those that are denied with "не " before them."""
    apart = [bool(text[left.end : right.start].strip()) for left, right in pairwise(found)]
    for at, token in enumerate(found):
        denied = at > 0 and not apart[at - 1] and found[at - 1].folded in DENIALS
        absent = at + 1 < len(found) and not apart[at] and found[at + 1].folded in ABSENT
        # "пахне газом немає сил": what is absent does not stand in the instrumental case
        denied = denied or (absent and not token.folded.endswith("м"))
        yield f"не {token.folded}" if denied else token.folded


def _match(at: int, danger: Danger, seen: Sequence[frozenset[tuple[int, int]]]) -> tuple[int, ...]:
    """Which words tell the danger at `at` of the table; none when it is not told."""
    for first, roots in enumerate(seen):
        if (at, 0) not in roots:
            continue
        near = range(max(0, first - danger.within), min(len(seen), first + danger.within + 1))
        chosen = [first]
        for part in range(1, len(danger.words)):
            chosen += [index for index in near if (at, part) in seen[index] and index not in chosen][:1]
        if len(chosen) == len(danger.words) and not any((at, UNLESS) in seen[index] for index in near):
            return tuple(chosen)
    return ()


@lru_cache(maxsize=20_000)
def _roots(form: str) -> frozenset[tuple[int, int]]:
    """Which parts of which dangers the word may be, by their places in the table."""
    return frozenset(
        (at, part)
        for at, danger in enumerate(_dangers())
        for part, pattern in [*enumerate(danger.words), (UNLESS, danger.unless)]
        if pattern and pattern.match(form)
    )


@cache
def _dangers() -> tuple[Danger, ...]:
    table = tomllib.loads((DATA / "urgency.toml").read_text("utf-8"))["danger"]
    return tuple(
        Danger(
            entry["slug"],
            entry.get("number"),
            tuple(_pattern(part) for part in entry["words"]),
            entry.get("within", WITHIN),
            _pattern(entry["unless"]) if "unless" in entry else None,
        )
        for entry in table
    )


def _pattern(roots: str) -> re.Pattern[str]:
    return re.compile(share_letters(roots))


def known_numbers() -> frozenset[str]:
    """Every emergency number that may be given; a city pack must know them."""
    return frozenset(danger.number for danger in _dangers() if danger.number)
