"""Outgoing Viber messages: what the platform demands of each type."""

from dataclasses import dataclass
from typing import Any

from bot.simulator.bubbles import JsonObject, Keyboard, Place
from bot.simulator.viber.errors import bad_data
from bot.simulator.viber.keyboard import read_keyboard

LARGEST_JSON = 30 * 1024
LONGEST_TEXT = 7000
LONGEST_CAPTION = 120
LONGEST_SENDER_NAME = 28
LONGEST_TRACKING_DATA = 4000
_NEEDED = {
    "text": ("text",),
    "picture": ("media",),
    "video": ("media", "size"),
    "file": ("media", "size", "file_name"),
    "location": ("location",),
    "contact": ("contact",),
    "sticker": ("sticker_id",),
    "url": ("media",),
    "rich_media": ("rich_media",),
}


@dataclass(frozen=True, slots=True)
class Outgoing:
    """`kind` is empty for a keyboard sent alone."""

    kind: str
    text: str
    media: str
    place: Place | None
    tracking_data: str
    keyboard: Keyboard | None
    file_name: str


def read_message(raw: JsonObject) -> Outgoing:
    sender = raw.get("sender")
    name = sender.get("name") if isinstance(sender, dict) else None
    if not isinstance(name, str) or not name:
        raise bad_data("sender.name is missing")
    if len(name) > LONGEST_SENDER_NAME:
        raise bad_data("sender.name is too long")
    version = raw.get("min_api_version") or 1
    if not isinstance(version, int):
        raise bad_data("min_api_version is not valid")
    keyboard = read_keyboard(raw.get("keyboard"), version)
    kind = raw.get("type", "")
    if not kind and keyboard is None:
        raise bad_data("type is missing")
    if kind and kind not in _NEEDED:
        raise bad_data(f"type {kind} is not valid")
    for field in _NEEDED.get(kind, ()):
        if raw.get(field) in (None, ""):
            raise bad_data(f"{field} is missing")
    return Outgoing(
        kind=kind,
        text=_words(raw, "text", LONGEST_CAPTION if kind == "picture" else LONGEST_TEXT),
        media=_words(raw, "media", LONGEST_TEXT),
        place=_place(raw["location"]) if kind == "location" else None,
        tracking_data=_words(raw, "tracking_data", LONGEST_TRACKING_DATA),
        keyboard=keyboard,
        file_name=_words(raw, "file_name", 256),
    )


def _words(raw: JsonObject, field: str, longest: int) -> str:
    value = raw.get(field)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise bad_data(f"{field} is not valid")
    if len(value) > longest:
        raise bad_data(f"{field} is too long")
    return value


def _place(raw: Any) -> Place:  # noqa: ANN401 - any JSON
    try:
        return float(raw["lat"]), float(raw["lon"])
    except (KeyError, TypeError, ValueError):
        raise bad_data("location is not valid") from None
