"""What a retraining learns from and what it is judged by: a pure function of the examples and corrections.

A row is kept aside by its text alone, so it is on the same side every night, and so are two residents who
wrote the same. The kept-aside corrections are never taught to any model: the old and the new one are judged
by them as they are deployed. The shipped model has seen all examples, so by these it can't be judged, and
a taught one should not lose a fifth of them only to be judged: for that there is a rehearsal (see teaching).

Ages are counted from the newest correction, not from now: the same corrections are the same lesson, with
the same version, whenever it is given.
"""

import hashlib
import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.understanding.examples import Example
from core.understanding.normalise import normalise

OF_DESK = 2.0  # how much a fresh word of an operator counts, an example counting 1
OF_RESIDENT = 0.5
HALF_LIFE = timedelta(days=180)
# What one person may count altogether, as a share of what the examples count. An operator of a large city
# reaches it within months; a resident after a dozen appeals.
DESK_CAP = 0.1
RESIDENT_CAP = 0.001
KEPT = 5  # one in so many is kept aside
ENOUGH = 20  # corrections; fewer can neither teach nor judge


@dataclass(frozen=True, slots=True)
class Word:
    """Somebody's word on what a text is about. `person`: who, within the desk or among residents."""

    text: str
    slug: str
    person: int | None  # None: somebody forgotten; all of them together count as one person
    desk: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Lesson:
    """Weighted rows. `kept_corrections` are not among `corrections`; `kept_examples` are examples."""

    version: str
    base: str  # version of the shipped model it goes on from
    examples: tuple[Example, ...]
    corrections: tuple[Example, ...]
    kept_corrections: tuple[Example, ...]
    kept_examples: tuple[Example, ...]


def lesson(base: str, examples: Sequence[Example], words: Iterable[Word]) -> Lesson:
    """What is to be learnt from these words by a model that knows the examples."""
    told = sorted(words, key=repr)  # in whatever order they were read
    corrections = weigh(told, sum(row.weight for row in examples))
    return Lesson(
        version=f"{base}-{_digest(corrections)}",
        base=base,
        examples=tuple(examples),
        corrections=tuple(row for row in corrections if not kept_aside(row.text)),
        kept_corrections=tuple(row for row in corrections if kept_aside(row.text)),
        kept_examples=_kept_examples(examples),
    )


def weigh(words: Sequence[Word], examples: float) -> tuple[Example, ...]:
    """Each word as an example: half as weighty with each half-life, and one person's within their cap.

    `examples`: how much all examples weigh.
    """
    newest = max((word.at for word in words), default=None)
    fresh = [_of_age(word, newest) for word in words if newest is not None]
    totals: dict[tuple[bool, int | None], float] = defaultdict(float)
    for word, weight in zip(words, fresh, strict=True):
        totals[word.desk, word.person] += weight
    rows = []
    for word, weight in zip(words, fresh, strict=True):
        cap = examples * (DESK_CAP if word.desk else RESIDENT_CAP)
        share = min(1.0, cap / totals[word.desk, word.person])
        rows.append(Example(word.slug, word.text, round(weight * share, 6)))
    return tuple(rows)


def _of_age(word: Word, newest: datetime) -> float:
    halves = (newest - word.at) / HALF_LIFE
    return (OF_DESK if word.desk else OF_RESIDENT) * math.pow(0.5, halves)


def kept_aside(text: str) -> bool:
    """Whether a correction of this text is judged by instead of learnt from."""
    return _number(text) % KEPT == 0


def _kept_examples(examples: Sequence[Example]) -> tuple[Example, ...]:
    """One in KEPT of each category's; none where there are fewer, such as a category's names alone."""
    of_slug = defaultdict(list)
    for row in examples:
        of_slug[row.slug].append(row)
    return tuple(
        row
        for rows in of_slug.values()
        for row in sorted(rows, key=lambda row: (_number(row.text), row.text))[: len(rows) // KEPT]
    )


def _number(text: str) -> int:
    return int.from_bytes(hashlib.sha256(normalise(text).encode()).digest()[:8], "big")


def _digest(rows: Iterable[Example]) -> str:
    digest = hashlib.sha256()
    for row in rows:
        digest.update(f"{row.slug}\t{row.weight}\t{row.text}\n".encode())
    return digest.hexdigest()[:8]
