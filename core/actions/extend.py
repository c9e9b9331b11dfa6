"""Moving an appeal's deadline: who may, how far, and what the resident hears of it.

No executor moves its own (KR 2.8): it asks, see need_time.py. An operator moves a deadline once, by so many
days as the settings say; managers and administrators again, and further. What is official must be answered
within 45 days of its registration in all, and the reasons be told (Law 393/96, art. 20).
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from core import clock, db
from core.actions import notify
from core.actions.actor import Actor
from core.actions.move import look_up, move, words
from core.city import City
from core.deadlines import BY_LAW, statutory_end
from core.errors import Invalid
from core.models import Appeal
from core.workflow import STATUTORY, Role, Verb


async def extend(
    city: City, appeal_id: int, actor: Actor, *, expected: int, until: date | None, reason: str
) -> Appeal:
    """Move the deadline to the end of the day `until`, by the city's clock; Invalid beyond `latest`."""
    reason = words(reason, key="reason.needed")
    async with db.transaction():
        before = await look_up(appeal_id, actor)
        if before.version == expected and before.due_at is not None:
            _refuse(city, before, actor.role, until)
        due = end_of(city, until) if until else None
        appeal, event = await move(
            city,
            Verb.EXTEND,
            appeal_id,
            actor,
            expected=expected,
            text=reason,
            due_at=due,
            extended=before.extended + 1,
        )
        await notify.officers(appeal, "extended", occasion=str(event.id))
        await notify.resident(appeal, "extended", **told(appeal, due or clock.now(), reason))
    return appeal


def latest(city: City, appeal: Appeal, role: Role) -> date | None:
    """The last day to which this person may move the deadline; None where it isn't theirs to move."""
    if appeal.due_at is None or (role is Role.OPERATOR and appeal.extended):
        return None
    zone = ZoneInfo(city.pack.timezone)
    schedule = city.schedule
    days = schedule.extend_days if role is Role.OPERATOR else schedule.extend_days_most
    last = max(appeal.due_at, clock.now()).astimezone(zone).date() + timedelta(days=days)
    if appeal.kind in STATUTORY:
        last = min(last, statutory_end(appeal.created_at, city.calendar(None)))
    return last


def told(appeal: Appeal, due: datetime, reason: str) -> dict[str, Any]:
    """What the resident's message says besides the appeal itself."""
    return {"due": due.isoformat(), "text": reason, "by_law": appeal.kind in STATUTORY}


def _refuse(city: City, appeal: Appeal, role: Role, until: date | None) -> None:
    last = latest(city, appeal, role)
    if last is None:
        raise Invalid("extend.again")
    if until is None:
        raise Invalid("extend.needed")
    if until > last:
        if appeal.kind in STATUTORY and until > statutory_end(appeal.created_at, city.calendar(None)):
            raise Invalid("extend.by_law", n=BY_LAW)
        further = role is Role.OPERATOR
        schedule = city.schedule
        raise Invalid(
            "extend.too_far" if further else "extend.too_far_at_all",
            n=schedule.extend_days if further else schedule.extend_days_most,
        )
    end = end_of(city, until)
    if end <= clock.now() or (appeal.due_at is not None and end <= appeal.due_at):
        raise Invalid("extend.not_later")


def end_of(city: City, day: date) -> datetime:
    """The last minute of a day by the city's clock."""
    return datetime.combine(day, time(23, 59), ZoneInfo(city.pack.timezone)).astimezone(UTC)
