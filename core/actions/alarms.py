"""Emergencies: who is on duty is called, in order, until somebody has heard (SE II.11, II.12).

An alarm is raised in the transaction that makes an appeal urgent or proposes a surge; core/alarming.py
calls the next. Of those who have nobody on duty, all hear at once, as of everything urgent.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from tortoise.expressions import F

from core import clock, db
from core.actions import notify, ringing
from core.actions.absences import with_substitutes
from core.actions.actor import Actor
from core.actions.present import present
from core.city import City
from core.errors import Conflict, Forbidden, NotFound
from core.models import Alarm, AlarmCall, AlarmState, Appeal, Duty, Event, Incident, Staff
from core.queries.alarms import STANDING, standing, theirs
from core.queries.duties import on_duty
from core.workflow import Role, Verb, may

ACKNOWLEDGED, UNANSWERED = "acknowledged", "unanswered"  # what came of a call


async def urgent(city: City, appeal: Appeal, *, occasion: str) -> Alarm:
    """It has become urgent, within the open transaction: all hear in the panel, the roster is called.

    In the chat hear those whom the roster calls; of the desk or of the executor, whichever has nobody on
    duty, everybody.
    """
    duty = await on_duty(appeal.executor_id)
    await _tell(appeal, duty, occasion, chat=bool(duty))
    await _end(appeal)
    return await _ring(city, f"appeal:{appeal.id}:{occasion}", appeal, duty)


async def handed_over(city: City, appeal: Appeal, *, occasion: str, told: bool = False) -> None:
    """It is another's now, within the open transaction: those whose it is hear, unless `told` otherwise.

    What is urgent rings for them, and no longer for whose it was. What somebody has acknowledged rings anew
    where the new executor has people on duty, and where nobody has it any more.
    """
    if not appeal.urgent:
        if not told:
            await notify.handed_over(appeal, occasion=occasion)
        return
    duty = await on_duty(appeal.executor_id)
    own = _of_executor(duty)
    rings = await _end(appeal) or own or appeal.executor_id is None
    if not told:
        await notify.handed_over(appeal, occasion=occasion, chat=not own and (bool(duty) or not rings))
    if rings:
        await _ring(city, f"appeal:{appeal.id}:{occasion}", appeal, duty)


async def more(city: City, appeal: Appeal, *, occasion: str, given: bool = False) -> None:
    """More is known of what is urgent already: whoever was called for it hears, too, and nobody is rung.

    But for those of the executor that are on duty where it was only now `given` to that.
    """
    duty = await on_duty(appeal.executor_id)
    await _tell(appeal, duty, occasion, chat=True)
    called = AlarmCall.filter(
        alarm__appeal_id=appeal.id,
        alarm__incident_id=None,
        called_at__not_isnull=True,
        staff_id__not_isnull=True,
    ).exclude(alarm__state=AlarmState.ENDED)
    people = await Staff.filter(id__in=await called.values_list("staff_id", flat=True), active=True)
    await notify.staff(people, appeal, "urgent", occasion=occasion, **notify.danger_of(appeal))
    if given and appeal.urgent and _of_executor(duty):
        await _end(appeal)
        await _ring(city, f"appeal:{appeal.id}:{occasion}", appeal, duty)


async def surge(city: City, incident: Incident, first: Appeal, *, people: int) -> Alarm:
    """A surge is proposed, within the open transaction; `first` is its first appeal."""
    duty = await on_duty(first.executor_id)
    of_city = any(each.executor_id is None for each in duty)
    chat = bool(duty) and not of_city
    await notify.desk(first, "surge", occasion=str(incident.id), chat=chat, n=people)
    return await _ring(city, f"incident:{incident.id}", first, duty, incident)


async def acknowledge(city: City, alarm_id: int, actor: Actor) -> Alarm:
    """They have heard: nobody more is called. Once more by the same person, nothing.

    Raises Conflict, which says who was first or that it is over; NotFound where it isn't theirs.
    """
    async with db.transaction():
        alarm = await _theirs(alarm_id, actor)
        staff = await Staff.get(id=actor.staff_id)
        if alarm.state is AlarmState.ACKNOWLEDGED and alarm.staff_id == staff.id:
            return alarm
        return await _heard(city, alarm, actor, name=staff.name, staff_id=staff.id)


async def reached(city: City, call_id: int, actor: Actor) -> Alarm:
    """Somebody of the call-list was told by telephone: that is as good as their own word."""
    async with db.transaction():
        call = await _called(call_id, actor)
        alarm = await _heard(city, call.alarm, actor, name=call.name, staff_id=call.staff_id, phone=True)
        await AlarmCall.filter(id=call.id).update(
            outcome=ACKNOWLEDGED, answered_at=clock.now(), ticked_by_id=actor.staff_id
        )
    return alarm


async def no_answer(city: City, call_id: int, actor: Actor) -> Alarm:
    """They do not answer the telephone: the next is called at once, unless somebody rung since may answer."""
    async with db.transaction():
        call = await _called(call_id, actor)
        mine = Alarm.filter(id=call.alarm_id, state__in=STANDING)
        if not await mine.update(version=F("version") + 1):
            raise _over(await Alarm.get(id=call.alarm_id))
        untold = AlarmCall.filter(id=call.id, outcome="")
        if not await untold.update(outcome=UNANSWERED, answered_at=clock.now(), ticked_by_id=actor.staff_id):
            raise Conflict("alarm.ticked")
        since = AlarmCall.filter(alarm_id=call.alarm_id, called_at__gte=call.called_at, outcome="")
        alarm = await Alarm.get(id=call.alarm_id)
        if alarm.state is AlarmState.RINGING and not await since.exists():
            await Alarm.filter(id=alarm.id).update(next_at=clock.now() + _patience(city))
            await ringing.call_next(city, [alarm])
    return await Alarm.get(id=call.alarm_id)


async def _end(appeal: Appeal) -> bool:
    """Whether anything rang."""
    return bool(await standing(appeal).update(state=AlarmState.ENDED, next_at=None, version=F("version") + 1))


async def _ring(
    city: City, dedupe: str, appeal: Appeal, duty: Sequence[Duty], incident: Incident | None = None
) -> Alarm:
    """Call the first of the roster as it stands now; where nobody is on duty, everybody at once."""
    everybody = await _everybody(None if incident else appeal.executor_id)
    roster: Sequence[Duty | Staff] = await present(duty) if duty else everybody
    now = clock.now()
    alarm = await Alarm.create(
        dedupe=dedupe,
        appeal_id=appeal.id,
        incident_id=incident.id if incident else None,
        began_at=now,
        next_at=now + _patience(city) if roster else now,  # nobody to wait for
    )
    await AlarmCall.bulk_create(
        [
            AlarmCall(alarm_id=alarm.id, position=position, **_person(each))
            for position, each in enumerate(roster, 1)
        ]
    )
    calls = await AlarmCall.filter(alarm_id=alarm.id).order_by("position")
    told = {person.id for person in everybody}
    await ringing.call([alarm], calls[:1] if duty else calls, told=told, remembered=bool(duty))
    return alarm


def _person(one: Duty | Staff) -> dict[str, Any]:
    if isinstance(one, Staff):
        return {"staff_id": one.id, "name": one.name}
    name = one.staff.name if one.staff else one.name
    return {"staff_id": one.staff_id, "name": name, "phone": one.phone}


async def _tell(appeal: Appeal, duty: Sequence[Duty], occasion: str, *, chat: bool) -> None:
    """The notices of old; in the chat only whom no roster calls, and nobody without `chat`."""
    of_city = any(each.executor_id is None for each in duty)
    danger = notify.danger_of(appeal)
    await notify.desk(appeal, "urgent", occasion=occasion, chat=chat and not of_city, **danger)
    await notify.handed_over(appeal, occasion=occasion, chat=chat and not _of_executor(duty))


def _of_executor(duty: Sequence[Duty]) -> bool:
    return any(each.executor_id is not None for each in duty)


async def _everybody(executor: str | None) -> list[Staff]:
    """All operators, and the executor's officers, with those who stand in for the absent."""
    people = await Staff.filter(role=Role.OPERATOR, active=True).order_by("id")
    if executor is not None:
        people = [*people, *(await Staff.filter(executor_id=executor, active=True).order_by("id"))]
    return await with_substitutes(people) if people else []


