"""When it is learnt: at night by the city's clock, or when an administrator asks."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from core import scheduler as scheduling
from core.city import City
from core.config import Media, Schedule
from core.jobs import Desk
from core.learning import retraining
from core.learning.retraining import Progress, ask, progress
from core.media import MediaStore

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def nightly(city: City, tmp_path: Any) -> Desk:
    return Desk(city, Schedule(), MediaStore(Media(url=f"file://{tmp_path}/media")), {})


async def test_it_is_asked_for_at_the_citys_night(nightly: Desk) -> None:
    trigger = scheduling.schedule(nightly).get_job("ask_to_retrain").trigger
    zone = ZoneInfo("Europe/Kyiv")
    for day in (datetime(2026, 3, 28, tzinfo=zone), datetime(2026, 3, 30, tzinfo=zone)):  # the clocks change
        assert trigger.get_next_fire_time(None, day).isoformat()[:16] == f"{day:%Y-%m-%d}T03:30"


async def test_it_can_be_left_to_people(nightly: Desk) -> None:
    scheduler = scheduling.schedule(replace(nightly, schedule=Schedule(retrain_at="")))
    assert scheduler.get_job("ask_to_retrain") is None
    assert scheduler.get_job("retrain") is not None


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
