"""Whether a new model is better than the one that reads: by what each says of the same kept-aside rows.

Rows that both get right or both get wrong say nothing. Of the others, those the new one gets right must
outweigh those it gets wrong by more than chance would: by twice the spread of a coin tossed for each.
Five rows of equal weight are the fewest that can say so.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from core.understanding.examples import Example

SPREADS = 2.0
SHOWN = 10  # confusions that are kept


@dataclass(frozen=True, slots=True)
class Verdict:
    """`accuracy`: share of the kept-aside corrections, by weight, that a model gets right; None of none.

    `better`: by those corrections. `harmed`: categories whose examples the corrections make it forget.
    `costs`: (right, taken for, times) of what the new one gets wrong and the old one didn't, as found so far.
    """

    kept: int
    accuracy: float | None
    accuracy_before: float | None
    better: bool
    harmed: tuple[str, ...] = ()
    costs: tuple[tuple[str, str, int], ...] = ()

    @property
    def accepted(self) -> bool:
        return self.better and not self.harmed


def judge(kept: Sequence[Example], before: Sequence[str], after: Sequence[str]) -> Verdict:
    """By kept-aside corrections; `before` and `after` are what the two models guess of them."""
    return Verdict(
        kept=len(kept),
        accuracy=_accuracy(kept, after),
        accuracy_before=_accuracy(kept, before),
        better=_outweighs(kept, right=after, wrong=before),
        costs=_costs(kept, before, after),
    )


def harmed(kept: Sequence[Example], before: Sequence[str], after: Sequence[str]) -> tuple[str, ...]:
    """Categories whose kept-aside examples got clearly worse; all that lost some where only the whole did."""
    of_slug: dict[str, list[int]] = defaultdict(list)
    for at, row in enumerate(kept):
        of_slug[row.slug].append(at)
    worse = [slug for slug, places in of_slug.items() if _worse(kept, before, after, places)]
    if not worse and _worse(kept, before, after, range(len(kept))):
        worse = sorted({right for right, _, _ in _costs(kept, before, after)})
    return tuple(worse)


def costs_of(
    kept: Sequence[Example], before: Sequence[str], after: Sequence[str], slugs: Sequence[str]
) -> tuple[tuple[str, str, int], ...]:
    """What the examples of these categories would now be taken for."""
    return tuple(cost for cost in _costs(kept, before, after) if cost[0] in slugs)


def _worse(
    kept: Sequence[Example], before: Sequence[str], after: Sequence[str], places: Sequence[int]
) -> bool:
    rows = [kept[at] for at in places]
    return _outweighs(rows, right=[before[at] for at in places], wrong=[after[at] for at in places])


def _outweighs(kept: Sequence[Example], *, right: Sequence[str], wrong: Sequence[str]) -> bool:
    """Whether `right` is right where `wrong` isn't clearly more than the other way round."""
    gains = [
        row.weight * ((one == row.slug) - (other == row.slug))
        for row, one, other in zip(kept, right, wrong, strict=True)
    ]
    return sum(gains) > SPREADS * sqrt(sum(gain * gain for gain in gains))


def _accuracy(kept: Sequence[Example], guesses: Sequence[str]) -> float | None:
    whole = sum(row.weight for row in kept)
    right = sum(row.weight for row, guess in zip(kept, guesses, strict=True) if guess == row.slug)
    return right / whole if whole else None


def _costs(
    kept: Sequence[Example], before: Sequence[str], after: Sequence[str]
) -> tuple[tuple[str, str, int], ...]:
    pairs = Counter(
        (row.slug, new)
        for row, old, new in zip(kept, before, after, strict=True)
        if old == row.slug and new != row.slug
    )
    return tuple((*pair, times) for pair, times in pairs.most_common(SHOWN))
