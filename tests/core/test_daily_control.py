"""The list of the day: to whom, of what, once a morning, on days of work."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.render import render
from core.city import City
from core.daily_control import NAME, tell_of_the_day
from core.jobs import Desk
from core.models import Absence, Appeal, Executor, Job, Notice, Outbox, Staff
from core.models.staff import Post
from core.queries import day
from core.queries.day import SHOWN, Part
from core.releasing import release
from core.workflow import Role, Status
from tests.admin.conftest import counted
from tests.builders import make_account, make_appeal, make_staff
from tests.core.conftest import GAS, WATER, Cast, Time
from tests.core.letters import claim
from tests.core.sweeping import once

MORNING = datetime(2026, 3, 3, 6, 15, tzinfo=UTC)  # a quarter past eight in Kyiv, on Tuesday
ZONE = "Europe/Kyiv"


@pytest.fixture
async def late(city: City, cast: Cast, time: Time) -> Appeal:
    """One of the water utility that is overdue in the morning; the lists of days before are done."""
    appeal = await make_appeal(city, cast.account)
    await Job.create(name=NAME, done_for=time.now.date())
    await Outbox.all().delete()
    await Notice.all().delete()
    return appeal


async def told() -> set[int]:
    return {notice.staff_id for notice in await Notice.filter(kind="daily")}


@pytest.mark.usefixtures("late")
async def test_it_comes_once_in_the_morning_to_those_whose_work_it_is(
    cast: Cast, sweeps: Desk, time: Time
) -> None:
    await Executor.filter(slug=WATER).update(portfolio="housing")
    sweeps.city.executors = {row.slug: row for row in await Executor.all()}
    deputy = await make_staff(Role.MANAGER, post=Post.DEPUTY, portfolio="housing")
    head = await make_staff(Role.EXECUTOR, WATER, post=Post.HEAD)
    others = [
        await make_staff(Role.MANAGER, post=Post.DEPUTY, portfolio="social"),
        await make_staff(Role.MANAGER),
        await make_staff(Role.ADMINISTRATOR),
    ]
    time.now = MORNING - timedelta(minutes=1)
    assert await tell_of_the_day(sweeps) == 0
    time.now = MORNING
    await once(tell_of_the_day, sweeps)
    assert await told() == {cast.desk.id, cast.water.id, head.id, deputy.id}
    assert not await told() & {other.id for other in others}, "nothing there is theirs"
    time.passes(days=1)
    await once(tell_of_the_day, sweeps)
    assert await Notice.filter(kind="daily").count() == 8


@pytest.mark.usefixtures("late")
async def test_who_stands_in_for_a_deputy_mayor_hears_of_the_portfolio(sweeps: Desk, time: Time) -> None:
    await Executor.filter(slug=WATER).update(portfolio="housing")
    sweeps.city.executors = {row.slug: row for row in await Executor.all()}
    time.now, day = MORNING, timedelta(days=1)
    for portfolio in ("housing", "social"):
        deputy = await make_staff(Role.MANAGER, post=Post.DEPUTY, portfolio=portfolio)
        manager = await make_staff(Role.MANAGER, name=portfolio)
        await Absence.create(
            staff_id=deputy.id, substitute_id=manager.id, begins_at=MORNING - day, ends_at=MORNING + day
        )
    await tell_of_the_day(sweeps)
    people = await Staff.filter(id__in=await told(), role=Role.MANAGER, post=Post.NONE)
    assert [person.name for person in people] == ["housing"]


@pytest.mark.usefixtures("late")
async def test_three_at_once_tell_it_once(sweeps: Desk, time: Time) -> None:
    time.now = MORNING
    assert sorted(await asyncio.gather(*(tell_of_the_day(sweeps) for _ in range(3)))) == [0, 0, 2]


async def test_in_the_chat_it_is_a_message_in_numbers(
    cast: Cast, sweeps: Desk, time: Time, late: Appeal
) -> None:
    account = await make_account()
    await Staff.filter(id=cast.water.id).update(account_id=account.id)
    await Appeal.filter(id=late.id).update(status=Status.REOPENED)
    time.now = MORNING
    await tell_of_the_day(sweeps)
    time.passes(minutes=1)
    await release(sweeps)
    (letter,) = await claim()
    rendered = render(letter, sweeps.city)
    assert rendered.text.splitlines() == [
        "Контроль на сьогодні:",
        "Прострочено: 1",
        "Повернуто мешканцями: 1",
        "Перелік для друку є в панелі, розділ «Контроль».",
    ]


async def test_whoever_has_nothing_to_control_is_left_alone(sweeps: Desk, time: Time, late: Appeal) -> None:
    await Appeal.filter(id=late.id).update(status=Status.CLOSED, open=False)
    time.now = MORNING
    assert await tell_of_the_day(sweeps) == 0
    assert (await Job.get(name=NAME)).done_for == MORNING.date()


@pytest.mark.usefixtures("late")
async def test_on_a_day_off_nobody_hears(sweeps: Desk, time: Time) -> None:
    time.now = MORNING + timedelta(days=4)  # Saturday
    await tell_of_the_day(sweeps)
    assert await told() == set()
    time.passes(days=2)
    await tell_of_the_day(sweeps)
    assert len(await told()) == 2


@pytest.mark.usefixtures("late")
async def test_an_executor_that_works_on_saturdays_hears_on_saturday(
    cast: Cast, sweeps: Desk, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = City.calendar

    def calendar(city: City, executor: str | None) -> object:
        found = usual(city, executor)
        if executor != WATER:
            return found
        return type(found)(found.timezone, (found.weekly[0],) * 7)

    monkeypatch.setattr(City, "calendar", calendar)
    time.now = MORNING + timedelta(days=4)
    await tell_of_the_day(sweeps)
    assert await told() == {cast.water.id}


@pytest.mark.usefixtures("late")
async def test_late_in_the_day_it_is_still_told_and_on_the_next_only_its_own(
    sweeps: Desk, time: Time
) -> None:
    time.now = MORNING + timedelta(hours=5)
    assert await tell_of_the_day(sweeps) == 2
    time.now = MORNING + timedelta(days=3, hours=-2)  # before Friday's; Thursday's was missed
    assert await tell_of_the_day(sweeps) == 0
    time.now = MORNING + timedelta(days=3)
    assert await tell_of_the_day(sweeps) == 2


async def test_what_each_part_holds(city: City, cast: Cast, time: Time) -> None:
    overdue = await make_appeal(city, cast.account)
    waits = await make_appeal(city, cast.account, sure=False)
    returned = await make_appeal(city, cast.account)
    await Appeal.filter(id=returned.id).update(status=Status.REOPENED, due_at=time.now + timedelta(hours=1))
    idle = await make_appeal(city, cast.account)
    await Appeal.filter(id=idle.id).update(updated_at=time.now - timedelta(days=6), due_at=None)
    await Appeal.filter(id=overdue.id).update(due_at=time.now - timedelta(minutes=1))
    ended = await make_appeal(city, cast.account)
    await Appeal.filter(id=ended.id).update(open=False, status=Status.CLOSED, due_at=time.now)
    found = await day.groups(None, ZONE, 5)
    ids = {part: [one.id for group in groups for one in group.rows] for part, groups in found.items()}
    assert ids[Part.OVERDUE] == [overdue.id]
    assert set(ids[Part.TODAY]) <= {returned.id, waits.id}
    assert returned.id in ids[Part.TODAY]
    assert ids[Part.REOPENED] == [returned.id]
    assert ids[Part.IDLE] == [idle.id]
    totals = {part: sum(group.total for group in groups) for part, groups in found.items()}
    assert day.added(await day.counts(ZONE, 5), None) == totals
    gas = await day.groups({GAS}, ZONE, 5)
    assert not any(gas.values())
    assert not any(day.added(await day.counts(ZONE, 5), {GAS}).values())


async def test_of_many_the_most_pressing_are_shown_and_all_are_counted(
    city: City, cast: Cast, time: Time
) -> None:
    appeals = [await make_appeal(city, cast.account) for _ in range(SHOWN + 3)]
    for at, appeal in enumerate(appeals):
        await Appeal.filter(id=appeal.id).update(due_at=time.now - timedelta(hours=at + 1))
    with counted() as queries:
        found = await day.groups({WATER}, ZONE, 5)
    (group,) = found[Part.OVERDUE]
    assert (group.total, len(group.rows), group.executor) == (SHOWN + 3, SHOWN, WATER)
    assert group.rows[0].id == appeals[-1].id
    assert len(queries) == 1
