"""The one source of chance that matters, so that what is drawn can be lived through again in a test."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import SystemRandom

_source: Callable[[], float] = SystemRandom().random


def drawn(share: float) -> bool:
    """Whether the lot falls on this one; of many, on a `share` from 0 (none) to 1 (all)."""
    return _source() < share


@contextmanager
def use(source: Callable[[], float]) -> Iterator[None]:
    """Let `source` decide within the block, such as `Random(7).random`: numbers from 0 to below 1."""
    global _source  # noqa: PLW0603 - one source a process is the point
    previous, _source = _source, source
    try:
        yield
    finally:
        _source = previous
