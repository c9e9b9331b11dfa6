"""Keyboards of the Bot API: their validity, and what they look like on the phone."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from bot.simulator.bubbles import Button, ButtonKind, JsonObject, Keyboard, Rows
from bot.simulator.config import is_loopback
from bot.simulator.telegram.errors import ApiError, bad_request

CALLBACK_DATA_BYTES = 64
_MOST_BUTTONS = 100
_LONGEST_PLACEHOLDER = 64


@dataclass(frozen=True, slots=True)
class Markup:
    """`inline` is the markup to repeat in the message's JSON."""

    inline: JsonObject | None = None
    buttons: Rows = ()
    keyboard: Keyboard | None = None
    removed: bool = False


_NONE = Markup()


def read_markup(raw: object) -> Markup:
    if raw is None:
        return _NONE
    if not isinstance(raw, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" in raw:
        rows = _rows(raw["inline_keyboard"], inline=True)
        return Markup({"inline_keyboard": raw["inline_keyboard"]} if rows else None, rows)
    if "keyboard" in raw:
        placeholder = str(raw.get("input_field_placeholder") or "")
        if len(placeholder) > _LONGEST_PLACEHOLDER:
            raise bad_request("reply markup placeholder is too long")
        keyboard = Keyboard(
            _rows(raw["keyboard"], inline=False),
            one_time=bool(raw.get("one_time_keyboard")),
            placeholder=placeholder,
        )
        return Markup(keyboard=keyboard)
    if raw.get("remove_keyboard"):
        return Markup(removed=True)
    return _NONE


def _rows(raw: object, *, inline: bool) -> Rows:
    if not isinstance(raw, list) or not all(isinstance(row, list) for row in raw):
        raise bad_request(
            f"field {'inline_keyboard' if inline else 'keyboard'} of the reply markup "
            "must be an Array of Arrays"
        )
    read = _inline_button if inline else _key
    rows = tuple(tuple(read(button) for button in row) for row in raw if row)
    if sum(map(len, rows)) > _MOST_BUTTONS:
        raise bad_request("REPLY_MARKUP_TOO_LONG")
    return rows


def _inline_button(raw: Any) -> Button:  # noqa: ANN401 - any JSON
    if not isinstance(raw, dict):
        raise _unparsable("inline keyboard button", "Object expected")
    label = raw.get("text")
    if not isinstance(label, str) or not label.strip():
        raise _unparsable("inline keyboard button", 'Field "text" must be a non-empty String')
    if "callback_data" in raw:
        data = raw["callback_data"]
        if not isinstance(data, str) or not 0 < len(data.encode()) <= CALLBACK_DATA_BYTES:
            raise bad_request("BUTTON_DATA_INVALID")
        return Button(label, data)
    if "url" in raw:
        return Button(label, kind="url", url=_checked_url(str(raw["url"])))
    if "copy_text" in raw or "web_app" in raw or "switch_inline_query" in raw:
        return Button(label, kind="none")
    raise _unparsable("inline keyboard button", "Text buttons are unallowed in the inline keyboard")


def _key(raw: Any) -> Button:  # noqa: ANN401 - any JSON
    if isinstance(raw, str):
        raw = {"text": raw}
    if not isinstance(raw, dict):
        raise _unparsable("keyboard button", "Object expected")
    label = raw.get("text")
    if not isinstance(label, str) or not label.strip():
        raise _unparsable("keyboard button", 'Field "text" must be a non-empty String')
    kind: ButtonKind = "text"
    if raw.get("request_location"):
        kind = "location"
    elif raw.get("request_contact"):
        kind = "contact"
    return Button(label, label, kind)


def _checked_url(url: str) -> str:
    """Telegram refuses addresses without a dot in the host; loopback ones are let through for the demo."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    known = parts.scheme in {"http", "https"} and ("." in host or is_loopback(host))
    if not known and parts.scheme not in {"tg", "ton"}:
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
    return url


def _unparsable(what: str, reason: str) -> ApiError:
    return bad_request(f"can't parse {what}: {reason}")
