"""Whose an alarm is: it follows its appeal, and who sees it may take it, for themselves or standing in."""

from datetime import timedelta

import pytest

from core import clock, jobs
from core.actions import alarms, bulk, decline, desk, duties, incident, incident_answers, undo
from core.actions.absences import actor_of
from core.actions.actor import Actor
from core.actions.bulk import Order
from core.actions.duties import Shift
from core.actions.locate import locate
from core.actions.submit import Place
from core.alarming import ring_alarms
from core.city import City
from core.errors import Conflict, Forbidden, NotFound
from core.jobs import Desk
from core.models import Absence, Alarm, AlarmCall, AlarmState, Appeal, Duty, Outbox, Post, Staff
from core.models.staff import Purpose
from core.queries.panel import alarms as shown
from core.tokens import make
from core.understanding.surge import Report, Surge
from core.workflow import Role, Verb
from tests.admin.conftest import counted
from tests.builders import make_appeal, make_staff
from tests.core.conftest import GAS, WATER, Cast, Time, noticed
from tests.core.test_alarms import PHONE, linked, on_duty, rung

pytestmark = pytest.mark.usefixtures("time", "cast")


async def stands_in(substitute: Staff, absent: Staff) -> None:
    now, day = clock.now(), timedelta(days=1)
    await Absence.create(
        staff_id=absent.id, substitute_id=substitute.id, begins_at=now - day, ends_at=now + day
    )


async def states() -> list[AlarmState]:
    return [alarm.state for alarm in await Alarm.all().order_by("id")]


async def in_chat(staff: Staff) -> list[str]:
    return [row.kind for row in await Outbox.filter(account_id=staff.account_id).order_by("id")]


async def on_duty_of(executor: str, name: str) -> Staff:
    person = await linked(Role.EXECUTOR, name, executor)
    await on_duty(1, person, executor_id=executor)
    return person


async def surge(city: City) -> Alarm:
    appeals = [await make_appeal(city, category="water.no_water") for _ in range(3)]
    reports = tuple(Report(row.id, frozenset({row.id}), None, "metalurhiinyi") for row in appeals)
    await incident.propose(city, Surge(reports, None, "metalurhiinyi"), category="water.no_water")
    return await Alarm.get(incident_id__not_isnull=True)


async def sees(actor: Actor) -> list[int]:
    return [ring.alarm.id for ring in await shown.standing(actor)]


# it follows its appeal


async def test_handed_over_it_rings_those_whose_it_is_and_no_others(
    city: City, cast: Cast, sweeps: Desk, time: Time
) -> None:
    ivan, next_of_water = await on_duty_of(WATER, "Іван"), await linked(Role.EXECUTOR, "Яна", WATER)
    await on_duty(2, next_of_water, executor_id=WATER)
    hanna, colleague = await on_duty_of(GAS, "Ганна"), await linked(Role.EXECUTOR, "Гнат", GAS)
    appeal = await make_appeal(city)
    old = await Alarm.get()
    await desk.reassign(city, appeal.id, cast.operator, expected=0, executor=GAS, reason="газ")
    assert await states() == [AlarmState.ENDED, AlarmState.RINGING]
    assert await rung() == [("Іван", "chat"), ("Ганна", "chat")]
    assert (await in_chat(hanna), await in_chat(colleague)) == (["staff.alarm"], [])
    assert await noticed(hanna) == await noticed(colleague) == ["urgent"]
    assert await noticed(cast.desk) == ["urgent"], "the desk has heard"
    new = await Alarm.get(state=AlarmState.RINGING)
    for alarm in (old, new):
        with pytest.raises(NotFound):
            await alarms.acknowledge(city, alarm.id, Actor.staff(ivan))
    assert await sees(Actor.staff(ivan)) == []
    time.passes(minutes=6)
    await ring_alarms(sweeps)
    assert await in_chat(next_of_water) == []
    await alarms.acknowledge(city, new.id, Actor.staff(hanna))
    assert await states() == [AlarmState.ENDED, AlarmState.ACKNOWLEDGED]


async def test_what_the_desk_has_taken_rings_anew_where_another_has_people_on_duty(
    city: City, cast: Cast
) -> None:
    appeal = await make_appeal(city)
    await alarms.acknowledge(city, (await Alarm.get()).id, cast.operator)
    officer = await linked(Role.EXECUTOR, "Гнат", GAS)
    await desk.reassign(city, appeal.id, cast.operator, expected=0, executor=GAS, reason="газ")
    assert await states() == [AlarmState.ACKNOWLEDGED]
    assert await in_chat(officer) == ["staff.urgent"], "nobody is on duty: all its officers hear"
    ivan = await on_duty_of(WATER, "Іван")
    await desk.reassign(city, appeal.id, cast.operator, expected=1, executor=WATER, reason="вода")
    assert await states() == [AlarmState.ACKNOWLEDGED, AlarmState.RINGING]
    assert await in_chat(ivan) == ["staff.alarm"]


