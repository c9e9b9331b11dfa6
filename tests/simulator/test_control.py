"""The page's side of the server: state, actions, photos, faults, the live stream."""

import asyncio
import json
from typing import Any

import pytest
from aiohttp import ClientSession, FormData

from bot.simulator import Simulator, TelegramPhone, ViberPhone
from bot.simulator.pictures import measure, samples
from tests.simulator.receiver import Receiver
from tests.simulator.viber_client import ViberClient, button, keyboard

Json = dict[str, Any]


class Page:
    def __init__(self, http: ClientSession, base: str) -> None:
        self.http = http
        self.base = base

    async def call(self, method: str, path: str, body: Json | None = None, *, status: int = 200) -> Json:
        async with self.http.request(method, f"{self.base}/sim/{path}", json=body) as answer:
            assert answer.status == status, await answer.text()
            result: Json = await answer.json() if answer.content_type == "application/json" else {}
            return result


@pytest.fixture
def page(http: ClientSession, sim: Simulator) -> Page:
    return Page(http, sim.base)


async def test_the_state_holds_all_a_page_needs(http: ClientSession) -> None:
    outlines: Json = {"type": "FeatureCollection", "features": []}
    async with Simulator(
        outlines=outlines, centre=(50.0, 30.0), links={"Панель": "http://127.0.0.1/"}
    ) as sim:
        page = Page(http, sim.base)
        state = await page.call("GET", "state")
        assert state["outlines"] == outlines
        assert state["centre"] == [50.0, 30.0]
        assert state["links"] == {"Панель": "http://127.0.0.1/"}
        assert state["faults"] == {"telegram": {}, "viber": {}}
        assert set(state["samples"]) == {"puddle", "pothole", "lamp"}
        people = state["messengers"]["telegram"]["residents"]
        assert [person["language"] for person in people] == ["uk", "uk", "en", "ru"]
        await page.call("POST", "viber/send/location", {"key": "Марія Коваль", "lat": 50.1, "lon": 30.1})
        assert sim.viber.resident("Марія Коваль").messages[0].place == (50.1, 30.1)


async def test_actions(page: Page, sim: Simulator, oksana: TelegramPhone) -> None:
    key = oksana.key
    sent = await page.call("POST", "telegram/send/text", {"key": key, "text": "вода"})
    await page.call("POST", "telegram/send/edit", {"key": key, "id": sent["id"], "text": "тече вода"})
    for action in ("contact", "sticker", "voice", "video", "document"):
        await page.call("POST", f"telegram/send/{action}", {"key": key})
    assert [bubble.kind for bubble in oksana.messages[1:]] == [
        "text",
        "contact",
        "sticker",
        "voice",
        "video",
        "document",
    ]
    assert oksana.messages[1].text == "тече вода"
    blocked = []
    for action in ("block", "unblock"):
        await page.call("POST", f"telegram/send/{action}", {"key": key})
        blocked.append(oksana.blocked)
    assert blocked == [True, False]
    await page.call("POST", "telegram/send/restart", {"key": key, "payload": "qr_1"})
    assert [bubble.text for bubble in oksana.messages] == ["/start qr_1"]
    view = await page.call("GET", f"telegram/phone?key={key}")
    assert [bubble["text"] for bubble in view["messages"]] == ["/start qr_1"]
    assert sim.requests["telegram.sendMessage"] == 0


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("telegram/send/text", {"key": "nobody", "text": "a"}, 404),
        ("telegram/send/text", {"key": "Оксана Бондар", "text": " "}, 400),
        ("telegram/send/text", {"key": "Оксана Бондар"}, 400),
        ("telegram/send/fly", {"key": "Оксана Бондар"}, 404),
        ("signal/send/text", {"key": "Оксана Бондар", "text": "a"}, 404),
        ("telegram/send/edit", {"key": "Оксана Бондар", "id": "77", "text": "a"}, 400),
        ("telegram/send/location", {"key": "Оксана Бондар", "lat": "north", "lon": 1}, 400),
        ("telegram/send/press", {"key": "Оксана Бондар", "row": 0, "column": 0}, 400),
        ("telegram/residents", {"name": ""}, 400),
        ("faults/telegram/flood", {}, 404),
        ("faults/signal/down", {}, 404),
    ],
)
async def test_impossible_wishes(page: Page, path: str, body: Json, status: int) -> None:
    await page.call("POST", path, body, status=status)


