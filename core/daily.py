"""Work that is done once a day at the city's time: which day's is due, and whose it is.

Who comes late, because nothing ran at that time, does it once for the latest day and not for those before.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tortoise.expressions import Q

from core import clock
from core.models import Job

_DAY = timedelta(days=1)


async def day_due(name: str, at: str, zone: str) -> date | None:
    """The city's day whose work is due and not yet done.

    `at`: such as 08:15, or empty for never. What was never done before begins with today, not with the past.
    """
    if not at:
        return None
    now = clock.now()
    today = now.astimezone(ZoneInfo(zone)).date()
    day = today if _instant(today, at, zone) <= now else today - _DAY
    row = await Job.get_or_none(name=name)
    done_for = row.done_for if row else None
    if done_for is None:
        return day if day == today else None
    return day if done_for < day else None


async def day_done(name: str, day: date) -> bool:
    """To be said first within the transaction that does the day's work; False: another process does it."""
    await Job.bulk_create([Job(name=name)], ignore_conflicts=True)
    open_yet = Q(done_for__isnull=True) | Q(done_for__lt=day)
    return await Job.filter(open_yet, name=name).update(done_for=day) == 1


def next_at(at: str, zone: str) -> datetime | None:
    """When the next day's work is due; None where there is none."""
    if not at:
        return None
    now = clock.now()
    today = now.astimezone(ZoneInfo(zone)).date()
    first = _instant(today, at, zone)
    return first if first > now else _instant(today + _DAY, at, zone)


def _instant(day: date, at: str, zone: str) -> datetime:
    """A time that the clocks leap over comes an hour later; one they show twice, the first time."""
    return datetime.combine(day, time.fromisoformat(at), ZoneInfo(zone)).astimezone(UTC)
