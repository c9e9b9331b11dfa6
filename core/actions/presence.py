"""Who has an appeal open just now: rows, so that two see each other through different processes."""

from datetime import timedelta

from core import clock
from core.models import Presence
from core.ready import Ready

SEEN_WITHIN = timedelta(seconds=45)  # since the last sign of life
RENEWED_AFTER = timedelta(seconds=20)  # a page asks every few seconds; not each asking is written
_OF_APPEAL = Ready(lambda appeal: Presence.filter(appeal_id=appeal).order_by("id").select_related("staff"))


async def be_there(appeal_id: int, staff_id: int) -> tuple[str, ...]:
    """Say that this person looks at the appeal; the names of the others who do, in the order they came."""
    now = clock.now()
    there = [one for one in await _OF_APPEAL(appeal_id) if one.at > now - SEEN_WITHIN]
    own = next((one for one in there if one.staff_id == staff_id), None)
    if own is None or own.at <= now - RENEWED_AFTER:
        row = Presence(appeal_id=appeal_id, staff_id=staff_id, at=now)
        await Presence.bulk_create([row], on_conflict=["appeal_id", "staff_id"], update_fields=["at"])
    return tuple(one.staff.name for one in there if one.staff_id != staff_id)


async def sweep() -> int:
    """Delete the rows of those who have gone."""
    return await Presence.filter(at__lt=clock.now() - SEEN_WITHIN).delete()
