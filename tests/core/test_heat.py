"""The heat map: cells with their counts and streets, and nothing that tells where somebody lives."""

from dataclasses import replace
from datetime import date

import pytest

from core.actions.submit import Place
from core.city import City
from core.periods import Period
from core.queries.reports.heat import Narrowed, heat, steps
from core.understanding.nearness import cell_at
from core.understanding.surge import coarse
from tests.builders import make_account, make_appeal
from tests.core.conftest import Cast, Time
from tests.core.sweeping import counted

HERE, NEAR, FAR = (47.9060, 33.3900), (47.9062, 33.3904), (48.0500, 33.4800)
CENTRE = Place(
    address="вул. Соборності, 12, кв. 7", district="metalurhiinyi", street="вул. Соборності", house="12"
)


def at(point: tuple[float, float], place: Place = CENTRE) -> Place:
    return replace(place, lat=point[0], lon=point[1])


@pytest.fixture
async def days(city: City, cast: Cast, time: Time) -> Period:
    """Today: three in one cell, one far off, one nowhere; yesterday one in the first cell."""
    await make_appeal(city, cast.account, place=at(HERE))
    time.passes(days=1)
    for point in (HERE, NEAR, HERE):
        await make_appeal(city, await make_account(), place=at(point))
    await make_appeal(
        city, cast.account, category="roads.pothole", place=at(FAR, Place(district="ternivskyi"))
    )
    await make_appeal(city, cast.account, place=Place(address="десь"))
    return Period(time.now.date(), time.now.date())


async def test_cells_have_their_counts_streets_and_what_came_before(city: City, days: Period) -> None:
    with counted() as queries:
        found = await heat(city, days, Narrowed())
    assert len(queries) == 2
    assert (found.total, found.before, found.unplaced) == (5, 1, 1)
    first, second = found.cells
    assert first.id == coarse(cell_at(*HERE))
    assert (first.count, first.before, second.count, second.before) == (3, 1, 1, 0)
    assert [street.uk for street in first.streets] == ["вул. Соборності"]
    assert (first.district, first.category) == ("metalurhiinyi", "water.leak")
    assert (second.streets, second.district) == ((), "ternivskyi")
    assert first.rank > second.rank == 1
    assert len(first.outline) == 6


async def test_nothing_of_an_address_but_the_street_is_in_it(city: City, days: Period) -> None:
    said = repr(await heat(city, days, Narrowed()))
    assert "кв" not in said
    assert "|12" not in said
    assert str(HERE) not in said


async def test_it_is_narrowed_by_topic_and_by_executor(city: City, days: Period) -> None:
    roads = await heat(city, days, Narrowed(categories=("roads.pothole",)))
    assert (roads.total, [cell.count for cell in roads.cells]) == (1, [1])
    water = await heat(city, days, Narrowed(executors=("kryvbasvodokanal",)))
    assert (water.total, [cell.count for cell in water.cells]) == (4, [3])
    none = await heat(city, days, Narrowed(categories=("roads.pothole",), executors=("kryvbasvodokanal",)))
    assert (none.total, none.cells, none.steps) == (0, (), ())


async def test_a_year_takes_the_same_two_queries(city: City, days: Period) -> None:
    with counted() as queries:
        found = await heat(city, Period(date(2026, 1, 1), days.until), Narrowed())
    assert len(queries) == 2
    assert found.total == 6


def test_colours_go_by_factors_and_each_count_has_one() -> None:
    assert steps(0) == ()
    assert steps(1) == (1,)
    assert steps(6) == (1, 2, 3, 4, 5)
    assert steps(64) == (1, 2, 4, 8, 16, 32)
    for most in range(1, 3000, 7):
        scale = steps(most)
        assert scale[0] == 1
        assert list(scale) == sorted(set(scale))
        assert scale[-1] <= most
