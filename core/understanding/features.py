"""What the category model sees of a text: its words, pairs of words, and pieces of words.

Pieces carry most of the weight: they make an inflected, misspelt, Russian or transliterated word look like
the one in the examples. Training and inference both call `grams`, so the two can't drift apart.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from core.understanding.normalise import fold

PIECES = (3, 4, 5)  # lengths, in letters, of the pieces of a word with a space at both ends

_TOKEN = re.compile(r"[^\W\d_]+|\d+")


def grams(text: str) -> Iterator[str]:
    """The features of a text, repeated as often as they occur."""
    tokens = ["0" if token[0].isdecimal() else token for token in _TOKEN.findall(fold(text))]
    yield from tokens
    for left, right in pairwise(tokens):
        yield f"{left}+{right}"
    for token in tokens:
        padded = f" {token} "
        for length in PIECES:
            for at in range(len(padded) - length + 1):
                yield padded[at : at + length]
