"""What comes from Telegram: updates as the inbox keeps them, and what the resident did by each."""

import json
from typing import Any

from aiogram.enums import ContentType
from aiogram.types import CallbackQuery, ChatMemberUpdated, Update
from aiogram.types import Message as TelegramMessage
from pydantic import ValidationError

from bot.dialogue import Unreadable, load
from bot.messages import Act, Incoming, Receipt
from bot.telegram.files import file_of
from bot.text import clean
from core.inbox import Received
from core.models import Channel

# What a resident sends and we can't use: it is declined in words. So is what a later Bot API may bring.
# Everything else that is left then is the platform's own notice, which asks for no answer.
_UNUSED = {
    ContentType.UNKNOWN,
    ContentType.STICKER,
    ContentType.CONTACT,
    ContentType.POLL,
    ContentType.DICE,
    ContentType.GAME,
    ContentType.STORY,
    ContentType.CHECKLIST,
    ContentType.PAID_MEDIA,
    ContentType.RICH_MESSAGE,
    ContentType.INVOICE,
    ContentType.GIVEAWAY,
}
# In which part of an update stands who it is from.
_TURN = {"message": "chat", "edited_message": "chat", "my_chat_member": "chat", "callback_query": "from"}
# Fields that aiogram requires and some real payloads leave out, by a field that tells what it is about.
_OF_FILES = {"file_unique_id": "", "width": 0, "height": 0, "length": 0, "duration": 0}
_OF_PEOPLE = {"is_bot": False, "first_name": ""}


def received(raw: dict[str, Any]) -> Received:
    """The update as the inbox keeps it: its id, and whose turn it is."""
    sender = ""
    for kind, whose in _TURN.items():
        part = raw.get(kind)
        if isinstance(part, dict) and isinstance(person := part.get(whose), dict):
            sender = str(person.get("id", ""))
    return Received(Channel.TELEGRAM, str(raw["update_id"]), sender, json.dumps(raw, ensure_ascii=False))


def received_body(body: bytes) -> Received:
    """A webhook's body; what is no update at all is kept, to be parked."""
    try:
        raw = json.loads(body)
        return received(raw)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        return Received.unreadable(Channel.TELEGRAM, body, f"not an update: {type(error).__name__}")


def parse(payload: str) -> Incoming | Receipt | None:
    """What the resident did; None where it asks for no answer. Unreadable where aiogram can't read it."""
    update = _read(load(payload))
    if update.message is not None:
        return _message(update.message)
    if update.edited_message is not None:
        return _edit(update.edited_message)
    if update.callback_query is not None:
        return _press(update.callback_query)
    if update.my_chat_member is not None:
        return _membership(update.my_chat_member)
    return None


def _read(raw: dict[str, Any]) -> Update:
    """By aiogram; a part of a message that it can't read is left out, so that the rest is not lost."""
    _make_lenient(raw)
    try:
        return Update.model_validate(raw)
    except ValidationError as error:
        for detail in error.errors():
            where = detail["loc"]
            part = raw.get(str(where[0])) if len(where) > 1 else None
            if isinstance(part, dict):
                part.pop(str(where[1]), None)
    try:
        return Update.model_validate(raw)
    except ValidationError as error:
        raise Unreadable(f"{error.error_count()} wrong fields, first: {error.errors()[0]['loc']}") from error


def _make_lenient(node: Any) -> None:  # noqa: ANN401 - any JSON
    if isinstance(node, dict):
        if "file_id" in node:
            for field, least in _OF_FILES.items():
                node.setdefault(field, least)
        for key in ("from", "user"):
            person = node.get(key)
            if isinstance(person, dict):
                for field, least in _OF_PEOPLE.items():
                    person.setdefault(field, least)
        for child in node.values():
            _make_lenient(child)
    elif isinstance(node, list):
        for child in node:
            _make_lenient(child)


def _message(message: TelegramMessage) -> Incoming | None:
    common = _common(message)
    if common is None:
        return None
    text = clean(message.text or message.caption or "")
    file = file_of(message)
    found: Incoming | None = None
    if message.text and text.split(maxsplit=1)[:1] == ["/start"]:
        found = Incoming(act=Act.START, text=text.removeprefix("/start").strip(), **common)
    elif file is not None:
        found = Incoming(act=Act.FILE, text=text, file=file, album=message.media_group_id or "", **common)
    elif message.venue is not None or message.location is not None:
        found = _place(message, common)
    elif text or message.text:
        found = Incoming(act=Act.TEXT, text=text, **common)
    elif message.content_type in _UNUSED:
        found = Incoming(act=Act.OTHER, **common)
    return found


def _place(message: TelegramMessage, common: dict[str, Any], act: Act = Act.LOCATION) -> Incoming | None:
    """A point, the point where a live one begins or is now, or a named place."""
    venue = message.venue
    point = message.location or (venue.location if venue else None)
    if point is None:
        return None
    named = clean(", ".join(filter(None, (venue.title, venue.address)))) if venue else ""
    return Incoming(act=act, lat=point.latitude, lon=point.longitude, text=named, **common)


def _edit(message: TelegramMessage) -> Incoming | None:
    """An edited text or caption, or a live location that moved on; anything else asks for no answer."""
    common = _common(message)
    if common is None:
        return None
    if message.location is not None:
        return _place(message, common, Act.MOVED)
    text = clean(message.text or message.caption or "")
    return Incoming(act=Act.EDIT, text=text, **common) if text else None


def _press(query: CallbackQuery) -> Incoming | None:
    if query.message is not None and query.message.chat.type != "private":
        return None
    return Incoming(
        channel=Channel.TELEGRAM,
        sender=str(query.from_user.id),
        act=Act.BUTTON,
        language=query.from_user.language_code or "",
        button=query.data or "",
        callback=query.id,
    )


def _membership(change: ChatMemberUpdated) -> Incoming | None:
    if change.chat.type != "private":
        return None
    left = change.new_chat_member.status in {"kicked", "left"}
    return Incoming(
        channel=Channel.TELEGRAM,
        sender=str(change.chat.id),
        act=Act.LEFT if left else Act.CAME_BACK,
        language=change.from_user.language_code or "",
    )


def _common(message: TelegramMessage) -> dict[str, Any] | None:
    """What every message tells; None for groups, where the bot has nothing to say."""
    if message.chat.type != "private":
        return None
    person = message.from_user
    return {
        "channel": Channel.TELEGRAM,
        "sender": str(message.chat.id),
        "language": (person.language_code if person else None) or "",
        "message_id": str(message.message_id),
        "reply_to": str(message.reply_to_message.message_id) if message.reply_to_message else "",
    }
