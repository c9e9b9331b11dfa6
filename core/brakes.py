"""A brake on what is dear to do: so many times in an hour of the clock, whichever process is asked."""

from core import clock
from core.counting import count_up
from core.errors import TooMany
from core.models import Counter

_PREFIX = "brake:"


async def brake(what: str, most: int) -> None:
    """Count it; TooMany where it is more than `most` in this hour. `what` has at most 20 characters."""
    if await count_up(f"{_PREFIX}{what}:{_hour()}") > most:
        raise TooMany("person.too_many", minutes=60 - clock.now().minute)


async def release() -> None:
    """Delete the counts of hours that are over."""
    await Counter.filter(name__startswith=_PREFIX).exclude(name__endswith=f":{_hour()}").delete()


def _hour() -> str:
    return f"{clock.now():%d%H}"