async def _theirs(alarm_id: int, actor: Actor) -> Alarm:
    if not may(Verb.ACKNOWLEDGE, actor.role):
        raise Forbidden("action.not_yours")
    found = Alarm.filter(theirs(actor), id=alarm_id).select_related("appeal").first()
    alarm = await found if 0 < alarm_id <= db.LARGEST_ID else None
    if alarm is None or alarm.appeal is None:
        raise NotFound("alarm.none")
    return alarm


async def _called(call_id: int, actor: Actor) -> AlarmCall:
    if not may(Verb.ALARM, actor.role):
        raise Forbidden("action.not_yours")
    found = AlarmCall.get_or_none(id=call_id, called_at__not_isnull=True)
    call = await found.select_related("alarm", "alarm__appeal") if 0 < call_id <= db.LARGEST_ID else None
    if call is None:
        raise NotFound("alarm.none")
    return call


async def _heard(
    city: City, alarm: Alarm, actor: Actor, *, name: str, staff_id: int | None, phone: bool = False
) -> Alarm:
    """The first who has heard; whoever comes later learns who that was."""
    now, unanswered = clock.now(), alarm.state is AlarmState.UNANSWERED
    changes = {
        "state": AlarmState.ACKNOWLEDGED,
        "next_at": None,
        "acknowledged_at": now,
        "acknowledged_by": name,
        "staff_id": staff_id,
    }
    taken = await Alarm.filter(id=alarm.id, state__in=STANDING).update(version=F("version") + 1, **changes)
    if not taken:
        raise _over(await Alarm.get(id=alarm.id))
    await AlarmCall.filter(alarm_id=alarm.id, staff_id=staff_id, staff_id__not_isnull=True).update(
        outcome=ACKNOWLEDGED, answered_at=now
    )
    alarm.update_from_dict(changes)
    if alarm.appeal is not None:
        data = {"by": name} | ({"phone": True} if phone else {})
        event = ringing.mark(
            Verb.ACKNOWLEDGE, alarm, alarm.appeal, data, role=actor.role, staff_id=actor.staff_id
        )
        await Event.bulk_create([event])
        await ringing.taken(city, alarm, alarm.appeal, by=name, staff_id=staff_id, unanswered=unanswered)
    return alarm


def _over(alarm: Alarm) -> Conflict:
    if alarm.state is AlarmState.ACKNOWLEDGED:
        return Conflict("alarm.acknowledged", name=alarm.acknowledged_by)
    return Conflict("alarm.over")


def _patience(city: City) -> timedelta:
    return timedelta(minutes=city.settings.control.acknowledge_minutes)
