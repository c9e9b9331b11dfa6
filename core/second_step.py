"""The second step of signing in: time-based codes of an app (RFC 6238), and recovery codes on paper.

The secret stands in the database as it is, for a code can't be checked against a hash: who copies the
database still needs the password. A code counts once: the time step of the last one taken is kept.
"""

import hmac
import secrets
from typing import Final

import pyotp

from core import clock, db, passwords, throttle, tokens
from core.errors import Conflict, Invalid
from core.models import RecoveryCode, Staff
from core.models.staff import Purpose

PERIOD: Final = 30  # seconds; what every app takes for granted
DRIFT: Final = 1  # steps that a phone's clock may be off
RECOVERY_CODES: Final = 8
_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"  # 32 signs, none like another
_LENGTH = 16  # 80 bits: no hash of them is guessed


def is_on(staff: Staff) -> bool:
    return staff.totp_since is not None


def address(staff: Staff, issuer: str) -> str:
    """The otpauth:// address of the secret, as an app reads it from a QR code."""
    return pyotp.TOTP(staff.totp_secret).provisioning_uri(name=staff.login, issuer_name=issuer)


async def begin(staff: Staff) -> None:
    """A new secret, which counts for nothing until it is confirmed. Raises Conflict where one is on."""
    off = Staff.filter(id=staff.id, totp_since=None)
    if await off.update(totp_secret=pyotp.random_base32()) != 1:
        raise Conflict("totp.on")


async def confirm(staff: Staff, code: str) -> tuple[str, ...]:
    """Turn the second step on; the recovery codes, told this once. Raises Invalid for a wrong code."""
    step = _step(staff.totp_secret, code)
    if step is None:
        raise Invalid("totp.wrong")
    codes = tuple(_recovery_code() for _ in range(RECOVERY_CODES))
    async with db.transaction():
        begun = Staff.filter(id=staff.id, totp_since=None, totp_secret=staff.totp_secret)
        if await begun.update(totp_since=clock.now(), totp_step=step) != 1:
            raise Conflict("totp.on")
        await RecoveryCode.filter(staff_id=staff.id).delete()
        await RecoveryCode.bulk_create(
            [RecoveryCode(staff_id=staff.id, code_hash=tokens.digest(_plain(one))) for one in codes]
        )
    return codes


async def accepts(staff: Staff, code: str) -> bool:
    """Whether the code is right and new; from then on it is used."""
    if not is_on(staff):
        return False
    step = _step(staff.totp_secret, code)
    if step is not None:
        newer = Staff.filter(id=staff.id, totp_secret=staff.totp_secret, totp_step__lt=step)
        return await newer.update(totp_step=step) == 1
    return await RecoveryCode.filter(staff_id=staff.id, code_hash=tokens.digest(_plain(code))).delete() == 1


async def codes_left(staff: Staff) -> int:
    return await RecoveryCode.filter(staff_id=staff.id).count()


async def disable(staff: Staff, password: str, code: str) -> None:
    """Raises Invalid unless both are right, TooMany where they are guessed at."""
    attempt = await throttle.attempt(staff.login, throttle.INSIDE)
    if not await passwords.verify(staff.password_hash, password):
        raise Invalid("password.wrong")
    if not await accepts(staff, code):
        raise Invalid("totp.wrong")
    await attempt.delete()
    await clear(staff.id)


async def clear(staff_id: int) -> None:
    """Without asking: for an administrator's colleague who lost the phone."""
    async with db.transaction():
        await Staff.filter(id=staff_id).update(totp_secret="", totp_since=None, totp_step=0)
        await RecoveryCode.filter(staff_id=staff_id).delete()
        await tokens.end(staff_id, Purpose.CODE)


def _step(secret: str, code: str) -> int | None:
    """The time step whose code this is, near now."""
    typed = "".join(code.split())
    if not secret or not (typed.isascii() and typed.isdigit()):
        return None
    now, totp = int(clock.now().timestamp()) // PERIOD, pyotp.TOTP(secret)
    near = (now, *(now + sign * n for n in range(1, DRIFT + 1) for sign in (-1, 1)))
    return next((step for step in near if hmac.compare_digest(totp.generate_otp(step), typed)), None)


def _recovery_code() -> str:
    signs = "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
    return "-".join(signs[at : at + 4] for at in range(0, _LENGTH, 4))


def _plain(code: str) -> str:
    """However it was typed from paper."""
    return "".join(sign for sign in code.casefold() if sign.isalnum())
