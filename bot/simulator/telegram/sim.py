"""Telegram as the bot and the residents see it: chats, messages, presses, the bot's settings."""

import itertools
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import aiohttp

from bot.simulator.bubbles import Bubble, JsonObject, Place, Sent
from bot.simulator.chatlog import ChatLog
from bot.simulator.config import SimulatorConfig
from bot.simulator.faults import MessengerFaults
from bot.simulator.feed import Feed
from bot.simulator.phone import Resident
from bot.simulator.telegram.errors import bad_request, forbidden
from bot.simulator.telegram.files import FileShelf
from bot.simulator.telegram.phone import TelegramPhone
from bot.simulator.telegram.updates import Update, UpdateQueue
from bot.simulator.telegram.webhook import Webhook, WebhookSettings
from bot.simulator.view import bubble_event, note_event

_FIRST_CHAT = 6_100_000_001
_FIRST_MESSAGE = 101
_FIRST_UPDATE = 870_000_001


@dataclass(frozen=True, slots=True)
class Answer:
    """What answerCallbackQuery showed to the resident."""

    resident: str
    text: str
    alert: bool


@dataclass(frozen=True, slots=True)
class Query:
    phone: TelegramPhone
    at: float


class TelegramSim:
    name = "telegram"

    def __init__(self, config: SimulatorConfig, faults: MessengerFaults, feed: Feed, home: Place) -> None:
        self.config = config
        self.faults = faults
        self.feed = feed
        self.home = home
        self.sent: list[Sent] = []
        self.answers: list[Answer] = []
        self.commands: dict[tuple[str, str], list[JsonObject]] = {}  # by chat, "" for any, and by language
        self.profile: dict[str, str] = {}
        self.menu_button: JsonObject = {"type": "default"}
        self.files = FileShelf()
        self.messages: dict[int, JsonObject] = {}
        self.queries: dict[str, Query] = {}
        self.updates = UpdateQueue(faults, self._confirmed, _FIRST_UPDATE + config.generation)
        self.webhook: Webhook | None = None
        self.session: aiohttp.ClientSession | None = None
        bot_id = config.telegram_token.partition(":")[0]
        self.me: JsonObject = {
            "id": int(bot_id) if bot_id.isdigit() else 1,
            "is_bot": True,
            "first_name": "Міський контактний центр",
            "username": "zvernys_simulator_bot",
        }
        self._by_key: dict[str, TelegramPhone] = {}
        self._by_chat: dict[int, TelegramPhone] = {}
        self._message_ids = itertools.count(_FIRST_MESSAGE + config.generation)
        self._random = random.Random(1)  # noqa: S311 - plausible identifiers, no secrets

    @property
    def phones(self) -> Sequence[TelegramPhone]:
        return list(self._by_key.values())

    @property
    def connected(self) -> bool:
        return self.webhook is not None or self.updates.polled

    def commands_for(self, language: str, chat: str = "") -> Sequence[JsonObject]:
        """As the platform chooses: those of the chat before everybody's, of the language before any."""
        if self.menu_button.get("type") not in {"default", "commands"}:
            return ()
        kept = (self.commands.get((scope, code)) for scope in (chat, "") for code in (language, ""))
        return next(filter(None, kept), [])

    def phone(self, key: str) -> TelegramPhone | None:
        return self._by_key.get(key)

    def resident(self, name: str, *, key: str | None = None, language: str = "uk") -> TelegramPhone:
        key = key or name
        known = self._by_key.get(key)
        if known is not None:
            return known
        number = len(self._by_key)
        resident = Resident(key, name, language, f"+38067{1_000_000 + number}")
        log = ChatLog(partial(self._show, key))
        phone = TelegramPhone(self, resident, log, _FIRST_CHAT + number * 7)
        self._by_key[key] = phone
        self._by_chat[phone.chat_id] = phone
        return phone

    def reachable(self, chat_id: str) -> TelegramPhone:
        """The phone a message can go to; ApiError as the platform words it."""
        phone = self._by_chat.get(int(chat_id)) if chat_id.lstrip("-").isdigit() else None
        if phone is None:
            raise bad_request("chat not found")
        if phone.blocked:
            raise forbidden("bot was blocked by the user")
        if not phone.started:
            raise forbidden("bot can't initiate conversation with a user")
        return phone

    def next_message_id(self) -> int:
        return next(self._message_ids)

    def next_query_id(self) -> str:
        return str(self._random.randrange(10**18, 9 * 10**18))

    def remember_query(self, query_id: str, phone: TelegramPhone) -> None:
        self.queries[query_id] = Query(phone, self.now())

    def take_query(self, query_id: str) -> TelegramPhone | None:
        """Who pressed, unless it is too long ago to answer."""
        query = self.queries.get(query_id)
        if query is None or self.now() - query.at > self.config.callback_ttl:
            return None
        return query.phone

    def now(self) -> float:
        return self.config.clock()

    def tell(self, phone: TelegramPhone, kind: str, content: JsonObject, bubble: int | None = None) -> None:
        """Queue an update for the bot."""
        self.updates.put(Update(kind, phone.chat_id, {kind: content}, bubble))

    def tell_raw(self, phone: TelegramPhone, update: JsonObject) -> None:
        kind = next((key for key in update if key != "update_id"), "message")
        self.updates.put(Update(kind, phone.chat_id, update))

    def record(self, method: str, phone: TelegramPhone, bubble: Bubble, parameters: JsonObject) -> None:
        self.sent.append(Sent(method, phone.key, bubble.id, bubble.text, bubble.at, parameters))

    def note(self, phone: TelegramPhone, kind: str, build: Callable[[], JsonObject]) -> None:
        self.feed.publish(lambda: note_event(self.name, phone.key, kind, build()))

    async def set_webhook(self, url: str, secret: str, connections: int) -> None:
        await self.delete_webhook()
        if self.session is None:
            raise RuntimeError("the simulator has not started")
        settings = WebhookSettings(
            url, secret, connections, self.config.answer_timeout, self.config.time_scale
        )
        self.webhook = Webhook(settings, self.session, self.faults, self.config.clock, self._confirmed)
        self.updates.deliver = self.webhook.deliver
        for update in self.updates.drain():
            self.webhook.deliver(update)
        self.updates.wake()

    async def delete_webhook(self) -> None:
        if self.webhook is not None:
            webhook, self.webhook = self.webhook, None
            self.updates.deliver = None
            self.updates.give_back(await webhook.close())

    async def close(self) -> None:
        await self.delete_webhook()
        self.updates.break_off()

    def _confirmed(self, update: Update) -> None:
        phone = self._by_chat.get(update.chat)
        if phone is not None and update.bubble is not None:
            phone.log.set_status(update.bubble, "delivered")

    def _show(self, key: str, bubble: Bubble) -> None:
        self.feed.publish(lambda: bubble_event(self.name, self._by_key[key], bubble))
