"""Viber's HTTP side: /viber/pa/{method}, and the files residents send."""

import asyncio
import json
from collections import Counter
from collections.abc import Awaitable, Callable

import aiohttp
from aiohttp import web
from yarl import URL

from bot.simulator.bubbles import JsonObject
from bot.simulator.config import is_loopback
from bot.simulator.faults import FaultKind
from bot.simulator.mischief import drop, interfere
from bot.simulator.viber.checks import LARGEST_JSON, Outgoing, read_message
from bot.simulator.viber.errors import Status, ViberError, bad_data
from bot.simulator.viber.sim import CHAT_HOSTNAME, ViberSim

LARGEST_PICTURE = 1024 * 1024
TOKEN_HEADER = "X-Viber-Auth-Token"  # noqa: S105 - the header's name
_JPEG = b"\xff\xd8\xff"
_MOST_ONLINE = 100
_UNKNOWN_METHOD = 404


class ViberServer:
    def __init__(self, sim: ViberSim, requests: Counter[str], closing: asyncio.Event) -> None:
        self._sim = sim
        self._requests = requests
        self._closing = closing
        self._methods: dict[str, Callable[[JsonObject], Awaitable[JsonObject]]] = {
            "set_webhook": self._set_webhook,
            "send_message": self._send_message,
            "get_account_info": self._get_account_info,
            "get_user_details": self._get_user_details,
            "get_online": self._get_online,
        }

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/viber/pa/{method}", self.call),
            web.get("/viber/media/{key}/{name}", self.download),
        ]

    async def call(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["method"]
        self._requests[f"viber.{name}"] += 1
        spoiled = await interfere(request, self._sim.faults, name, self._closing)
        if spoiled is not None:
            return spoiled
        method = self._methods.get(name)
        if method is None:
            return web.Response(status=_UNKNOWN_METHOD)
        try:
            result = await method(await self._read(request, name))
        except ViberError as error:
            return _answer(error.status, error.message)
        if name == "send_message" and self._sim.faults.take(FaultKind.LOSE_ANSWERS, name):
            return drop(request)
        return _answer(Status.OK, "ok", result)

    async def download(self, request: web.Request) -> web.StreamResponse:
        self._requests["viber.download"] += 1
        spoiled = await interfere(request, self._sim.faults, "download", self._closing)
        if spoiled is not None:
            return spoiled
        media = self._sim.media.find(request.match_info["key"])
        if media is None or self._sim.faults.take(FaultKind.REFUSE_DOWNLOADS):
            raise web.HTTPNotFound
        return web.Response(body=media.data, content_type=media.mime)

    async def _read(self, request: web.Request, name: str) -> JsonObject:
        body = await request.read()
        try:
            raw = json.loads(body) if body else {}
        except ValueError:
            raise bad_data("request body is no valid JSON") from None
        if not isinstance(raw, dict):
            raise bad_data("request body is no object")
        token = request.headers.get(TOKEN_HEADER) or raw.get("auth_token")
        if token != self._sim.config.viber_token:
            raise ViberError(Status.INVALID_AUTH_TOKEN)
        if len(body) > LARGEST_JSON:
            raise bad_data("request is larger than 30 KB")
        if self._sim.account_blocked:
            raise ViberError(Status.PUBLIC_ACCOUNT_BLOCKED)
        if name == "send_message" and self._sim.faults.take(FaultKind.RATE_LIMIT, name):
            raise ViberError(Status.TOO_MANY_REQUESTS)
        return raw

    async def _set_webhook(self, raw: JsonObject) -> JsonObject:
        url = raw.get("url")
        if not isinstance(url, str):
            raise bad_data("url is missing")
        if not url:
            await self._sim.remove_webhook()
            return {}
        if not _allowed(url):
            raise ViberError(Status.INVALID_URL)
        events = raw.get("event_types")
        chosen = frozenset(map(str, events)) if isinstance(events, list) else None
        return {"event_types": await self._sim.set_webhook(url, chosen)}

    async def _send_message(self, raw: JsonObject) -> JsonObject:
        if not raw.get("receiver"):
            raise bad_data("receiver is missing")
        message = read_message(raw)
        if self._sim.callbacks is None:
            raise ViberError(Status.WEBHOOK_NOT_SET)
        phone = self._sim.by_id(raw["receiver"])
        if not phone.subscribed:
            raise ViberError(Status.RECEIVER_NOT_SUBSCRIBED)
        photo = await self._picture(message) if message.kind == "picture" else None
        return self._sim.accept(phone, message, photo, raw)

    async def _picture(self, message: Outgoing) -> bytes:
        """Viber's servers fetch the picture: it must be there, be a JPEG, and not exceed a megabyte."""
        if self._sim.session is None or not _allowed(message.media):
            raise bad_data("media is not valid")
        try:
            async with self._sim.session.get(message.media, raise_for_status=True) as answer:
                data = await answer.content.read(LARGEST_PICTURE + 1)
                while len(data) <= LARGEST_PICTURE and (more := await answer.content.read(LARGEST_PICTURE)):
                    data += more
        except (aiohttp.ClientError, TimeoutError):
            raise bad_data("media cannot be downloaded") from None
        if len(data) > LARGEST_PICTURE:
            raise bad_data("media is larger than 1 MB")
        if not data.startswith(_JPEG):
            raise bad_data("media is no JPEG")
        return data

    async def _get_account_info(self, _: JsonObject) -> JsonObject:
        callbacks = self._sim.callbacks
        return {
            "id": "pa:75346594275468546724",
            "name": "Міський контактний центр",
            "uri": "zvernys",
            "icon": "",
            "background": "",
            "category": "Local Businesses",
            "subcategory": "Government Organization",
            "country": "UA",
            "webhook": callbacks.settings.url if callbacks else "",
            "event_types": callbacks.event_types if callbacks else [],
            "subscribers_count": sum(phone.subscribed for phone in self._sim.phones),
            "members": [],
        }

    async def _get_user_details(self, raw: JsonObject) -> JsonObject:
        phone = self._sim.by_id(raw.get("id"))
        if not phone.subscribed:
            raise ViberError(Status.RECEIVER_NOT_SUBSCRIBED)
        details = {
            "primary_device_os": "Android 14",
            "viber_version": "23.4.0",
            "mcc": 255,
            "mnc": 1,
            "device_type": "SM-A546B",
        }
        return {"message_token": self._sim.next_token(), "user": phone.profile | details}

    async def _get_online(self, raw: JsonObject) -> JsonObject:
        ids = raw.get("ids")
        if not isinstance(ids, list) or not 0 < len(ids) <= _MOST_ONLINE:
            raise bad_data("ids is missing or has more than 100 items")
        users = []
        for user_id in ids:
            phone = self._sim.by_id(user_id)
            status, words = (0, "online") if phone.subscribed else (3, "tryLater")
            users.append({"id": user_id, "online_status": status, "online_status_message": words})
        return {"users": users}


def _answer(status: Status, message: str, result: JsonObject | None = None) -> web.Response:
    body = {"status": int(status), "status_message": message, "chat_hostname": CHAT_HOSTNAME}
    if result:
        body |= result
    return web.Response(
        body=json.dumps(body, ensure_ascii=False).encode(), content_type="application/json", charset="utf-8"
    )


def _allowed(url: str) -> bool:
    """Viber wants https; plain http will do on this machine."""
    parts = URL(url)
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.host or ""))
