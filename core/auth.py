"""Who is at the panel: passwords, sessions that can be revoked, brakes on guessing, linked chats.

Of every token only the SHA-256 is stored, so that a copied database opens no door.
"""

import asyncio
import hashlib
import secrets
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from tortoise.exceptions import IntegrityError

from core import clock, db
from core.errors import Invalid, TooMany
from core.models import Account, LinkToken, Session, SignInFailure, Staff
from core.workflow import Role

LONGEST_LOGIN = 64
SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200  # hashing an endless one would be a way to keep us busy
WINDOW = timedelta(minutes=15)
TRIES_BY_LOGIN = 10  # failures within the window, from wherever
TRIES_BY_ADDRESS = 30  # an office shares one address
TOUCH = timedelta(minutes=1)  # a session's last use is written no more often than this
LINK_LIFE = timedelta(hours=1)
LINK_PREFIX = "staff_"  # tells it from the payloads of residents' links

# Hashing takes 64 MB and a core for some 50 ms: two at once, the rest wait their turn.
_hashing = ThreadPoolExecutor(max_workers=2, thread_name_prefix="argon2")
_hasher = PasswordHasher()


async def hash_password(password: str) -> str:
    """Raises Invalid for a password that is too short to withstand guessing."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise Invalid("password.length", shortest=SHORTEST_PASSWORD, longest=LONGEST_PASSWORD)
    return await asyncio.get_running_loop().run_in_executor(_hashing, _hasher.hash, password)


async def create_staff(
    login: str, name: str, role: Role, password: str, executor: str | None = None
) -> Staff:
    """A new account. `executor` is the slug an officer works for, and belongs to officers alone."""
    login = _login(login)
    if not 1 <= len(login) <= LONGEST_LOGIN:
        raise Invalid("login.shape")
    if role not in (Role.EXECUTOR, Role.OPERATOR, Role.ADMINISTRATOR):
        raise Invalid("staff.role")
    if (role is Role.EXECUTOR) != (executor is not None):
        raise Invalid("staff.executor")
    hashed = await hash_password(password)
    try:
        return await Staff.create(
            login=login,
            name=name.strip() or login,
            role=role,
            password_hash=hashed,
            executor_id=executor,
            created_at=clock.now(),
        )
    except IntegrityError as error:
        if await Staff.exists(login=login):
            raise Invalid("login.taken") from error
        raise Invalid("executor.unknown") from error


async def sign_in(login: str, password: str, address: str, browser: str, *, hours: float) -> str:
    """A token for a new session that ends after `hours` without use.

    Raises Invalid for a wrong pair, with the same words after the same work whether the login exists or not,
    and TooMany where login or address has failed too often of late. An attempt is written down before it is
    checked, so that many at once are counted too; a right one is struck out again.
    """
    login = _login(login)
    attempt = await _attempt(login, address)
    nobody = await _nobody()
    staff = await Staff.get_or_none(login=login, active=True)
    right = await _verify(staff.password_hash if staff else nobody, password)
    if staff is None or not right:
        raise Invalid("sign_in.wrong")
    await SignInFailure.filter(login=login, address=address).delete()
    await attempt.delete()
    if _hasher.check_needs_rehash(staff.password_hash):
        await Staff.filter(id=staff.id).update(password_hash=await hash_password(password))
    return await _open_session(staff, address, browser, hours)


async def session(token: str, *, hours: float) -> Session | None:
    """The living session of a token with its `staff`, its life prolonged; None where there is none."""
    now = clock.now()
    found = await Session.get_or_none(token_hash=_digest(token), expires_at__gt=now).select_related("staff")
    if found is None or not found.staff.active:
        return None
    if now - found.seen_at > TOUCH:
        await Session.filter(id=found.id).update(seen_at=now, expires_at=now + timedelta(hours=hours))
    return found


async def sessions(staff: Staff) -> list[Session]:
    """Where this person is signed in, last used first."""
    return await Session.filter(staff_id=staff.id, expires_at__gt=clock.now()).order_by("-seen_at", "-id")


async def revoke(session_id: int, staff: Staff) -> bool:
    """End one of one's own sessions; False where it is none of theirs."""
    return await Session.filter(id=session_id, staff_id=staff.id).delete() == 1


