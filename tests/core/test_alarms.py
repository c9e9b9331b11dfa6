"""Who is on duty is called, in order, until somebody has heard: once, and at night as well."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from core import clock
from core.actions import alarms, desk, executor, incident, prioritise
from core.actions.actor import Actor
from core.alarming import ring_alarms
from core.city import City
from core.errors import Conflict, Forbidden, NotFound
from core.jobs import Desk
from core.models import (
    Absence,
    Account,
    Alarm,
    AlarmCall,
    AlarmState,
    Appeal,
    Duty,
    Event,
    Incident,
    Notice,
    Outbox,
    OutboxState,
    Post,
    Staff,
)
from core.understanding.surge import Report, Surge
from core.workflow import Role, Status, Verb
from tests.builders import make_account, make_appeal, make_staff
from tests.core.conftest import GAS, WATER, Cast, Time, noticed
from tests.core.sweeping import counted, everything

pytestmark = pytest.mark.usefixtures("time", "cast")
PHONE = "+380671234567"


async def on_duty(position: int, staff: Staff | None = None, **more: Any) -> Duty:
    now = clock.now()
    values: dict[str, Any] = {
        "name": "" if staff else "Диспетчер",
        "phone": "" if staff else PHONE,
        "begins_at": now - timedelta(hours=1),
        "ends_at": now + timedelta(hours=11),
    }
    return await Duty.create(position=position, staff=staff, **(values | more))


async def linked(role: Role = Role.OPERATOR, name: str = "Тарас", of: str | None = None) -> Staff:
    return await make_staff(role, of, name=name, account_id=(await make_account()).id)


async def rung() -> list[tuple[str, str]]:
    """Who was called so far, and how."""
    called = AlarmCall.filter(called_at__not_isnull=True).order_by("alarm_id", "position")
    return [(call.name, call.means) for call in await called]


async def marks(appeal: Appeal) -> list[dict[str, Any]]:
    found = Event.filter(appeal_id=appeal.id, verb__in=(Verb.ALARM, Verb.ACKNOWLEDGE)).order_by("id")
    return [{key: value for key, value in row.data.items() if key != "alarm"} for row in await found]


async def test_the_roster_is_called_in_order_until_somebody_has_heard(
    city: City, sweeps: Desk, time: Time
) -> None:
    first, second = await linked(name="Тарас"), await linked(name="Роман")
    await on_duty(2, second)
    await on_duty(1, first)
    await on_duty(3)
    appeal = await make_appeal(city)
    assert await rung() == [("Тарас", "chat")]
    (message,) = await Outbox.filter(kind="staff.alarm")
    assert (message.account_id, message.state) == (first.account_id, OutboxState.PENDING)
    assert message.body["address"] == "вул. Соборності, 12"
    assert not await Outbox.filter(kind="staff.urgent", account_id=second.account_id).exists()
    assert await ring_alarms(sweeps) == 0, "they have five minutes"
    time.passes(minutes=5)
    assert await ring_alarms(sweeps) == 1
    assert await rung() == [("Тарас", "chat"), ("Роман", "chat")]
    alarm = await alarms.acknowledge(city, (await Alarm.get()).id, Actor.staff(second))
    assert (alarm.acknowledged_by, alarm.state) == ("Роман", AlarmState.ACKNOWLEDGED)
    time.passes(hours=1)
    assert await ring_alarms(sweeps) == 0
    assert await marks(appeal) == [
        {"called": [["Тарас", "chat"]]},
        {"called": [["Роман", "chat"]]},
        {"by": "Роман"},
    ]
    assert (await Appeal.get(id=appeal.id)).version == appeal.version, "nobody's open form is lost"


async def test_after_the_last_who_leads_hears_and_it_stands_until_somebody_takes_it(
    city: City, sweeps: Desk, time: Time
) -> None:
    manager = await linked(Role.MANAGER, "Оксана")
    mayor = await make_staff(Role.MANAGER, post=Post.MAYOR)
    head = await linked(Role.EXECUTOR, "Голова", WATER)
    await Staff.filter(id=head.id).update(post=Post.HEAD)
    theirs = city.executors[WATER].portfolio
    deputy = await make_staff(Role.MANAGER, post=Post.DEPUTY, portfolio=theirs)
    others = [
        await make_staff(Role.EXECUTOR, GAS, post=Post.HEAD),
        await make_staff(Role.MANAGER, post=Post.DEPUTY, portfolio=f"not {theirs}"),
    ]
    await on_duty(1)
    appeal = await make_appeal(city)
    assert await rung() == [("Диспетчер", "phone")]
    time.passes(minutes=5)
    await ring_alarms(sweeps)
    alarm = await Alarm.get()
    assert (alarm.state, alarm.next_at) == (AlarmState.UNANSWERED, None)
    for person in (manager, mayor, head, deputy):
        assert (await noticed(person))[-1] == "alarm_unanswered", person.name
    assert [await noticed(one) for one in others] == [[], []]
    told = {row.account_id for row in await Outbox.filter(kind="staff.alarm_unanswered")}
    assert told == {manager.account_id, head.account_id}
    assert (await marks(appeal))[-1] == {"unanswered": True}
    await alarms.acknowledge(city, alarm.id, Actor.staff(manager))
    assert (await Alarm.get()).state is AlarmState.ACKNOWLEDGED
    hear = {row.account_id for row in await Outbox.filter(kind="staff.alarm_taken")}
    assert hear == {head.account_id}, "who was told that nobody did"


async def test_with_nobody_on_duty_everybody_hears_at_once_and_any_may_take_it(
    city: City, cast: Cast, sweeps: Desk, time: Time
) -> None:
    operator = await linked()
    appeal = await make_appeal(city)
    assert {name for name, _ in await rung()} == {"Олена Коваль", "Тарас"}
    assert len(await rung()) == 3, "the operators and the officer of the water utility"
    assert [row.kind for row in await Outbox.filter(account_id=operator.account_id)] == ["staff.alarm"]
    assert await noticed(operator) == await noticed(cast.water) == ["urgent"]
    await alarms.acknowledge(city, (await Alarm.get()).id, cast.officer)
    time.passes(hours=1)
    assert await ring_alarms(sweeps) == 0
    assert await marks(appeal) == [{"by": cast.water.name}], "nobody was called by name"


async def test_the_executors_come_first_and_of_the_desk_all_hear_as_ever(city: City) -> None:
    officer, colleague = await linked(Role.EXECUTOR, "Іван", WATER), await linked(Role.EXECUTOR, "Яна", WATER)
    desk_chat = await linked()
    await on_duty(5, officer, executor_id=WATER)
    await on_duty(1, await make_staff(Role.EXECUTOR, GAS), executor_id=GAS)
    await make_appeal(city)
    assert await rung() == [("Іван", "chat")]
    kinds = {row.account_id: row.kind for row in await Outbox.filter(kind__startswith="staff.")}
    assert kinds == {officer.account_id: "staff.alarm", desk_chat.account_id: "staff.urgent"}
    assert (await noticed(colleague))[-1] == "urgent", "in the panel"
    await on_duty(1, desk_chat)
    await make_appeal(city)
    calls = await AlarmCall.all().order_by("-alarm_id", "position").limit(2)
    assert [call.name for call in calls] == ["Іван", "Тарас"]


async def test_who_stands_in_for_the_absent_is_called_first(city: City, time: Time) -> None:
    away, instead = await linked(name="Тарас"), await linked(name="Роман")
    day = timedelta(days=1)
    await Absence.create(staff=away, substitute=instead, begins_at=time.now - day, ends_at=time.now + day)
    await on_duty(1, away)
    await make_appeal(city)
    assert await rung() == [("Роман", "chat")]
    assert [call.name for call in await AlarmCall.all().order_by("position")] == ["Роман", "Тарас"]


async def test_somebody_without_an_account_hides_nobody(city: City) -> None:
    person = await linked()
    await on_duty(1, id=person.id)
    await on_duty(2, person)
    await make_appeal(city)
    assert [call.name for call in await AlarmCall.all().order_by("position")] == ["Диспетчер", "Тарас"]


async def test_who_is_off_or_gone_or_twice_is_not_called(city: City, time: Time) -> None:
    late, gone, twice = await linked(name="Потім"), await linked(name="Пішов"), await linked(name="Двічі")
    await on_duty(1, late, begins_at=time.now + timedelta(minutes=1))
    await on_duty(1, late, ends_at=time.now)
    await on_duty(2, gone)
    await Staff.filter(id=gone.id).update(active=False)
    await on_duty(3, twice)
    await on_duty(4, twice)
    await make_appeal(city)
    assert [call.name for call in await AlarmCall.all()] == ["Двічі"]


async def test_only_the_first_has_it_and_others_hear_who(city: City) -> None:
    people = [await make_staff(name=f"Черговий {at}") for at in range(4)]
    appeal = await make_appeal(city)
    alarm = await Alarm.get()
    answers = await asyncio.gather(
        *(alarms.acknowledge(city, alarm.id, Actor.staff(one)) for one in people), return_exceptions=True
    )
    refused = [each for each in answers if isinstance(each, Conflict)]
    assert len(refused) == 3
    after = await Alarm.get()
    assert {each.params["name"] for each in refused} == {after.acknowledged_by}
    assert len([mark for mark in await marks(appeal) if "by" in mark]) == 1
    winner = next(one for one in people if one.id == after.staff_id)
    assert (await alarms.acknowledge(city, alarm.id, Actor.staff(winner))).id == alarm.id, "twice is once"


async def test_three_processes_call_the_next_once(city: City, sweeps: Desk, time: Time) -> None:
    await on_duty(1, await linked(name="Перший"))
    await on_duty(2, await linked(name="Другий"))
    await on_duty(3, await linked(name="Третій"))
    await make_appeal(city)
    time.passes(minutes=6)
    await asyncio.gather(ring_alarms(sweeps), ring_alarms(sweeps), ring_alarms(sweeps))
    assert [name for name, _ in await rung()] == ["Перший", "Другий"]
    before = await everything()
    await ring_alarms(sweeps)
    assert await everything() == before


async def test_heard_in_the_very_moment_the_next_is_called_ends_the_ringing(
    city: City, sweeps: Desk, time: Time
) -> None:
    first = await linked(name="Перший")
    for position, person in enumerate((first, await linked(name="Другий"), await linked(name="Третій")), 1):
        await on_duty(position, person)
    await make_appeal(city)
    time.passes(minutes=6)
    alarm = await Alarm.get()
    await asyncio.gather(ring_alarms(sweeps), alarms.acknowledge(city, alarm.id, Actor.staff(first)))
    time.passes(hours=1)
    assert await ring_alarms(sweeps) == 0
    assert (await Alarm.get()).state is AlarmState.ACKNOWLEDGED
    assert len(await rung()) <= 2


async def test_at_night_it_rings_all_the_same(city: City, sweeps: Desk, time: Time) -> None:
    time.passes(hours=17)  # three in the morning in Kyiv
    await on_duty(1, await linked(name="Перший"))
    await on_duty(2, await linked(name="Другий"))
    await make_appeal(city)
    time.passes(minutes=5)
    await ring_alarms(sweeps)
    messages = await Outbox.filter(kind="staff.alarm")
    assert [row.state for row in messages] == [OutboxState.PENDING] * 2
    assert {row.due_at <= time.now for row in messages} == {True}


@pytest.mark.parametrize("how", ["report", "resolve", "calm", "merge", "withdraw"])
async def test_what_is_over_rings_no_more(city: City, cast: Cast, sweeps: Desk, time: Time, how: str) -> None:
    await on_duty(1, await linked(name="Перший"))
    await on_duty(2, await linked(name="Другий"))
    other = await make_appeal(city, category="roads.pothole")
    appeal = await make_appeal(city, cast.account)
    if how == "report":
        await executor.report(city, appeal.id, cast.officer, expected=0, text="Полагоджено")
    elif how == "resolve":
        await desk.resolve(city, appeal.id, cast.operator, expected=0, answer="Полагоджено")
    elif how == "calm":
        await prioritise.prioritise(city, appeal.id, cast.operator, expected=0, urgent=False)
    else:
        status = Status.DUPLICATE if how == "merge" else Status.WITHDRAWN
        await Appeal.filter(id=appeal.id).update(status=status, open=False, duplicate_of_id=other.id)
    time.passes(minutes=6)
    await ring_alarms(sweeps)
    assert (await Alarm.get()).state is AlarmState.ENDED
    assert len(await rung()) == 1
    with pytest.raises(Conflict, match=r"alarm\.over"):
        await alarms.acknowledge(city, (await Alarm.get()).id, cast.operator)


async def test_urgent_again_rings_again(city: City, cast: Cast) -> None:
    await on_duty(1, await linked())
    appeal = await make_appeal(city, category="roads.pothole")
    assert not await Alarm.exists()
    for seen, wanted in enumerate((True, False, True)):
        await prioritise.prioritise(city, appeal.id, cast.operator, expected=seen, urgent=wanted)
    assert [row.state for row in await Alarm.all().order_by("id")] == [AlarmState.ENDED, AlarmState.RINGING]


async def test_a_surge_rings_until_somebody_decides(city: City, cast: Cast, sweeps: Desk, time: Time) -> None:
    first = await linked()
    await on_duty(1, first)
    appeals = [await make_appeal(city, category="water.no_water") for _ in range(3)]
    reports = tuple(Report(row.id, frozenset({row.id}), None, "metalurhiinyi") for row in appeals)
    found = await incident.propose(city, Surge(reports, None, "metalurhiinyi"), category="water.no_water")
    alarm = await Alarm.get()
    assert (alarm.incident_id, alarm.appeal_id) == (found.id, appeals[0].id)
    assert await noticed(cast.desk) == ["surge"]
    assert (await Outbox.get(kind="staff.alarm")).account_id == first.account_id
    (said,) = await marks(appeals[0])
    assert said == {"called": [["Тарас", "chat"]], "incident": found.id}
    await ring_alarms(sweeps)
    assert (await Alarm.get()).state is AlarmState.RINGING
    await incident.dismiss(city, found.id, cast.operator, expected=0)
    time.passes(minutes=6)
    await ring_alarms(sweeps)
    assert (await Alarm.get()).state is AlarmState.ENDED
    assert (await Incident.get()).version == 1


# the call-list


async def test_who_does_not_answer_the_telephone_is_passed_over_at_once(
    city: City, cast: Cast, time: Time
) -> None:
    await on_duty(1, name="Перша")
    await on_duty(2, name="Друга")
    appeal = await make_appeal(city)
    one, two = await AlarmCall.all().order_by("position")
    with pytest.raises(NotFound):
        await alarms.no_answer(city, two.id, cast.operator)
    time.passes(minutes=1)
    alarm = await alarms.no_answer(city, one.id, cast.operator)
    assert await rung() == [("Перша", "phone"), ("Друга", "phone")]
    assert alarm.next_at == time.now + timedelta(minutes=5)
    with pytest.raises(Conflict, match=r"alarm\.ticked"):
        await alarms.no_answer(city, one.id, cast.operator)
    after = await alarms.reached(city, two.id, cast.operator)
    assert (after.state, after.acknowledged_by, after.staff_id) == (AlarmState.ACKNOWLEDGED, "Друга", None)
    ticked = await AlarmCall.get(id=two.id)
    assert (ticked.outcome, ticked.ticked_by_id) == (alarms.ACKNOWLEDGED, cast.desk.id)
    assert (await marks(appeal))[-1] == {"by": "Друга", "phone": True}
    with pytest.raises(Conflict, match=r"alarm\.acknowledged"):
        await alarms.reached(city, one.id, cast.operator)


async def test_the_last_who_does_not_answer_makes_it_unanswered(city: City, cast: Cast) -> None:
    await on_duty(1)
    await make_appeal(city)
    call = await AlarmCall.get()
    done = await asyncio.gather(
        *(alarms.no_answer(city, call.id, cast.operator) for _ in range(3)), return_exceptions=True
    )
    assert sum(isinstance(each, Alarm) for each in done) == 1
    assert (await Alarm.get()).state is AlarmState.UNANSWERED
    assert await Event.filter(verb=Verb.ALARM).count() == 2, "that they were called, and that nobody answered"
    reached = await alarms.reached(city, call.id, cast.operator)
    assert reached.state is AlarmState.ACKNOWLEDGED, "they rang back"


async def test_whose_it_is_not_may_neither_hear_nor_tick(city: City, cast: Cast) -> None:
    await on_duty(1, await linked())
    await make_appeal(city)
    alarm, call = await Alarm.get(), await AlarmCall.get()
    with pytest.raises(NotFound):
        await alarms.acknowledge(city, alarm.id, cast.other_officer)
    with pytest.raises(NotFound):
        await alarms.acknowledge(city, alarm.id + 1, cast.operator)
    for tick in (alarms.reached, alarms.no_answer):
        with pytest.raises(Forbidden):
            await tick(city, call.id, cast.officer)
    assert (await Alarm.get()).state is AlarmState.RINGING


async def test_a_hundred_alarms_take_as_many_queries_as_one(city: City, sweeps: Desk, time: Time) -> None:
    for position in (1, 2):
        await on_duty(position, await linked(name=f"Черговий {position}"))
    await make_appeal(city)
    time.passes(minutes=6)
    with counted() as one:
        assert await ring_alarms(sweeps) == 1
    for _ in range(20):
        await make_appeal(city)
    time.passes(minutes=6)
    with counted() as many:
        await ring_alarms(sweeps)
    assert len(many) <= len(one) + 8, (len(one), len(many))
    assert await Alarm.filter(state=AlarmState.RINGING).count() == 20
    assert await Notice.filter(kind="alarm").count() == 21, "the second of each; the first had one already"


async def test_the_place_that_comes_later_reaches_whoever_was_called(city: City) -> None:
    first = await linked()
    await on_duty(1, first)
    appeal = await make_appeal(city)
    await alarms.more(city, appeal, occasion="later")
    kinds = [row.kind for row in await Outbox.filter(account_id=first.account_id).order_by("id")]
    assert kinds == ["staff.alarm", "staff.urgent"]
    assert await Alarm.all().count() == 1


async def test_an_unreachable_chat_is_a_telephone_to_be_rung(city: City) -> None:
    first = await linked()
    await Account.filter(id=first.account_id).update(reachable=False)
    await on_duty(1, first, phone=PHONE)
    await make_appeal(city)
    assert await rung() == [("Тарас", "phone")]
