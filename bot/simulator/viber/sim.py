"""Viber as the bot and the residents see it: subscriptions, messages, receipts, what is billed."""

import base64
import itertools
import json
import random
from collections.abc import Sequence
from functools import partial

import aiohttp

from bot.simulator.bubbles import Bubble, JsonObject, Place, Sent
from bot.simulator.chatlog import ChatLog
from bot.simulator.config import SimulatorConfig
from bot.simulator.faults import MessengerFaults
from bot.simulator.feed import Feed
from bot.simulator.phone import Resident
from bot.simulator.viber.callbacks import Answered, Callbacks, CallbackSettings
from bot.simulator.viber.checks import Outgoing, read_message
from bot.simulator.viber.errors import Status, ViberError
from bot.simulator.viber.media import MediaShelf
from bot.simulator.viber.phone import ViberPhone
from bot.simulator.view import bubble_event

CHAT_HOSTNAME = "SN-CHAT-04_"
_FIRST_TOKEN = 5_900_000_000_000_000_001
_TOKEN_STEP = 7919
_SESSION = 86_400.0
_HOUR = 3600.0
_KINDS = {"picture": "photo", "": "keyboard", "file": "document"}


class ViberSim:
    """`balance` counts the billable messages left (None: no limit); `refused_welcomes` tells why."""

    name = "viber"

    def __init__(self, config: SimulatorConfig, faults: MessengerFaults, feed: Feed, home: Place) -> None:
        self.config = config
        self.faults = faults
        self.feed = feed
        self.home = home
        self.sent: list[Sent] = []
        self.refused_welcomes: list[str] = []
        self.balance: int | None = None
        self.account_blocked = False
        self.media = MediaShelf(config.media_ttl)
        self.callbacks: Callbacks | None = None
        self.session: aiohttp.ClientSession | None = None
        self._by_key: dict[str, ViberPhone] = {}
        self._by_id: dict[str, ViberPhone] = {}
        self._tokens = itertools.count(_FIRST_TOKEN + config.generation * _TOKEN_STEP, _TOKEN_STEP)
        self._random = random.Random(2)  # noqa: S311 - plausible identifiers, no secrets

    @property
    def phones(self) -> Sequence[ViberPhone]:
        return list(self._by_key.values())

    @property
    def connected(self) -> bool:
        return self.callbacks is not None

    def commands_for(self, language: str, chat: str = "") -> Sequence[JsonObject]:  # noqa: ARG002 - Viber has no such menu
        return ()

    def phone(self, key: str) -> ViberPhone | None:
        return self._by_key.get(key)

    def resident(self, name: str, *, key: str | None = None, language: str = "uk") -> ViberPhone:
        key = key or name
        known = self._by_key.get(key)
        if known is not None:
            return known
        user_id = base64.b64encode(self._random.randbytes(16)).decode()
        resident = Resident(key, name, language, f"+38050{1_000_000 + len(self._by_key)}")
        phone = ViberPhone(self, resident, ChatLog(partial(self._show, key)), user_id)
        self._by_key[key] = phone
        self._by_id[user_id] = phone
        return phone

    def by_id(self, user_id: object) -> ViberPhone:
        phone = self._by_id.get(user_id) if isinstance(user_id, str) else None
        if phone is None:
            raise ViberError(Status.RECEIVER_NOT_REGISTERED)
        return phone

    def next_token(self) -> int:
        return next(self._tokens)

    def now(self) -> float:
        return self.config.clock()

    def envelope(self, event: str, token: int | None = None) -> JsonObject:
        return {
            "event": event,
            "timestamp": int(self.now() * 1000),
            "chat_hostname": CHAT_HOSTNAME,
            "message_token": token or self.next_token(),
        }

    def tell(self, phone: ViberPhone, event: str, details: JsonObject) -> None:
        """Send a callback; without a webhook nobody hears it. `details` override the envelope."""
        self._send(phone, self.envelope(event) | details)

    def hear(self, phone: ViberPhone, token: int, details: JsonObject) -> None:
        """A resident's message opens a day's session and the hour's allowance anew."""
        phone.session_until = self.now() + _SESSION
        phone.unanswered.clear()
        self._send(
            phone,
            self.envelope("message", token) | details,
            lambda _: phone.log.set_status(token, "delivered"),
        )

    def open_conversation(self, phone: ViberPhone, context: str | None) -> None:
        event = self.envelope("conversation_started") | {
            "type": "open",
            "user": phone.profile,
            "subscribed": phone.subscribed,
        }
        if context is not None:
            event["context"] = context
        self._send(phone, event, lambda body: self._welcome(phone, body))

    def receipt(self, phone: ViberPhone, event: str, token: int, desc: str | None = None) -> None:
        """A delivered, seen or failed callback about a message of the bot."""
        details = self.envelope(event, token) | {"user_id": phone.user_id}
        if desc is not None:
            details["desc"] = desc
        if event == "delivered":
            phone.log.set_status(token, "delivered")
        elif event == "seen":
            phone.log.set_status(token, "seen")
        else:
            phone.log.set_status(token, "failed")
        self._send(phone, details)

    def accept(
        self, phone: ViberPhone, message: Outgoing, photo: bytes | None, raw: JsonObject
    ) -> JsonObject:
        """Put a checked message on the phone, and answer as send_message does."""
        now = self.now()
        self._count(phone, now)
        billing = self._bill(phone, now)
        bubble = self._show_message(phone, message, photo)
        shown = {key: value for key, value in raw.items() if key != "auth_token"}
        self.sent.append(Sent("send_message", phone.key, bubble.id, bubble.text, now, shown))
        self.receipt(phone, "delivered", bubble.id)
        if phone.auto_read:
            self.receipt(phone, "seen", bubble.id)
        else:
            phone.unread.append(bubble.id)
        return {"message_token": bubble.id, "billing_status": billing}

    async def set_webhook(self, url: str, events: frozenset[str] | None) -> list[str]:
        """ViberError when the address does not answer the trial event with 200.

        What an earlier address has not taken yet goes on to the new one.
        """
        if self.session is None:
            raise RuntimeError("the simulator has not started")
        settings = CallbackSettings(
            url, self.config.viber_token, events, self.config.answer_timeout, self.config.time_scale
        )
        callbacks = Callbacks(settings, self.session, self.faults)
        if await callbacks.post(json.dumps(self.envelope("webhook")).encode()) is None:
            raise ViberError(Status.INVALID_URL)
        if self.callbacks is None:
            self.callbacks = callbacks
        else:
            self.callbacks.settings = settings
        return callbacks.event_types

    async def remove_webhook(self) -> None:
        callbacks, self.callbacks = self.callbacks, None
        if callbacks is not None:
            await callbacks.close()

    async def close(self) -> None:
        await self.remove_webhook()

    def _send(self, phone: ViberPhone, event: JsonObject, answered: Answered = lambda _: None) -> None:
        if self.callbacks is not None:
            self.callbacks.send(phone.user_id, event, answered)

    def _count(self, phone: ViberPhone, now: float) -> None:
        recent = phone.unanswered
        if recent and recent[0] <= now - _HOUR:
            recent[:] = [at for at in recent if at > now - _HOUR]
        if len(recent) >= self.config.viber_hourly_limit:
            raise ViberError(Status.TOO_MANY_REQUESTS)
        recent.append(now)

    def _bill(self, phone: ViberPhone, now: float) -> int:
        """1: within the session, free. 2: outside it, charged."""
        if now < phone.session_until:
            return 1
        if self.balance is not None:
            if self.balance <= 0:
                raise ViberError(Status.NO_BALANCE)
            self.balance -= 1
        return 2

    def _welcome(self, phone: ViberPhone, body: bytes) -> None:
        """The webhook's answer to conversation_started may be one message."""
        if not body.strip():
            return
        try:
            raw = json.loads(body)
            if isinstance(raw, dict) and raw:
                self._show_message(phone, read_message(raw), None)
        except ViberError as error:
            self.refused_welcomes.append(error.message)
        except ValueError:
            self.refused_welcomes.append("the answer is no JSON")

    def _show_message(self, phone: ViberPhone, message: Outgoing, photo: bytes | None) -> Bubble:
        """A message without a keyboard takes the former one away."""
        phone.tracking_data = message.tracking_data
        phone.log.keyboard = message.keyboard
        bubble = Bubble(
            self.next_token(),
            "bot",
            message.text,
            self.now(),
            kind=_KINDS.get(message.kind, message.kind),
            photo=photo or (message.media if message.kind == "picture" else None),
            keyboard=message.keyboard,
            place=message.place,
            file_name=message.file_name,
        )
        return phone.log.add(bubble)

    def _show(self, key: str, bubble: Bubble) -> None:
        self.feed.publish(lambda: bubble_event(self.name, self._by_key[key], bubble))
