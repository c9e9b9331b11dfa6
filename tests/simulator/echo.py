"""A trivial bot for both messengers, to try the phones with: it repeats, counts photos and shows buttons.

By hand, beside `python -m bot.simulator --port 8081`:
`python -m tests.simulator.echo http://127.0.0.1:8081`.
"""

import asyncio
import contextlib
import sys
from types import TracebackType
from typing import Any, Self

import aiohttp
from aiohttp import web

from bot.simulator import SimulatorConfig

Json = dict[str, Any]


class EchoBot:
    def __init__(self, base: str, config: SimulatorConfig) -> None:
        self._telegram = f"{base}/telegram/bot{config.telegram_token}"
        self._viber = f"{base}/viber/pa"
        self._viber_token = config.viber_token
        self._cards: dict[int, tuple[int, int]] = {}

    async def __aenter__(self) -> Self:
        self._http = aiohttp.ClientSession()
        app = web.Application()
        app.router.add_post("/viber", self._on_viber)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        await self._send_viber("set_webhook", url=f"http://127.0.0.1:{self._runner.addresses[0][1]}/viber")
        self._polling = asyncio.create_task(self._poll())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._polling.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._polling
        await self._send_viber("set_webhook", url="")
        await self._runner.cleanup()
        await self._http.close()

    async def _poll(self) -> None:
        offset = 0
        while True:
            try:
                updates = (await self._call("getUpdates", offset=offset, timeout=20)).get("result", [])
            except (aiohttp.ClientError, ValueError):
                await asyncio.sleep(0.2)
                continue
            for update in updates:
                offset = update["update_id"] + 1
                await self._on_telegram(update)

    async def _call(self, method: str, **parameters: Any) -> Json:
        async with self._http.post(f"{self._telegram}/{method}", json=parameters) as answer:
            result: Json = await answer.json()
            return result

    async def _on_telegram(self, update: Json) -> None:
        query, message = update.get("callback_query"), update.get("message")
        if query:
            await self._call("answerCallbackQuery", callback_query_id=query["id"], text="Прийнято")
            await self._answer(query["message"]["chat"]["id"], f"Ви натиснули: {query['data']}")
        elif message and "photo" in message:
            await self._count_photo(message["chat"]["id"])
        elif message and "location" in message:
            keyboard: Json = {"remove_keyboard": True}
            await self._answer(message["chat"]["id"], "Бачу місце на мапі.", keyboard)
        elif message:
            text = message.get("text", "не текст")
            await self._reply(message["chat"]["id"], text)

    async def _reply(self, chat: int, text: str) -> None:
        if text.startswith("/start"):
            await self._answer(
                chat,
                "<b>Вітаю.</b> Тут можна повідомити місту про проблему: напишіть, що сталося, або надішліть "
                "фото чи місце — у будь-якому порядку.",
                _inline(["Мої заявки", "Як це працює"], ["English"]),
            )
        elif text == "де":
            keys = [[{"text": "📍 Надіслати місце", "request_location": True}], ["Скасувати", "Меню"]]
            await self._answer(chat, "Де це?", {"keyboard": keys, "input_field_placeholder": "Адреса"})
        else:
            quoted = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
            await self._answer(chat, f"Ви написали: {quoted}", _inline(["Надіслати", "Інша тема"]))

    async def _count_photo(self, chat: int) -> None:
        """The card is edited, not repeated, while photos keep coming."""
        card, photos = self._cards.get(chat, (0, 0))
        text = f"Ось як я зрозумів:\n🔧 Прорив труби\n📷 {photos + 1} фото"
        arguments = {"chat_id": chat, "text": text, "reply_markup": _inline(["Надіслати", "Скасувати"])}
        if card:
            await self._call("editMessageText", message_id=card, **arguments)
        else:
            card = (await self._call("sendMessage", **arguments))["result"]["message_id"]
        self._cards[chat] = card, photos + 1

    async def _answer(self, chat: int, text: str, markup: Json | None = None) -> None:
        await self._call("sendChatAction", chat_id=chat, action="typing")
        await self._call("sendMessage", chat_id=chat, text=text, parse_mode="HTML", reply_markup=markup)

    async def _on_viber(self, request: web.Request) -> web.Response:
        event = await request.json()
        if event["event"] == "conversation_started":
            return web.json_response(_viber_message("Вітаю. Напишіть, що сталося.", ["Як це працює"]))
        if event["event"] == "message":
            text = event["message"].get("text") or event["message"]["type"]
            message = _viber_message(f"Ви написали: {text}", ["Надіслати", "Інша тема", "Скасувати"])
            await self._send_viber("send_message", receiver=event["sender"]["id"], **message)
        return web.Response()

    async def _send_viber(self, method: str, **body: Any) -> None:
        headers = {"X-Viber-Auth-Token": self._viber_token}
        async with self._http.post(f"{self._viber}/{method}", json=body, headers=headers) as answer:
            assert (await answer.json())["status"] == 0


def _inline(*rows: list[str]) -> Json:
    return {
        "inline_keyboard": [[{"text": label, "callback_data": label[:20]} for label in row] for row in rows]
    }


def _viber_message(text: str, labels: list[str]) -> Json:
    place = {
        "Columns": 6,
        "Rows": 1,
        "ActionType": "location-picker",
        "ActionBody": "place",
        "Text": "Надіслати місце",
    }
    buttons = [
        {"Columns": 3 if number else 6, "Rows": 1, "ActionType": "reply", "ActionBody": label, "Text": label}
        | ({} if number else {"BgColor": "#7360F2", "Text": f"<font color='#FFFFFF'>{label}</font>"})
        for number, label in enumerate(labels)
    ]
    return {
        "type": "text",
        "text": text,
        "sender": {"name": "Звернись"},
        "min_api_version": 3,
        "keyboard": {"Type": "keyboard", "Buttons": [*buttons, place]},
    }


async def _run(base: str) -> None:
    async with EchoBot(base, SimulatorConfig()):
        await asyncio.Event().wait()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_run(sys.argv[1]))
