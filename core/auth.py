"""Who is at the panel: accounts, signing in, sessions that can be revoked, linked chats.

Of every token only the SHA-256 is stored, so that a copied database opens no door.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from tortoise.exceptions import IntegrityError

from core import clock, db, passwords, second_step, throttle, tokens, work_chats
from core.errors import Invalid
from core.models import Account, Session, Staff
from core.models.staff import Purpose
from core.ready import Ready
from core.throttle import Place
from core.workflow import Role

LONGEST_LOGIN = 64
TOUCH = timedelta(minutes=1)  # a session's last use is written no more often than this
LINK_PREFIX = "staff_"  # tells it from the payloads of residents' links
_OF_TOKEN = Ready(lambda digest: Session.filter(token_hash=digest).select_related("staff"))


@dataclass(frozen=True, slots=True)
class Browser:
    """What knocks: its address, what it calls itself, and the mark it got when somebody signed in there."""

    address: str = ""
    name: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """How far a right password led: to a `session` with the browser's `mark`, or to a `step` still owed.

    Each is a token; `step` opens nothing but the second step.
    """

    session: str = ""
    mark: str = ""
    step: str = ""


async def create_staff(
    login: str, name: str, role: Role, password: str | None, executor: str | None = None
) -> Staff:
    """A new account; without a password nobody can use it until a reset link has set one.

    `executor` is the slug an officer works for, and belongs to officers alone.
    """
    login = normal(login)
    if not 1 <= len(login) <= LONGEST_LOGIN:
        raise Invalid("login.shape")
    if role in (Role.RESIDENT, Role.SYSTEM):
        raise Invalid("staff.role")
    if (role is Role.EXECUTOR) != (executor is not None):
        raise Invalid("staff.executor")
    hashed = await passwords.hashed(password, login) if password is not None else ""
    try:
        return await Staff.create(
            login=login,
            name=name.strip()[:200] or login,
            role=role,
            password_hash=hashed,
            executor_id=executor,
            created_at=clock.now(),
        )
    except IntegrityError as error:
        if await Staff.exists(login=login):
            raise Invalid("login.taken") from error
        raise Invalid("executor.unknown") from error


async def sign_in(login: str, password: str, browser: Browser, *, hours: float) -> Entry:
    """A new session that ends after `hours` without use, or the second step where one is asked for.

    Raises Invalid for a wrong pair, with the same words after the same work whether the login exists or not,
    and TooMany where guessing is braked.
    """
    login = normal(login)
    place = await _place(login, browser)
    attempt = await throttle.attempt(login, place)
    staff = await Staff.get_or_none(login=login, active=True)
    right = await passwords.verify(staff.password_hash if staff else "", password)
    if staff is None or not right:
        raise Invalid("sign_in.wrong")
    await attempt.delete()
    if passwords.is_outdated(staff.password_hash):
        await Staff.filter(id=staff.id).update(password_hash=await passwords.rehashed(password))
    if second_step.is_on(staff):  # earlier slips are forgiven when that, too, is right
        return Entry(step=await tokens.make(staff.id, Purpose.CODE))
    return await _enter(staff, place, browser, hours)


async def second(step: str, code: str, browser: Browser, *, hours: float) -> Entry:
    """The other half of a sign-in. Raises Invalid for a wrong or used code, or a half that is too old."""
    found = await tokens.find(step, Purpose.CODE)
    if found is None:
        raise Invalid("sign_in.expired")
    place = await _place(found.staff.login, browser)
    attempt = await throttle.attempt(found.staff.login, place, code=True)
    if not await second_step.accepts(found.staff, code):
        raise Invalid("totp.wrong")
    await attempt.delete()
    if not await tokens.spend(found):
        raise Invalid("sign_in.expired")
    return await _enter(found.staff, place, browser, hours)


async def session(token: str, *, hours: float, used: bool = True) -> Session | None:
    """The living session of a token with its `staff`; None where there is none.

    Its life is prolonged where it is `used`: a page that refreshes by itself is nobody at work.
    """
    now = clock.now()
    found = await _OF_TOKEN.one(tokens.digest(token))
    if found is None or found.expires_at <= now or not found.staff.active:
        return None
    if used and now - found.seen_at > TOUCH:
        await Session.filter(id=found.id).update(seen_at=now, expires_at=now + timedelta(hours=hours))
        await Staff.filter(id=found.staff_id).update(seen_at=now)
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
    attempt = await throttle.attempt(staff.login, throttle.INSIDE)
    if not await passwords.verify(staff.password_hash, old):
        raise Invalid("password.wrong")
    await attempt.delete()
    hashed = await passwords.hashed(new, staff.login)
    async with db.transaction():
        await Staff.filter(id=staff.id).update(password_hash=hashed)
        await revoke_others(staff, keep)
        await tokens.end(staff.id, Purpose.CODE, Purpose.RESET)


async def make_link_token(staff: Staff) -> str:
    """A one-time payload for /start by which this person's chat becomes known; good for an hour."""
    return await tokens.make(staff.id, Purpose.CHAT, prefix=LINK_PREFIX)  # Telegram takes 64 characters


async def claim_link_token(token: str, account: Account) -> Staff | None:
    """Link `account` to the one who made the token; None where it is unknown, used or too old."""
    async with db.transaction():
        found = await tokens.find(token, Purpose.CHAT)
        if found is None or not await tokens.spend(found):
            return None
        # One chat belongs to one person: who had it before is reminded elsewhere.
        if await Staff.filter(account_id=account.id).exclude(id=found.staff_id).update(account_id=None):
            await work_chats.end(account.id)
        if found.staff.account_id not in {None, account.id}:
            await work_chats.end(found.staff.account_id)
        await Staff.filter(id=found.staff_id).update(account_id=account.id)
        found.staff.account_id = account.id
        await work_chats.begin(account)
    return found.staff


async def unlink(staff: Staff) -> None:
    """The chat is theirs as a resident alone: from now on it can do nothing and hears nothing of work."""
    async with db.transaction():
        linked = await Staff.get(id=staff.id)
        await Staff.filter(id=staff.id).update(account_id=None)
        if linked.account_id is not None:
            await work_chats.end(linked.account_id)


def normal(login: str) -> str:
    """A login as it is stored, however it was typed."""
    return login.replace("\x00", "").strip().casefold()


async def _place(login: str, browser: Browser) -> Place:
    found = await tokens.find(browser.mark, Purpose.BROWSER) if browser.mark else None
    if found and found.staff.login == login:
        return Place(f"browser {found.token_hash[:32]}", known=True)
    return Place(browser.address)


async def _enter(staff: Staff, place: Place, browser: Browser, hours: float) -> Entry:
    await throttle.forgive(staff.login, place)
    found = await tokens.find(browser.mark, Purpose.BROWSER) if place.known else None
    if found:
        await tokens.prolong(found)
    mark = browser.mark if found else await tokens.make(staff.id, Purpose.BROWSER)
    return Entry(session=await _open_session(staff, browser.address, browser.name, hours), mark=mark)


async def _open_session(staff: Staff, address: str, browser: str, hours: float) -> str:
    token = secrets.token_urlsafe(32)
    now = clock.now()
    await Session.filter(staff_id=staff.id, expires_at__lte=now).delete()
    await Session.create(
        token_hash=tokens.digest(token),
        staff_id=staff.id,
        created_at=now,
        seen_at=now,
        expires_at=now + timedelta(hours=hours),
        address=address[:64],
        browser=browser[:200],
    )
    await Staff.filter(id=staff.id).update(seen_at=now)
    return token
