"""Brakes on guessing: each wrong try makes the next one wait longer, and nobody can lock out somebody else.

A try is counted by login and place, by place, and by login. A place is an address, or a browser in which
this person has signed in before: there strangers' tries don't matter, so that an attack slows down strangers
alone. From anywhere else the wait by login stays short: many addresses guess slowly, the owner still gets in.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any, Final

from core import clock
from core.errors import TooMany
from core.models import SignInFailure

WINDOW: Final = timedelta(hours=1)  # what is older is forgiven
_MOST = 100  # of failures looked at: by then every wait is the longest
_MINUTE = 60


@dataclass(frozen=True, slots=True)
class Brake:
    """So many failures are free; the next waits a second, and each further one twice as long."""

    free: int
    longest: int  # seconds

    def wait(self, failures: int) -> int:
        return 0 if failures < self.free else min(self.longest, 1 << min(failures - self.free, 20))


BY_LOGIN_AND_PLACE: Final = Brake(5, 900)
BY_PLACE: Final = Brake(50, 900)  # an office shares one address
BY_LOGIN: Final = Brake(20, 60)
BY_LOGIN_CODES: Final = Brake(5, 900)  # who guesses at codes has the password already


@dataclass(frozen=True, slots=True)
class Place:
    """Where a try comes from; `known` if this person has been there before."""

    name: str
    known: bool = False


INSIDE: Final = Place("session", known=True)  # somebody signed in, who is asked for the password again


async def attempt(login: str, place: Place, *, code: bool = False) -> SignInFailure:
    """Write a try down before it is checked, so that many at once are counted too; delete it if it was right.

    Raises TooMany, and leaves no trace, where it comes too early: a refused try doesn't prolong the wait.
    """
    now = clock.now()
    await SignInFailure.filter(at__lt=now - WINDOW).delete()
    tried = await SignInFailure.create(login=login[:64], address=place.name[:64], code=code, at=now)
    wait = await _wait(tried, BY_LOGIN_AND_PLACE, login=tried.login, address=tried.address, code=code)
    if not place.known:
        by_login = BY_LOGIN_CODES if code else BY_LOGIN
        wait = max(
            wait,
            await _wait(tried, BY_PLACE, address=tried.address) if place.name else 0,
            await _wait(tried, by_login, login=tried.login, code=code),
        )
    if wait > 0:
        await tried.delete()
        if wait > _MINUTE:
            raise TooMany("sign_in.too_many", minutes=ceil(wait / _MINUTE))
        raise TooMany("sign_in.wait", n=ceil(wait))
    return tried


async def forgive(login: str, place: Place) -> None:
    """Strike out the slips before a right try."""
    await SignInFailure.filter(login=login[:64], address=place.name[:64]).delete()


async def _wait(tried: SignInFailure, brake: Brake, **which: Any) -> float:  # noqa: ANN401 - columns
    """Seconds from this attempt until the next is due."""
    since = tried.at - WINDOW
    others = SignInFailure.filter(at__gte=since, **which).exclude(id=tried.id).order_by("-at").limit(_MOST)
    times: list[datetime] = [row.at for row in await others.only("id", "at")]
    wait = brake.wait(len(times))
    return wait - (tried.at - times[0]).total_seconds() if wait else 0.0