async def test_what_nobody_has_any_more_rings_at_the_desk(city: City, cast: Cast) -> None:
    await on_duty_of(WATER, "Іван")
    operator = await linked(name="Тарас")
    await on_duty(1, operator)
    appeal = await make_appeal(city)
    await alarms.acknowledge(city, (await Alarm.get()).id, cast.officer)
    await decline.decline(city, appeal.id, cast.officer, expected=0, reason="не наше")
    assert await states() == [AlarmState.ACKNOWLEDGED, AlarmState.RINGING]
    assert await in_chat(operator) == ["staff.declined", "staff.alarm"]
    with pytest.raises(NotFound):
        await alarms.acknowledge(city, (await Alarm.get(state=AlarmState.RINGING)).id, cast.officer)


async def test_urgent_and_given_in_one_breath_rings_once(city: City, cast: Cast) -> None:
    ivan, operator = await on_duty_of(WATER, "Іван"), await linked(name="Тарас")
    await on_duty(1, operator)
    unsure = await make_appeal(city, category="yard.amenities", sure=False)
    await Outbox.all().delete()
    await desk.categorise(city, unsure.id, cast.operator, expected=0, category="water.leak")
    assert await states() == [AlarmState.RINGING]
    assert (await in_chat(ivan), await in_chat(operator)) == (["staff.alarm"], [])
    assert await noticed(operator) == ["triage", "urgent"]


async def test_done_to_many_and_put_back_it_rings_whose_it_is(city: City, cast: Cast) -> None:
    ivan, hanna = await on_duty_of(WATER, "Іван"), await on_duty_of(GAS, "Ганна")
    appeal = await make_appeal(city)
    token = await make(cast.desk.id, Purpose.UNDO)
    mark, order = undo.mark_of(token), Order(Verb.ASSIGN, executor=GAS, reason="газ")
    assert [
        one.refused async for one in bulk.carry_out(city, cast.operator, order, {appeal.id: 0}, mark=mark)
    ] == [None]
    assert await noticed(hanna) == ["urgent"]
    found = await undo.find(token, cast.operator)
    done = await undo.steps(found, mark)
    assert [one.refused async for one in undo.undo(city, cast.operator, found, done, mark=mark)] == [None]
    assert await rung() == [("Іван", "chat"), ("Ганна", "chat"), ("Іван", "chat")]
    assert await states() == [AlarmState.ENDED, AlarmState.ENDED, AlarmState.RINGING]
    assert await sees(Actor.staff(hanna)) == []
    assert len(await sees(Actor.staff(ivan))) == 1


async def test_of_an_incident_each_that_rings_goes_along(city: City, cast: Cast) -> None:
    hanna = await on_duty_of(GAS, "Ганна")
    first, second = await make_appeal(city), await make_appeal(city)
    opened = await incident.group(city, first.id, cast.operator, expected=0)
    await incident.add(city, opened.id, cast.operator, expected=0, number=second.number)
    await incident_answers.assign(city, opened.id, cast.operator, expected=1, executor=GAS, reason="газ")
    assert await states() == [AlarmState.ENDED] * 2 + [AlarmState.RINGING] * 2
    assert (await in_chat(hanna)).count("staff.alarm") == 2
    assert await noticed(hanna) == ["assigned_many"]


async def test_the_place_that_names_the_executor_rings_its_people(city: City) -> None:
    ivan = await on_duty_of(WATER, "Іван")
    appeal = await make_appeal(city, place=Place(), urgent=True)
    await Appeal.filter(id=appeal.id).update(status="registered", executor_id=None, triage=True)
    await Alarm.all().delete()
    await Outbox.all().delete()
    assert appeal.resident_id is not None
    resident = Actor.resident(appeal.resident_id)
    await locate(city, appeal.id, resident, place=Place("вул. Соборності, 12", district="metalurhiinyi"))
    assert await in_chat(ivan) == ["staff.alarm"]


async def test_handing_over_takes_as_many_queries_however_often_it_rang(city: City, cast: Cast) -> None:
    await on_duty_of(WATER, "Іван")
    await on_duty_of(GAS, "Ганна")
    appeal = await make_appeal(city)
    spent = []
    for seen, executor in enumerate((GAS, WATER, GAS, WATER)):
        with counted() as queries:
            await desk.reassign(
                city, appeal.id, cast.operator, expected=seen, executor=executor, reason="їхнє"
            )
        spent.append(len(queries))
    assert spent[0] == spent[2]
    assert spent[1] == spent[3]


# what is seen is what may be taken


async def test_a_surge_is_the_heads_and_no_other_officers(city: City) -> None:
    officer = await make_staff(Role.EXECUTOR, WATER)
    head = await make_staff(Role.EXECUTOR, WATER, post=Post.HEAD)
    substitute = await make_staff(Role.EXECUTOR, GAS)
    await stands_in(substitute, head)
    await on_duty(1, name="Диспетчер", phone=PHONE)
    alarm = await surge(city)
    assert await sees(await actor_of(officer)) == []
    with pytest.raises(NotFound):
        await alarms.acknowledge(city, alarm.id, await actor_of(officer))
    for person in (head, substitute):
        assert await sees(await actor_of(person)) == [alarm.id]
    await alarms.acknowledge(city, alarm.id, await actor_of(substitute))


