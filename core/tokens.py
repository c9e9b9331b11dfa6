"""What is given to a member of staff for a while: one-time links, the half of a sign-in, a browser's mark.

Of every token only the SHA-256 is stored, so that a copied database opens no door.
"""

import hashlib
import secrets
from datetime import timedelta
from typing import Final

from core import clock, db
from core.models import LinkToken
from core.models.staff import Purpose

LIFE: Final = {
    Purpose.CHAT: timedelta(hours=1),
    Purpose.RESET: timedelta(hours=24),
    Purpose.CODE: timedelta(minutes=5),
    Purpose.BROWSER: timedelta(days=180),
    Purpose.UNDO: timedelta(minutes=15),
}
_ONE_EACH = frozenset({Purpose.CHAT, Purpose.RESET})  # a newer one ends the one before


async def make(staff_id: int, purpose: Purpose, *, prefix: str = "") -> str:
    """`prefix` and 32 characters of [A-Za-z0-9_-]."""
    token = prefix + secrets.token_urlsafe(24)
    async with db.transaction():
        if purpose in _ONE_EACH:
            await LinkToken.filter(staff_id=staff_id, purpose=purpose).delete()
        await LinkToken.create(
            token_hash=digest(token),
            staff_id=staff_id,
            purpose=purpose,
            expires_at=clock.now() + LIFE[purpose],
        )
    return token


async def find(token: str, purpose: Purpose) -> LinkToken | None:
    """The living token with its `staff`; None where it is unknown, used, too old or its owner dismissed."""
    found = await LinkToken.get_or_none(
        token_hash=digest(token), purpose=purpose, expires_at__gt=clock.now()
    ).select_related("staff")
    return found if found and found.staff.active else None


async def spend(found: LinkToken) -> bool:
    """Whether it was still there: of two who spend one token, one does."""
    return await LinkToken.filter(token_hash=found.token_hash).delete() == 1


async def prolong(found: LinkToken) -> None:
    life = LIFE[Purpose(found.purpose)]
    await LinkToken.filter(token_hash=found.token_hash).update(expires_at=clock.now() + life)


async def end(staff_id: int, *purposes: Purpose) -> None:
    await LinkToken.filter(staff_id=staff_id, purpose__in=list(purposes)).delete()


def digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
