"""Who is away and who stands in: planned by themselves or an administrator, followed while it lasts."""

from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core import clock, db, log
from core.actions.actor import Actor
from core.city import City
from core.errors import Forbidden, Invalid, NotFound
from core.models import Absence, Notice, Staff
from core.queries.sql import Where, select
from core.workflow import Role

LONGEST = timedelta(days=366)  # a longer absence, or one farther off, is a slip of the pen
_log = log.get(__name__)


async def plan(
    city: City, actor: Actor, *, staff_id: int, substitute_id: int, first_day: date, last_day: date
) -> Absence:
    """Let `substitute_id` stand in from `first_day` to the end of `last_day`, in the city's time.

    Raises Forbidden for an absence that is not one's own, Invalid where the days or the substitute won't do.
    """
    _may(actor, staff_id)
    begins_at, ends_at = _span(city, first_day, last_day)
    async with db.transaction():
        people = {one.id: one for one in await Staff.filter(id__in=[staff_id, substitute_id], active=True)}
        if staff_id not in people:
            raise NotFound("absence.nobody")
        if staff_id == substitute_id:
            raise Invalid("absence.oneself")
        if substitute_id not in people or people[substitute_id].role is not people[staff_id].role:
            raise Invalid("absence.substitute")
        meanwhile = await Absence.filter(begins_at__lt=ends_at, ends_at__gt=begins_at)
        if any(other.staff_id == staff_id for other in meanwhile):
            raise Invalid("absence.overlaps")
        if staff_id in reached({substitute_id}, _pairs(meanwhile)):
            raise Invalid("absence.circle")
        absence = await Absence.create(
            staff_id=staff_id, substitute_id=substitute_id, begins_at=begins_at, ends_at=ends_at
        )
        await Notice.create(
            staff_id=substitute_id, kind="substitute", dedupe=f"substitute:{absence.id}", at=clock.now()
        )
    _log.info(
        "absence.planned", absence=absence.id, staff=staff_id, substitute=substitute_id, by=actor.staff_id
    )
    return absence


async def cancel(actor: Actor, absence_id: int) -> None:
    """They are there after all. NotFound where there is no such absence, or it is not this person's."""
    found = await Absence.get_or_none(id=absence_id) if 0 < absence_id <= db.LARGEST_ID else None
    if found is None or (actor.role is not Role.ADMINISTRATOR and found.staff_id != actor.staff_id):
        raise NotFound("absence.gone")
    await found.delete()
    _log.info("absence.cancelled", absence=absence_id, staff=found.staff_id, by=actor.staff_id)


async def actor_of(staff: Staff) -> Actor:
    """The person as they may act now: for themselves and for those they stand in for."""
    if staff.role is not Role.EXECUTOR:
        return Actor.staff(staff)
    return Actor.staff(staff, await _absent(staff.id))


async def acts_for(staff_id: int) -> frozenset[str]:
    """The executors whose side a person is on today, whatever role they have: see independent.py."""
    return Actor.staff(await Staff.get(id=staff_id), await _absent(staff_id)).executors


async def with_substitutes(people: Collection[Staff]) -> list[Staff]:
    """The people, and those who stand in for the absent among them; or for an absent substitute in turn."""
    known = {person.id for person in people}
    added = reached(known, _pairs(await _current())) - known
    return [*people, *(await Staff.filter(id__in=added, active=True) if added else ())]


async def standing_in() -> list[tuple[int, int]]:
    """Who is away today, and who stands in for them."""
    where, now = Where(), clock.now()
    where.add(f"begins_at <= {where.value(now)}")
    where.add(f"ends_at > {where.value(now)}")
    rows = await select(f"SELECT staff_id, substitute_id FROM absence {where}", where.values)  # noqa: S608
    return [(row["staff_id"], row["substitute_id"]) for row in rows]


def reached(people: Collection[int], steps: Collection[tuple[int, int]]) -> set[int]:
    """`people` and all to whom the steps lead from them, however many."""
    found = set(people)
    while onward := {to for came_from, to in steps if came_from in found} - found:
        found |= onward
    return found


async def _absent(staff_id: int) -> list[Staff]:
    """The active ones they stand in for today."""
    absences = await _current()
    absent = reached({staff_id}, [(substitute, away) for away, substitute in _pairs(absences)])
    return [one.staff for one in absences if one.staff_id in absent and one.staff.active]


async def _current() -> list[Absence]:
    """The absences of today, each with its `staff`."""
    now = clock.now()
    return await Absence.filter(begins_at__lte=now, ends_at__gt=now).select_related("staff")


def _pairs(absences: Iterable[Absence]) -> list[tuple[int, int]]:
    """Who is away, and who stands in."""
    return [(one.staff_id, one.substitute_id) for one in absences]


def _span(city: City, first_day: date, last_day: date) -> tuple[datetime, datetime]:
    zone = ZoneInfo(city.pack.timezone)
    today = clock.now().astimezone(zone).date()
    if last_day < first_day:
        raise Invalid("absence.order")
    if last_day < today:
        raise Invalid("absence.past")
    if first_day > today + LONGEST or last_day - first_day > LONGEST:
        raise Invalid("absence.too_long")
    midnight = time(tzinfo=zone)
    begins_at, ends_at = (
        datetime.combine(day, midnight).astimezone(UTC) for day in (first_day, last_day + timedelta(days=1))
    )
    return begins_at, ends_at


def _may(actor: Actor, staff_id: int) -> None:
    if actor.role is not Role.ADMINISTRATOR and actor.staff_id != staff_id:
        raise Forbidden("action.not_yours")
