"""Passwords: what one must be, and argon2 done where it holds nobody up."""

import asyncio
import secrets
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from core.errors import Invalid

SHORTEST = 10
LONGEST = 200  # hashing an endless one would be a way to keep us busy

# Hashing takes 64 MB and a core for some 50 ms: two at once, the rest wait their turn.
_hashing = ThreadPoolExecutor(max_workers=2, thread_name_prefix="argon2")
_hasher = PasswordHasher()


async def hashed(password: str, login: str) -> str:
    """Raises Invalid for a password that is too short to withstand guessing, or is the login."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise Invalid("password.length", shortest=SHORTEST, longest=LONGEST)
    if password.strip().casefold() == login:
        raise Invalid("password.login")
    return await rehashed(password)


async def rehashed(password: str) -> str:
    """Of one that was taken before, by whatever rules."""
    return await asyncio.get_running_loop().run_in_executor(_hashing, _hasher.hash, password)


async def verify(stored: str, password: str) -> bool:
    """Where nothing is stored no password is right, after the same work."""

    def check() -> bool:
        try:
            return _hasher.verify(stored or _hash_of_nobody(), password[:LONGEST])
        except (VerificationError, InvalidHashError, UnicodeEncodeError):
            return False

    return await asyncio.get_running_loop().run_in_executor(_hashing, check)


def is_outdated(stored: str) -> bool:
    """Whether it was hashed with less work than we now ask for."""
    return _hasher.check_needs_rehash(stored)


@cache
def _hash_of_nobody() -> str:
    """A hash that no password fits."""
    return _hasher.hash(secrets.token_urlsafe(32))
