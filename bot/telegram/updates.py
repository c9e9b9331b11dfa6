"""What comes from Telegram: updates as the inbox keeps them, and what the resident did by each."""

import json
from typing import Any

from aiogram.types import CallbackQuery, ChatMemberUpdated, Update
from aiogram.types import Message as TelegramMessage
from pydantic import ValidationError

from bot.dialogue import Unreadable, load
from bot.messages import Act, Incoming, PhotoRef, Receipt
from bot.text import clean
from core.inbox import Received
from core.models import Channel

# What a resident can send and we can't use; anything else in a message is the platform's own notice.
_UNUSED = (
    "sticker",
    "voice",
    "video",
    "video_note",
    "animation",
    "audio",
    "document",
    "contact",
    "poll",
    "dice",
    "story",
)
# In which part of an update stands who it is from.
_TURN = {"message": "chat", "edited_message": "chat", "my_chat_member": "chat", "callback_query": "from"}


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
    raw = load(payload)
    _make_lenient(raw)
    try:
        update = Update.model_validate(raw)
    except ValidationError as error:
        raise Unreadable(f"{error.error_count()} wrong fields, first: {error.errors()[0]['loc']}") from error
    if update.message is not None:
        return _message(update.message)
    if update.edited_message is not None:
        return _edit(update.edited_message)
    if update.callback_query is not None:
        return _press(update.callback_query)
    if update.my_chat_member is not None:
        return _membership(update.my_chat_member)
    return None


def _make_lenient(node: Any) -> None:  # noqa: ANN401 - any JSON
    """Some real payloads leave out User.is_bot, which aiogram requires."""
    if isinstance(node, dict):
        for key in ("from", "user"):
            person = node.get(key)
            if isinstance(person, dict):
                person.setdefault("is_bot", False)
                person.setdefault("first_name", "")
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
    photo = _photo(message)
    place = message.location or (message.venue.location if message.venue else None)
    found: Incoming | None = None
    if message.text and text.split(maxsplit=1)[:1] == ["/start"]:
        found = Incoming(act=Act.START, text=text.removeprefix("/start").strip(), **common)
    elif photo is not None:
        found = Incoming(act=Act.PHOTO, text=text, photo=photo, album=message.media_group_id or "", **common)
    elif place is not None:
        found = Incoming(act=Act.LOCATION, lat=place.latitude, lon=place.longitude, **common)
    elif message.text:
        found = Incoming(act=Act.TEXT, text=text, **common)
    elif any(getattr(message, kind, None) is not None for kind in _UNUSED):
        found = Incoming(act=Act.OTHER, **common)
    return found


def _edit(message: TelegramMessage) -> Incoming | None:
    """An edited text or caption; a live location that moved on asks for no answer."""
    common = _common(message)
    text = clean(message.text or message.caption or "")
    if common is None or message.location is not None or not text:
        return None
    return Incoming(act=Act.EDIT, text=text, **common)


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


def _photo(message: TelegramMessage) -> PhotoRef | None:
    if message.photo:
        largest = max(message.photo, key=lambda size: size.width * size.height)
        return PhotoRef(largest.file_id, largest.file_size)
    document = message.document
    if document is not None and (document.mime_type or "").startswith("image/"):
        return PhotoRef(document.file_id, document.file_size)
    return None
