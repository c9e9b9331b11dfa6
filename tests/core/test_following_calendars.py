"""Carrying a changed calendar out: in batches, by several processes, broken off, one change after another."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from core import city as cities
from core import clock, db, following_calendars
from core.actions import desk, executor, extend, reckon, resident
from core.actions.decline import decline
from core.actions.move import look_up, step
from core.calendar_changes import CalendarChange
from core.calendars import Calendars
from core.city import City
from core.config import Media, Schedule
from core.errors import Conflict
from core.following_calendars import WAITS, follow_calendars, note
from core.jobs import Desk
from core.media import MediaStore
from core.models import Appeal, Event, Notice, Outbox
from core.waiting_calendars import read_state
from core.workflow import Verb
from tests.builders import make_appeal
from tests.core.conftest import GAS, WATER, Cast, Time
from tests.core.sweeping import calendars_followed, counted, everything
from tests.core.test_reckon import CALM, due, kyiv, reckoned

Change = Callable[..., Awaitable[None]]
TUESDAY, WEDNESDAY, THURSDAY = date(2026, 3, 3), date(2026, 3, 4), date(2026, 3, 5)


@pytest.fixture
def sweeps(city: City) -> Desk:
    return Desk(city, Schedule(), MediaStore(Media()), {})


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """To a batch."""
    monkeypatch.setattr(following_calendars, "BATCH", 2)


def off(city: City, *days: date) -> Calendars:
    return Calendars(replace(city.calendars.city, days_off=frozenset(days)), city.calendars.own)


async def changed(city: City, *days: date, known: bool = True) -> None:
    """The city's days off are these; `known` to this process already."""
    after = off(city, *days)
    async with db.transaction():
        await cities.changed()
        await note(city.calendars, after, revision=city.revision + 1, by=None)
    if known:
        city.calendars, city.revision = after, city.revision + 1


async def water(city: City, cast: Cast, many: int) -> list[Appeal]:
    return [await make_appeal(city, cast.account, category=CALM) for _ in range(many)]


def test_what_is_kept_of_a_change_is_the_change(city: City) -> None:
    own = {WATER: replace(city.calendars.city, special={TUESDAY: (), WEDNESDAY: ()})}
    change = CalendarChange.of(city.calendars, Calendars(off(city, THURSDAY).city, own), clock.now())
    assert CalendarChange.kept(change.values) == change


async def test_it_begins_when_every_process_knows_and_counts_from_the_change(
    city: City, cast: Cast, time: Time, sweeps: Desk
) -> None:
    (appeal,) = await water(city, cast, 1)
    await changed(city, TUESDAY)
    time.now += WAITS - timedelta(seconds=1)
    assert await follow_calendars(sweeps) == 0
    assert await due(appeal) == appeal.due_at
    time.now = kyiv("2026-03-04 09:00")  # nobody led for two days, of which one was off
    await calendars_followed(city)
    assert await due(appeal) == kyiv("2026-03-05 16:00")
    assert not (await read_state()).changes


async def test_what_knew_the_new_calendar_stays_whenever_it_came(city: City, cast: Cast, time: Time) -> None:
    """Right after the change some processes know of it and some don't; what they did is told apart."""
    (before,) = await water(city, cast, 1)
    old, revision = city.calendars, city.revision
    await changed(city, TUESDAY)
    (knew,) = await water(city, cast, 1)
    assert knew.due_at == kyiv("2026-03-05 16:00")
    unsure = await make_appeal(city, cast.account, category=CALM, sure=False)
    new, made = city.calendars, city.revision
    city.calendars, city.revision = old, revision
    time.passes(seconds=3)
    (late,) = await water(city, cast, 1)
    assert late.due_at == kyiv("2026-03-04 16:00") + timedelta(seconds=3)
    await desk.assign(city, unsure.id, cast.operator, expected=0, executor=WATER)
    city.calendars, city.revision = new, made
    await calendars_followed(city)
    assert await due(before) == await due(knew) == kyiv("2026-03-05 16:00")
    assert await due(late) == kyiv("2026-03-05 16:00") + timedelta(seconds=3)
    assert await due(unsure) == kyiv("2026-03-05 16:00"), "set by who knew, or set anew and carried: once"
    assert [len(await reckoned(each)) for each in (before, knew, late)] == [1, 0, 1]


