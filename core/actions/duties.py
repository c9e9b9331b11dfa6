"""The roster: who is to be reached when, of the city or of one executor, and in which order."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from core import clock, db, log
from core.actions.actor import Actor
from core.city import City
from core.errors import Forbidden, Invalid, NotFound
from core.models import Duty, Staff
from core.phones import normalised
from core.workflow import Role

MOST_WEEKS = 52
MOST_PLACES = 20
LONGEST = timedelta(days=14)
FARTHEST = timedelta(days=366)
_DESK = frozenset({Role.OPERATOR, Role.ADMINISTRATOR})
_log = log.get(__name__)


@dataclass(frozen=True, slots=True)
class Shift:
    """A stretch as somebody plans it; `begins` and `ends` by the city's clock, without a zone.

    `executor`: whose roster, None for the city's. Who has no account is known by name and phone.
    """

    position: int
    staff_id: int | None
    name: str
    phone: str
    executor: str | None
    begins: datetime
    ends: datetime


def may_plan(actor: Actor, executor: str | None) -> bool:
    """The desk plans every roster, the head of an executor its own, as does who stands in for them."""
    return actor.role in _DESK or executor in actor.leads


async def add(city: City, actor: Actor, shift: Shift, *, weeks: int = 1) -> int:
    """Put it into the roster, at the same hours of so many weeks in a row; how many were added.

    Raises Forbidden for another's roster, Invalid where who, when or how often won't do, or where all of it
    is there already.
    """
    if not 1 <= weeks <= MOST_WEEKS:
        raise Invalid("duty.weeks", most=MOST_WEEKS)
    async with db.transaction():
        row = await _checked(city, actor, shift)
        spans = [_span(city, shift, timedelta(weeks=week)) for week in range(weeks)]
        _in_time(spans[0][0], spans[0][1], spans[-1][0])
        there = Duty.filter(**row, begins_at__in=[begins for begins, _ in spans])
        known = {(each.begins_at, each.ends_at) for each in await there}
        new = [
            Duty(**row, begins_at=begins, ends_at=ends)
            for begins, ends in spans
            if (begins, ends) not in known
        ]
        if not new:
            raise Invalid("duty.there")
        await Duty.bulk_create(new)
    _log.info("duty.added", count=len(new), executor=shift.executor, by=actor.staff_id)
    return len(new)


async def change(city: City, actor: Actor, duty_id: int, shift: Shift) -> None:
    """Raises as `add` does, and NotFound where it is gone or another's."""
    async with db.transaction():
        await _theirs(actor, duty_id)
        row = await _checked(city, actor, shift)
        begins, ends = _span(city, shift)
        _in_time(begins, ends, begins)
        await Duty.filter(id=duty_id).update(**row, begins_at=begins, ends_at=ends)
    _log.info("duty.changed", duty=duty_id, by=actor.staff_id)


async def remove(actor: Actor, duty_id: int) -> None:
    """NotFound where it is gone or another's."""
    async with db.transaction():
        duty = await _theirs(actor, duty_id)
        await duty.delete()
    _log.info("duty.removed", duty=duty_id, by=actor.staff_id)


async def _theirs(actor: Actor, duty_id: int) -> Duty:
    duty = await Duty.get_or_none(id=duty_id) if 0 < duty_id <= db.LARGEST_ID else None
    if duty is None or not may_plan(actor, duty.executor_id):
        raise NotFound("duty.gone")
    return duty


async def _checked(city: City, actor: Actor, shift: Shift) -> dict[str, object]:
    """The columns of a duty, but for its time."""
    if not may_plan(actor, shift.executor):
        raise Forbidden("action.not_yours")
    if shift.executor is not None:
        known = city.executors.get(shift.executor)
        if known is None or not known.active:
            raise Invalid("duty.executor")
    if not 1 <= shift.position <= MOST_PLACES:
        raise Invalid("duty.position", most=MOST_PLACES)
    name = shift.name.strip()[:200]
    if shift.staff_id is not None:
        person = await Staff.get_or_none(id=shift.staff_id, active=True)
        if person is None:
            raise Invalid("duty.who")
        if actor.role not in _DESK and person.executor_id != shift.executor:
            raise Invalid("duty.not_theirs")
        name = ""
    elif not name:
        raise Invalid("duty.who")
    elif not shift.phone.strip():
        raise Invalid("duty.phone_needed")
    phone = normalised(shift.phone) if shift.phone.strip() else ""
    return {
        "position": shift.position,
        "staff_id": shift.staff_id,
        "name": name,
        "phone": phone,
        "executor_id": shift.executor,
    }


def _span(city: City, shift: Shift, later: timedelta = timedelta()) -> tuple[datetime, datetime]:
    """By the city's clock: eight in the morning stays eight when the clocks change."""
    zone = ZoneInfo(city.pack.timezone)
    begins, ends = ((at + later).replace(tzinfo=zone).astimezone(UTC) for at in (shift.begins, shift.ends))
    return begins, ends


def _in_time(begins: datetime, ends: datetime, last: datetime) -> None:
    now = clock.now()
    if ends <= begins:
        raise Invalid("duty.order")
    if ends - begins > LONGEST:
        raise Invalid("duty.too_long", days=LONGEST.days)
    if ends <= now:
        raise Invalid("duty.past")
    if last > now + FARTHEST:
        raise Invalid("duty.too_far")
