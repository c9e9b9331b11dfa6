"""Which model reads after a start: one of them, also where releases start at once."""

import asyncio

import pytest

from core.learning.active import active_of, settle
from core.models import ModelState, ModelVersion


@pytest.mark.usefixtures("database")
async def test_of_two_releases_that_start_at_once_one_model_reads() -> None:
    bases = [f"{at:012x}" for at in range(8)]
    await asyncio.gather(*(settle(base, 10) for base in bases))
    assert await ModelVersion.filter(state=ModelState.ACTIVE).count() == 1
    assert [await active_of(base) for base in bases] == bases
