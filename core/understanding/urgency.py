"""Danger to life or property, told from words alone.

Recall comes first: an alarm too many costs an operator a look, one too few may cost a life. What counts as
danger, what speaks for and against it, and how all that is written, stands in core/data/urgency.toml.
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

from core.pack import DATA
from core.understanding.normalise import MAX_CHARACTERS, Token, fold_word, share_letters, tokens

TABLE = DATA / "urgency.toml"
WITHIN = 7  # words apart, at most, that still speak of one thing
WEIGHT = 4  # of a danger where the table says nothing else
ENOUGH = 3  # of a danger's weight with that of all signs, for an alarm
GREETING = 25  # characters at the beginning of a text in which an exclamation mark says nothing
UNLESS = -1  # the part of a danger that speaks against it
DENIALS = {
    fold_word(word) for word in ("не", "ні", "нема", "немає", "нет", "нету", "без", "жодного", "відсутня")
}
# "чуть не упал" denies nothing.
NEARLY = {fold_word(word) for word in ("ледь", "ледве", "чуть", "мало", "едва", "майже", "трохи")}
ABSENT = {fold_word(word) for word in ("нема", "немає", "нет", "нету", "відсутня", "відсутній", "відсутнє")}


@dataclass(frozen=True, slots=True)
class Urgency:
    """`words` that decided, as they were written; `number`: whom to call first, a key of the city pack."""

    urgent: bool
    words: tuple[str, ...] = ()
    number: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One of each of `words`, at most `within` words apart, and nothing of `unless` among the words.

    `weight`: of a danger, how grave it is; of a sign, how much it speaks for an alarm or against one.
    """

    slug: str
    weight: int
    number: str | None
    words: tuple[re.Pattern[str], ...]
    within: int
    unless: re.Pattern[str] | None
    is_sign: bool


def urgency_of(text: str) -> Urgency:
    """What danger the words of a text tell."""
    return heard(text)[0]


def heard(text: str) -> tuple[Urgency, int]:
    """What danger the words tell; and how much the signs speak for an alarm or, below 0, against one."""
    text = text[:MAX_CHARACTERS]
    found = tokens(text)
    seen = [_roots(form) for form in _forms(text, found)]
    begun = sorted({at for roots in seen for at, part in roots if part == 0})
    told = [(_table()[at], chosen) for at in begun if (chosen := _match(at, _table()[at], seen))]
    signs = sum(entry.weight for entry, _ in told if entry.is_sign) + _loudness(text)
    dangers = [each for each in told if not each[0].is_sign and each[0].weight + signs >= ENOUGH]
    deciding = sorted({at for _, chosen in dangers for at in chosen})
    urgency = Urgency(
        urgent=bool(dangers),
        words=tuple(text[found[at].start : found[at].end] for at in deciding),
        number=next((entry.number for entry, _ in dangers if entry.number), None),
    )
    return urgency, signs


def _loudness(text: str) -> int:
    """What exclamation marks add; a single one after a greeting adds nothing."""
    return 2 if "!!" in text else int("!" in text[GREETING:])


def _forms(text: str, found: Sequence[Token]) -> Iterator[str]:
    """The folded words, those that are denied with "не " before them."""
    apart = [bool(text[left.end : right.start].strip()) for left, right in pairwise(found)]
    for at, token in enumerate(found):
        denied = at > 0 and not apart[at - 1] and found[at - 1].folded in DENIALS
        denied = denied and not (at > 1 and found[at - 2].folded in NEARLY)
        absent = at + 1 < len(found) and not apart[at] and found[at + 1].folded in ABSENT
        # "пахне газом немає сил": what is absent does not stand in the instrumental case
        denied = denied or (absent and not token.folded.endswith("м"))
        yield f"не {token.folded}" if denied else token.folded


def _match(at: int, entry: Entry, seen: Sequence[frozenset[tuple[int, int]]]) -> tuple[int, ...]:
    """Which words tell the entry at `at` of the table; none when it is not told."""
    for first, roots in enumerate(seen):
        if (at, 0) not in roots:
            continue
        near = range(max(0, first - entry.within), min(len(seen), first + entry.within + 1))
        chosen = [first]
        for part in range(1, len(entry.words)):
            chosen += [index for index in near if (at, part) in seen[index] and index not in chosen][:1]
        if len(chosen) == len(entry.words) and not any((at, UNLESS) in seen[index] for index in near):
            return tuple(chosen)
    return ()


@lru_cache(maxsize=20_000)
def _roots(form: str) -> frozenset[tuple[int, int]]:
    """Which parts of which entries the word may be, by their places in the table."""
    return frozenset(
        (at, part)
        for at, entry in enumerate(_table())
        for part, pattern in [*enumerate(entry.words), (UNLESS, entry.unless)]
        if pattern and pattern.match(form)
    )


@cache
def _table() -> tuple[Entry, ...]:
    read = tomllib.loads(TABLE.read_text("utf-8"))
    return tuple(
        Entry(
            slug=entry["slug"],
            weight=entry.get("weight", WEIGHT),
            number=entry.get("number"),
            words=tuple(_pattern(part) for part in entry["words"]),
            within=entry.get("within", WITHIN),
            unless=_pattern(entry["unless"]) if "unless" in entry else None,
            is_sign=kind == "sign",
        )
        for kind in ("danger", "sign")
        for entry in read[kind]
    )


def _pattern(roots: str) -> re.Pattern[str]:
    return re.compile(share_letters(roots))


def known_numbers() -> frozenset[str]:
    """Every emergency number that may be given; a city pack must know them."""
    return frozenset(entry.number for entry in _table() if entry.number)
