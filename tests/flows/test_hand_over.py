"""The platforms at their worst: everything is delivered afterwards, in order, once."""

import asyncio
import sqlite3
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.simulator import Phone, Simulator
from core import db
from core.models import Appeal, Inbox, Outbox, OutboxState
from tests.flows.conftest import CARD, LEAK, SIMULATED, Town, running, settings_for, until
from zvernys import serve


def _faults(town: Town, phone: Phone) -> Any:
    return town.sim.faults.viber if "viber" in type(phone).__module__ else town.sim.faults.telegram


async def _file(phone: Phone) -> None:
    await phone.text(LEAK)
    await phone.wait(CARD, timeout=30)
    await phone.text("так")
    await phone.wait("у роботі", timeout=30)


@pytest.mark.parametrize("fault", ["rate_limit", "bad_gateway", "server_error"])
async def test_a_platform_in_trouble_is_tried_again(town: Town, phone: Phone, fault: str) -> None:
    getattr(_faults(town, phone), fault)(2)
    await _file(phone)
    assert [bubble.text.count("у роботі") for bubble in phone.messages if bubble.side == "bot"].count(1) == 1
    assert await Appeal.all().count() == 1


async def test_a_dead_network_delivers_everything_in_order_afterwards(town: Town, phone: Phone) -> None:
    await _file(phone)
    appeal = await Appeal.get()
    await town.sign_in("operator")
    faults = _faults(town, phone)
    faults.down(1.5)
    for number in range(5):
        version = (await Appeal.get()).version
        assert await town.act(appeal.id, "tell", expected=version, text=f"Новина {number}") == 303
    await phone.wait("Новина 4", timeout=40)
    news = [bubble.text.split()[-1] for bubble in phone.messages if "Новина" in bubble.text]
    assert news == ["0", "1", "2", "3", "4"]


async def test_a_lost_answer_may_repeat_and_is_counted(town: Town, phone: Phone) -> None:
    _faults(town, phone).lose_answers(1)
    await phone.text("мої заявки")
    await phone.wait("ще немає заявок", count=2, timeout=30)
    arrived = (OutboxState.SENT, OutboxState.DELIVERED, OutboxState.SEEN)
    await until(Outbox.filter(repeated=True, state__in=arrived).exists)


async def test_every_update_twice_is_every_update_once(town: Town, phone: Phone, picture: bytes) -> None:
    _faults(town, phone).duplicate()
    await phone.photo(picture, caption=LEAK)
    await phone.wait(CARD)
    await phone.press("Надіслати")
    await phone.wait("у роботі")
    await phone.settle(0.5)
    assert await Appeal.all().count() == 1
    assert (await Appeal.get()).photos == 1
    assert len([bubble for bubble in phone.messages if "у роботі" in bubble.text]) == 1


async def test_viber_tells_what_became_of_messages(town: Town) -> None:
    phone = town.sim.viber.resident("Марія")
    await phone.text("мої заявки")
    await phone.wait("ще немає заявок")
    await _becomes(OutboxState.SEEN)
    phone.auto_read = False
    await phone.text("мої заявки")
    bubble = await phone.wait("ще немає заявок")
    await _becomes(OutboxState.DELIVERED)
    await phone.fail(bubble.id)
    await _becomes(OutboxState.FAILED)


async def _becomes(state: OutboxState) -> None:
    """Wait until the newest message is known to be so."""
    newest = await Outbox.all().order_by("-id").first()
    assert newest is not None
    await until(Outbox.filter(id=newest.id, state=state).exists)


async def test_by_webhook_with_a_secret(database_url: str, folder: Path, free_port: int) -> None:
    async with Simulator(SIMULATED) as sim:
        base = f"http://127.0.0.1:{free_port}"
        settings = settings_for(
            sim,
            database_url,
            folder,
            server={"port": free_port, "public_url": base},
            telegram={"mode": "webhook", "webhook_secret": "a-secret_of_ours"},
        )
        phone = sim.telegram.resident("Марія")
        async with running(settings, sim), db.connect(database_url), aiohttp.ClientSession() as http:
            await _file(phone)
            async with http.post(
                f"{base}/webhooks/telegram",
                data=b"{not json",
                headers={"X-Telegram-Bot-Api-Secret-Token": "a-secret_of_ours"},
            ) as answer:
                assert answer.status == 200
            assert await Inbox.filter(state="parked").count() == 1
            assert await Appeal.all().count() == 1


async def test_a_database_that_cannot_write_is_no_false_yes(
    folder: Path, free_port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While another process holds the write lock, the platform hears 503 and tries again."""
    patient = db.configuration

    def impatient(url: str, **more: Any) -> dict[str, Any]:
        found = patient(url, **more)
        found["connections"]["default"]["credentials"]["busy_timeout"] = 500
        return found

    monkeypatch.setattr(db, "configuration", impatient)
    async with Simulator(SIMULATED) as sim:
        base = f"http://127.0.0.1:{free_port}"
        url = f"sqlite://{tmp_path}/zvernys.db"
        settings = settings_for(
            sim,
            url,
            folder,
            server={"port": free_port, "public_url": base},
            telegram={"mode": "webhook", "webhook_secret": "secret"},
            schedule={"sweep_seconds": 3600},
        )
        async with running(settings, sim), aiohttp.ClientSession() as http:
            lock = sqlite3.connect(
                tmp_path / "zvernys.db", timeout=60, isolation_level=None, check_same_thread=False
            )
            await asyncio.to_thread(lock.execute, "BEGIN IMMEDIATE")  # whoever holds it may go on and end
            try:
                async with http.post(
                    f"{base}/webhooks/telegram",
                    json={"update_id": 77},
                    headers={"X-Telegram-Bot-Api-Secret-Token": "secret"},
                ) as answer:
                    assert answer.status == 503
            finally:
                lock.execute("ROLLBACK")
                lock.close()
            phone = sim.telegram.resident("Марія")
            await _file(phone)


async def test_a_refused_address_stops_nothing_and_is_offered_again(
    database_url: str, folder: Path, free_port: int
) -> None:
    """Viber calls the address that it is told before it takes it, and at this one is nobody."""
    async with Simulator(SIMULATED) as sim:
        wrong = {"port": free_port, "public_url": "http://127.0.0.1:1"}
        stopping = asyncio.Event()
        server = asyncio.create_task(serve(settings_for(sim, database_url, folder, server=wrong), stopping))
        async with asyncio.timeout(60):
            while sim.requests["viber.set_webhook"] < 2 and not server.done():  # noqa: ASYNC110 - a count has no event
                await asyncio.sleep(0.02)
        assert not server.done()
        phone = sim.telegram.resident("Марія")
        await phone.text("мої заявки")
        await phone.wait("ще немає заявок", timeout=30)
        async with (
            aiohttp.ClientSession() as http,
            http.get(f"http://127.0.0.1:{free_port}/healthz") as answer,
        ):
            assert answer.status == 200
        stopping.set()
        await server


async def test_an_officer_links_a_chat_and_hears_of_work(town: Town) -> None:
    await town.sign_in("officer")
    async with town.http.post(f"{town.base}/admin/account/telegram") as page:
        payload = (await page.text()).split("/start ", 1)[1].split("<", 1)[0]
    chat = town.sim.telegram.resident("Іван Бондар")
    await chat.start(payload)
    await chat.wait("надходитимуть сюди")
    await chat.start(payload)
    await chat.wait("вже не діє")
    resident = town.sim.viber.resident("Марія")
    await _file(resident)
    told = await chat.wait("№")
    assert (await Appeal.get()).number in told.text
