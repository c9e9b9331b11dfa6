"""What a message is, before what it is about: a report of a problem, a question, a greeting, mere noise.

When in doubt it is a report: a problem taken for talk is lost, talk taken for one costs a question more.
The words stand in core/data/speech.toml.
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from typing import Any

from core.pack import DATA
from core.understanding.normalise import MAX_CHARACTERS, fold, normalise, share_letters, tokens
from core.understanding.transliteration import to_cyrillic
from core.workflow import Kind

TABLE = DATA / "speech.toml"
WITHIN = 3  # words from one part of a phrase to the next, where the table says nothing else
LONGEST_QUESTION = 13  # words beside courtesies; who writes more tells a story
PREAMBLE = 4  # the same, before what makes a question of it
RUN = 4  # neighbours on the keyboard that no word has
_ROWS = ("йцукенгшщзхъї", "фывапролджэ", "фівапролджє", "ячсмитьбю", "qwertyuiop", "asdfghjkl", "zxcvbnm")
_VOWELLESS = re.compile(r"[бвгджзклмнпрстфхцчшщbcdfghjklmnpqrstvwxz]{5}")
_LATIN = re.compile(r"(?<![a-z\\])[a-z]+")  # but "\\b"
_REPEATED = re.compile(r"(\w)\1*|(\w{2,4})\2+\w?")

TALK = {"greeting", "thanks", "abuse", "nonsense", "filler"}
COURTEOUS = {"greeting", "filler"}


class Speech(StrEnum):
    """What a message wants of us; THANKS, GREETING, ABUSE and NONSENSE hold nothing to act on."""

    REPORT = "report"
    QUESTION = "question"
    STATUS = "status"  # after an appeal of the resident's own: «де моя заявка?»
    GREETING = "greeting"
    THANKS = "thanks"  # short and to us; one that names whom it is for is an appeal, a REPORT
    ABUSE = "abuse"
    NONSENSE = "nonsense"
    STATUTORY = "statutory"  # by the law on appeals, in so many words


@dataclass(frozen=True, slots=True)
class Phrase:
    """One of each of `words` in order, at most `within` apart, and nothing of `unless` in the text.

    `most`: words, at most, of a text it decides. `first`: nothing but courtesies stands before it.
    """

    speech: Speech
    words: tuple[re.Pattern[str], ...]
    within: int
    unless: re.Pattern[str] | None
    most: int | None
    first: bool
    kind: Kind | None


@dataclass(frozen=True, slots=True)
class Table:
    """What speech.toml says."""

    words: dict[str, re.Pattern[str]]
    phrases: tuple[Phrase, ...]
    addition: re.Pattern[str]


def speech_of(text: str) -> Speech:
    """What a text is; NONSENSE for a blank one."""
    return said(text)[0]


def statutory_of(text: str) -> Kind | None:
    """The kind of appeal that a text asks for by the law; None where it is no STATUTORY one."""
    return said(text)[1]


def is_addition(text: str) -> bool:
    """Whether a text begins like an addition to what was just said."""
    return _table().addition.match(fold(text[:MAX_CHARACTERS])) is not None


def said(text: str) -> tuple[Speech, Kind | None]:
    """What a text is, and the kind of a STATUTORY one."""
    text = text[:MAX_CHARACTERS]
    found = tokens(text)
    forms = [token.folded for token in found]
    lists = [_lists(form) for form in forms]
    phrases = list(_told(forms, lists))
    official = next((phrase for phrase in phrases if phrase.speech is Speech.STATUTORY), None)
    if official:
        return Speech.STATUTORY, official.kind
    talk = _talk([text[token.start : token.end] for token in found], lists)
    if talk in {Speech.ABUSE, Speech.THANKS}:
        return talk, None
    asked = {phrase.speech for phrase in phrases}
    if Speech.STATUS in asked:
        return Speech.STATUS, None
    trouble = any("trouble" in names for names in lists)
    if Speech.QUESTION in asked and not trouble and _telling(lists) <= LONGEST_QUESTION:
        return Speech.QUESTION, None
    return talk or Speech.REPORT, None


def _talk(words: Sequence[str], lists: Sequence[frozenset[str]]) -> Speech | None:
    """What a text is that holds nothing but courtesies, insults or noise; None for any other."""
    kinds = set[str]()
    for names, word in zip(lists, words, strict=True):
        found = names | {"nonsense"} if _is_mash(word) else names
        if not found & TALK:
            return None
        kinds |= found
    if Speech.ABUSE in kinds:
        return Speech.ABUSE
    if Speech.THANKS in kinds:
        return None if "trouble" in kinds else Speech.THANKS
    if Speech.GREETING in kinds:
        return Speech.GREETING
    return Speech.NONSENSE if Speech.NONSENSE in kinds or not kinds else None


def _is_mash(word: str) -> bool:
    """Whether a word is a number, a hand on the keyboard, or one sound over and over."""
    word = normalise(word)
    if not any(char.isalpha() for char in word) or len(word) == 1:
        return True
    runs = (word[at : at + RUN] for at in range(len(word) - RUN + 1))
    if any(run in row for run in runs for row in _ROWS):
        return True
    return bool(_VOWELLESS.search(word)) or _REPEATED.fullmatch(word) is not None


def _told(forms: Sequence[str], lists: Sequence[frozenset[str]]) -> Iterator[Phrase]:
    """The phrases a text holds, in the table's order."""
    if not forms:
        return
    seen = [_parts(form) for form in forms]
    begun = sorted({at for parts in seen for at, part in parts if part == 0})
    greetings = sum("greeting" in names for names in lists)
    joined = " ".join(forms)
    for at in begun:
        phrase = _table().phrases[at]
        if phrase.most is not None and len(forms) - greetings > phrase.most:
            continue
        starts = [index for index, parts in enumerate(seen) if (at, 0) in parts]
        most = 0 if phrase.first else PREAMBLE if phrase.speech is Speech.QUESTION else len(forms)
        starts = [index for index in starts if _telling(lists[:index]) <= most]
        if any(_follows(at, phrase, start, seen) for start in starts) and not (
            phrase.unless and phrase.unless.search(joined)
        ):
            yield phrase


