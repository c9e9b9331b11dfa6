"""Callbacks: signed, complete, repeated, and understood by the vendor's own parser."""

import hashlib
import hmac
from collections import deque

import pytest
from aiohttp import ClientSession
from viberbot.api.viber_requests import create_request

from bot.simulator import Simulator, SimulatorConfig, ViberPhone
from tests.simulator.receiver import Receiver
from tests.simulator.viber_client import ViberClient, button, keyboard


async def test_every_callback_is_signed(
    sim: Simulator, viber: ViberClient, maria: ViberPhone, receiver: Receiver
) -> None:
    await maria.text("вода")
    await viber.send(maria.user_id, text="де?")
    await receiver.until(3)
    for received in receiver.received:
        expected = hmac.new(sim.config.viber_token.encode(), received.body, hashlib.sha256).hexdigest()
        assert received.headers["X-Viber-Content-Signature"] == expected


async def test_a_message_in_full(viber: ViberClient, maria: ViberPhone, receiver: Receiver) -> None:
    await viber.send(maria.user_id, text="де?", tracking_data="step:place")
    own = await maria.text("Соборності, 12")
    (event,) = await receiver.until(1, "message")
    assert event["message_token"] == own.id
    assert event["timestamp"] > 10**12
    assert event["silent"] is False
    assert event["sender"] == {
        "id": maria.user_id,
        "name": "Марія Коваль",
        "avatar": event["sender"]["avatar"],
        "language": "uk",
        "country": "UA",
        "api_version": 10,
    }
    assert event["message"] == {"type": "text", "text": "Соборності, 12", "tracking_data": "step:place"}
    await maria.settle(0.05)
    assert maria.log.get(own.id).status == "delivered"  # type: ignore[union-attr]


async def test_the_vendors_parser_reads_what_residents_send(
    maria: ViberPhone, receiver: Receiver, jpeg: bytes
) -> None:
    await maria.text("текст")
    await maria.photo(jpeg, caption="труба")
    await maria.location(47.9, 33.4)
    await maria.contact()
    await maria.sticker()
    await maria.video()
    await maria.document(b"%PDF", "акт.pdf")
    await maria.start()
    await maria.block()
    await maria.unblock()
    events = await receiver.until(10)
    parsed = [create_request(event) for event in events]
    assert [request.event_type for request in parsed] == ["message"] * 7 + [
        "conversation_started",
        "unsubscribed",
        "subscribed",
    ]
    assert (parsed[2].message.location.latitude, parsed[2].message.location.longitude) == (47.9, 33.4)
    assert parsed[7].user.id == parsed[8].user_id == parsed[9].user.id == maria.user_id
    assert parsed[7].subscribed is True


async def test_receipts(sim: Simulator, viber: ViberClient, maria: ViberPhone, receiver: Receiver) -> None:
    token = (await viber.send(maria.user_id, text="раз"))["message_token"]
    seen = (await receiver.until(1, "seen"))[0]
    delivered = (await receiver.until(1, "delivered"))[0]
    assert (seen["message_token"], delivered["message_token"]) == (token, token)
    assert seen["user_id"] == delivered["user_id"] == maria.user_id
    statuses = [maria.last.status]
    maria.auto_read = False
    await viber.send(maria.user_id, text="два")
    statuses.append(maria.last.status)
    await maria.read()
    await receiver.until(2, "seen")
    statuses.append(maria.last.status)
    assert statuses == ["seen", "delivered", "seen"]
    await maria.fail(token, "keyboard is not valid")
    assert (await receiver.until(1, "failed"))[0]["desc"] == "keyboard is not valid"
    await maria.fail(token)
    assert "desc" not in (await receiver.until(2, "failed"))[1]
    assert sim.viber.callbacks is not None
    assert sim.viber.callbacks.attempts == len(receiver.received) + 2


async def test_unusual_callbacks_on_request(maria: ViberPhone, receiver: Receiver) -> None:
    await maria.raw({"event": "client_status", "user": {"id": maria.user_id}, "type": 2})
    await maria.raw({"event": "action", "message_token": 1})
    events = await receiver.until(2)
    assert events[0]["event"] == "client_status"
    assert "message_token" in events[0]
    assert events[1]["message_token"] == 1


async def test_opening_a_chat_may_bring_one_welcome(
    sim: Simulator, viber: ViberClient, receiver: Receiver
) -> None:
    petro = sim.viber.resident("Петро Лисенко")
    welcome = '{"sender": {"name": "Звернись"}, "type": "text", "text": "Вітаю"}'
    receiver.replies = deque(["", welcome, "{not json", '{"type": "text", "text": "x"}'])
    for _ in range(4):
        await petro.start("qr_7")
    events = await receiver.until(4, "conversation_started")
    assert [event["context"] for event in events] == ["qr_7"] * 4
    assert events[0]["subscribed"] is False
    assert (events[0]["type"], events[0]["user"]["id"]) == ("open", petro.user_id)
    await petro.wait("Вітаю")
    await petro.settle(0.05)
    assert [bubble.text for bubble in petro.messages] == ["Вітаю"]
    assert sim.viber.refused_welcomes == ["the answer is no JSON", "sender.name is missing"]
    assert not petro.subscribed
    assert (await viber.send(petro.user_id, text="a"))["status"] == 6


