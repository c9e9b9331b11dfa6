"""The words a city's appeals are made of, and the one that somebody meant who mistyped it. Pure."""

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import cache

from core.pack import Pack
from core.sought import forms
from core.understanding.examples import read_examples
from core.understanding.normalise import share_letters

LETTERS = 4  # of a word, at least, that can be a slip of another
TWO_SLIPS = 8  # letters from which on there may be two
NEAREST = 60  # words, by common pairs of letters, that are compared
_WORD = re.compile(r"[^\W\d_]+")


class Vocabulary:
    """Words by how often they occur. Immutable; threads may share it."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._often = Counter(word for text in texts for word in _WORD.findall(text.casefold()))
        self._sorted = sorted(self._often)
        self._pairs: dict[str, list[str]] = defaultdict(list)
        for word in self._sorted:
            for pair in _pairs(word):
                self._pairs[pair].append(word)

    def corrected(self, typed: str) -> str | None:
        """`typed` with each unknown word put right; None where that changes nothing."""
        other = _WORD.sub(lambda found: self._nearest(found[0].casefold()) or found[0], typed)
        return other if other != typed else None

    def _nearest(self, word: str) -> str | None:
        if len(word) < LETTERS or any(self._begins(form.rstrip("*")) for form in forms(word)):
            return None
        allowed = 2 if len(word) >= TWO_SLIPS else 1
        shared = Counter(
            other
            for pair in _pairs(word)
            for other in self._pairs.get(pair, ())
            if abs(len(other) - len(word)) <= allowed
        )
        likely = [
            (slips, -self._often[other], other)
            for other, _ in shared.most_common(NEAREST)
            if (slips := _slips(share_letters(word), share_letters(other))) <= allowed
        ]
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


def _pairs(word: str) -> set[str]:
    padded = f" {share_letters(word)} "
    return {padded[at : at + 2] for at in range(len(padded) - 1)}


def _slips(one: str, other: str) -> int:
    """How many letters were left out, put in, changed, or changed places."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        earlier, before, row = before, row, [at]
        for to, meant in enumerate(other, 1):
            cost = min(before[to] + 1, row[to - 1] + 1, before[to - 1] + (letter != meant))
            if at > 1 and to > 1 and letter == other[to - 2] and one[at - 2] == meant:
                cost = min(cost, earlier[to - 2] + 1)
            row.append(cost)
    return row[-1]
