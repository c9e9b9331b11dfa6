"""The place of what was filed at once: it goes to who answers there, and is heard of again."""

import asyncio

import pytest

from core.actions import desk
from core.actions.actor import Actor
from core.actions.locate import locate
from core.actions.submit import Place, Submission, submit
from core.city import City
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.models import Appeal, Event, Notice
from core.workflow import Role, Status, Verb
from tests.builders import make_account, make_staff

PLACE = Place("вул. Соборності, 12", district="metalurhiinyi", street="вул. Соборності", house="12")


async def filed(city: City, category: str = "gas.leak") -> tuple[Appeal, Actor]:
    account = await make_account()
    appeal = await submit(
        city, account, Submission(text="сильно пахне газом", category=category, place=Place(), urgent=True)
    )
    return appeal, Actor.resident(account.resident_id)


async def test_it_gets_its_place_and_is_told_again(city: City) -> None:
    await make_staff(Role.OPERATOR)
    appeal, actor = await filed(city)
    told = await Notice.all().count()
    located = await locate(city, appeal.id, actor, place=PLACE)
    assert (located.address, located.district_id, located.place_key) == (
        PLACE.address,
        "metalurhiinyi",
        PLACE.key,
    )
    assert (await Event.get(appeal_id=appeal.id, verb=Verb.LOCATE)).text == PLACE.address
    assert await Notice.all().count() > told


async def test_what_waited_for_its_district_is_routed(city: City) -> None:
    appeal, actor = await filed(city)
    await Appeal.filter(id=appeal.id).update(status=Status.REGISTERED, executor_id=None, triage=True)
    located = await locate(city, appeal.id, actor, place=PLACE)
    assert (located.status, located.triage) == (Status.ASSIGNED, False)
    assert located.executor_id is not None


async def test_no_place_is_refused(city: City) -> None:
    appeal, actor = await filed(city)
    with pytest.raises(Invalid):
        await locate(city, appeal.id, actor, place=Place())


async def test_anothers_does_not_exist(city: City) -> None:
    appeal, _ = await filed(city)
    stranger = await make_account()
    with pytest.raises(NotFound):
        await locate(city, appeal.id, Actor.resident(stranger.resident_id), place=PLACE)
    staff = Actor.staff(await make_staff(Role.OPERATOR))
    with pytest.raises(Forbidden):
        await locate(city, appeal.id, staff, place=PLACE)


async def test_what_has_ended_stays_where_it_is(city: City) -> None:
    appeal, actor = await filed(city)
    await Appeal.filter(id=appeal.id).update(status=Status.CLOSED, open=False)
    with pytest.raises(Conflict):
        await locate(city, appeal.id, actor, place=PLACE)
    assert (await Appeal.get(id=appeal.id)).address == ""


async def test_an_operator_who_is_faster_is_not_overruled(city: City) -> None:
    """They decide who gets it in the very moment in which the resident says where it is."""
    appeal, actor = await filed(city)
    await Appeal.filter(id=appeal.id).update(status=Status.REGISTERED, executor_id=None, triage=True)
    operator = Actor.staff(await make_staff(Role.OPERATOR))
    version = (await Appeal.get(id=appeal.id)).version
    done = await asyncio.gather(
        locate(city, appeal.id, actor, place=PLACE),
        desk.assign(city, appeal.id, operator, expected=version, executor="housing"),
        locate(city, appeal.id, actor, place=PLACE),
        return_exceptions=True,
    )
    assert [each for each in done[::2] if isinstance(each, BaseException)] == []
    now = await Appeal.get(id=appeal.id)
    assert now.address == PLACE.address
    if not isinstance(done[1], BaseException):
        assert now.executor_id == "housing"
