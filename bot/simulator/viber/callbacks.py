"""Viber's callbacks: signed, in order for each resident, repeated with the same message_token for an hour."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass

import aiohttp

from bot.simulator.bubbles import JsonObject
from bot.simulator.courier import Courier, Parcel, Verdict
from bot.simulator.faults import FaultKind, MessengerFaults

SIGNATURE_HEADER = "X-Viber-Content-Signature"
_PATIENCE = 3600.0
_LONGEST_PAUSE = 300.0
_DISORDER = 0.05
_TAKEN = 200
_ALWAYS_SENT = frozenset({"message", "subscribed", "unsubscribed", "webhook"})
_OPTIONAL = ("delivered", "seen", "failed", "conversation_started")
EVENT_TYPES = ("subscribed", "unsubscribed", "message", *_OPTIONAL)

Answered = Callable[[bytes], None]


@dataclass(frozen=True, slots=True)
class CallbackSettings:
    url: str
    token: str
    events: frozenset[str] | None
    answer_timeout: float
    time_scale: float


@dataclass(slots=True)
class _Letter:
    body: bytes
    answered: Answered
    tried: bool = False


class Callbacks:
    def __init__(
        self, settings: CallbackSettings, session: aiohttp.ClientSession, faults: MessengerFaults
    ) -> None:
        self.settings = settings
        self.attempts = 0
        self._session = session
        self._faults = faults
        self._timeout = aiohttp.ClientTimeout(total=settings.answer_timeout)
        self._courier = Courier(self._pause)

    def wants(self, event: str) -> bool:
        chosen = self.settings.events
        return chosen is None or event in _ALWAYS_SENT or event in chosen or event not in EVENT_TYPES

    @property
    def event_types(self) -> list[str]:
        return [event for event in EVENT_TYPES if self.wants(event)]

    def send(self, user: str, event: JsonObject, answered: Answered = lambda _: None) -> None:
        """Receipts do not wait for the resident's messages, nor these for receipts."""
        kind = str(event.get("event", ""))
        if not self.wants(kind):
            return
        body = json.dumps(event, ensure_ascii=False).encode()
        family = "receipt" if kind in {"delivered", "seen", "failed"} else "message"
        letter = _Letter(body, answered)
        self._courier.hand((family, user), Parcel(lambda: self._deliver(letter), _PATIENCE))

    async def post(self, body: bytes) -> bytes | None:
        """The webhook's answer if it was 200."""
        self.attempts += 1
        headers = {"Content-Type": "application/json", SIGNATURE_HEADER: sign(body, self.settings.token)}
        try:
            async with self._session.post(
                self.settings.url, data=body, headers=headers, timeout=self._timeout, allow_redirects=False
            ) as answer:
                content = await answer.read()
                return content if answer.status == _TAKEN else None
        except (aiohttp.ClientError, TimeoutError):
            return None

    async def close(self) -> None:
        await self._courier.close()

    async def _deliver(self, letter: _Letter) -> Verdict:
        await self._faults.up()
        if not letter.tried and self._faults.on(FaultKind.REORDER):
            await asyncio.sleep(self._faults.random.uniform(0, _DISORDER))
        letter.tried = True
        answer = await self.post(letter.body)
        if answer is None:
            return 0.0
        letter.answered(answer)
        if self._faults.take(FaultKind.DUPLICATE):
            await self.post(letter.body)
        return None

    def _pause(self, failures: int) -> float:
        return min(2.0**failures, _LONGEST_PAUSE) * self.settings.time_scale


def sign(body: bytes, token: str) -> str:
    return hmac.new(token.encode(), body, hashlib.sha256).hexdigest()