@pytest.mark.usefixtures("few")
async def test_killed_between_batches_it_goes_on_and_tells_once(
    city: City, cast: Cast, time: Time, sweeps: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    appeals = await water(city, cast, 5)
    await changed(city, TUESDAY, WEDNESDAY)
    time.now += WAITS
    assert await follow_calendars(sweeps)
    told = await everything()

    async def dies(*_: Any, **__: Any) -> None:
        raise asyncio.CancelledError

    with monkeypatch.context() as broken:
        broken.setattr(following_calendars, "_keep", dies)  # the last of what a batch does
        with pytest.raises(asyncio.CancelledError):
            await follow_calendars(sweeps)
    assert await everything() == told, "all of the batch or nothing"
    assert await Event.filter(verb=Verb.RECKON).count() == 2
    assert not await Notice.filter(kind="reckoned").exists()
    while await follow_calendars(sweeps):
        pass
    assert [await due(each) for each in appeals] == [kyiv("2026-03-06 16:00")] * 5
    assert [len(await reckoned(each)) for each in appeals] == [1] * 5
    assert await Outbox.filter(kind="reckoned").count() == 5
    assert await Notice.filter(kind="reckoned", staff_id=cast.water.id).count() == 1
    assert not await Notice.filter(kind="reckoned", staff_id=cast.gas.id).exists()


async def test_those_hear_whose_deadlines_they_were(city: City, cast: Cast, time: Time, sweeps: Desk) -> None:
    appeals = await water(city, cast, 2)
    await changed(city, TUESDAY, WEDNESDAY)
    time.now += WAITS
    assert await follow_calendars(sweeps)
    last = await Appeal.get(id=appeals[-1].id)
    await decline(city, last.id, cast.officer, expected=last.version, reason="не наше")
    await everything_follows(sweeps)
    heard = await Notice.filter(kind="reckoned")
    assert [notice.staff_id for notice in heard] == [cast.water.id], "whoever has the last of them now"


async def test_who_gets_it_while_its_deadline_waits_has_no_day_less(
    city: City, cast: Cast, time: Time, sweeps: Desk
) -> None:
    """Handed to an executor with hours of its own before the walk has come to it."""
    appeal = await make_appeal(city, cast.account, category=CALM, sure=False)
    was = (await Appeal.get(id=appeal.id)).due_at
    assert was
    own = replace(city.calendars.city, special={date(2026, 3, 20): ()})
    after = Calendars(off(city, TUESDAY).city, {GAS: replace(own, days_off=frozenset({TUESDAY}))})
    city.calendars = Calendars(city.calendars.city, {GAS: own})
    async with db.transaction():
        await cities.changed()
        await note(city.calendars, after, revision=city.revision + 1, by=None)
    city.calendars, city.revision = after, city.revision + 1
    await desk.assign(city, appeal.id, cast.operator, expected=appeal.version, executor=GAS)
    time.now += WAITS
    await everything_follows(sweeps)
    after_all = (await Appeal.get(id=appeal.id)).due_at
    assert after_all
    assert after_all - was == timedelta(days=1), "the day off is made up for, once"


async def everything_follows(sweeps: Desk) -> None:
    while await follow_calendars(sweeps):
        pass


@pytest.mark.usefixtures("few")
async def test_two_processes_do_it_once(city: City, cast: Cast, time: Time, sweeps: Desk) -> None:
    appeals = await water(city, cast, 5)
    await changed(city, TUESDAY, WEDNESDAY)
    time.now += WAITS
    while any(await asyncio.gather(*(follow_calendars(sweeps) for _ in range(3)))):
        pass
    assert [await due(each) for each in appeals] == [kyiv("2026-03-06 16:00")] * 5
    assert [len(await reckoned(each)) for each in appeals] == [1] * 5
    assert await Notice.filter(kind="reckoned", staff_id=cast.water.id).count() == 1


@pytest.mark.usefixtures("few")
async def test_changes_follow_one_another(city: City, cast: Cast, time: Time, sweeps: Desk) -> None:
    """The second comes in the midst of the first; what was filed between them follows the second alone."""
    appeals = await water(city, cast, 3)
    await changed(city, TUESDAY)
    (between,) = await water(city, cast, 1)
    time.now += WAITS
    assert await follow_calendars(sweeps)
    await changed(city, TUESDAY, THURSDAY)
    (after,) = await water(city, cast, 1)
    await calendars_followed(city)
    assert [await due(each) for each in (*appeals, between)] == [kyiv("2026-03-06 16:00")] * 4
    assert [len(await reckoned(each)) for each in (*appeals, between, after)] == [2, 2, 2, 1, 0]
    assert await due(after) == after.due_at
    assert after.due_at == kyiv("2026-03-06 16:00") + WAITS


async def test_a_slip_taken_back_leaves_all_as_it_was(city: City, cast: Cast, time: Time) -> None:
    (appeal,) = await water(city, cast, 1)
    await changed(city, TUESDAY)
    time.passes(seconds=4)
    await changed(city)
    await calendars_followed(city)
    assert await due(appeal) == appeal.due_at


async def test_who_stops_the_clock_meanwhile_leaves_the_time_that_was_left(
    city: City, cast: Cast, time: Time
) -> None:
    appeal, other = await water(city, cast, 2)
    old, revision = city.calendars, city.revision
    await changed(city, TUESDAY)
    time.passes(hours=1)  # nobody leads
    asked = await desk.ask(city, appeal.id, cast.operator, expected=0, question="Де?")
    assert asked.time_left == timedelta(hours=23).total_seconds()
    new, made = city.calendars, city.revision
    city.calendars, city.revision = old, revision
    asked = await desk.ask(city, other.id, cast.operator, expected=0, question="Де?")
    assert asked.time_left == timedelta(hours=23).total_seconds(), "nor does it matter who knew"
    city.calendars, city.revision = new, made
    await calendars_followed(city)
    answered = await resident.answer(city, appeal.id, cast.resident, text="Тут")
    assert answered.due_at == kyiv("2026-03-05 16:00")
    assert not await reckoned(appeal)


@pytest.mark.parametrize("stopped", [False, True])
async def test_a_deadline_that_moved_since_it_was_read_is_a_lost_race(
    city: City, cast: Cast, time: Time, *, stopped: bool
) -> None:
    """The version stays as it is by it, so the deadline itself is compared."""
    (appeal,) = await water(city, cast, 1)
    if stopped:
        await desk.ask(city, appeal.id, cast.operator, expected=0, question="Де?")
    read = await look_up(appeal.id, cast.operator)
    if stopped:
        await Appeal.filter(id=appeal.id).update(due_at=time.now + timedelta(days=3))
    else:
        await changed(city, TUESDAY)
        await calendars_followed(city)
    with pytest.raises(Conflict) as lost:
        async with db.transaction():
            await step(city, Verb.NOTE, read, cast.operator, to=read.status)
    assert lost.value.key == "conflict.changed"
    now = await look_up(appeal.id, cast.operator)
    async with db.transaction():
        await step(city, Verb.NOTE, now, cast.operator, to=now.status)


async def test_what_moved_since_it_was_looked_at_stays(
    city: City, cast: Cast, time: Time, sweeps: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the look and the lock, a person extends one and another gets a new deadline: theirs stay."""
    extended, moved, left = await water(city, cast, 3)
    await changed(city, TUESDAY)
    look = reckon.look

    async def slow(*args: Any, **more: Any) -> Any:
        found = await look(*args, **more)
        day = date(2026, 3, 9)
        await extend.extend(city, extended.id, cast.operator, expected=0, until=day, reason="Деталь")
        await desk.categorise(city, moved.id, cast.operator, expected=0, category="roads.pothole")
        return found

    time.now += WAITS
    with monkeypatch.context() as slowly:
        slowly.setattr(following_calendars, "look", slow)
        assert await follow_calendars(sweeps)
    assert await due(extended) == kyiv("2026-03-09 23:59")
    assert not await reckoned(moved)
    assert await due(left) == kyiv("2026-03-05 16:00")


async def test_a_batch_costs_so_many_queries_however_many_move(
    city: City, cast: Cast, time: Time, sweeps: Desk
) -> None:
    asked = []
    days: tuple[date, ...] = (TUESDAY, WEDNESDAY)
    for there in (3, 12):
        await water(city, cast, there - await Appeal.all().count())
        await changed(city, *days)
        days = () if days else (TUESDAY,)
        time.now += WAITS
        with counted() as queries:
            assert await follow_calendars(sweeps)
        asked.append(len(queries))
        while await follow_calendars(sweeps):
            pass
    assert asked[0] == asked[1], asked
    with counted() as queries:
        assert await follow_calendars(sweeps) == 0
    assert len(queries) == 1


async def test_of_many_the_farthest_are_looked_at_beforehand(
    city: City, cast: Cast, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    await water(city, cast, 3)
    time.passes(minutes=1)
    found = await reckon.foresee(city.calendars, off(city, TUESDAY))
    assert (found.moved, found.among) == (3, 0)
    monkeypatch.setattr(reckon, "LOOKED", 2)
    found = await reckon.foresee(city.calendars, off(city, TUESDAY))
    assert (found.moved, found.among) == (2, 2)
    assert "among the 2" in found.line
    nothing = await reckon.foresee(city.calendars, off(city, date(2027, 3, 3)))
    assert (nothing.moved, bool(nothing)) == (0, True), "who knows of the rest"


@pytest.mark.usefixtures("few")
async def test_nothing_is_lost_between_it_and_what_people_do(
    city: City, cast: Cast, time: Time, sweeps: Desk
) -> None:
    """While it goes on, officers start and the desk asks; who lost a race does it again."""
    appeals = await water(city, cast, 6)
    await changed(city, TUESDAY)
    time.now += WAITS

    async def follow() -> None:
        while await follow_calendars(sweeps):
            pass

    async def act(appeal: Appeal) -> None:
        for _ in range(3):
            try:
                if appeal.id % 2:
                    await executor.start(city, appeal.id, cast.officer, expected=0)
                else:
                    await desk.ask(city, appeal.id, cast.operator, expected=0, question="Де?")
            except Conflict:
                continue
            return
        pytest.fail("a race is lost once")

    await asyncio.gather(*map(act, appeals[:3]), follow(), *map(act, appeals[3:]))
    for appeal in appeals:
        now = await Appeal.get(id=appeal.id)
        if appeal.id % 2:
            assert now.due_at == kyiv("2026-03-05 16:00")
            assert len(await reckoned(appeal)) == 1
        else:
            left = timedelta(hours=24) - WAITS
            assert (now.due_at, now.time_left) == (None, left.total_seconds())
