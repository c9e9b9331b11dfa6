"""Delivery of updates to the bot's webhook, as the Bot API server does it.

Messages of a chat wait for one another; presses travel in a queue of their own. The first repeat comes
at once, the next after 2, 4, 8 ... seconds, up to a minute. Messages are given up after a day, presses
after 150 s.
"""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass

import aiohttp

from bot.simulator.bubbles import JsonObject
from bot.simulator.courier import Courier, Parcel, Verdict
from bot.simulator.faults import FaultKind, MessengerFaults
from bot.simulator.telegram.updates import CALLBACK, Update

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name
DEFAULT_CONNECTIONS = 40
_LONGEST_PAUSE = 60.0
_MESSAGE_PATIENCE = 86_400.0
_CALLBACK_PATIENCE = 150.0
_DISORDER = 0.05
_SUCCESS = range(200, 300)


@dataclass(frozen=True, slots=True)
class WebhookSettings:
    url: str
    secret: str
    connections: int
    answer_timeout: float
    time_scale: float


@dataclass(slots=True)
class LastError:
    at: int = 0
    message: str = ""


class Webhook:
    def __init__(
        self,
        settings: WebhookSettings,
        session: aiohttp.ClientSession,
        faults: MessengerFaults,
        clock: Callable[[], float],
        confirmed: Callable[[Update], None],
    ) -> None:
        self.settings = settings
        self.last_error = LastError()
        self.attempts = 0
        self._session = session
        self._faults = faults
        self._clock = clock
        self._confirmed = confirmed
        self._timeout = aiohttp.ClientTimeout(total=settings.answer_timeout)
        self._headers = {"Content-Type": "application/json"}
        if settings.secret:
            self._headers[SECRET_HEADER] = settings.secret
        self._courier = Courier(self._pause, width=settings.connections)
        self._undelivered: dict[int, Update] = {}

    def __len__(self) -> int:
        return len(self._undelivered)

    def deliver(self, update: Update) -> None:
        self._undelivered[update.number] = update
        pressed = update.kind == CALLBACK
        patience = _CALLBACK_PATIENCE if pressed else _MESSAGE_PATIENCE
        family = update.kind if update.kind in {CALLBACK, "my_chat_member"} else "message"
        self._courier.hand((family, update.chat), Parcel(lambda: self._post(update), patience))

    async def close(self) -> list[Update]:
        """Stop, and return what was not delivered."""
        await self._courier.close()
        undelivered = list(self._undelivered.values())
        self._undelivered.clear()
        return undelivered

    async def _post(self, update: Update) -> Verdict:
        await self._faults.up()
        if not update.handed and update.kind != CALLBACK and self._faults.on(FaultKind.REORDER):
            await asyncio.sleep(self._faults.random.uniform(0, _DISORDER))
        update.handed = True
        body = json.dumps(update.body(), ensure_ascii=False).encode()
        verdict = await self._attempt(body)
        if verdict is None:
            self._undelivered.pop(update.number, None)
            self._confirmed(update)
            if self._faults.take(FaultKind.DUPLICATE):
                await self._attempt(body)
        return verdict

    async def _attempt(self, body: bytes) -> Verdict:
        self.attempts += 1
        try:
            async with self._session.post(
                self.settings.url,
                data=body,
                headers=self._headers,
                timeout=self._timeout,
                allow_redirects=False,
            ) as answer:
                await answer.read()
                if answer.status in _SUCCESS:
                    return None
                self._fail(f"Wrong response from the webhook: {answer.status} {answer.reason}")
                asked = answer.headers.get("Retry-After", "0")
                return float(asked) * self.settings.time_scale if asked.isdigit() else 0.0
        except TimeoutError:
            self._fail("Read timeout expired")
        except aiohttp.ClientError:
            self._fail("Connection refused")
        return 0.0

    def _fail(self, message: str) -> None:
        self.last_error = LastError(int(self._clock()), message)

    def _pause(self, failures: int) -> float:
        seconds = 0.0 if failures == 1 else min(2.0 ** (failures - 1), _LONGEST_PAUSE)
        return seconds * self.settings.time_scale


def describe(webhook: Webhook | None, waiting: int, allowed: frozenset[str]) -> JsonObject:
    """The answer to getWebhookInfo."""
    info: JsonObject = {"url": "", "has_custom_certificate": False, "pending_update_count": waiting}
    if webhook is not None:
        info |= {"url": webhook.settings.url, "max_connections": webhook.settings.connections}
        info["pending_update_count"] = waiting + len(webhook)
        info["ip_address"] = "127.0.0.1"
        if webhook.last_error.at:
            info["last_error_date"] = webhook.last_error.at
            info["last_error_message"] = webhook.last_error.message
    if allowed:
        info["allowed_updates"] = sorted(allowed)
    return info
