"""Who is away is stood in for: what they would hear is told to another, who may do what they may."""

from datetime import date, timedelta
from typing import Any

import pytest

from core.actions import absences, executor
from core.actions.absences import actor_of
from core.actions.actor import Actor
from core.actions.move import look_up
from core.city import City
from core.errors import Forbidden, Invalid, NotFound
from core.models import Absence, Staff
from core.queries.panel import queue
from core.queries.panel.filters import Filters
from core.workflow import Role
from tests.builders import make_account, make_appeal, make_staff
from tests.core.conftest import GAS, WATER, Cast, Time, noticed, queued

CALM = "water.no_water"  # not urgent
MONDAY = date(2026, 3, 2)  # when the tests' clock stands still


async def away(city: City, staff: Staff, substitute: Staff, first: int = 0, days: int = 5) -> Absence:
    """`staff` away from `first` days after Monday on, as they say it themselves."""
    begins = MONDAY + timedelta(days=first)
    return await absences.plan(
        city,
        Actor.staff(staff),
        staff_id=staff.id,
        substitute_id=substitute.id,
        first_day=begins,
        last_day=begins + timedelta(days=days - 1),
    )


async def test_the_substitute_hears_and_may_do_what_the_absent_would(
    city: City, cast: Cast, time: Time
) -> None:
    del time
    account = await make_account()
    cast.gas.account_id = account.id
    await cast.gas.save()
    await away(city, cast.water, cast.gas)
    appeal = await make_appeal(city, cast.account, category=CALM)
    assert await noticed(cast.water) == ["assigned"]
    assert await noticed(cast.gas) == ["substitute", "assigned"]
    assert await queued(appeal.id) == ["staff.assigned"]
    acting = await actor_of(cast.gas)
    assert acting.executors == {GAS, WATER}
    assert (await executor.start(city, appeal.id, acting, expected=0)).version == 1
    assert [row.id for row in (await queue.page(acting, Filters())).rows] == [appeal.id]


async def test_only_while_it_lasts_by_the_citys_midnights(city: City, cast: Cast, time: Time) -> None:
    """In winter Kyiv is two hours ahead of UTC: Tuesday begins on Monday at 22:00."""
    await away(city, cast.water, cast.gas, first=1, days=1)
    for hours, stands_in, heard in ((13.9, False, 0), (0.1, True, 1), (23.9, True, 2), (0.1, False, 2)):
        time.passes(hours=hours)
        appeal = await make_appeal(city, cast.account, category=CALM)
        acting = await actor_of(cast.gas)
        assert acting.executors == ({GAS, WATER} if stands_in else {GAS}), time.now
        assert (await noticed(cast.gas)).count("assigned") == heard
        if not stands_in:
            with pytest.raises(NotFound):
                await look_up(appeal.id, acting)


async def test_a_substitute_who_is_away_passes_it_on(city: City, cast: Cast, time: Time) -> None:
    del time
    heat = await make_staff(Role.EXECUTOR, "teplotsentral")
    await away(city, cast.water, cast.gas)
    await away(city, cast.gas, heat)
    await make_appeal(city, cast.account, category=CALM)
    assert await noticed(heat) == ["substitute", "assigned"]
    assert (await actor_of(heat)).executors == {"teplotsentral", GAS, WATER}
    assert (await actor_of(cast.gas)).executors == {GAS, WATER}


async def test_who_has_left_hears_nothing(city: City, cast: Cast, time: Time) -> None:
    del time
    await away(city, cast.water, cast.gas)
    await Staff.filter(id=cast.gas.id).update(active=False)
    await make_appeal(city, cast.account, category=CALM)
    assert await noticed(cast.gas) == ["substitute"]


async def test_for_who_has_left_nobody_acts(city: City, cast: Cast, time: Time) -> None:
    del time
    await away(city, cast.water, cast.gas)
    appeal = await make_appeal(city, cast.account, category=CALM)
    await Staff.filter(id=cast.water.id).update(active=False)
    acting = await actor_of(cast.gas)
    assert acting.executors == {GAS}
    with pytest.raises(NotFound):
        await look_up(appeal.id, acting)


async def test_nobody_goes_round_in_a_circle(city: City, cast: Cast, time: Time) -> None:
    del time
    heat = await make_staff(Role.EXECUTOR, "teplotsentral")
    await away(city, cast.water, cast.gas, days=3)
    await away(city, cast.gas, heat, days=3)
    with pytest.raises(Invalid, match=r"absence\.circle"):
        await away(city, heat, cast.water, first=2)
    await away(city, heat, cast.water, first=3)
    assert await Absence.all().count() == 3


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [
        (3, 2, "absence.order"),
        (-3, -1, "absence.past"),
        (0, 400, "absence.too_long"),
        (400, 401, "absence.too_long"),
    ],
)
async def test_days_that_will_not_do(
    city: City, cast: Cast, time: Time, first: int, last: int, told: str
) -> None:
    del time
    with pytest.raises(Invalid) as caught:
        await away(city, cast.water, cast.gas, first, last - first + 1)
    assert caught.value.key == told
    assert not await Absence.exists()


async def test_who_cannot_stand_in(city: City, cast: Cast, time: Time) -> None:
    del time
    gone = await make_staff(Role.EXECUTOR, WATER, active=False)
    for substitute, told in (
        (cast.water, "absence.oneself"),
        (cast.desk, "absence.substitute"),
        (gone, "absence.substitute"),
    ):
        with pytest.raises(Invalid) as caught:
            await away(city, cast.water, substitute)
        assert caught.value.key == told
    await away(city, cast.water, cast.gas)
    with pytest.raises(Invalid, match=r"absence\.overlaps"):
        await away(city, cast.water, cast.gas, first=4)
    with pytest.raises(NotFound):
        await away(city, gone, cast.gas)


async def test_one_plans_ones_own_and_an_administrator_everybodys(city: City, cast: Cast, time: Time) -> None:
    del time
    whole: dict[str, Any] = {
        "staff_id": cast.water.id,
        "substitute_id": cast.gas.id,
        "first_day": MONDAY,
        "last_day": MONDAY,
    }
    for stranger in (cast.other_officer, cast.operator):
        with pytest.raises(Forbidden):
            await absences.plan(city, stranger, **whole)
    administrator = Actor.staff(await make_staff(Role.ADMINISTRATOR))
    absence = await absences.plan(city, administrator, **whole)
    for stranger in (cast.other_officer, cast.operator):
        with pytest.raises(NotFound):
            await absences.cancel(stranger, absence.id)
    assert (await actor_of(cast.gas)).executors == {GAS, WATER}
    await absences.cancel(cast.officer, absence.id)
    assert (await actor_of(cast.gas)).executors == {GAS}
    with pytest.raises(NotFound):
        await absences.cancel(administrator, absence.id)
