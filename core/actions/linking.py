"""One person, two messengers: a one-time code made in one and said in the other makes them one resident."""

import hashlib
import re
import secrets
from datetime import timedelta

from core import clock, db
from core.actions.said import held, spoken_of
from core.errors import Invalid
from core.models import Account, Appeal, Correction, Event, LinkCode, Resident, Supporter
from core.workflow import Role

LIFE = timedelta(minutes=15)
HALF = 4  # characters
# Letters that look alike on a Latin and on a Cyrillic keyboard, and digits that look like none of them.
LETTERS, DIGITS = "ABCEHKMPTX", "2345679"
_LATIN = str.maketrans("АВСЕНКМРТХ", LETTERS)
_FORM = re.compile(rf"([{LETTERS}{DIGITS}]{{{HALF}}})\s?[-–—]?\s?([{LETTERS}{DIGITS}]{{{HALF}}})")


def as_code(text: str) -> str | None:
    """The code that the text is, as it was shown: each half of letters and digits. None for other words."""
    found = _FORM.fullmatch(text.strip().upper().translate(_LATIN))
    if found is None or not all(_mixed(half) for half in found.groups()):
        return None
    return f"{found[1]}-{found[2]}"


async def link_code(account: Account) -> str:
    """A new code for the account, such as K7AX-32BE; the one before it is good no more."""
    code = f"{_half()}-{_half()}"
    async with db.transaction():
        await Account.select_for_update().get(id=account.id)  # two at once leave one
        await LinkCode.filter(account_id=account.id).delete()
        await LinkCode.create(code_hash=_digest(code), account_id=account.id, expires_at=clock.now() + LIFE)
    return code


async def link(account: Account, code: str) -> Account:
    """From now on `account` and the one that made the code, which is returned, are one resident's.

    Nothing of either is lost.

    Raises Invalid: `link.wrong` for a code that isn't there (any more), `link.expired`, `link.same` from the
    very account that made it, `link.already` where both are one's already; the code then goes on to hold.
    """
    async with db.transaction():
        found, (keep, gone) = await _found(account, code)
        if await LinkCode.filter(code_hash=found.code_hash).delete() != 1:
            raise Invalid("link.wrong")  # somebody else was faster with it
        await _unite(keep=keep, gone=gone)
        account.resident_id = keep
        return await Account.get(id=found.account_id)


async def made_by(account: Account, code: str) -> Account:
    """Who made the code, which stays good: whoever says it is asked first. Raises as `link` does."""
    async with db.transaction():
        found, _ = await _found(account, code)
        return await Account.get(id=found.account_id)


async def _found(account: Account, code: str) -> tuple[LinkCode, tuple[int, int]]:
    """The code, and the residents that it would make one: who has been here longer, and the other."""
    found = await LinkCode.get_or_none(code_hash=_digest(code))
    if found is None:
        raise Invalid("link.wrong")
    if found.expires_at <= clock.now():
        raise Invalid("link.expired")
    if found.account_id == account.id:
        raise Invalid("link.same")
    both = Account.select_for_update(no_key=True).filter(id__in=[account.id, found.account_id])
    keep, *gone = sorted({each.resident_id for each in await both.order_by("id")})
    if not gone:
        raise Invalid("link.already")
    return found, (keep, gone[0])


async def _unite(*, keep: int, gone: int) -> None:
    """All that is the one's becomes the other's, who has been here longer."""
    # Held against whoever files or joins just now, or what they add would be nobody's.
    first, second = await Resident.select_for_update().filter(id__in=[keep, gone]).order_by("id")
    known = {
        field: getattr(second, field)
        for field in ("name", "phone", "address")
        if getattr(second, field) and not getattr(first, field)
    }
    if known:
        await Resident.filter(id=keep).update(**known)
    await _unite_words(keep, gone)
    await Account.filter(resident_id=gone).update(resident_id=keep)
    await Appeal.filter(resident_id=gone).update(resident_id=keep)
    await Correction.filter(resident_id=gone).update(resident_id=keep)
    await _unite_supporters(keep, gone)
    await Resident.filter(id=gone).delete()


async def _unite_words(keep: int, gone: int) -> None:
    """What was said of appeals that others filed, also of those left since: theirs to take away, or erase."""
    for event in await Event.filter(appeal_id__in=await spoken_of(gone), role=Role.RESIDENT):
        if event.data.get("supporter") == gone:
            await Event.filter(id=event.id).update(data=event.data | {"supporter": keep})


async def _unite_supporters(keep: int, gone: int) -> None:
    """Nobody follows an appeal twice, nor one that they filed."""
    joined = await Supporter.filter(resident_id__in=[keep, gone]).order_by("id")
    for appeal_id in sorted({each.appeal_id for each in joined}):
        appeal = await held(appeal_id)
        mine = [each for each in joined if each.appeal_id == appeal_id]
        stays = None if appeal.resident_id == keep else _best(mine)
        if stays is None and appeal.account_id is None:  # they had taken it back, and joined it again
            await Appeal.filter(id=appeal_id).update(account_id=mine[0].account_id)
        for each in mine:
            if each is not stays:
                await each.delete()
        if stays is not None:
            stays.resident_id = keep
            await stays.save()
        followers = await Supporter.filter(appeal_id=appeal_id).count()
        await Appeal.filter(id=appeal_id).update(supporters=followers)


def _best(joined: list[Supporter]) -> Supporter:
    """The one who came by themselves before one who was merged, with what either said of the result."""
    stays = min(joined, key=lambda each: (each.merged_id is not None, each.id))
    said = next((each for each in joined if each.answered_at is not None), stays)
    stays.solved, stays.stars, stays.answered_at = said.solved, said.stars, said.answered_at
    return stays


def _half() -> str:
    while True:
        half = "".join(secrets.choice(LETTERS + DIGITS) for _ in range(HALF))
        if _mixed(half):
            return half


def _mixed(half: str) -> bool:
    return bool(set(half) & set(LETTERS)) and bool(set(half) & set(DIGITS))


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
