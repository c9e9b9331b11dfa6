"""Notices that wait on purpose, over real HTTP: for each other, and for the resident to write."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.simulator import Simulator
from core import auth, clock, db
from core.models import Account, Channel, Outbox, OutboxState
from core.workflow import Role
from tests.flows.conftest import PASSWORD, SIMULATED, Town, files, http_client, running, settings_for, until

LAMP = "на вул. Соборності 12 не горить ліхтар"


@pytest.fixture
async def town(database_url: str, folder: Path, free_port: int) -> AsyncIterator[Town]:
    """A town whose notices wait a second for each other."""
    async with Simulator(SIMULATED) as sim:
        base = f"http://127.0.0.1:{free_port}"
        settings = settings_for(
            sim,
            database_url,
            folder,
            server={"port": free_port, "public_url": base},
            schedule={"together_seconds": 1},
        )
        async with running(settings, sim), db.connect(database_url), http_client() as http:
            await auth.create_staff("operator", "Олена Коваль", Role.OPERATOR, PASSWORD)
            yield Town(sim, settings, base, http)


@pytest.mark.parametrize("messenger", ["telegram", "viber"])
async def test_two_steps_within_a_second_are_one_message(town: Town, messenger: str) -> None:
    phone = getattr(town.sim, messenger).resident("Марія")
    appeal = await files(phone, LAMP)
    assert not appeal.urgent
    await town.sign_in("operator")
    given = {"expected": appeal.version, "executor": "teplotsentral", "text": "не їхнє"}
    assert await town.act(appeal.id, "reassign", **given) == 303
    assert await town.act(appeal.id, "start", expected=appeal.version + 1) == 303
    told = await phone.wait("взяли в роботу")
    assert "передано" in told.text
    assert "\n\n" in told.text
    await phone.settle(0.5)
    assert len([bubble for bubble in phone.messages if "передано" in bubble.text]) == 1
    states = await Outbox.filter(appeal_id=appeal.id, kind__in=["assigned", "started"]).order_by("id")
    assert [row.state is OutboxState.DROPPED for row in states] == [True, False]


async def test_a_viber_poll_outside_the_session_comes_when_the_resident_writes(town: Town) -> None:
    phone = town.sim.viber.resident("Марія")
    appeal = await files(phone, LAMP)
    await Account.filter(channel=Channel.VIBER).update(seen_at=clock.now() - timedelta(hours=25))
    await town.sign_in("operator")
    assert await town.act(appeal.id, "resolve", expected=appeal.version, text="Замінено лампу") == 303
    await until(Outbox.filter(kind="resolved", state=OutboxState.HELD, held_for="session").exists)
    await phone.settle(0.5)
    assert not [bubble for bubble in phone.messages if "Замінено лампу" in bubble.text]
    async with town.http.get(f"{town.base}/admin/hand-over") as page:
        assert "Замінено лампу" in await page.text()

    await phone.text("мої заявки")
    told = await phone.wait("Замінено лампу")
    assert "справді вирішено" in told.text
    await phone.text("так")
    await phone.wait("Як оцінюєте")
    assert not await Outbox.filter(billable=True).exists()