async def test_who_was_called_learns_who_has_it_until_it_ends(city: City, cast: Cast) -> None:
    called = await make_staff(Role.EXECUTOR, GAS)
    await on_duty(1, called)
    appeal = await make_appeal(city)
    alarm = await Alarm.get()
    assert await sees(Actor.staff(called)) == [alarm.id]
    await alarms.acknowledge(city, alarm.id, cast.officer)
    with pytest.raises(Conflict, match=r"alarm\.acknowledged"):
        await alarms.acknowledge(city, alarm.id, Actor.staff(called))
    assert len(await shown.past(Actor.staff(called))) == 1
    await Alarm.filter(appeal_id=appeal.id).update(state=AlarmState.ENDED)
    with pytest.raises(NotFound):
        await alarms.acknowledge(city, alarm.id, Actor.staff(called))
    assert await shown.past(Actor.staff(called)) == ()


# who stands in


async def test_who_stands_in_for_those_who_lead_hears_that_nobody_answered(
    city: City, sweeps: Desk, time: Time
) -> None:
    head, mayor = (
        await make_staff(Role.EXECUTOR, WATER, post=Post.HEAD),
        await make_staff(Role.MANAGER, post=Post.MAYOR),
    )
    for_head, for_mayor = await linked(Role.EXECUTOR, "Замість", GAS), await linked(Role.MANAGER, "Оксана")
    await stands_in(for_head, head)
    await stands_in(for_mayor, mayor)
    await on_duty(1)
    await make_appeal(city)
    time.passes(minutes=5)
    await ring_alarms(sweeps)
    for person in (head, mayor, for_head, for_mayor):
        assert (await noticed(person)).count("alarm_unanswered") == 1, person.name
    told = {row.account_id for row in await Outbox.filter(kind="staff.alarm_unanswered")}
    assert told == {for_head.account_id, for_mayor.account_id}


async def test_who_stands_in_for_the_head_plans_the_roster(city: City, time: Time) -> None:
    head = await make_staff(Role.EXECUTOR, WATER, post=Post.HEAD)
    substitute, colleague = await make_staff(Role.EXECUTOR, GAS), await make_staff(Role.EXECUTOR, WATER)
    begins = (time.now + timedelta(hours=1)).replace(tzinfo=None)
    shift = Shift(1, colleague.id, "", "", WATER, begins, begins + timedelta(hours=8))
    with pytest.raises(Forbidden):
        await duties.add(city, await actor_of(substitute), shift)
    await stands_in(substitute, head)
    assert await duties.add(city, await actor_of(substitute), shift) == 1
    await duties.remove(await actor_of(substitute), (await Duty.get()).id)


# what is kept, and who is told


async def test_numbers_of_people_are_kept_no_longer_than_they_serve(
    city: City, cast: Cast, sweeps: Desk, time: Time
) -> None:
    await on_duty(1)
    await make_appeal(city)
    await make_appeal(city)
    over, rings = await Alarm.all().order_by("id")
    await alarms.acknowledge(city, over.id, cast.operator)
    time.passes(days=13)
    await jobs.forget(sweeps)
    assert await AlarmCall.filter(phone=PHONE).count() == 2
    time.passes(days=2)
    assert await jobs.forget(sweeps) == 1
    assert [call.alarm_id for call in await AlarmCall.filter(phone=PHONE)] == [rings.id], "somebody may ring"
    assert (await AlarmCall.get(alarm_id=over.id)).name == "Диспетчер"
    await on_duty(2)
    time.passes(days=170)
    await jobs.forget(sweeps)
    assert [duty.position for duty in await Duty.all()] == [2]


async def test_the_others_who_were_called_hear_who_has_it(city: City, cast: Cast) -> None:
    officer, operator, other = (
        await linked(Role.EXECUTOR, "Іван", WATER),
        await linked(name="Тарас"),
        await linked(name="Роман"),
    )
    await make_appeal(city)
    await Outbox.all().delete()
    await alarms.acknowledge(city, (await Alarm.get()).id, Actor.staff(operator))
    assert (await in_chat(officer), await in_chat(operator), await in_chat(other)) == (
        ["staff.alarm_taken"],
        [],
        ["staff.alarm_taken"],
    )
    message = await Outbox.filter(account_id=other.account_id).get()
    assert (message.body["by"], message.body["appeal"], message.state) == ("Тарас", None, "pending")
    await on_duty(1, operator)
    await on_duty(2)
    await make_appeal(city)
    await Outbox.all().delete()
    dispatcher = await AlarmCall.filter(position=2).order_by("-id").first()
    assert dispatcher is not None
    await AlarmCall.filter(id=dispatcher.id).update(called_at=clock.now(), means="phone")
    await alarms.reached(city, dispatcher.id, cast.operator)
    assert [(row.kind, row.body["by"]) for row in await Outbox.all()] == [("staff.alarm_taken", "Диспетчер")]
