"""Viber keyboards: their validity, and what they look like on the phone."""

import html
import re
from typing import Any

from bot.simulator.bubbles import Button, ButtonKind, JsonObject, Keyboard
from bot.simulator.viber.errors import bad_data

_KINDS: dict[str, ButtonKind] = {
    "reply": "text",
    "open-url": "url",
    "location-picker": "location",
    "share-phone": "contact",
    "none": "none",
}
_NEW_KINDS = frozenset({"location-picker", "share-phone"})
_NEW_KINDS_VERSION = 3
_WIDEST = 6
_HIGHEST = 2
_MOST_ROWS = 24
_LONGEST_LABEL = 250
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
_TAG = re.compile(r"<[^>]*>")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_FONT = re.compile(r"""<font[^>]*color\s*=\s*["']?(#[0-9A-Fa-f]{6})""", re.IGNORECASE)


def read_keyboard(raw: object, min_api_version: int) -> Keyboard | None:
    if raw is None:
        return None
    if not isinstance(raw, dict):
        raise bad_data("keyboard is not valid")
    if raw.get("Type") != "keyboard":
        raise bad_data("keyboard.Type is missing")
    listed = raw.get("Buttons")
    if not isinstance(listed, list) or not listed:
        raise bad_data("keyboard.Buttons is missing")
    buttons = tuple(_button(button, min_api_version) for button in listed)
    if sum(button.columns * button.rows for button in buttons) > _WIDEST * _MOST_ROWS:
        raise bad_data(f"keyboard has more than {_MOST_ROWS} rows")
    return Keyboard(
        (buttons,), color=_colour(raw, "BgColor"), input_hidden=raw.get("InputFieldState") == "hidden"
    )


def _button(raw: Any, min_api_version: int) -> Button:  # noqa: ANN401 - any JSON
    if not isinstance(raw, dict):
        raise bad_data("keyboard.Buttons is not valid")
    action = raw.get("ActionType", "reply")
    if action not in _KINDS:
        raise bad_data(f"keyboard.Buttons.ActionType {action} is not valid")
    if action in _NEW_KINDS and min_api_version < _NEW_KINDS_VERSION:
        raise bad_data(f"{action} requires min_api_version {_NEW_KINDS_VERSION}")
    body = raw.get("ActionBody")
    if action != "none" and (not isinstance(body, str) or not body):
        raise bad_data("keyboard.Buttons.ActionBody is missing")
    text = str(raw.get("Text") or "")
    if len(text) > _LONGEST_LABEL:
        raise bad_data("keyboard.Buttons.Text is too long")
    font = _FONT.search(text)
    return Button(
        label=html.unescape(_TAG.sub("", _BREAK.sub("\n", text))),
        data=str(body or ""),
        kind=_KINDS[action],
        url=str(body) if action == "open-url" else None,
        columns=_size(raw, "Columns", _WIDEST, default=_WIDEST),
        rows=_size(raw, "Rows", _HIGHEST, default=1),
        color=_colour(raw, "BgColor"),
        text_color=font[1] if font else None,
        silent=raw.get("Silent") is True,
    )


def _size(raw: JsonObject, name: str, largest: int, *, default: int) -> int:
    value = raw.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= largest:
        raise bad_data(f"keyboard.Buttons.{name} must be 1 to {largest}")
    return value


def _colour(raw: JsonObject, name: str) -> str | None:
    value = raw.get(name)
    if value is None:
        return None
    if not isinstance(value, str) or not _COLOUR.fullmatch(value):
        raise bad_data(f"keyboard {name} is not valid")
    return value
