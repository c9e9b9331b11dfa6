"""Who hears of a deadline, step by step: each once, and nothing more once it has moved."""

import asyncio
from datetime import timedelta

import pytest

from core import following
from core.actions import absences, desk, executor, prioritise, resident
from core.actions.actor import Actor
from core.city import City
from core.control import STEPS
from core.following import remind_of_deadlines
from core.jobs import Desk
from core.models import Appeal, Category, Event, Executor, Staff
from core.models.staff import Post
from core.workflow import MARKS, Role, Verb
from tests.admin.conftest import counted
from tests.builders import make_account, make_appeal, make_staff
from tests.core.conftest import GAS, WATER, Cast, Time, noticed, queued
from tests.core.sweeping import once


async def marks(appeal: Appeal) -> list[tuple[str, str]]:
    """Step and whom, as history has them."""
    events = await Event.filter(appeal_id=appeal.id, verb__in=list(MARKS)).order_by("id")
    return [(event.data["step"], event.data["whom"]) for event in events]


async def live(sweeps: Desk, time: Time, hours: float, every: float = 0.5) -> None:
    """So many hours, with a look now and then."""
    for _ in range(round(hours / every)):
        time.passes(hours=every)
        await remind_of_deadlines(sweeps)


@pytest.fixture
async def leaders(sweeps: Desk) -> dict[Post, Staff]:
    """The head of the water utility, the deputy mayor of its portfolio, the mayor."""
    water = await Executor.get(slug=WATER)
    water.portfolio = "housing"
    sweeps.city.executors = {**sweeps.city.executors, WATER: water}
    return {
        Post.HEAD: await make_staff(Role.EXECUTOR, WATER, post=Post.HEAD),
        Post.DEPUTY: await make_staff(Role.MANAGER, post=Post.DEPUTY, portfolio="housing"),
        Post.MAYOR: await make_staff(Role.MANAGER, post=Post.MAYOR),
    }


# every step once


async def test_each_step_is_told_once_to_those_whose_it_is(
    city: City, cast: Cast, sweeps: Desk, time: Time, leaders: dict[Post, Staff]
) -> None:
    linked = await make_account()
    await Staff.filter(id=cast.water.id).update(account_id=linked.id)
    other = await make_staff(Role.MANAGER, post=Post.DEPUTY, portfolio="social")
    appeal = await make_appeal(city, cast.account)
    await live(sweeps, time, 40)
    assert await marks(appeal) == [
        *((step, "officers") for step in ("half", "pre_alarm", "due", "overdue")),
        *((level, level) for level in ("head", "deputy", "mayor")),
    ]
    told = ["half", "pre_alarm", "due", "overdue"]
    assert await noticed(cast.water) == ["urgent", *told]
    kinds = [kind for kind in await queued(appeal.id) if kind not in ("staff.urgent", "staff.alarm")]
    assert kinds == [f"staff.{kind}" for kind in told]
    for leader in leaders.values():
        assert [kind for kind in await noticed(leader) if kind not in ("urgent", "alarm")] == ["escalated"]
    assert await noticed(other) == []
    after = await Appeal.get(id=appeal.id)
    assert (after.version, after.updated_at) == (0, appeal.updated_at), (
        "a reminder is no change of the appeal"
    )
    assert (after.remind_at, after.control) == (None, len(STEPS))


async def test_the_instants_are_those_of_the_plan(
    city: City, cast: Cast, sweeps: Desk, time: Time, leaders: dict[Post, Staff]
) -> None:
    assert leaders
    filed = time.now
    appeal = await make_appeal(city, cast.account)
    await live(sweeps, time, 20, every=0.1)
    events = await Event.filter(appeal_id=appeal.id, verb__in=list(MARKS)).order_by("id")
    hours = [round((event.at - filed) / timedelta(hours=1), 1) for event in events]
    assert hours == [6, 9.6, 12, 12.5, 13, 15, 18]
    assert [event.verb for event in events] == [Verb.REMIND] * 4 + [Verb.ESCALATE] * 3
    assert {(event.role, event.from_status, event.to_status) for event in events} == {
        (Role.SYSTEM, appeal.status, appeal.status)
    }


