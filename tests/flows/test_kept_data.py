"""A second `zvernys demo` on kept data: new numbers, so that nothing said is taken for a repeat."""

from dataclasses import replace
from pathlib import Path

from bot.simulator import Simulator
from tests.flows.conftest import SIMULATED, running, settings_for


async def test_a_simulator_started_anew_is_answered(database_url: str, folder: Path, free_port: int) -> None:
    server = {"port": free_port, "public_url": f"http://127.0.0.1:{free_port}"}
    for generation in (0, 1000):
        simulator = Simulator(replace(SIMULATED, generation=generation))
        async with simulator as sim, running(settings_for(sim, database_url, folder, server=server), sim):
            for messenger in (sim.telegram, sim.viber):
                phone = messenger.resident("Марія")
                await phone.text("мої заявки")
                await phone.wait("ще немає заявок")
