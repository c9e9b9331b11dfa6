"""The one source of time, so that a quarter of a city's life can be lived through in a test."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

_source: Callable[[], datetime] = lambda: datetime.now(UTC)  # noqa: E731 - a default, not a function of ours


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return _source()


@contextmanager
def use(source: Callable[[], datetime]) -> Iterator[None]:
    """Let `source` tell the time within the block; it must return aware UTC instants."""
    global _source  # noqa: PLW0603 - one clock a process is the point
    previous, _source = _source, source
    try:
        yield
    finally:
        _source = previous