def _telling(lists: Sequence[frozenset[str]]) -> int:
    """How many words are no courtesies."""
    return sum(not names & COURTEOUS for names in lists)


def _follows(at: int, phrase: Phrase, start: int, seen: Sequence[frozenset[tuple[int, int]]]) -> bool:
    """Whether the parts of the phrase at `at` of the table stand one after another from `start` on."""
    here = start
    for part in range(1, len(phrase.words)):
        near = range(here + 1, min(len(seen), here + phrase.within + 1))
        found = next((index for index in near if (at, part) in seen[index]), None)
        if found is None:
            return False
        here = found
    return True


@lru_cache(maxsize=20_000)
def _parts(form: str) -> frozenset[tuple[int, int]]:
    """Which parts of which phrases a word may be, by their places in the table."""
    return frozenset(
        (at, part)
        for at, phrase in enumerate(_table().phrases)
        for part, words in enumerate(phrase.words)
        if words.match(form)
    )


@lru_cache(maxsize=20_000)
def _lists(form: str) -> frozenset[str]:
    """The lists of words in which a word stands."""
    return frozenset(name for name, words in _table().words.items() if words.match(form))


@cache
def _table() -> Table:
    read = tomllib.loads(TABLE.read_text("utf-8"))
    return Table(
        words={name: pattern("|".join(roots)) for name, roots in read["words"].items()},
        phrases=tuple(
            _phrase(speech, entry)
            for speech in (Speech.STATUS, Speech.STATUTORY, Speech.QUESTION)
            for entry in read[speech]
        ),
        addition=pattern("|".join(read["addition"]["begins"])),
    )


def _phrase(speech: Speech, entry: dict[str, Any]) -> Phrase:
    return Phrase(
        speech=speech,
        words=tuple(pattern(part) for part in entry["words"]),
        within=entry.get("within", WITHIN),
        unless=pattern(_among(entry["unless"])) if "unless" in entry else None,
        most=entry.get("most"),
        first=entry.get("first", False),
        kind=Kind(entry["kind"]) if "kind" in entry else None,
    )


def _among(roots: str) -> str:
    """The same for words among others, with spaces between."""
    return f"(?:^| )(?:{roots.replace('$', '(?![^ ])')})"


def pattern(roots: str) -> re.Pattern[str]:
    """A regular expression for comparison with folded words; English in it as if transliterated."""
    return re.compile(share_letters(_LATIN.sub(lambda word: to_cyrillic(word[0]), roots)))
