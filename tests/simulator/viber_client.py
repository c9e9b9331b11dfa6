"""The bot's side of the Viber REST API, in a few lines."""

import json
from dataclasses import dataclass
from typing import Any

import aiohttp

Json = dict[str, Any]


@dataclass(frozen=True)
class ViberClient:
    http: aiohttp.ClientSession
    base: str
    token: str

    async def call(self, method: str, body: Json, *, token: str | None = None) -> Json:
        headers = {"X-Viber-Auth-Token": self.token if token is None else token}
        data = json.dumps(body, ensure_ascii=False).encode()
        async with self.http.post(f"{self.base}/{method}", data=data, headers=headers) as answer:
            assert answer.status == 200
            result: Json = await answer.json()
            return result

    async def set_webhook(self, url: str, events: list[str] | None = None) -> Json:
        return await self.call("set_webhook", {"url": url} | ({"event_types": events} if events else {}))

    async def send(self, receiver: str, **message: Any) -> Json:
        full = {"receiver": receiver, "type": "text", "sender": {"name": "Звернись"}} | message
        return await self.call(
            "send_message", {key: value for key, value in full.items() if value is not None}
        )


def keyboard(*buttons: Json, **extra: Any) -> Json:
    return {"Type": "keyboard", "Buttons": list(buttons), **extra}


def button(text: str = "Так", body: str = "yes", **extra: Any) -> Json:
    return {"Columns": 3, "Rows": 1, "Text": text, "ActionType": "reply", "ActionBody": body, **extra}
