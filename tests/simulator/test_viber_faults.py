"""Viber's bad days."""

import asyncio

import pytest
from aiohttp import ClientSession, ServerDisconnectedError

from bot.simulator import Simulator, ViberPhone
from tests.simulator.receiver import Receiver
from tests.simulator.viber_client import ViberClient


async def test_viber_has_the_same_bad_days(
    sim: Simulator, viber: ViberClient, http: ClientSession, maria: ViberPhone, receiver: Receiver
) -> None:
    faults = sim.faults.viber
    faults.rate_limit(1)
    answer = await viber.send(maria.user_id, text="a")
    assert (answer["status"], answer["status_message"]) == (12, "Too many requests")
    faults.bad_gateway(1)
    async with http.post(f"{viber.base}/send_message", json={}) as gateway:
        assert (gateway.status, gateway.content_type) == (502, "text/html")
    faults.server_error(1)
    async with http.post(f"{viber.base}/send_message", json={}) as error:
        assert error.status == 500
    faults.timeout(0.05, times=1)
    with pytest.raises(ServerDisconnectedError):
        await viber.send(maria.user_id, text="b")
    faults.lose_answers(1)
    with pytest.raises(ServerDisconnectedError):
        await viber.send(maria.user_id, text="c")
    assert [bubble.text for bubble in maria.messages if bubble.side == "bot"] == ["c"]
    faults.down(0.2)
    with pytest.raises(ServerDisconnectedError):
        await viber.send(maria.user_id, text="d")
    await maria.text("раз")
    await asyncio.sleep(0.25)
    faults.duplicate(1)
    await maria.text("два")
    events = await receiver.until(3, "message")
    assert [event["message"]["text"] for event in events] in (["раз", "два", "два"], ["раз", "раз", "два"])
    assert await viber.call("get_account_info", {})


async def test_viber_reorders_residents_but_not_one_resident(
    sim: Simulator, maria: ViberPhone, receiver: Receiver
) -> None:
    petro = sim.viber.resident("Петро Лисенко")
    sim.faults.viber.reorder(seed=3)
    numbers = "0123456789"
    for number in numbers:
        await maria.text(f"м{number}")
        await petro.text(f"п{number}")
    texts = [event["message"]["text"] for event in await receiver.until(20)]
    assert [text for text in texts if text[0] == "м"] == [f"м{number}" for number in numbers]
    assert texts != [f"{who}{number}" for number in numbers for who in "мп"]