async def test_the_first_message_subscribes_without_an_event(
    sim: Simulator, viber: ViberClient, receiver: Receiver
) -> None:
    petro = sim.viber.resident("Петро Лисенко")
    await petro.text("привіт")
    await receiver.until(1)
    assert (await viber.send(petro.user_id, text="a"))["status"] == 0
    assert receiver.named("subscribed") == []


async def test_buttons(viber: ViberClient, maria: ViberPhone, receiver: Receiver) -> None:
    buttons = keyboard(
        button("Так", "answer:yes"),
        button("Тихо", "answer:quiet", Silent=True),
        button("Місце", "place", ActionType="location-picker"),
        button("Номер", "phone", ActionType="share-phone"),
        button("Сайт", "https://city.example", ActionType="open-url", Silent=True),
        button("Прикраса", "-", ActionType="none"),
    )
    sent = await viber.send(maria.user_id, text="?", keyboard=buttons, min_api_version=3)
    shown = await maria.press("Так")
    await maria.press("Тихо")
    await maria.press("Місце", place=(47.8, 33.3))
    await maria.press("Номер")
    await maria.press("Сайт")
    assert await maria.press("Прикраса") is None
    await viber.send(maria.user_id, text="далі")
    await maria.press_on(sent["message_token"], "answer:yes")
    events = await receiver.until(6, "message")
    assert shown is not None
    assert shown.text == "answer:yes"
    assert [event["message"].get("text", event["message"]["type"]) for event in events] == [
        "answer:yes",
        "answer:quiet",
        "location",
        "contact",
        "https://city.example",
        "answer:yes",
    ]
    assert [event["silent"] for event in events] == [False, True, False, False, True, False]
    assert "answer:quiet" not in [bubble.text for bubble in maria.messages]
    assert maria.opened == ["https://city.example"]


async def test_a_callback_is_repeated_until_200(maria: ViberPhone, receiver: Receiver) -> None:
    receiver.statuses = deque([500, 202])
    await maria.text("раз")
    await maria.text("два")
    events = await receiver.until(4)
    assert [event["message"]["text"] for event in events] == ["раз", "раз", "раз", "два"]
    assert len({event["message_token"] for event in events}) == 2


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/none", "http://city.example/", "https://127.0.0.1:9/x"])
async def test_a_webhook_must_answer(
    viber: ViberClient, maria: ViberPhone, receiver: Receiver, url: str
) -> None:
    answer = await viber.set_webhook(url)
    assert (answer["status"], answer["status_message"]) == (1, "invalidUrl")
    await maria.text("старий ще працює")
    await receiver.until(1)
    receiver.statuses.append(404)
    assert (await viber.set_webhook(receiver.url))["status"] == 1


async def test_events_can_be_chosen(viber: ViberClient, maria: ViberPhone, receiver: Receiver) -> None:
    everything = await viber.set_webhook(receiver.url)
    assert set(everything["event_types"]) >= {"delivered", "seen", "failed", "conversation_started"}
    answer = await viber.set_webhook(receiver.url, ["failed"])
    assert set(answer["event_types"]) == {"message", "subscribed", "unsubscribed", "failed"}
    await receiver.until(2, "webhook")
    receiver.received.clear()
    await viber.send(maria.user_id, text="a")
    await maria.start()
    await maria.text("b")
    await receiver.until(1)
    assert [event["event"] for event in receiver.events] == ["message"]


async def test_photos_are_separate_messages_with_addresses_that_expire(
    http: ClientSession, receiver: Receiver, jpeg: bytes
) -> None:
    async with Simulator(SimulatorConfig(media_ttl=0.2)) as sim:
        assert (
            await ViberClient(http, sim.viber_api_base, sim.config.viber_token).set_webhook(receiver.url)
        )["status"] == 0
        maria = sim.viber.resident("Марія Коваль")
        await maria.photo(jpeg, jpeg, caption="двір")
        events = await receiver.until(2, "message")
        messages = [event["message"] for event in events]
        assert [message["type"] for message in messages] == ["picture", "picture"]
        assert [message.get("text") for message in messages] == ["двір", None]
        assert messages[0]["size"] == len(jpeg)
        async with http.get(messages[0]["media"]) as answer:
            assert await answer.read() == jpeg
        await maria.settle(0.25)
        async with http.get(messages[0]["media"]) as answer:
            assert answer.status == 404


async def test_edits_and_moves_stay_on_the_phone(maria: ViberPhone, receiver: Receiver) -> None:
    own = await maria.text("раз")
    await maria.edit(own.id, "два")
    place = await maria.live_location(47.9, 33.4)
    await maria.move(place.id, 48, 33)
    await maria.text("три")
    events = await receiver.until(3)
    assert [event["message"]["type"] for event in events] == ["text", "location", "text"]
    assert maria.messages[1].text == "два"
