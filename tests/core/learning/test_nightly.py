"""When it is learnt: at night by the city's clock, or when an administrator asks."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from core import clock
from core import scheduler as scheduling
from core.city import City
from core.config import Media, Schedule
from core.jobs import Desk
from core.learning import retraining
from core.learning.retraining import Progress, ask, progress
from core.media import MediaStore
from tests.core.conftest import Time

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def nightly(city: City, tmp_path: Any) -> Desk:
    return Desk(city, Schedule(), MediaStore(Media(url=f"file://{tmp_path}/media")), {})


@pytest.fixture
def retrained(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """When it was learnt, by the city's clock."""
    done: list[str] = []

    async def retrain(_city: City, _teach: Any) -> None:
        done.append(f"{clock.now().astimezone(ZoneInfo('Europe/Kyiv')):%d.%m %H:%M}")

    monkeypatch.setattr(retraining, "retrain", retrain)
    return done


async def _half_hours(desk: Desk, begins: datetime, hours: int) -> None:
    watch = Time(begins)
    with clock.use(watch):
        for _ in range(2 * hours):
            await scheduling.run("retrain", desk)
            watch.passes(minutes=30)


async def test_it_is_asked_for_at_the_citys_night(nightly: Desk, retrained: list[str]) -> None:
    """Once each night, and also where the clocks change; a city just set up waits for the night."""
    await _half_hours(nightly, datetime(2026, 3, 27, 10, 0, tzinfo=UTC), 72)
    assert retrained == ["28.03 03:30", "29.03 04:30", "30.03 03:30"]


async def test_a_night_slept_through_is_caught_up_with_once(nightly: Desk, retrained: list[str]) -> None:
    await _half_hours(nightly, datetime(2026, 3, 2, 10, 0, tzinfo=UTC), 1)
    await _half_hours(nightly, datetime(2026, 3, 6, 10, 0, tzinfo=UTC), 12)
    assert retrained == ["06.03 12:00"]


async def test_it_can_be_left_to_people(nightly: Desk, retrained: list[str]) -> None:
    by_hand = replace(nightly, schedule=Schedule(retrain_at=""))
    await _half_hours(by_hand, datetime(2026, 3, 2, 10, 0, tzinfo=UTC), 48)
    assert retrained == []
    await ask()
    assert await scheduling.run("retrain", by_hand) == 1


async def test_the_sweep_does_what_was_asked_for(nightly: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []

    async def retrain(city: City, _teach: Any) -> None:
        done.append(city.understander.model_version)

    monkeypatch.setattr(retraining, "retrain", retrain)
    assert await scheduling.run("retrain", nightly) == 0
    await ask()
    assert await scheduling.run("retrain", nightly) == 1
    assert await scheduling.run("retrain", nightly) == 0
    assert done == [nightly.city.understander.model_version]
    assert await progress() is Progress.IDLE
