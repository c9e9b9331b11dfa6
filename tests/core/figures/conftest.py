"""What the tests of figures share: a past that is counted."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from core import config, db
from core.city import City
from core.figures.counting import count_figures
from core.jobs import Desk
from core.media import MediaStore
from core.periods import Period
from core.pieces import More
from core.seed import seed
from tests.core.conftest import Time

NOW = datetime(2026, 3, 17, 9, 30, tzinfo=UTC)
WHOLE = Period(date(2025, 12, 10), date(2026, 3, 17))
PERIODS = [WHOLE, Period(date(2026, 2, 1), date(2026, 2, 28)), Period(date(2026, 1, 19), date(2026, 3, 5))]


async def count(desk: Desk) -> int:
    """To the end of what is due, as the scheduler does it."""
    done = 0
    while isinstance(batch := await count_figures(desk), More):
        done += batch
    return done + batch


@pytest.fixture
async def past(city: City, time: Time, sweeps: Desk, tmp_path: Path) -> City:
    """Some appeals of a quarter, some of them of kinds that figures leave out."""
    time.now = NOW
    await seed(city, MediaStore(config.Media(url=f"file://{tmp_path}/media")), 160, until=NOW)
    await db.connection().execute_script("UPDATE appeal SET kind = 'consultation' WHERE id % 17 = 0")
    await count(sweeps)
    return city
