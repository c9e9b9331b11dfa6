"""send_message and the other methods: statuses, texts, limits, billing."""

import io
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import ClientSession
from PIL import Image

from bot.simulator import Simulator, ViberPhone
from tests.simulator.conftest import make_jpeg
from tests.simulator.receiver import Receiver
from tests.simulator.viber_client import ViberClient, button, keyboard


async def test_a_message_reaches_the_phone(sim: Simulator, viber: ViberClient, maria: ViberPhone) -> None:
    answer = await viber.send(
        maria.user_id,
        text="Надіслати?",
        tracking_data="draft:7",
        min_api_version=3,
        keyboard=keyboard(
            button("<font color='#FFFFFF'><b>Так &amp; далі</b></font>", "yes", BgColor="#7360F2"),
            button("Місце", "place", ActionType="location-picker", Columns=6),
            BgColor="#FFFFFF",
        ),
    )
    bubble = maria.last
    assert answer == {
        "status": 0,
        "status_message": "ok",
        "message_token": bubble.id,
        "chat_hostname": "SN-CHAT-04_",
        "billing_status": 1,
    }
    assert bubble.text == "Надіслати?"
    assert maria.keyboard is not None
    assert maria.keyboard.color == "#FFFFFF"
    yes, place = maria.keyboard.rows[0]
    assert (yes.label, yes.data, yes.kind, yes.columns, yes.color, yes.text_color) == (
        "Так & далі",
        "yes",
        "text",
        3,
        "#7360F2",
        "#FFFFFF",
    )
    assert (place.kind, place.columns) == ("location", 6)
    (sent,) = sim.viber.sent
    assert (sent.to, sent.text, sent.parameters["tracking_data"]) == (maria.key, "Надіслати?", "draft:7")
    assert sim.requests["viber.send_message"] == 1


@pytest.mark.parametrize(
    ("message", "error"),
    [
        ({"text": None}, "text is missing"),
        ({"text": ""}, "text is missing"),
        ({"text": "я" * 7001}, "text is too long"),
        ({"text": "a", "type": None}, "type is missing"),
        ({"text": "a", "type": "hologram"}, "type hologram is not valid"),
        ({"text": "a", "sender": None}, "sender.name is missing"),
        ({"text": "a", "sender": {"name": "x" * 29}}, "sender.name is too long"),
        ({"text": "a", "tracking_data": "x" * 4001}, "tracking_data is too long"),
        ({"type": "picture"}, "media is missing"),
        ({"type": "picture", "media": "https://a/b.jpg", "text": "x" * 121}, "text is too long"),
        ({"type": "location"}, "location is missing"),
        ({"text": "a", "keyboard": {"Buttons": [button()]}}, "keyboard.Type is missing"),
        ({"text": "a", "keyboard": keyboard()}, "keyboard.Buttons is missing"),
        ({"text": "a", "keyboard": keyboard(button(Columns=7))}, "keyboard.Buttons.Columns must be 1 to 6"),
        ({"text": "a", "keyboard": keyboard(button(Rows=3))}, "keyboard.Buttons.Rows must be 1 to 2"),
        ({"text": "a", "keyboard": keyboard(button(body=""))}, "keyboard.Buttons.ActionBody is missing"),
        ({"text": "a", "keyboard": keyboard(button(ActionType="fly"))}, "ActionType fly is not valid"),
        ({"text": "a", "keyboard": keyboard(button(BgColor="red"))}, "keyboard BgColor is not valid"),
        (
            {"text": "a", "keyboard": keyboard(button(ActionType="share-phone"))},
            "share-phone requires min_api_version 3",
        ),
        ({"text": "a", "keyboard": keyboard(*[button(Columns=6)] * 25)}, "more than 24 rows"),
        ({"text": "a", "padding": "x" * 30_720}, "request is larger than 30 KB"),
    ],
)
async def test_bad_data_is_refused(
    sim: Simulator, viber: ViberClient, maria: ViberPhone, message: dict[str, Any], error: str
) -> None:
    answer = await viber.send(maria.user_id, **message)
    assert answer["status"] == 3
    assert error in answer["status_message"]
    assert sim.viber.sent == []
    assert len(maria.messages) == 1


async def test_limits_are_inclusive(viber: ViberClient, maria: ViberPhone) -> None:
    answer = await viber.send(maria.user_id, text="x" * 7000, sender={"name": "я" * 28})
    assert answer["status"] == 0


async def test_who_can_be_written_to(sim: Simulator, viber: ViberClient, maria: ViberPhone) -> None:
    assert (await viber.send("not-a-user", text="a"))["status"] == 5
    stranger = sim.viber.resident("Петро Лисенко")
    await stranger.start()
    answer = await viber.send(stranger.user_id, text="a")
    assert (answer["status"], answer["status_message"]) == (6, "receiverNotSubscribed")
    await maria.block()
    assert (await viber.send(maria.user_id, text="a"))["status"] == 6
    await maria.unblock()
    assert (await viber.send(maria.user_id, text="a"))["status"] == 0
    sim.viber.account_blocked = True
    assert (await viber.send(maria.user_id, text="a"))["status"] == 7


