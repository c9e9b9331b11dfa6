"""What the category model sees of a text: pieces and beginnings of its words, and pairs of beginnings.

They make an inflected, misspelt, Russian or transliterated word look like the one in the examples. Training
and inference both read texts by this, so the two can't drift apart.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from core.understanding.normalise import fold

PIECES = (3, 4)  # lengths, in letters, of the pieces of a word with a space at both ends
BEGINNINGS = (4, 5, 6)  # in letters; a word that is shorter stands whole
PAIRED = 4  # letters of each of two words that follow one another
LITTLE = 300.0  # added to the squared length of a text, some five grams' worth: a word alone decides little

_TOKEN = re.compile(r"[^\W\d_]+|\d+|!!?")


def grams(text: str) -> Iterator[str]:
    """The features of a text, repeated as often as they occur."""
    words = words_of(text)
    for word in words:
        yield from grams_of(word)
    yield from pairs_of(words)


def words_of(text: str) -> list[str]:
    """The folded words and exclamation marks, with every number as 0: which house it is says nothing."""
    return ["0" if token[0].isdecimal() else token for token in _TOKEN.findall(fold(text))]


def grams_of(word: str) -> Iterator[str]:
    for length in BEGINNINGS:
        yield f"^{word[:length]}"
    padded = f" {word} "
    for length in PIECES:
        for at in range(len(padded) - length + 1):
            yield padded[at : at + length]


def pairs_of(words: list[str]) -> Iterator[str]:
    for left, right in pairwise(words):
        yield f"{left[:PAIRED]}+{right[:PAIRED]}"
