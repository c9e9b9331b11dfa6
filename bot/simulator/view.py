"""Phones and bubbles as JSON for the page. Identifiers are text: JavaScript cannot hold 64 bits."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from urllib.parse import quote

from bot.simulator.bubbles import Bubble, Button, JsonObject, Keyboard
from bot.simulator.phone import Messenger, Phone

_SHOWN_MESSAGES = 400


def button_view(button: Button) -> JsonObject:
    return asdict(button)


def keyboard_view(keyboard: Keyboard | None) -> JsonObject | None:
    if keyboard is None:
        return None
    return {
        "rows": [[button_view(button) for button in row] for row in keyboard.rows],
        "color": keyboard.color,
        "placeholder": keyboard.placeholder,
        "input_hidden": keyboard.input_hidden,
    }


def bubble_view(messenger: str, key: str, bubble: Bubble) -> JsonObject:
    photo = bubble.photo
    return {
        "id": str(bubble.id),
        "side": bubble.side,
        "kind": bubble.kind,
        "text": bubble.text,
        "spans": [asdict(span) for span in bubble.spans],
        "at": bubble.at,
        "photo": f"/sim/{messenger}/photo?key={quote(key)}&id={bubble.id}" if photo else None,
        "buttons": [[button_view(button) for button in row] for row in bubble.buttons],
        "place": bubble.place,
        "file_name": bubble.file_name,
        "group": bubble.group,
        "reply_to": None if bubble.reply_to is None else str(bubble.reply_to),
        "status": bubble.status,
        "edited": bubble.edited,
        "deleted": bubble.deleted,
    }


def phone_view(messenger: Messenger, phone: Phone) -> JsonObject:
    return {
        "key": phone.key,
        "name": phone.name,
        "language": phone.resident.language,
        "blocked": phone.blocked,
        "keyboard": keyboard_view(phone.keyboard),
        "messages": [
            bubble_view(messenger.name, phone.key, bubble) for bubble in phone.log.bubbles[-_SHOWN_MESSAGES:]
        ],
    }


def bubble_event(messenger: str, phone: Phone, bubble: Bubble) -> JsonObject:
    return {
        "type": "bubble",
        "messenger": messenger,
        "key": phone.key,
        "bubble": bubble_view(messenger, phone.key, bubble),
        "keyboard": keyboard_view(phone.keyboard),
        "blocked": phone.blocked,
    }


def note_event(messenger: str, key: str, kind: str, details: Mapping[str, Any]) -> JsonObject:
    return {"type": kind, "messenger": messenger, "key": key, **details}
