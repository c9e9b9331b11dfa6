"""A town for a browser: both phones on a map of the city, the panel, and who works there."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.simulator import Simulator
from core import auth, db
from core.pack import DEFAULT_PACK, load_pack
from core.workflow import Role
from tests.flows.conftest import (
    PASSWORD,
    SIMULATED,
    Town,
    free_port,
    http_client,
    quick,
    running,
    settings_for,
)

__all__ = ["free_port", "quick"]


@pytest.fixture
async def town(database_url: str, folder: Path, free_port: int) -> AsyncIterator[Town]:
    """Everything running, as `zvernys demo` sets it up, with an operator and an officer of the heat works."""
    outlines = json.loads((DEFAULT_PACK / "districts.geojson").read_text("utf-8"))
    base = f"http://127.0.0.1:{free_port}"
    links = {"Панель оператора": f"{base}/admin/"}
    async with Simulator(SIMULATED, outlines=outlines, centre=load_pack().centre, links=links) as sim:
        settings = settings_for(sim, database_url, folder, server={"port": free_port, "public_url": base})
        async with running(settings, sim), db.connect(database_url), http_client() as http:
            await auth.create_staff("operator", "Олена Коваль", Role.OPERATOR, PASSWORD)
            await auth.create_staff("heat", "Степан Гнатюк", Role.EXECUTOR, PASSWORD, "teplotsentral")
            yield Town(sim, settings, base, http)