async def revoke_others(staff: Staff, keep: int) -> None:
    await Session.filter(staff_id=staff.id).exclude(id=keep).delete()


async def change_password(staff: Staff, old: str, new: str, *, keep: int) -> None:
    """Set a new password and end every other session. Raises Invalid, TooMany where `old` is guessed at."""
    attempt = await _attempt(staff.login, "")
    if not await _verify(staff.password_hash, old):
        raise Invalid("password.wrong")
    await attempt.delete()
    hashed = await hash_password(new)
    async with db.transaction():
        await Staff.filter(id=staff.id).update(password_hash=hashed)
        await revoke_others(staff, keep)


async def make_link_token(staff: Staff) -> str:
    """A one-time payload for /start by which this person's chat becomes known; good for an hour."""
    token = LINK_PREFIX + secrets.token_urlsafe(24)  # of [A-Za-z0-9_-], 38 characters; Telegram takes 64
    async with db.transaction():
        await LinkToken.filter(staff_id=staff.id).delete()
        await LinkToken.create(
            token_hash=_digest(token), staff_id=staff.id, expires_at=clock.now() + LINK_LIFE
        )
    return token


async def claim_link_token(token: str, account: Account) -> Staff | None:
    """Link `account` to the one who made the token; None where it is unknown, used or too old."""
    async with db.transaction():
        found = await LinkToken.get_or_none(
            token_hash=_digest(token), expires_at__gt=clock.now()
        ).select_related("staff")
        if found is None or not found.staff.active:
            return None
        if await LinkToken.filter(token_hash=found.token_hash).delete() != 1:
            return None
        # One chat belongs to one person: who had it before is reminded elsewhere.
        await Staff.filter(account_id=account.id).update(account_id=None)
        await Staff.filter(id=found.staff_id).update(account_id=account.id)
        found.staff.account_id = account.id
    return found.staff


async def unlink(staff: Staff) -> None:
    await Staff.filter(id=staff.id).update(account_id=None)


def _login(login: str) -> str:
    return login.replace("\x00", "").strip().casefold()


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


async def _attempt(login: str, address: str) -> SignInFailure:
    """Write an attempt down and count it; TooMany, and no trace of it, where it is one too many."""
    now = clock.now()
    since = now - WINDOW
    await SignInFailure.filter(at__lt=since).delete()
    attempt = await SignInFailure.create(login=login[:LONGEST_LOGIN], address=address[:64], at=now)
    by_login = await SignInFailure.filter(login=attempt.login, at__gte=since).count()
    by_address = await SignInFailure.filter(address=attempt.address, at__gte=since).count() if address else 0
    if by_login > TRIES_BY_LOGIN or by_address > TRIES_BY_ADDRESS:
        await attempt.delete()  # a refused try doesn't prolong the wait
        raise TooMany("sign_in.too_many", minutes=int(WINDOW.total_seconds()) // 60)
    return attempt


async def _verify(stored: str, password: str) -> bool:
    def check() -> bool:
        try:
            return _hasher.verify(stored, password[:LONGEST_PASSWORD])
        except (VerificationError, InvalidHashError, UnicodeEncodeError):
            return False

    return await asyncio.get_running_loop().run_in_executor(_hashing, check)


async def _nobody() -> str:
    """A hash that no password fits, to be checked for logins that don't exist."""
    return await asyncio.get_running_loop().run_in_executor(_hashing, _hash_of_nobody)


@cache
def _hash_of_nobody() -> str:
    return _hasher.hash(secrets.token_urlsafe(32))


async def _open_session(staff: Staff, address: str, browser: str, hours: float) -> str:
    token = secrets.token_urlsafe(32)
    now = clock.now()
    await Session.filter(staff_id=staff.id, expires_at__lte=now).delete()
    await Session.create(
        token_hash=_digest(token),
        staff_id=staff.id,
        created_at=now,
        seen_at=now,
        expires_at=now + timedelta(hours=hours),
        address=address[:64],
        browser=browser[:200],
    )
    return token
