"""What a member of staff is told: theirs alone, unread urgent ones first, then the newest."""

from core import clock, db
from core.models import Notice
from core.queries.sql import Where

SHOWN = 100


async def notices(staff_id: int) -> tuple[Notice, ...]:
    """Each with its `appeal`."""
    own = Notice.filter(staff_id=staff_id).order_by("-id").limit(SHOWN).select_related("appeal")
    urgent = await own.filter(kind="urgent", read_at=None)
    first = {notice.id for notice in urgent}
    return (*urgent, *(notice for notice in await own if notice.id not in first))


async def take(notice_id: int, staff_id: int) -> Notice | None:
    """One of one's own notices, read from now on; None where it is none of theirs."""
    found = await Notice.get_or_none(id=notice_id, staff_id=staff_id).select_related("appeal")
    if found:
        await Notice.filter(id=notice_id, read_at=None).update(read_at=clock.now())
    return found


async def read_all(staff_id: int, *, upto: int) -> None:
    """Those up to the newest that was on the page: one that came meanwhile stays unread."""
    await Notice.filter(staff_id=staff_id, read_at=None, id__lte=upto).update(read_at=clock.now())


async def read_of_appeal(staff_id: int, appeal_id: int) -> None:
    """Who has opened the appeal has seen what was to be said of it."""
    where = Where()
    now = where.value(clock.now())
    where.add(f"staff_id = {where.value(staff_id)}")
    where.add(f"appeal_id = {where.value(appeal_id)}")
    where.add("read_at IS NULL")
    await db.connection().execute_query(f"UPDATE notice SET read_at = {now} {where}", where.values)  # noqa: S608