async def test_the_token_and_the_webhook_come_first(
    sim: Simulator, http: ClientSession, viber: ViberClient, maria: ViberPhone
) -> None:
    answer = await viber.call("get_account_info", {}, token="wrong")
    assert (answer["status"], answer["status_message"]) == (2, "invalidAuthToken")
    assert (await viber.call("get_account_info", {"auth_token": viber.token}, token=""))["status"] == 0
    async with http.post(
        f"{viber.base}/send_message", data=b"{", headers={"X-Viber-Auth-Token": "x"}
    ) as broken:
        assert (await broken.json())["status"] == 3
    async with http.post(f"{sim.viber_api_base}/no_such_method", json={}) as unknown:
        assert unknown.status == 404
    await viber.set_webhook("")
    assert (await viber.send(maria.user_id, text="a"))["status"] == 10


async def test_pictures_are_fetched_and_examined(
    viber: ViberClient, maria: ViberPhone, receiver: Receiver, jpeg: bytes
) -> None:
    png = io.BytesIO()
    Image.new("RGB", (4, 4)).save(png, "PNG")
    receiver.files = {
        "good": (jpeg, "image/jpeg"),
        "png": (png.getvalue(), "image/jpeg"),
        "full": (make_jpeg(8, 8).ljust(1024 * 1024, b"\0"), "image/jpeg"),
        "large": (make_jpeg(8, 8).ljust(1024 * 1024 + 1, b"\0"), "image/jpeg"),
    }

    async def send(media: str) -> str:
        answer = await viber.send(maria.user_id, type="picture", text="ось", media=media)
        return str(answer["status_message"])

    assert await send(f"{receiver.base}/files/good") == "ok"
    assert (maria.last.photo, maria.last.text, maria.last.kind) == (jpeg, "ось", "photo")
    assert await send(f"{receiver.base}/files/full") == "ok"
    assert await send(f"{receiver.base}/files/png") == "media is no JPEG"
    assert await send(f"{receiver.base}/files/large") == "media is larger than 1 MB"
    assert await send(f"{receiver.base}/nothing") == "media cannot be downloaded"
    assert await send("http://city.example/a.jpg") == "media is not valid"


async def test_the_keyboard_goes_with_the_next_message(viber: ViberClient, maria: ViberPhone) -> None:
    shown = []
    for message in (
        {"text": "a", "keyboard": keyboard(button())},
        {"text": "b"},
        {"type": None, "keyboard": keyboard(button("Лише кнопки"))},
    ):
        await viber.send(maria.user_id, **message)
        shown.append(maria.keyboard is not None)
    assert shown == [True, False, True]


async def test_a_hundred_messages_an_hour_without_an_answer(
    sim: Simulator, viber: ViberClient, maria: ViberPhone
) -> None:
    sim.viber.config = replace(sim.config, viber_hourly_limit=3)
    statuses = [(await viber.send(maria.user_id, text=str(n)))["status"] for n in range(4)]
    assert statuses == [0, 0, 0, 12]
    await maria.text("я тут")
    assert (await viber.send(maria.user_id, text="x"))["status"] == 0
    later = sim.config.clock() + 3601
    sim.viber.config = replace(sim.config, viber_hourly_limit=1, clock=lambda: later)
    assert (await viber.send(maria.user_id, text="x"))["status"] == 0
    assert (await viber.send(maria.user_id, text="x"))["status"] == 12


async def test_messages_outside_the_session_are_charged(
    sim: Simulator, viber: ViberClient, maria: ViberPhone
) -> None:
    assert (await viber.send(maria.user_id, text="x"))["billing_status"] == 1
    tomorrow = sim.config.clock() + 86_401
    sim.viber.config = replace(sim.config, clock=lambda: tomorrow)
    sim.viber.balance = 1
    assert (await viber.send(maria.user_id, text="x"))["billing_status"] == 2
    answer = await viber.send(maria.user_id, text="x")
    assert (answer["status"], answer["status_message"]) == (24, "noBalance")


async def test_account_and_users(viber: ViberClient, maria: ViberPhone, receiver: Receiver) -> None:
    info = await viber.call("get_account_info", {})
    assert (info["webhook"], info["subscribers_count"]) == (receiver.url, 1)
    user = (await viber.call("get_user_details", {"id": maria.user_id}))["user"]
    assert (user["name"], user["language"], user["country"]) == ("Марія Коваль", "uk", "UA")
    online = await viber.call("get_online", {"ids": [maria.user_id]})
    assert online["users"][0]["online_status"] == 0
    assert (await viber.call("get_online", {"ids": []}))["status"] == 3
