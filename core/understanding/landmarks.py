"""Where a text names a place that is no street: a park, a station, "школа №35", the market of the pack."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from core.pack import DATA, LandmarkSpec
from core.understanding.gazetteer import Gazetteer, stem
from core.understanding.house import counts
from core.understanding.normalise import share_letters
from core.understanding.place_words import BESIDE, ON, WITHIN
from core.understanding.street_types import type_of
from core.understanding.transliteration import to_latin
from core.understanding.words import Words, pattern

LONGEST = 5  # words of a landmark's name
PROPER = 3  # words, at most, of a proper name that is not in the pack
_NUMBER = re.compile(r"\d{1,3}")
_QUOTES = str.maketrans("", "", '«»"“”„')
_CALLED = pattern("номер|ном|no|n")


@dataclass(frozen=True, slots=True)
class Landmark:
    """Words [start, end) name it, a preposition included; `spec` is None where the pack does not know it."""

    start: int
    end: int
    uk: str
    en: str
    spec: LandmarkSpec | None
    prepared: bool


@dataclass(frozen=True, slots=True)
class _Kinds:
    numbered: tuple[tuple[str, str, re.Pattern[str]], ...]
    adjective: re.Pattern[str]
    named: re.Pattern[str]


@cache
def _kinds() -> _Kinds:
    table = tomllib.loads((DATA / "landmark_kinds.toml").read_text("utf-8"))
    return _Kinds(
        numbered=tuple(
            (entry["uk"], entry["en"], re.compile(share_letters(entry["words"])))
            for entry in table["numbered"]
        ),
        adjective=pattern(table["adjective"]["words"]),
        named=pattern(table["named"]["words"]),
    )


def find_landmarks(words: Words, gazetteer: Gazetteer) -> Iterator[Landmark]:
    """The landmarks of a text, those of the pack first; none shares a word with another."""
    taken: set[int] = set()
    for find in (_known(words, gazetteer), _numbered(words), _proper(words)):
        for landmark in find:
            if taken.isdisjoint(range(landmark.start, landmark.end)):
                taken.update(range(landmark.start, landmark.end))
                yield landmark


def _known(words: Words, gazetteer: Gazetteer) -> Iterator[Landmark]:
    stems = [stem(words.folded(at)) for at in range(len(words))]
    for width in range(LONGEST, 0, -1):
        for start in range(len(words) - width + 1):
            end = start + width
            spec = gazetteer.landmark(stems[start:end])
            if spec and _is_whole(words, start, end) and (width > 1 or _is_meant(words, start, spec)):
                first = start - (words.is_(_kinds().named, start - 1) and words.beside(start, ' «"'))
                yield _landmark(words, first, end, (spec.name, to_latin(spec.name)), spec)


def _is_meant(words: Words, at: int, spec: LandmarkSpec) -> bool:
    """Whether a single word tells a place: "біля цирку", not "це цирк"; "біля мерії", not "в мерію"."""
    if words.is_(BESIDE, at - 1):
        return True
    placed = words.is_(ON, at - 1) or words.is_(WITHIN, at - 1)
    return spec.kind != "office" and (placed or (words.is_capital(at) and not words.is_first(at)))


def _numbered(words: Words) -> Iterator[Landmark]:
    """Institutions with a number: "школа №35", "8 міська лікарня", "у 35-й школі"."""
    for at in range(len(words)):
        for uk, en, noun in _kinds().numbered:
            if not words.is_(noun, at):
                continue
            first = at - words.is_(_kinds().adjective, at - 1)
            after = at + 1 + words.is_(_CALLED, at + 1)
            if words.is_(_NUMBER, after) and words.beside(after, " №#N") and not counts(words, after):
                yield _institution(words, first, at, after, uk, en)
            elif words.is_(_NUMBER, first - 1) and words.beside(first) and _is_order(words, first - 1, at):
                yield _institution(words, first - 1, at, first - 1, uk, en)
            break


def _is_order(words: Words, number: int, noun: int) -> bool:
    """Whether a number before a noun says which one, not how many."""
    placed = any(words.is_(before, number - 1) for before in (BESIDE, ON, WITHIN))
    one = not words.folded(noun).endswith("и")  # "2 школи" are two, "35 школа" is one
    return words.is_ordinal(number) or noun > number + 1 or placed or (one and words.is_first(number))


def _institution(words: Words, start: int, noun: int, number: int, uk: str, en: str) -> Landmark:
    end = max(noun, number) + 1
    if words.is_(_kinds().adjective, noun - 1):  # a children's hospital has numbers of its own
        written = words.written(start, end)
        return _landmark(words, start, end, (written, to_latin(written)))
    value = words.folded(number)
    return _landmark(words, start, end, (uk.format(value), en.format(value)))


def _proper(words: Words) -> Iterator[Landmark]:
    """What bears a name that is not in the pack: "зупинка Кільцева", "сквер «Ветеранів»"."""
    if words.text.isupper():
        return
    for at in range(len(words)):
        if not words.is_(_kinds().named, at):
            continue
        end = at + 1
        quoted = any(mark in (words.gap(end) or "") for mark in '«"“')
        while end - at <= PROPER and _is_proper(words, end, quoted=quoted and end > at + 1):
            end += 1
        if end > at + 1:
            name = words.written(at, end).translate(_QUOTES)
            yield _landmark(words, at, end, (name, to_latin(name)))


def _is_proper(words: Words, at: int, *, quoted: bool) -> bool:
    """Whether a word goes on a proper name: with a capital letter, or within its quotation marks."""
    if quoted:
        return words.beside(at, " -")
    return words.is_capital(at) and words.beside(at, ' -«"“') and not type_of(words.folded(at))


def _is_whole(words: Words, start: int, end: int) -> bool:
    return all(words.beside(at, ' .-«»"№') for at in range(start + 1, end))


def _landmark(
    words: Words, start: int, end: int, shown: tuple[str, str], spec: LandmarkSpec | None = None
) -> Landmark:
    prepared = words.beside(start) and any(words.is_(before, start - 1) for before in (BESIDE, ON, WITHIN))
    return Landmark(start - prepared, end, *shown, spec, prepared)
