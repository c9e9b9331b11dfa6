"""Very few words: «тече вода» is a main, a flat or a sewer, whatever score one of them reaches.

A model of n-grams is sure of words it knows; whether they are enough is seen by who else has used them.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable

from core.understanding.category import Guess
from core.understanding.examples import Example
from core.understanding.normalise import tokens

WORDS = 2  # at most
STEM = 4  # letters of a word that are compared
HITS = 5  # examples with these words, below which they tell nothing
SHARE = 0.7  # of the examples with these words: from there on a category is meant by them
OFFERED = 3


class Terse:
    """What few words may mean, by the examples in which they stand together."""

    def __init__(self, examples: Iterable[Example]) -> None:
        self._slugs: list[str] = []
        self._with: dict[str, set[int]] = defaultdict(set)
        for at, example in enumerate(examples):
            self._slugs.append(example.slug)
            for stem in _stems(example.text):
                self._with[stem].add(at)

    def readings(self, text: str, guesses: tuple[Guess, ...]) -> tuple[Guess, ...]:
        """The categories that so few words leave open, the likeliest first; none where they are enough."""
        stems = _stems(text) if len(text.split()) <= WORDS else frozenset[str]()
        if not stems:
            return ()
        hits = Counter(
            self._slugs[at] for at in set.intersection(*(self._with.get(stem, set()) for stem in stems))
        )
        total = hits.total()
        if total < HITS or max(hits.values()) / total >= SHARE:
            return ()
        scores = {guess.slug: guess.score for guess in guesses}
        likely = sorted(hits, key=lambda slug: (-hits[slug], -scores.get(slug, 0.0), slug))
        return tuple(Guess(slug, hits[slug] / total) for slug in likely[:OFFERED])


def _stems(text: str) -> frozenset[str]:
    return frozenset(token.folded[:STEM] for token in tokens(text))