async def test_three_sweeps_at_once_and_one_more_tell_it_once(
    city: City, cast: Cast, sweeps: Desk, time: Time
) -> None:
    for _ in range(5):
        await make_appeal(city, cast.account)
    time.passes(hours=6)
    await once(remind_of_deadlines, sweeps)
    assert (await noticed(cast.water)).count("half") == 5
    assert await Event.filter(verb=Verb.REMIND).count() == 5


async def test_a_sweep_that_comes_late_speaks_of_the_present(
    city: City, cast: Cast, sweeps: Desk, time: Time, leaders: dict[Post, Staff]
) -> None:
    appeal = await make_appeal(city, cast.account)
    time.passes(hours=15.5)
    await once(remind_of_deadlines, sweeps)
    assert await marks(appeal) == [("deputy", "deputy")]
    assert await noticed(leaders[Post.HEAD]) == ["urgent", "escalated"], "was passed over, and can act"
    assert await noticed(leaders[Post.MAYOR]) == []


async def test_who_is_stopped_in_between_has_told_nobody(
    city: City, cast: Cast, sweeps: Desk, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    appeal = await make_appeal(city, cast.account)
    time.passes(hours=12)

    async def stopped(*_: object) -> None:
        raise asyncio.CancelledError

    with monkeypatch.context() as patch:
        patch.setattr(following, "queue_all", stopped)
        with pytest.raises(asyncio.CancelledError):
            await remind_of_deadlines(sweeps)
    assert await marks(appeal) == []
    assert await noticed(cast.water) == ["urgent"]
    await once(remind_of_deadlines, sweeps)
    assert await marks(appeal) == [("due", "officers")]


async def test_a_batch_costs_the_same_however_many_there_are(
    city: City, cast: Cast, sweeps: Desk, time: Time
) -> None:
    linked = await make_account()
    await Staff.filter(id=cast.water.id).update(account_id=linked.id)
    costs = []
    for many in (2, 30):
        for _ in range(many):
            await make_appeal(city, cast.account)
        time.passes(hours=6)
        with counted() as queries:
            assert await remind_of_deadlines(sweeps) >= many
        costs.append(len(queries))
    assert costs[0] == costs[1] > 0


# who hears


async def test_a_level_that_nobody_holds_passes_to_the_next(
    city: City, cast: Cast, sweeps: Desk, time: Time
) -> None:
    mayor = await make_staff(Role.MANAGER, post=Post.MAYOR)
    appeal = await make_appeal(city, cast.account)
    await live(sweeps, time, 40)
    assert (await marks(appeal))[4:] == [("head", "mayor")], "and is not told the same again level by level"
    assert "escalated" in await noticed(mayor)


async def test_in_a_city_without_leaders_managers_hear_and_else_administrators(
    city: City, cast: Cast, sweeps: Desk, time: Time
) -> None:
    administrator = await make_staff(Role.ADMINISTRATOR)
    first = await make_appeal(city, cast.account)
    time.passes(hours=13)
    await remind_of_deadlines(sweeps)
    assert await noticed(administrator) == ["escalated"]
    assert await marks(first) == [("head", "administrators")]
    manager = await make_staff(Role.MANAGER)
    await make_appeal(city, cast.account)
    time.passes(hours=13)
    await remind_of_deadlines(sweeps)
    assert await noticed(manager) == ["escalated"]
    assert await noticed(administrator) == ["escalated"]


async def test_where_an_executor_has_nobody_here_the_desk_is_reminded(
    city: City, cast: Cast, sweeps: Desk, time: Time
) -> None:
    await Staff.filter(executor_id=WATER).update(active=False)
    appeal = await make_appeal(city, cast.account)
    time.passes(hours=12)
    await remind_of_deadlines(sweeps)
    assert await marks(appeal) == [("due", "desk")]
    assert "due" in await noticed(cast.desk)


async def test_a_waiting_one_is_the_desks_then_the_managers_to_hear_of(
    city: City, cast: Cast, sweeps: Desk, time: Time
) -> None:
    manager = await make_staff(Role.MANAGER)
    appeal = await make_appeal(city, cast.account, sure=False)
    assert appeal.due_at is not None
    time.now = appeal.due_at
    await once(remind_of_deadlines, sweeps)
    assert await noticed(cast.desk) == ["triage", "due"]
    await live(sweeps, time, 24 * 8, every=4)
    assert (await marks(appeal))[1:] == [("overdue", "desk"), ("head", "managers")]
    assert await noticed(manager) == ["escalated"]


async def test_who_stands_in_for_the_absent_hears_as_well(
    city: City, cast: Cast, sweeps: Desk, time: Time, leaders: dict[Post, Staff]
) -> None:
    stand_in = await make_staff(Role.MANAGER)
    away, today = leaders[Post.DEPUTY], time.now.date()
    await absences.plan(
        city,
        Actor.staff(away),
        staff_id=away.id,
        substitute_id=stand_in.id,
        first_day=today,
        last_day=today + timedelta(days=3),
    )
    await make_appeal(city, cast.account)
    time.passes(hours=15)
    await remind_of_deadlines(sweeps)
    assert "escalated" in await noticed(stand_in)
    assert "escalated" in await noticed(away)


async def test_a_category_may_have_a_pre_alarm_of_its_own(cast: Cast, sweeps: Desk, time: Time) -> None:
    own = await Category.get(slug="water.leak")
    own.pre_alarm_share = 0.6
    sweeps.city.categories = {**sweeps.city.categories, own.slug: own}
    appeal = await make_appeal(sweeps.city, cast.account)
    await live(sweeps, time, 7.5)
    assert await marks(appeal) == [("half", "officers"), ("pre_alarm", "officers")]


# what moves


@pytest.mark.parametrize("how", ["resolved", "reported", "asked"])
async def test_what_is_not_the_executors_turn_is_not_reminded_of(
    city: City, cast: Cast, sweeps: Desk, time: Time, how: str
) -> None:
    appeal = await make_appeal(city, cast.account)
    if how == "resolved":
        await desk.resolve(city, appeal.id, cast.operator, expected=0, answer="Зроблено")
    elif how == "reported":
        await executor.report(city, appeal.id, cast.officer, expected=0, text="Зроблено")
    else:
        await desk.ask(city, appeal.id, cast.operator, expected=0, question="Де?")
    assert (await Appeal.get(id=appeal.id)).remind_at is None
    time.passes(days=2)
    await remind_of_deadlines(sweeps)
    assert await noticed(cast.water) == ["urgent"]


async def test_the_clock_that_was_stopped_reminds_by_what_is_left(
    city: City, cast: Cast, sweeps: Desk, time: Time
) -> None:
    appeal = await make_appeal(city, cast.account)
    time.passes(hours=8)
    await remind_of_deadlines(sweeps)
    await desk.ask(city, appeal.id, cast.operator, expected=0, question="Де?")
    time.passes(days=1)
    answered = await resident.answer(city, appeal.id, cast.resident, text="У дворі")
    assert answered.remind_at == time.now + timedelta(hours=2), "four hours are left"
    time.passes(hours=2)
    await once(remind_of_deadlines, sweeps)
    assert await marks(appeal) == [("half", "officers")] * 2


async def test_what_came_due_while_it_was_checked_is_told_when_it_is_returned(
    city: City, cast: Cast, sweeps: Desk, time: Time
) -> None:
    appeal = await make_appeal(city, cast.account)
    time.passes(hours=6)
    await remind_of_deadlines(sweeps)
    await executor.report(city, appeal.id, cast.officer, expected=0, text="Зроблено")
    time.passes(days=1)
    await remind_of_deadlines(sweeps)
    await desk.rework(city, appeal.id, cast.operator, expected=1, reason="яма лишилась")
    await once(remind_of_deadlines, sweeps)
    assert await noticed(cast.water) == ["urgent", "half", "rework", "due"]
    returned = time.now
    await live(sweeps, time, 1)
    assert await marks(appeal) == [("half", "officers"), ("due", "officers"), ("overdue", "officers")], (
        "the levels wait from its return"
    )
    last = await Event.filter(appeal_id=appeal.id, verb=Verb.REMIND).order_by("-id").first()
    assert last is not None
    assert last.at == returned + timedelta(hours=0.5)


async def test_a_moved_deadline_is_reminded_of_anew(city: City, cast: Cast, sweeps: Desk, time: Time) -> None:
    appeal = await make_appeal(city, cast.account)
    time.passes(hours=12)
    await remind_of_deadlines(sweeps)
    await desk.resolve(city, appeal.id, cast.operator, expected=0, answer="Зроблено")
    time.passes(days=3)
    await resident.reopen(city, appeal.id, cast.resident, text="далі тече")
    await remind_of_deadlines(sweeps)
    assert (await noticed(cast.water))[-1] == "reopened"
    await live(sweeps, time, 12)
    assert await noticed(cast.water) == ["urgent", "due", "reopened", "half", "pre_alarm", "due"]


async def test_the_new_executor_hears_of_it_from_the_beginning(
    city: City, cast: Cast, sweeps: Desk, time: Time
) -> None:
    appeal = await make_appeal(city, cast.account)
    time.passes(hours=10)
    await remind_of_deadlines(sweeps)
    await desk.reassign(city, appeal.id, cast.operator, expected=0, executor=GAS, reason="не вода")
    await live(sweeps, time, 2, every=0.1)
    assert await noticed(cast.gas) == ["urgent", "half", "pre_alarm", "due"]
    assert await noticed(cast.water) == ["urgent", "pre_alarm"]


async def test_what_is_overdue_again_with_another_executor_is_passed_up_again(
    city: City, cast: Cast, sweeps: Desk, time: Time, leaders: dict[Post, Staff]
) -> None:
    appeal = await make_appeal(city, cast.account)
    await live(sweeps, time, 40)
    now = await Appeal.get(id=appeal.id)
    await desk.reassign(city, appeal.id, cast.operator, expected=now.version, executor=GAS, reason="їхнє")
    await live(sweeps, time, 10)
    assert (await marks(appeal))[-1] == ("mayor", "mayor")
    heard = [kind for kind in await noticed(leaders[Post.MAYOR]) if kind == "escalated"]
    assert len(heard) == 2, "history says so, and it is so"


async def test_after_a_standstill_those_who_can_act_hear_as_well(
    city: City, cast: Cast, sweeps: Desk, time: Time, leaders: dict[Post, Staff]
) -> None:
    appeal = await make_appeal(city, cast.account)
    time.passes(hours=40)
    await remind_of_deadlines(sweeps)
    assert await marks(appeal) == [("mayor", "mayor")], "one step, the latest"
    for person in (cast.water, *leaders.values()):
        assert "escalated" in await noticed(person)


async def test_one_that_becomes_calm_is_followed_in_working_time(
    city: City, cast: Cast, sweeps: Desk, time: Time
) -> None:
    appeal = await make_appeal(city, cast.account)
    time.passes(hours=1)
    calm = await prioritise.prioritise(city, appeal.id, cast.operator, expected=0, reason="крапає")
    assert calm.due_at is not None
    assert calm.remind_at is not None
    assert calm.remind_at < calm.due_at
    time.now = calm.remind_at
    await remind_of_deadlines(sweeps)
    assert await marks(appeal) == [("half", "officers")]


async def test_a_word_on_it_leaves_control_as_it_is(city: City, cast: Cast, time: Time) -> None:
    appeal = await make_appeal(city, cast.account)
    time.passes(hours=1)
    noted = await desk.note(city, appeal.id, cast.operator, expected=0, text="бачили")
    assert (noted.remind_at, noted.control) == (appeal.remind_at, appeal.control)


async def test_old_rows_that_wait_for_nothing_are_let_go(
    city: City, cast: Cast, sweeps: Desk, time: Time
) -> None:
    appeal = await make_appeal(city, cast.account)
    await desk.resolve(city, appeal.id, cast.operator, expected=0, answer="Зроблено")
    await Appeal.filter(id=appeal.id).update(remind_at=time.now)
    assert await remind_of_deadlines(sweeps) == 1
    assert await remind_of_deadlines(sweeps) == 0
    assert await marks(appeal) == []
