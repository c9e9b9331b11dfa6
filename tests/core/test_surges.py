"""The sweep for surges: proposed where many report the same, once, and only where that is unusual."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core import clock, scheduler
from core.actions import desk, incident
from core.actions.submit import Place
from core.city import City
from core.config import Media, Schedule
from core.jobs import Desk
from core.media import MediaStore
from core.models import Account, Appeal, Event, Incident, IncidentState, Outbox, Supporter
from core.surges import find_surges
from core.workflow import Role, Verb
from tests.builders import make_account, make_appeal
from tests.core.conftest import Cast, Time, noticed, queued

LAT, LON, STREET = 47.9077, 33.3911, 0.0009  # a hundred metres of latitude


@pytest.fixture
def sweeps(city: City, tmp_path: Path) -> Desk:
    schedule = Schedule(surge_hours=3, surge_reports=4)
    media = MediaStore(Media(url=f"file://{tmp_path}/media"))
    return Desk(replace(city, schedule=schedule), schedule, media, {})


async def reported(
    city: City, times: int, *, account: Account | None = None, north: float = 0.0, **more: Any
) -> list[Appeal]:
    """As many appeals a hundred metres apart, each of somebody else unless `account` is given."""
    return [
        await make_appeal(
            city,
            account,
            **{"place": Place(lat=LAT + north + at * STREET, lon=LON, district="metalurhiinyi")} | more,
        )
        for at in range(times)
    ]


async def members(found: Incident) -> list[int]:
    return [row.id for row in await Appeal.filter(incident_id=found.id).order_by("id")]


# proposing


async def test_a_surge_is_proposed_to_the_operators_and_nobody_else_hears(
    city: City, cast: Cast, sweeps: Desk, time: Time
) -> None:
    appeals = await reported(city, 4)
    time.passes(hours=1)
    before = await queued()
    assert await find_surges(sweeps) == 1
    found = await Incident.get()
    assert (found.state, found.category_id, found.district_id) == (
        IncidentState.PROPOSED,
        "water.leak",
        "metalurhiinyi",
    )
    assert (found.began_at, found.proposed_at) == (appeals[0].created_at, time.now)
    assert await members(found) == [appeal.id for appeal in appeals]
    assert (await noticed(cast.desk))[-1] == "surge"
    assert "surge" not in await noticed(cast.water)
    assert await queued() == before
    assert {row.version for row in await Appeal.all()} == {0}, "merely proposed, it changes no appeal"
    assert not await Event.filter(verb=Verb.GROUP).exists()


async def test_too_few_too_late_too_far_or_too_different_are_no_surge(
    city: City, sweeps: Desk, time: Time
) -> None:
    await reported(city, 3)
    await reported(city, 3, north=0.1)
    await reported(city, 3, category="power.outage")
    await reported(city, 5, category="billing.tariff")
    assert await find_surges(sweeps) == 0, "three here, three far away, three of something else, and no place"
    time.passes(hours=3, minutes=1)
    await reported(city, 1)
    assert await find_surges(sweeps) == 0, "one more, but the three were long ago"
    assert await Incident.all().count() == 0


async def test_one_resident_many_times_is_no_surge(city: City, sweeps: Desk) -> None:
    await reported(city, 9, account=await make_account())
    assert await find_surges(sweeps) == 0


async def test_who_joined_counts_and_who_ended_does_not(city: City, cast: Cast, sweeps: Desk) -> None:
    first, second, third = await reported(city, 3)
    account = await make_account()
    await Supporter.create(
        appeal_id=first.id, resident_id=account.resident_id, account_id=account.id, joined_at=clock.now()
    )
    await Appeal.filter(id=first.id).update(supporters=1)
    await desk.resolve(city, third.id, cast.operator, expected=0, answer="Готово")
    assert await find_surges(sweeps) == 0, "three people wait"
    await reported(city, 1)
    assert await find_surges(sweeps) == 1
    assert {first.id, second.id} < set(await members(await Incident.get())), "four do"


@pytest.mark.parametrize(("before", "surges"), [(2, 1), (3, 0)])
async def test_what_is_usual_there_is_no_surge(
    city: City, sweeps: Desk, time: Time, before: int, surges: int
) -> None:
    """Of 224 windows in four weeks half had two, or three, of them: on the mean one, or one and a half."""
    (row,) = await Appeal.filter(id=(await reported(city, 1))[0].id).values()
    del row["id"]
    await Appeal.bulk_create(
        [
            Appeal(
                **row
                | {"number": f"{window}-{at}", "open": False}
                | {"created_at": time.now - timedelta(hours=4 + 6 * window)}
            )
            for window in range(112)
            for at in range(before)
        ]
    )
    await reported(city, 3)
    assert await find_surges(sweeps) == surges, "four are three times one"


async def test_without_coordinates_a_district_makes_a_surge(city: City, sweeps: Desk) -> None:
    await reported(city, 4, place=Place(address="вул. Соборності", district="metalurhiinyi"))
    await reported(city, 3, place=Place(address="вул. Соборності", district="saksahanskyi"))
    assert await find_surges(sweeps) == 1
    found = await Incident.get()
    assert (found.area, found.district_id) == (None, "metalurhiinyi")


async def test_a_surge_is_proposed_once_however_many_look(city: City, cast: Cast, sweeps: Desk) -> None:
    await reported(city, 6)
    await asyncio.gather(*(find_surges(sweeps) for _ in range(3)))
    assert await find_surges(sweeps) == 0
    assert await Incident.all().count() == 1
    assert (await noticed(cast.desk)).count("surge") == 1
    assert scheduler.SWEEPS["find_surges"] is find_surges


# what comes later


async def test_what_is_reported_later_joins_it_even_somewhat_further(
    city: City, cast: Cast, sweeps: Desk, time: Time
) -> None:
    await reported(city, 4)
    await find_surges(sweeps)
    found = await Incident.get()
    (later,) = await reported(city, 1, north=0.005)
    beside = await reported(city, 4, north=0.012)
    (unplaced,) = await reported(city, 1, place=Place(district="metalurhiinyi"))
    (elsewhere,) = await reported(city, 1, north=0.1)
    assert await find_surges(sweeps) == 6
    assert {later.id, unplaced.id, *(row.id for row in beside)} < set(await members(found))
    assert elsewhere.id not in await members(found)
    assert await Incident.all().count() == 1, "next to it there is no second"
    await incident.accept(city, found.id, cast.operator, expected=0)
    time.passes(hours=4)
    (newest,) = await reported(city, 1)
    assert await find_surges(sweeps) == 1
    told = await Event.get(appeal_id=newest.id, verb=Verb.GROUP)
    assert (told.role, told.data) == (Role.SYSTEM, {"incident": found.id})
    message = await Outbox.get(appeal_id=newest.id, kind="incident")
    assert message.body["n"] == 11
    assert await find_surges(sweeps) == 0


async def test_a_second_surge_elsewhere_is_a_second_incident(city: City, sweeps: Desk) -> None:
    await reported(city, 4)
    await find_surges(sweeps)
    beyond = await reported(city, 5, north=0.1)
    await reported(city, 1, place=Place(district="metalurhiinyi"))
    assert await find_surges(sweeps) == 1
    first, second = await Incident.all().order_by("id")
    assert len(await members(first)) == 4
    assert {row.id for row in beyond} < set(await members(second))


async def test_after_a_day_of_silence_nothing_comes_to_it(city: City, sweeps: Desk, time: Time) -> None:
    await reported(city, 4)
    await find_surges(sweeps)
    time.passes(days=1, minutes=1)
    await reported(city, 3)
    assert await find_surges(sweeps) == 0
    await reported(city, 1)
    assert await find_surges(sweeps) == 1
    assert await Incident.all().count() == 2


async def test_a_dismissed_surge_is_not_proposed_again_for_a_day(
    city: City, cast: Cast, sweeps: Desk, time: Time
) -> None:
    await reported(city, 5)
    await find_surges(sweeps)
    await incident.dismiss(city, (await Incident.get()).id, cast.operator, expected=0)
    await reported(city, 5, north=0.003)
    assert await find_surges(sweeps) == 0
    time.passes(hours=4)
    await reported(city, 4, north=0.1)
    (unplaced,) = await reported(city, 1, place=Place(district="metalurhiinyi"))
    assert await find_surges(sweeps) == 1, "elsewhere in the district it is something else"
    assert unplaced.id in await members(await Incident.get(state=IncidentState.PROPOSED))
    time.passes(hours=20, minutes=1)
    await reported(city, 4)
    assert await find_surges(sweeps) == 1


async def test_what_was_taken_out_by_hand_is_not_brought_back(city: City, cast: Cast, sweeps: Desk) -> None:
    first, *rest = await reported(city, 5)
    await find_surges(sweeps)
    found = await Incident.get()
    await incident.remove(city, found.id, cast.operator, expected=0, appeal_id=first.id)
    assert await find_surges(sweeps) == 0
    assert await members(found) == [row.id for row in rest]


async def test_after_it_has_ended_another_may_begin(city: City, cast: Cast, sweeps: Desk) -> None:
    await reported(city, 4)
    await find_surges(sweeps)
    found = await Incident.get()
    await incident.accept(city, found.id, cast.operator, expected=0)
    await incident.end(found.id, cast.operator, expected=1)
    await reported(city, 3)
    assert await find_surges(sweeps) == 0, "those of the one that is over don't count"
    await reported(city, 1)
    assert await find_surges(sweeps) == 1


async def test_around_one_opened_by_hand_alike_ones_gather(city: City, cast: Cast, sweeps: Desk) -> None:
    first, second = await reported(city, 2)
    found = await incident.group(city, first.id, cast.operator, expected=0)
    assert "incident" not in await queued(), "one alone is no company"
    assert await find_surges(sweeps) == 1
    assert await members(found) == [first.id, second.id]
    told = {row.appeal_id: row.body["n"] for row in await Outbox.filter(kind="incident")}
    assert told == {first.id: 2, second.id: 2}
