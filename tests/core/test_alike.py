"""Which open appeals may be the same, on both engines, and that none of it is a scan."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from core import clock, db
from core.actions import desk, executor, join
from core.actions.submit import Place
from core.city import City
from core.models import Appeal, Channel, Resident
from core.queries.alike import Alike, _Place, _query, alike
from core.seed.tables import Table
from core.understanding.nearness import cell_at, place_key
from core.workflow import Status
from tests.builders import make_account, make_appeal
from tests.core.conftest import Cast, Time

pytestmark = pytest.mark.usefixtures("time")

HERE = (47.9105, 33.3918)
METRE = 1 / 111_195  # degrees of latitude
STREET = "вулиця Соборності"


def at(metres: float = 0, *, house: str | None = None) -> Place:
    """A place so far north of HERE; with a house, an address as well."""
    return Place("десь", HERE[0] + metres * METRE, HERE[1], "metalurhiinyi", STREET if house else "", house)


def address(house: str, street: str = STREET) -> Place:
    return Place(f"{street}, {house}", district="metalurhiinyi", street=street, house=house)


async def found(city: City, place: Place, **more: Any) -> tuple[Alike, ...]:
    asked: dict[str, Any] = {"category": "water.leak", "text": "прорвало трубу", "at": clock.now()}
    return await alike(city, lat=place.lat, lon=place.lon, place_key=place.key, **(asked | more))


async def test_what_is_found_says_what_there_is_to_know(city: City, cast: Cast, time: Time) -> None:
    there = await make_appeal(city, cast.account, place=at(40))
    await executor.start(city, there.id, cast.officer, expected=0)
    await join.join(city, await make_account(), there.id)
    filed = time.now
    time.passes(days=3)
    (one,) = await found(city, at())
    assert (one.appeal_id, one.number, one.status) == (there.id, there.number, Status.IN_PROGRESS)
    assert (one.metres, one.same_address, one.people, one.since) == (40, False, 2, filed)
    assert (one.category, one.photos, one.excerpt) == ("water.leak", 0, there.text)
    assert 0.3 < one.likeness < 1
    assert 0.5 < one.score < 1


@pytest.mark.parametrize(
    ("place", "category", "days", "number"),
    [
        (at(149), "water.leak", 0, 1),
        (at(151), "water.leak", 0, 0),
        (at(-149), "water.leak", 29.9, 1),
        (at(), "water.leak", 30.1, 0),
        (at(), "roads.pothole", 0, 0),
    ],
)
async def test_near_enough_of_one_category_and_not_too_long_ago(
    city: City, cast: Cast, time: Time, place: Place, category: str, days: float, number: int
) -> None:
    await make_appeal(city, cast.account, place=at())
    time.passes(days=days)
    assert len(await found(city, place, category=category)) == number


async def test_how_far_and_how_long_are_settings(city: City, cast: Cast, time: Time) -> None:
    await make_appeal(city, cast.account, place=at(450))
    time.passes(days=3)
    wide = city.schedule.model_copy(update={"alike_metres": 500, "alike_days": 4})
    assert len(await found(replace(city, schedule=wide), at())) == 1
    assert await found(city, at()) == ()
    brief = wide.model_copy(update={"alike_days": 2})
    assert await found(replace(city, schedule=brief), at()) == ()


async def test_one_address_is_found_without_a_point(city: City, cast: Cast) -> None:
    await make_appeal(city, cast.account, place=address("12а"))
    (one,) = await found(city, address("12-A"))
    assert (one.metres, one.same_address) == (None, True)
    assert await found(city, address("12")) == ()
    assert await found(city, address("12а", "провулок Соборності")) == ()
    assert await found(city, Place("десь на Соборності")) == ()
    assert await found(city, at()) == (), "nobody knows where that house is"


async def test_found_by_its_point_and_by_its_address_it_is_one(city: City, cast: Cast) -> None:
    await make_appeal(city, cast.account, place=at(30, house="12"))
    (one,) = await found(city, at(house="12"))
    assert (one.metres, one.same_address) == (30, True)


async def test_one_address_counts_however_far_the_phones_were(city: City, cast: Cast) -> None:
    await make_appeal(city, cast.account, place=at(700, house="12"))
    (one,) = await found(city, at(house="12"))
    assert one.same_address


async def test_nearest_freshest_and_most_alike_first_and_three_at_most(
    city: City, cast: Cast, time: Time
) -> None:
    old = await make_appeal(city, cast.account, place=at())
    time.passes(days=20)
    far = await make_appeal(city, cast.account, place=at(140))
    other = await make_appeal(city, cast.account, place=at(10), text="немає ковдри на колодязі")
    best = await make_appeal(city, cast.account, place=at(10))
    seen = await found(city, at(), text=best.text)
    assert [each.appeal_id for each in seen] == [best.id, old.id, other.id]
    assert far.id not in {each.appeal_id for each in seen}
    assert sorted((each.score for each in seen), reverse=True) == [each.score for each in seen]


async def test_only_what_is_open_is_found(city: City, cast: Cast) -> None:
    resolved = await make_appeal(city, cast.account, place=at())
    await desk.resolve(city, resolved.id, cast.operator, expected=0, answer="Зроблено")
    rejected = await make_appeal(city, cast.account, place=at())
    await desk.reject(city, rejected.id, cast.operator, expected=0, reason="Не тут")
    assert await found(city, at()) == ()


async def test_for_what_was_merged_its_target_is_found_once(city: City, cast: Cast) -> None:
    target = await make_appeal(city, cast.account, place=at(400))
    for metres in (10, 20):
        merged = await make_appeal(city, place=at(metres))
        await join.merge(city, merged.id, cast.operator, expected=0, into=target.id)
    (one,) = await found(city, at())
    assert (one.appeal_id, one.metres, one.people) == (target.id, 10, 3)
    assert await found(city, at(), exclude=target.id) == ()


async def test_it_is_not_alike_itself(city: City, cast: Cast) -> None:
    one = await make_appeal(city, cast.account, place=at(house="12"))
    assert await found(city, at(house="12"), exclude=one.id) == ()


async def test_what_needs_no_place_has_none_alike(city: City, cast: Cast) -> None:
    await make_appeal(city, cast.account, category="thanks", place=at(house="12"))
    assert await found(city, at(house="12"), category="thanks") == ()
    assert await found(city, at(house="12"), category="no.such") == ()


async def test_a_crowd_in_one_place_costs_no_more_than_a_few(city: City, cast: Cast) -> None:
    for metres in range(30):
        await make_appeal(city, cast.account, place=at(metres * 4))
    seen = await found(city, at())
    assert [each.metres for each in seen] == [0, 4, 8]


async def test_who_was_erased_still_counts(city: City, cast: Cast) -> None:
    one = await make_appeal(city, cast.account, place=at())
    await Resident.filter(id=cast.account.resident_id).delete()
    (seen,) = await found(city, at())
    assert (seen.appeal_id, seen.people) == (one.id, 1)


@pytest.mark.usefixtures("city")
async def test_both_ways_go_by_an_index() -> None:
    """Among enough rows that reading all would not pay."""
    now = clock.now()
    appeals = await Table.of(Appeal)
    for number in range(8000):
        lat = HERE[0] + number * 10 * METRE
        appeals.add(
            number=f"26-{number:06d}",
            category_id="water.leak",
            channel=Channel.TELEGRAM,
            cell=cell_at(lat, HERE[1]),
            place_key=place_key(STREET, str(number)),
            lat=lat,
            lon=HERE[1],
            created_at=now,
            updated_at=now,
        )
    async with db.transaction():
        await appeals.write()
    await db.connection().execute_script("ANALYZE")
    query = _query(_Place(*HERE, place_key(STREET, "12"), 150), "water.leak", now - timedelta(days=30))
    assert query is not None
    how = "EXPLAIN QUERY PLAN" if db.is_sqlite() else "EXPLAIN"
    rows = await db.connection().execute_query_dict(f"{how} {query[0]}", query[1])
    plan = "\n".join(str(row["detail" if db.is_sqlite() else "QUERY PLAN"]) for row in rows)
    by_key = "USING INTEGER PRIMARY KEY" if db.is_sqlite() else "using appeal_pkey on appeal it"
    assert plan.count("idx_appeal_cell") == plan.count("idx_appeal_place_k") == 1, plan
    assert plan.count(by_key) >= 1, plan
    assert "Seq Scan" not in plan, plan
    assert "SCAN appeal" not in plan, plan
    assert "SCAN it" not in plan, plan


async def test_filing_keeps_the_cell_and_the_key(city: City, cast: Cast) -> None:
    both = await make_appeal(city, cast.account, place=at(house="12"))
    bare = await make_appeal(city, cast.account, place=Place("біля школи"))
    stored = {appeal.id: appeal for appeal in await Appeal.all()}
    assert stored[both.id].place_key == place_key(STREET, "12")
    assert stored[both.id].cell is not None
    assert (stored[bare.id].cell, stored[bare.id].place_key) == (None, None)
