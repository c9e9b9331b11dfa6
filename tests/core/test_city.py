"""The catalogue: filled from the pack once, and from then on the city's own."""

import asyncio
from pathlib import Path

import pytest

from core import city as cities
from core import clock
from core.config import Settings, load
from core.models import Category, District, Executor, PackFile, RoutingRule
from core.pack import load_pack


@pytest.fixture
def configured(database: str, folder: Path) -> Settings:
    return load(server={"data": str(folder)}, database={"url": database})


async def test_an_empty_catalogue_is_filled_from_the_pack(configured: Settings) -> None:
    city, pack = await cities.load(configured), load_pack()
    assert list(city.categories) == [spec.slug for spec in pack.categories]
    assert list(city.districts) == [spec.slug for spec in pack.districts]
    assert list(city.executors) == [spec.slug for spec in pack.executors]
    assert city.rules == pack.rules
    assert city.pack.timezone == "Europe/Kyiv"


async def test_what_the_city_changed_stays_changed(configured: Settings) -> None:
    await cities.load(configured)
    await Category.filter(slug="water.leak").update(hours=5)
    await RoutingRule.filter(category_id="water.leak").delete()
    city = await cities.load(configured)
    assert city.categories["water.leak"].hours == 5
    assert len(city.rules) == await RoutingRule.all().count()
    for model, spec in ((Category, load_pack().categories), (District, load_pack().districts)):
        assert await model.all().count() == len(spec)
    assert await Executor.all().count() == len(load_pack().executors)


async def test_the_time_zone_can_be_set(configured: Settings) -> None:
    moved = configured.model_copy(
        update={"city": configured.city.model_copy(update={"timezone": "Europe/Warsaw"})}
    )
    city = await cities.load(moved)
    assert (city.pack.timezone, city.pack.calendar.timezone) == ("Europe/Warsaw", "Europe/Warsaw")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_change_that_cant_be_read_leaves_what_was_loaded(
    configured: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As of a file that a newer release imported: the older one goes on with what it has."""
    city, stopping = await cities.load(configured), asyncio.Event()
    await PackFile.create(name="taxonomy.toml", content="[[category", at=clock.now())
    await cities.changed()
    monkeypatch.setattr(cities, "LOOKS", 0.01)
    following = asyncio.create_task(cities.keep_fresh(city, stopping))
    await asyncio.sleep(0.2)
    assert not following.done()
    stopping.set()
    await following
    await PackFile.all().delete()
    assert await city.refresh(), "the next look takes over what can be read again"
