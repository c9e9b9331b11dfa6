"""Who hears of a deadline that is near, and of one that has come: each once."""

import pytest

from core import jobs
from core.actions import desk, executor, resident
from core.city import City
from core.jobs import Desk
from core.models import Appeal
from core.workflow import Role
from tests.builders import make_account, make_appeal, make_staff
from tests.core.conftest import GAS, Cast, Time, noticed, queued
from tests.core.sweeping import once


async def test_near_and_then_over_each_told_once(city: City, cast: Cast, sweeps: Desk, time: Time) -> None:
    linked = await make_account()
    await make_staff(Role.EXECUTOR, "kryvbasvodokanal", account_id=linked.id)
    appeal = await make_appeal(city, cast.account)
    time.passes(hours=12 * 0.8, seconds=-1)
    await jobs.remind_of_deadlines(sweeps)
    assert await noticed(cast.water) == ["urgent"]
    time.passes(seconds=1)
    await once(jobs.remind_of_deadlines, sweeps)
    assert await noticed(cast.water) == ["urgent", "pre_alarm"]
    assert (await Appeal.get(id=appeal.id)).remind_at == appeal.due_at
    time.passes(hours=12 * 0.2)
    await once(jobs.remind_of_deadlines, sweeps)
    time.passes(days=30)
    await once(jobs.remind_of_deadlines, sweeps)
    assert await noticed(cast.water) == ["urgent", "pre_alarm", "overdue"]
    assert await queued(appeal.id) == ["staff.urgent", "staff.pre_alarm", "staff.overdue"]
    assert (await Appeal.get(id=appeal.id)).version == 0, "a reminder is no change of the appeal"


async def test_a_sweep_that_comes_late_speaks_of_the_present(
    city: City, cast: Cast, sweeps: Desk, time: Time
) -> None:
    await make_appeal(city, cast.account)
    time.passes(days=2)
    await jobs.remind_of_deadlines(sweeps)
    await jobs.remind_of_deadlines(sweeps)
    assert await noticed(cast.water) == ["urgent", "overdue"]


async def test_a_waiting_one_is_the_desks_to_hear_of(
    city: City, cast: Cast, sweeps: Desk, time: Time
) -> None:
    appeal = await make_appeal(city, cast.account, sure=False)
    assert appeal.due_at is not None
    time.now = appeal.due_at
    await once(jobs.remind_of_deadlines, sweeps)
    assert await noticed(cast.desk) == ["triage", "overdue"]


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
    time.passes(days=2)
    await jobs.remind_of_deadlines(sweeps)
    assert await noticed(cast.water) == ["urgent"]


async def test_what_came_due_while_it_was_checked_is_told_when_it_is_returned(
    city: City, cast: Cast, sweeps: Desk, time: Time
) -> None:
    appeal = await make_appeal(city, cast.account)
    await executor.report(city, appeal.id, cast.officer, expected=0, text="Зроблено")
    time.passes(days=1)
    await jobs.remind_of_deadlines(sweeps)
    await desk.rework(city, appeal.id, cast.operator, expected=1, reason="яма лишилась")
    await once(jobs.remind_of_deadlines, sweeps)
    assert await noticed(cast.water) == ["urgent", "rework", "overdue"]


async def test_a_moved_deadline_is_reminded_of_anew(city: City, cast: Cast, sweeps: Desk, time: Time) -> None:
    appeal = await make_appeal(city, cast.account)
    time.passes(hours=12)
    await jobs.remind_of_deadlines(sweeps)
    await desk.resolve(city, appeal.id, cast.operator, expected=0, answer="Зроблено")
    time.passes(days=3)
    await resident.reopen(city, appeal.id, cast.resident, text="далі тече")
    await jobs.remind_of_deadlines(sweeps)
    assert (await noticed(cast.water))[-1] == "reopened"
    time.passes(hours=10)
    await once(jobs.remind_of_deadlines, sweeps)
    time.passes(hours=2)
    await once(jobs.remind_of_deadlines, sweeps)
    assert await noticed(cast.water) == ["urgent", "overdue", "reopened", "pre_alarm", "overdue"]


async def test_the_new_executor_hears_of_it(city: City, cast: Cast, sweeps: Desk, time: Time) -> None:
    appeal = await make_appeal(city, cast.account)
    await desk.reassign(city, appeal.id, cast.operator, expected=0, executor=GAS, reason="не вода")
    time.passes(hours=12)
    await once(jobs.remind_of_deadlines, sweeps)
    assert await noticed(cast.gas) == ["urgent", "overdue"]
    assert await noticed(cast.water) == ["urgent"]
