"""What is seen on a resident's phone."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

JsonObject = dict[str, Any]

Side = Literal["bot", "resident"]
Status = Literal["sent", "delivered", "seen", "failed"]
ButtonKind = Literal["callback", "text", "url", "location", "contact", "none"]
Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Button:
    """`data` is what the bot receives: callback data, an ActionBody, or the words of a reply key."""

    label: str
    data: str = ""
    kind: ButtonKind = "callback"
    url: str | None = None
    columns: int = 6
    rows: int = 1
    color: str | None = None
    text_color: str | None = None
    silent: bool = False


Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Keyboard:
    """Keys in place of the phone's own. In Viber one row holds all buttons: `columns` lay them out."""

    rows: Rows
    color: str | None = None
    one_time: bool = False
    placeholder: str = ""
    input_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """Formatting; offset and length in UTF-16 units, as Telegram and JavaScript count."""

    kind: str
    offset: int
    length: int
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message as it stands now. `photo` is bytes, or the address of a picture not fetched."""

    id: int
    side: Side
    text: str
    at: float
    kind: str = "text"
    photo: bytes | str | None = None
    spans: tuple[Span, ...] = ()
    buttons: Rows = ()
    keyboard: Keyboard | None = None
    keyboard_removed: bool = False
    place: Place | None = None
    file_name: str = ""
    group: str | None = None
    reply_to: int | None = None
    status: Status = "sent"
    edited: int = 0
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """A message accepted from the bot, with the parameters it came with."""

    method: str
    to: str
    bubble_id: int
    text: str
    at: float
    parameters: Mapping[str, Any]
