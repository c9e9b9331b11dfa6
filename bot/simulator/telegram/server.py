"""Telegram's HTTP side: /bot{token}/{method} and /file/bot{token}/{path}."""

import asyncio
import json
import re
from collections import Counter
from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.simulator.bubbles import JsonObject
from bot.simulator.faults import FaultKind
from bot.simulator.forms import MalformedParameterError, Parameters, read_parameters
from bot.simulator.mischief import drop, interfere
from bot.simulator.telegram import editing, sending, settings
from bot.simulator.telegram.errors import ApiError, bad_request, too_many_requests
from bot.simulator.telegram.sim import TelegramSim

Method = Callable[[TelegramSim, Parameters], Awaitable[object]]

_METHODS: dict[str, tuple[str, Method]] = {
    name.lower(): (name, method)
    for name, method in {
        "sendMessage": sending.send_message,
        "sendPhoto": sending.send_photo,
        "sendMediaGroup": sending.send_media_group,
        "sendLocation": sending.send_location,
        "sendChatAction": sending.send_chat_action,
        "editMessageText": editing.edit_message_text,
        "editMessageCaption": editing.edit_message_caption,
        "editMessageReplyMarkup": editing.edit_message_reply_markup,
        "deleteMessage": editing.delete_message,
        "answerCallbackQuery": editing.answer_callback_query,
        "getMe": settings.get_me,
        "getUpdates": settings.get_updates,
        "setWebhook": settings.set_webhook,
        "deleteWebhook": settings.delete_webhook,
        "getWebhookInfo": settings.get_webhook_info,
        "getFile": settings.get_file,
        "setMyCommands": settings.set_my_commands,
        "getMyCommands": settings.get_my_commands,
        "deleteMyCommands": settings.delete_my_commands,
        "setMyDescription": settings.set_my_description,
        "setMyShortDescription": settings.set_my_short_description,
        "setMyName": settings.set_my_name,
        "setChatMenuButton": settings.set_chat_menu_button,
    }.items()
}
_WRITING = ("send", "edit", "delete", "answer")
_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]+")
_SET_WEBHOOK_DESCRIPTIONS = {"setWebhook": "Webhook was set", "deleteWebhook": "Webhook was deleted"}


class TelegramServer:
    def __init__(self, sim: TelegramSim, requests: Counter[str], closing: asyncio.Event) -> None:
        self._sim = sim
        self._requests = requests
        self._closing = closing

    def routes(self) -> list[web.RouteDef]:
        return [
            web.route("*", "/telegram/bot{token}/{method}", self.call),
            web.get("/telegram/file/bot{token}/{path:.+}", self.download),
        ]

    async def call(self, request: web.Request) -> web.StreamResponse:
        known = _METHODS.get(request.match_info["method"].lower())
        name = known[0] if known else request.match_info["method"]
        self._requests[f"telegram.{name}"] += 1
        spoiled = await interfere(request, self._sim.faults, name, self._closing)
        if spoiled is not None:
            return spoiled
        try:
            self._authorize(request)
            if known is None:
                raise ApiError(404, "Not Found")  # noqa: TRY301
            self._limit(name)
            result = await known[1](self._sim, await read_parameters(request))
        except ApiError as error:
            return _answer(error.answer(), error.code)
        except MalformedParameterError as error:
            refused = bad_request(f"can't parse {error}")
            return _answer(refused.answer(), refused.code)
        if self._sim.faults.on(FaultKind.DOWN):
            return drop(request)
        if name.startswith("send") and self._sim.faults.take(FaultKind.LOSE_ANSWERS, name):
            return drop(request)
        body: JsonObject = {"ok": True, "result": result}
        if name in _SET_WEBHOOK_DESCRIPTIONS:
            body["description"] = _SET_WEBHOOK_DESCRIPTIONS[name]
        return _answer(body, 200)

    async def download(self, request: web.Request) -> web.StreamResponse:
        self._requests["telegram.download"] += 1
        spoiled = await interfere(request, self._sim.faults, "download", self._closing)
        if spoiled is not None:
            return spoiled
        if request.match_info["token"] != self._sim.config.telegram_token:
            return _answer(ApiError(401, "Unauthorized").answer(), 401)
        stored = self._sim.files.at(request.match_info["path"])
        if stored is None or self._sim.faults.take(FaultKind.REFUSE_DOWNLOADS):
            return _answer(ApiError(404, "Not Found").answer(), 404)
        response = web.StreamResponse(headers={"Content-Type": "application/octet-stream"})
        data = await stored.content()
        response.content_length = len(data)
        await response.prepare(request)
        for start in range(0, len(data), 65_536):
            await response.write(data[start : start + 65_536])
        return response

    def _authorize(self, request: web.Request) -> None:
        token = request.match_info["token"]
        if token != self._sim.config.telegram_token:
            raise ApiError(401, "Unauthorized") if _TOKEN.fullmatch(token) else ApiError(404, "Not Found")

    def _limit(self, name: str) -> None:
        if not name.startswith(_WRITING) or name == "deleteWebhook":
            return
        limit = self._sim.faults.take(FaultKind.RATE_LIMIT, name)
        if limit is not None:
            raise too_many_requests(int(limit.value))


def _answer(body: JsonObject, status: int) -> web.Response:
    return web.Response(
        body=json.dumps(body, ensure_ascii=False).encode(), status=status, content_type="application/json"
    )