async def test_residents_are_added_once(page: Page, sim: Simulator) -> None:
    added = await page.call("POST", "viber/residents", {"name": "Ганна", "language": "en"})
    again = await page.call("POST", "viber/residents", {"name": "Ганна", "language": "uk"})
    assert added == again
    assert added["language"] == "en"
    assert len(sim.viber.phones) == 5


async def test_photos_and_samples(
    page: Page, http: ClientSession, sim: Simulator, oksana: TelegramPhone, jpeg: bytes
) -> None:
    form = FormData()
    form.add_field("key", oksana.key)
    form.add_field("caption", "двір")
    form.add_field("photo", jpeg, filename="a.jpg", content_type="image/jpeg")
    form.add_field("sample", "lamp")
    async with http.post(f"{sim.base}/sim/telegram/send/photo", data=form) as answer:
        assert answer.status == 200
    first, second = oksana.messages[1:]
    assert (first.photo, first.text, second.photo) == (jpeg, "двір", samples()["lamp"])
    assert first.group == second.group is not None
    view = await page.call("GET", f"telegram/phone?key={oksana.key}")
    async with http.get(f"{sim.base}{view['messages'][1]['photo']}") as picture:
        assert await picture.read() == jpeg
    async with http.get(f"{sim.base}/sim/samples/lamp.jpg") as sample:
        assert measure(await sample.read()) == (960, 720)
    empty = FormData()
    empty.add_field("key", oksana.key)
    async with http.post(f"{sim.base}/sim/telegram/send/photo", data=empty) as answer:
        assert answer.status == 400


async def test_presses_by_place(
    page: Page, viber: ViberClient, maria: ViberPhone, receiver: Receiver
) -> None:
    keys = keyboard(button("Так", "yes"), button("Місце", "p", ActionType="location-picker"))
    await viber.send(maria.user_id, text="?", keyboard=keys, min_api_version=3)
    await page.call("POST", "viber/send/press", {"key": maria.key, "row": 0, "column": 0})
    where = {"key": maria.key, "row": 0, "column": 1, "lat": 47.8, "lon": 33.2}
    await page.call("POST", "viber/send/press", where)
    events = await receiver.until(2, "message")
    assert events[0]["message"]["text"] == "yes"
    assert events[1]["message"]["location"] == {"lat": 47.8, "lon": 33.2}


async def test_faults(page: Page, sim: Simulator) -> None:
    await page.call("POST", "faults/telegram/rate_limit", {"times": 5, "value": 7})
    view = await page.call("POST", "faults/viber/reorder", {})
    assert view["telegram"]["rate_limit"] == {"times": 5, "seconds": None, "value": 7}
    assert "reorder" in view["viber"]
    await page.call("DELETE", "faults/telegram/rate_limit")
    assert sim.faults.telegram.describe() == {}
    assert await page.call("DELETE", "faults") == {"telegram": {}, "viber": {}}


async def test_the_stream(http: ClientSession, sim: Simulator, oksana: TelegramPhone) -> None:
    async with http.get(f"{sim.base}/sim/events") as stream:
        assert stream.content_type == "text/event-stream"
        assert await stream.content.readline() == b"event: ready\n"
        await oksana.text("<b>вода</b>")
        sim.faults.viber.down()
        events: list[Json] = []
        async with asyncio.timeout(2):
            while len(events) < 2:
                line = await stream.content.readline()
                if line.startswith(b'data: {"type'):
                    events.append(json.loads(line[6:]))
    assert (events[0]["type"], events[0]["key"], events[0]["bubble"]["text"]) == (
        "bubble",
        oksana.key,
        "<b>вода</b>",
    )
    assert isinstance(events[0]["bubble"]["id"], str)
    assert events[1]["faults"]["viber"].keys() == {"down"}


async def test_a_stream_ends_with_the_simulator(http: ClientSession) -> None:
    async with Simulator() as sim:
        stream = await http.get(f"{sim.base}/sim/events")
        await stream.content.readline()
    async with asyncio.timeout(2):
        await stream.read()


async def test_files_of_the_page(http: ClientSession, sim: Simulator) -> None:
    for path, status in (
        ("/page/main.js", 200),
        ("/vendor/leaflet/leaflet.js", 200),
        ("/page/%2e%2e/server.py", 404),
        ("/page/../server.py", 404),
        ("/page/nothing.js", 404),
    ):
        async with http.get(f"{sim.base}{path}") as answer:
            assert answer.status == status, path
            if status == 200:
                assert answer.content_type == "text/javascript"
