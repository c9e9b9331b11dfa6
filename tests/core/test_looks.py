"""Looks at contacts: who may, each one kept, and none twice within ten minutes."""

import asyncio

import pytest

from core.actions.actor import Actor
from core.actions.executor import report
from core.actions.helping import join
from core.actions.looks import look, may_look
from core.city import City
from core.errors import Forbidden, NotFound
from core.models import Look
from core.workflow import AT_EXECUTOR, Kind, Role, Status
from tests.builders import make_appeal, make_staff
from tests.core.conftest import Cast, Time


async def test_each_look_is_kept_but_not_twice_within_ten_minutes(city: City, cast: Cast, time: Time) -> None:
    appeal = await make_appeal(city, cast.account)
    for minutes, looks in ((0, 1), (9, 1), (1, 2)):
        time.passes(minutes=minutes)
        await look(appeal.id, cast.operator)
        assert await Look.filter(staff_id=cast.operator.staff_id).count() == looks
    await look(appeal.id, cast.officer)  # another person's is another look
    assert await Look.all().count() == 3


async def test_a_double_click_is_one_look(city: City, cast: Cast) -> None:
    appeal = await make_appeal(city, cast.account)
    await asyncio.gather(*(look(appeal.id, cast.operator) for _ in range(5)))
    assert await Look.all().count() == 1


async def test_an_officer_looks_only_while_the_work_is_theirs(city: City, cast: Cast) -> None:
    appeal = await make_appeal(city, cast.account)
    await join(appeal, ["gas_networks"], occasion="test")
    with pytest.raises(Forbidden):  # who only helps
        await look(appeal.id, cast.other_officer)
    with pytest.raises(NotFound):
        await look(appeal.id, Actor.staff(await make_staff(Role.EXECUTOR, "teplotsentral")))
    await report(city, appeal.id, cast.officer, expected=0, text="зроблено")
    with pytest.raises(Forbidden):
        await look(appeal.id, cast.officer)
    await look(appeal.id, cast.operator)
    assert [each.staff_id for each in await Look.all()] == [cast.operator.staff_id]


async def test_never_whose_complaint_it_is(city: City, cast: Cast) -> None:
    appeal = await make_appeal(city, cast.account)
    for status in Status:
        appeal.kind, appeal.status = Kind.REQUEST, status
        assert may_look(appeal, cast.officer) is (status in AT_EXECUTOR)
        appeal.kind = Kind.COMPLAINT
        assert not may_look(appeal, cast.officer)
        assert may_look(appeal, cast.operator)
        assert not may_look(appeal, cast.resident)
