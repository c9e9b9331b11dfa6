"""A city that is late is reminded, once a day; a return to it is seen, and the resident hears so."""

import asyncio
from datetime import timedelta

import pytest

from core.actions import desk, executor, resident
from core.actions.actor import Actor
from core.actions.helping import set_co_executors
from core.actions.join import join
from core.actions.seen import see
from core.city import City
from core.errors import Conflict, Invalid, NotFound
from core.models import Appeal, Event, Outbox
from core.workflow import Status, Verb
from tests.builders import make_account, make_appeal
from tests.core.conftest import GAS, WATER, Cast, Time, noticed, queued

# nudging


async def test_once_a_day_and_everybody_who_can_do_something_hears(
    city: City, cast: Cast, time: Time
) -> None:
    appeal = await make_appeal(city, cast.account)
    time.passes(hours=13)
    again = await resident.nudge(city, appeal.id, cast.resident)
    assert (again.nudged_at, again.version, again.status) == (time.now, 1, Status.ASSIGNED)
    assert (await Appeal.get(id=appeal.id)).due_at == appeal.due_at
    for staff in (cast.desk, cast.water):
        assert await noticed(staff) == ["urgent", "nudged"]
    assert await noticed(cast.gas) == []
    time.passes(hours=23, minutes=59)
    with pytest.raises(Invalid, match=r"nudge\.again") as early:
        await resident.nudge(city, appeal.id, cast.resident)
    assert early.value.params == {"since": (time.now + timedelta(minutes=1)).isoformat()}
    time.passes(minutes=1)
    await resident.nudge(city, appeal.id, cast.resident)
    assert await Event.filter(verb=Verb.NUDGE).count() == 2
    assert await noticed(cast.desk) == ["urgent", "nudged", "nudged"]


async def test_not_before_the_deadline_nor_while_the_clock_stands(city: City, cast: Cast, time: Time) -> None:
    appeal = await make_appeal(city, cast.account)
    with pytest.raises(Invalid, match=r"nudge\.early"):
        await resident.nudge(city, appeal.id, cast.resident)
    await desk.ask(city, appeal.id, cast.operator, expected=0, question="Де?")
    time.passes(days=3)
    with pytest.raises(Invalid, match=r"nudge\.early"):
        await resident.nudge(city, appeal.id, cast.resident)
    await desk.resolve(city, appeal.id, cast.operator, expected=1, answer="Зроблено")
    with pytest.raises(Conflict):
        await resident.nudge(city, appeal.id, cast.resident)
    with pytest.raises(NotFound):
        await resident.nudge(city, appeal.id, cast.stranger)
    assert not await Event.filter(verb=Verb.NUDGE).exists()


async def test_all_who_follow_it_share_the_day(city: City, cast: Cast, time: Time) -> None:
    appeal, neighbour = await make_appeal(city, cast.account), await make_account()
    await join(city, neighbour, appeal.id)
    time.passes(hours=13)
    done = await asyncio.gather(
        resident.nudge(city, appeal.id, Actor.resident(neighbour.resident_id)),
        resident.nudge(city, appeal.id, cast.resident),
        return_exceptions=True,
    )
    assert sorted(type(each).__name__ for each in done) == ["Appeal", "Invalid"]
    assert await noticed(cast.water) == ["urgent", "nudged"]


# seeing what was returned


async def returned(city: City, cast: Cast, **more: object) -> Appeal:
    appeal = await make_appeal(city, cast.account, **more)
    await desk.resolve(city, appeal.id, cast.operator, expected=0, answer="Зроблено")
    return await resident.reopen(city, appeal.id, cast.resident, text="досі тече")


async def sights(appeal: Appeal) -> list[str | None]:
    """What those heard who returned it: the executor that saw it, or None for an operator."""
    return [row.body["by"] for row in await Outbox.filter(appeal_id=appeal.id, kind="seen").order_by("id")]


async def test_whoever_looks_first_is_the_one_who_saw_it(city: City, cast: Cast) -> None:
    appeal = await returned(city, cast)
    await see(city, await Appeal.get(id=appeal.id), cast.officer)
    stored = await Appeal.get(id=appeal.id)
    assert (stored.version, stored.status) == (appeal.version + 1, Status.REOPENED)
    assert await sights(appeal) == [WATER]
    for actor in (cast.officer, cast.operator):
        await see(city, await Appeal.get(id=appeal.id), actor)
    assert (await Appeal.get(id=appeal.id)).version == appeal.version + 1
    assert await sights(appeal) == [WATER]


async def test_looked_at_by_many_at_once_it_is_seen_once(city: City, cast: Cast) -> None:
    appeal = await returned(city, cast)
    stale = [await Appeal.get(id=appeal.id) for _ in range(4)]
    changed = await asyncio.gather(*(see(city, each, cast.operator) for each in stale))
    assert all(changed), "whoever was not first reads it anew as well"
    assert await Event.filter(verb=Verb.SEE).count() == 1
    assert await sights(appeal) == [None]


async def test_each_return_is_seen_anew(city: City, cast: Cast) -> None:
    appeal = await returned(city, cast)
    await see(city, await Appeal.get(id=appeal.id), cast.operator)
    await desk.resolve(city, appeal.id, cast.operator, expected=appeal.version + 1, answer="Тепер справді")
    await resident.reopen(city, appeal.id, cast.resident, text="ні")
    await see(city, await Appeal.get(id=appeal.id), cast.officer)
    assert await sights(appeal) == [None, WATER]


async def test_at_the_desk_too(city: City, cast: Cast) -> None:
    appeal = await make_appeal(city, cast.account, sure=False)
    await desk.explain(city, appeal.id, cast.operator, expected=0, reason="Ремонт восени")
    again = await resident.reopen(city, appeal.id, cast.resident, text="знову яма")
    assert again.status is Status.REGISTERED
    await see(city, await Appeal.get(id=appeal.id), cast.operator)
    assert await sights(appeal) == [None]


async def test_only_who_returned_it_hears(city: City, cast: Cast) -> None:
    appeal, neighbour = await make_appeal(city, cast.account), await make_account()
    await join(city, neighbour, appeal.id)
    await desk.resolve(city, appeal.id, cast.operator, expected=1, answer="Зроблено")
    await resident.reopen(city, appeal.id, Actor.resident(neighbour.resident_id), text="у нас досі")
    await see(city, await Appeal.get(id=appeal.id), cast.operator)
    assert [row.account_id for row in await Outbox.filter(kind="seen")] == [neighbour.id]


async def test_what_was_not_returned_is_just_looked_at(city: City, cast: Cast) -> None:
    fresh = await make_appeal(city, cast.account)
    await see(city, await Appeal.get(id=fresh.id), cast.operator)
    again = await returned(city, cast)
    await executor.start(city, again.id, cast.officer, expected=again.version)
    await see(city, await Appeal.get(id=again.id), cast.operator)
    assert not await Event.filter(verb=Verb.SEE).exists()
    assert "seen" not in await queued()


async def test_who_only_helps_or_has_nothing_to_do_with_it_does_not_count(city: City, cast: Cast) -> None:
    appeal = await returned(city, cast)
    assert not await see(city, appeal, cast.other_officer)
    after = await set_co_executors(
        city, appeal.id, cast.operator, expected=appeal.version, executors=[GAS], text="газ поруч"
    )
    await see(city, await Appeal.get(id=appeal.id), cast.other_officer)
    assert (await Appeal.get(id=appeal.id)).version == after.version
    assert not await Event.filter(verb=Verb.SEE).exists()
