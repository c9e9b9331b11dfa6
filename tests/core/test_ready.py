"""Queries built once answer as the ORM's own do, on each engine."""

from typing import Any

import pytest
from tortoise.models import Model

from core import clock, db
from core.city import City
from core.models import Appeal, CoExecutor, Event, Staff
from core.ready import Ready
from core.workflow import Role, Verb
from tests.builders import make_appeal, make_staff

NOTES = Ready(
    lambda appeal: (
        Event.filter(appeal_id=appeal, verb=Verb.NOTE)
        .order_by("-id")
        .limit(5)
        .select_related("staff", "appeal")
    )
)
HELPING = Ready(lambda slug, appeal: CoExecutor.filter(appeal_id=appeal, executor_id=slug))


async def note(appeal: Appeal, staff: Staff | None = None) -> int:
    event = await Event.create(
        appeal_id=appeal.id,
        verb=Verb.NOTE,
        to_status=appeal.status,
        staff=staff,
        role=Role.SYSTEM,
        at=clock.now(),
        data={"a": [1]},
    )
    return int(event.id)


def fields(row: Model) -> dict[str, Any]:
    return {name: getattr(row, name) for name in type(row)._meta.db_fields}


async def test_it_answers_for_the_keys_of_each_call(city: City) -> None:
    one, two = await make_appeal(city), await make_appeal(city)
    notes = [await note(one), await note(two), await note(one)]
    await CoExecutor.create(appeal_id=two.id, executor_id="city_light", at=clock.now())

    assert [event.id for event in await NOTES(two.id)] == [notes[1]]
    assert [event.id for event in await NOTES(one.id)] == [notes[2], notes[0]]
    assert await NOTES(0) == []
    helper = await HELPING.one("city_light", two.id)
    assert helper is not None
    assert helper.executor_id == "city_light"
    assert await HELPING.one("city_light", one.id) is None


async def test_its_objects_are_those_of_the_orm(city: City) -> None:
    staff, appeal = await make_staff(), await make_appeal(city)
    await note(appeal, staff)
    await note(appeal)

    nobodys, ours = await NOTES(appeal.id)

    usual = await Event.get(id=ours.id).select_related("staff", "appeal")
    assert fields(ours) == fields(usual)
    assert ours.staff is not None
    assert usual.staff is not None
    assert fields(ours.staff) == fields(usual.staff)
    assert fields(ours.appeal) == fields(usual.appeal)
    assert [nobodys.staff] == [None]


async def test_it_sees_what_the_open_transaction_wrote(city: City) -> None:
    appeal = await make_appeal(city)
    async with db.transaction():
        await note(appeal)
        assert len(await NOTES(appeal.id)) == 1


async def test_another_number_of_keys_or_one_used_twice_is_a_mistake(city: City) -> None:
    appeal = await make_appeal(city)
    assert await HELPING("city_light", appeal.id) == []
    with pytest.raises(ValueError, match="argument"):
        await HELPING("city_light")
    twice = Ready(lambda key: Event.filter(appeal_id=key, id=key))
    with pytest.raises(ValueError, match="once"):
        await twice(1)
