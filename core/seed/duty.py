"""The demo's roster for this week, and one alarm that somebody has taken."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from core import clock, db
from core.actions import ringing
from core.actions.alarms import ACKNOWLEDGED
from core.city import City
from core.models import Alarm, AlarmCall, AlarmState, Appeal, Duty, Event, Staff
from core.workflow import Role, Verb

DAYS = 14  # this week and the next
DAY_SHIFT, NIGHT_SHIFT = time(8), time(20)
DISPATCHER = ("Диспетчер міста", "+380564901520")
MOBILE = "+38067000150{}"
WATERWORKS = ("Диспетчерська водоканалу", "+380564901521")
MINUTES = 6  # from the alarm to the word of the second who was called


async def seed_duty(city: City) -> None:
    """Where there is none yet: by day the operators in turn, by night a dispatcher; the waterworks' own."""
    if await Duty.exists():
        return
    zone = ZoneInfo(city.pack.timezone)
    today = clock.now().astimezone(zone).date()
    monday = today - timedelta(days=today.weekday())
    operators = await Staff.filter(role=Role.OPERATOR, active=True).order_by("id")
    officers = await Staff.filter(executor_id="kryvbasvodokanal", active=True).order_by("id")
    rows: list[Duty] = []
    for at in range(DAYS):
        first = monday + timedelta(days=at)
        day = _span(first, DAY_SHIFT, first, NIGHT_SHIFT, zone)
        night = _span(first, NIGHT_SHIFT, first + timedelta(days=1), DAY_SHIFT, zone)
        turn = sorted(operators, key=lambda one: (one.id + at) % len(operators))[:2]
        rows += [
            Duty(position=place, staff=one, name="", phone=MOBILE.format(one.id % 10), **day)
            for place, one in enumerate(turn, 1)
        ]
        rows += [_outside(DISPATCHER, len(turn) + 1, day), _outside(DISPATCHER, 1, night)]
        for one in officers[:1]:
            of = one.executor_id
            rows.append(
                Duty(position=1, staff=one, name="", phone=MOBILE.format(one.id % 10), executor_id=of, **day)
            )
            rows += [_outside(WATERWORKS, 2, day, of), _outside(WATERWORKS, 1, night, of)]
    async with db.transaction():
        await Duty.bulk_create(rows)
        await _an_alarm(operators)


async def _an_alarm(operators: list[Staff]) -> None:
    """Of the latest urgent appeal: the first didn't answer the telephone, the second took it."""
    appeal = await Appeal.filter(urgent=True).order_by("-id").first()
    if appeal is None or not operators:
        return
    began, person = appeal.created_at, operators[0]
    heard = began + timedelta(minutes=MINUTES)
    alarm = await Alarm.create(
        dedupe=f"appeal:{appeal.id}:seed",
        appeal_id=appeal.id,
        state=AlarmState.ACKNOWLEDGED,
        began_at=began,
        acknowledged_at=heard,
        acknowledged_by=person.name,
        staff_id=person.id,
    )
    called = began + timedelta(minutes=MINUTES - 1)
    await AlarmCall.bulk_create(
        [
            AlarmCall(
                alarm_id=alarm.id,
                position=1,
                name=DISPATCHER[0],
                phone=DISPATCHER[1],
                called_at=began,
                means=ringing.PHONE,
            ),
            AlarmCall(
                alarm_id=alarm.id,
                position=2,
                staff_id=person.id,
                name=person.name,
                called_at=called,
                means=ringing.PANEL,
                outcome=ACKNOWLEDGED,
                answered_at=heard,
            ),
        ]
    )
    told: list[tuple[Verb, dict[str, Any], datetime, Role, int | None]] = [
        (Verb.ALARM, {"called": [[DISPATCHER[0], ringing.PHONE]]}, began, Role.SYSTEM, None),
        (Verb.ALARM, {"called": [[person.name, ringing.PANEL]]}, called, Role.SYSTEM, None),
        (Verb.ACKNOWLEDGE, {"by": person.name}, heard, person.role, person.id),
    ]
    marks = []
    for verb, data, at, role, staff_id in told:
        mark = ringing.mark(verb, alarm, appeal, data, role=role, staff_id=staff_id)
        mark.at = at
        marks.append(mark)
    await Event.bulk_create(marks)


def _outside(
    who: tuple[str, str], position: int, span: dict[str, datetime], executor: str | None = None
) -> Duty:
    """Somebody without an account."""
    name, phone = who
    return Duty(position=position, name=name, phone=phone, executor_id=executor, **span)


def _span(day: date, begins: time, last: date, ends: time, zone: ZoneInfo) -> dict[str, datetime]:
    return {
        "begins_at": datetime.combine(day, begins, zone).astimezone(UTC),
        "ends_at": datetime.combine(last, ends, zone).astimezone(UTC),
    }
