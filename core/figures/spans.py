"""Lengths of time as counts by span of a fixed logarithmic scale, so that they add up: days into months.

A span reaches 5 % further than the one before. What is read from it lies within 2.5 % of the length itself;
up to 20 minutes it is that length. Pure.
"""

import math
from collections.abc import Mapping

WIDTH = 1.05
_LOG = math.log(WIDTH)


def span_of(minutes: int) -> int:
    """The index of the span that holds a length; 0 is less than a minute."""
    return 0 if minutes < 1 else 1 + int(math.log(minutes) / _LOG)


def middle(span: int) -> float:
    """Minutes that stand for a span: the geometric mean of the least and the most that it holds."""
    if span <= 0:
        return 0.0
    least, most = _shortest(span), math.floor(WIDTH**span)
    return math.sqrt(least * most)


def shortest(minutes: float) -> int:
    """The shortest length of the span that some length lies in: what is as long as that for the sums."""
    return _shortest(0 if minutes < 1 else 1 + int(math.log(minutes) / _LOG))


def _shortest(span: int) -> int:
    return 0 if span <= 0 else math.ceil(WIDTH ** (span - 1))


def percentile(spans: Mapping[int, int], share: float) -> float | None:
    """Minutes that the `share` of them doesn't exceed, by nearest rank; None of nothing."""
    rank = max(1, math.ceil(sum(spans.values()) * share))
    for span in sorted(spans):
        rank -= spans[span]
        if rank <= 0:
            return middle(span)
    return None
