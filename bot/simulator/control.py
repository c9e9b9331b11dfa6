"""What the page asks of the simulator, at /sim/..."""

import asyncio
import json
from collections import Counter
from collections.abc import Mapping

from aiohttp import web

from bot.simulator.actions import ACTIONS
from bot.simulator.bubbles import JsonObject
from bot.simulator.faults import FaultKind, Faults
from bot.simulator.feed import Feed
from bot.simulator.phone import Messenger, Phone
from bot.simulator.pictures import samples
from bot.simulator.view import phone_view

_HEARTBEAT = 15.0
_LONGEST_NAME = 60


class Control:
    def __init__(
        self,
        messengers: Mapping[str, Messenger],
        faults: Faults,
        feed: Feed,
        requests: Counter[str],
        page: JsonObject,
    ) -> None:
        self._messengers = messengers
        self._faults = faults
        self._feed = feed
        self._requests = requests
        self._page = page

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/sim/state", self.state),
            web.get("/sim/events", self.events),
            web.get("/sim/counters", self.counters),
            web.get("/sim/samples/{name}.jpg", self.sample),
            web.post("/sim/faults/{messenger}/{kind}", self.set_fault),
            web.delete("/sim/faults/{messenger}/{kind}", self.clear_fault),
            web.delete("/sim/faults", self.clear_faults),
            web.post("/sim/{messenger}/residents", self.add_resident),
            web.get("/sim/{messenger}/phone", self.phone),
            web.get("/sim/{messenger}/photo", self.photo),
            web.get("/sim/{messenger}/commands", self.commands),
            web.post("/sim/{messenger}/send/photo", self.send_photo),
            web.post("/sim/{messenger}/send/file", self.send_file),
            web.post("/sim/{messenger}/send/{action}", self.send),
        ]

    def faults_view(self) -> JsonObject:
        return {name: self._faults.of(name).describe() for name in self._messengers}

    async def state(self, _: web.Request) -> web.Response:
        people = {
            name: {
                "connected": messenger.connected,
                "residents": [phone_view(messenger, phone) for phone in messenger.phones],
            }
            for name, messenger in self._messengers.items()
        }
        return _json(
            {
                "messengers": people,
                "faults": self.faults_view(),
                "samples": list(await asyncio.to_thread(samples)),
                **self._page,
            }
        )

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events; the comment first tells the page that it is subscribed."""
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        await response.prepare(request)
        await response.write(b"event: ready\ndata: {}\n\n")
        async for event in self._feed.listen(heartbeat=_HEARTBEAT):
            line = b":\n\n" if event is None else b"data: " + json.dumps(event).encode() + b"\n\n"
            try:
                await response.write(line)
            except ConnectionError:
                break
        return response

    async def counters(self, _: web.Request) -> web.Response:
        messengers = self._messengers.items()
        return _json(
            {
                "requests": dict(self._requests),
                "sent": {name: len(messenger.sent) for name, messenger in messengers},
                "connected": {name: messenger.connected for name, messenger in messengers},
            }
        )

    async def sample(self, request: web.Request) -> web.Response:
        data = (await asyncio.to_thread(samples)).get(request.match_info["name"])
        if data is None:
            raise web.HTTPNotFound
        return web.Response(body=data, content_type="image/jpeg")

    async def set_fault(self, request: web.Request) -> web.Response:
        kind, order = self._fault_kind(request), await _body(request)
        faults = self._faults.of(self._messenger(request).name)
        if kind is FaultKind.REORDER:
            faults.reorder(seed=int(order.get("seed") or 0))
        else:
            faults.order(
                kind, order.get("times"), seconds=order.get("seconds"), value=float(order.get("value") or 1)
            )
        return _json(self.faults_view())

    async def clear_fault(self, request: web.Request) -> web.Response:
        self._faults.of(self._messenger(request).name).clear(self._fault_kind(request))
        return _json(self.faults_view())

    async def clear_faults(self, _: web.Request) -> web.Response:
        self._faults.clear()
        return _json(self.faults_view())

    async def add_resident(self, request: web.Request) -> web.Response:
        body = await _body(request)
        name = str(body.get("name") or "").strip()
        if not 0 < len(name) <= _LONGEST_NAME:
            raise web.HTTPBadRequest(text=f"a name has 1 to {_LONGEST_NAME} letters")
        messenger = self._messenger(request)
        phone = messenger.resident(name, language=str(body.get("language") or "uk"))
        return _json(phone_view(messenger, phone))

    async def phone(self, request: web.Request) -> web.Response:
        return _json(phone_view(self._messenger(request), self._phone(request, request.query.get("key"))))

    async def photo(self, request: web.Request) -> web.Response:
        number = request.query.get("id", "")
        bubble = self._phone(request, request.query.get("key")).log.get(
            int(number) if number.isdigit() else 0
        )
        if bubble is None or bubble.photo is None:
            raise web.HTTPNotFound
        if isinstance(bubble.photo, str):
            raise web.HTTPFound(bubble.photo)
        return web.Response(body=bubble.photo, content_type="image/jpeg")

    async def send(self, request: web.Request) -> web.Response:
        action = ACTIONS.get(request.match_info["action"])
        if action is None:
            raise web.HTTPNotFound
        body = await _body(request)
        try:
            bubble = await action(self._phone(request, body.get("key")), body)
        except (LookupError, TypeError, ValueError) as error:
            raise web.HTTPBadRequest(text=str(error)) from None
        return _json({"id": str(bubble.id) if bubble else None})

    async def send_photo(self, request: web.Request) -> web.Response:
        """Multipart: `key`, `caption`, files `photo`, and names of samples as `sample`."""
        form = await request.post()
        images = [
            await asyncio.to_thread(part.file.read)
            for part in form.getall("photo", [])
            if isinstance(part, web.FileField)
        ]
        drawn = await asyncio.to_thread(samples)
        images += [drawn[str(name)] for name in form.getall("sample", []) if str(name) in drawn]
        if not images:
            raise web.HTTPBadRequest(text="no photo")
        phone = self._phone(request, form.get("key"))
        bubble = await phone.photo(*images, caption=str(form.get("caption") or "") or None)
        return _json({"id": str(bubble.id)})

    async def send_file(self, request: web.Request) -> web.Response:
        """Multipart: `key` and `file`, sent as what its type says: a video, a voice message, a document."""
        form = await request.post()
        part, phone = form.get("file"), self._phone(request, form.get("key"))
        if not isinstance(part, web.FileField):
            raise web.HTTPBadRequest(text="no file")
        data = await asyncio.to_thread(part.file.read)
        kind = part.content_type.partition("/")[0]
        if kind == "video":
            bubble = await phone.video(data)
        elif kind == "audio":
            bubble = await phone.voice(data)
        else:
            bubble = await phone.document(data, part.filename, part.content_type)
        return _json({"id": str(bubble.id)})

    async def commands(self, request: web.Request) -> web.Response:
        phone = self._phone(request, request.query.get("key"))
        commands = self._messenger(request).commands_for(phone.resident.language, phone.address)
        return _json(list(commands))

    def _messenger(self, request: web.Request) -> Messenger:
        messenger = self._messengers.get(request.match_info["messenger"])
        if messenger is None:
            raise web.HTTPNotFound
        return messenger

    def _phone(self, request: web.Request, key: object) -> Phone:
        phone = self._messenger(request).phone(key) if isinstance(key, str) else None
        if phone is None:
            raise web.HTTPNotFound(text="no such resident")
        return phone

    def _fault_kind(self, request: web.Request) -> FaultKind:
        try:
            return FaultKind(request.match_info["kind"])
        except ValueError:
            raise web.HTTPNotFound from None


async def _body(request: web.Request) -> JsonObject:
    try:
        body = await request.json() if request.can_read_body else {}
    except ValueError:
        raise web.HTTPBadRequest(text="JSON expected") from None
    if not isinstance(body, dict):
        raise web.HTTPBadRequest(text="an object expected")
    return body


def _json(value: object) -> web.Response:
    return web.json_response(value, headers={"Cache-Control": "no-store"})
