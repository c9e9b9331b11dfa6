"""The words a city's appeals are made of, and the one that somebody meant who mistyped it. Pure."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from core.pack import Pack
from core.sought import forms
from core.understanding.examples import read_examples
from core.understanding.normalise import share_letters

LETTERS = 4  # of a word, at least, that can be a slip of another
TWO_SLIPS = 8  # letters from which on there may be two
_WORD = re.compile(r"[^\W\d_]+")


class Vocabulary:
    """Words by how often they occur. Immutable; threads may share it."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._often = Counter(word for text in texts for word in _WORD.findall(text.casefold()))
        self._sorted = sorted(self._often)
        self._alike = [share_letters(word) for word in self._sorted]

    def corrected(self, typed: str) -> str | None:
        """`typed` with each unknown word put right; None where that changes nothing."""
        other = _WORD.sub(lambda found: self._nearest(found[0].casefold()) or found[0], typed)
        return other if other != typed else None

    def _nearest(self, word: str) -> str | None:
        if len(word) < LETTERS or any(self._begins(form.rstrip("*")) for form in forms(word)):
            return None
        allowed = 2 if len(word) >= TWO_SLIPS else 1
        near = process.extract_iter(
            share_letters(word), self._alike, scorer=OSA.distance, score_cutoff=allowed
        )
        likely = [(slips, -self._often[self._sorted[at]], self._sorted[at]) for _, slips, at in near]
        return min(likely)[2] if likely else None

    def _begins(self, beginning: str) -> bool:
        at = bisect_left(self._sorted, beginning)
        return at < len(self._sorted) and self._sorted[at].startswith(beginning)


def of_city(pack: Pack) -> Vocabulary:
    """Of a pack's streets, landmarks and catalogue, and of the texts that understanding learns from."""
    return _made(tuple(_names(pack)))


@cache
def _made(names: tuple[str, ...]) -> Vocabulary:
    return Vocabulary((*names, *(example.text for example in read_examples())))


def _names(pack: Pack) -> Iterator[str]:
    for street in pack.streets:
        yield from (street.name, *street.old_names, *street.also)
    for landmark in pack.landmarks:
        yield from (landmark.name, *landmark.also)
    for category in pack.categories:
        yield category.uk
    for district in pack.districts:
        yield district.uk
    for executor in pack.executors:
        yield from (executor.uk, executor.short_uk)
