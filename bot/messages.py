"""What passes between the adapters and the conversation: frozen values, the same for every messenger."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from core.models import Channel, OutboxState
from core.models.appeals import AttachmentKind


class Act(StrEnum):
    """What the resident did."""

    TEXT = "text"
    EDIT = "edit"  # of a message sent before
    FILE = "file"  # a photo, a video, a voice message, a document
    LOCATION = "location"
    MOVED = "moved"  # a live location that goes on
    BUTTON = "button"
    START = "start"
    OTHER = "other"  # a sticker, a contact, a type we don't know yet
    LEFT = "left"  # blocked the bot or unsubscribed
    CAME_BACK = "came_back"


@dataclass(frozen=True, slots=True)
class FileRef:
    """A file still at the platform; `source` is what its adapter fetches it by.

    `kind` is what the platform takes it for; what it really is shows when it is fetched. `name` as the
    sender's device calls it, made safe to show.
    """

    source: str
    bytes: int | None = None
    kind: AttachmentKind = AttachmentKind.PHOTO
    name: str = ""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One thing a resident did, freed of the platform's form. Texts have no control characters."""

    channel: Channel
    sender: str
    act: Act
    language: str = ""  # of the client, as the platform says it
    text: str = ""  # words, a caption, the name of a place, or the payload of START
    file: FileRef | None = None
    lat: float | None = None
    lon: float | None = None
    button: str = ""
    callback: str = ""  # to be acknowledged by the answer
    album: str = ""
    message_id: str = ""
    reply_to: str = ""  # our message they answered
    after: str = ""  # id of our outbox row that they had before them


@dataclass(frozen=True, slots=True)
class Receipt:
    """The platform's word on a message of ours."""

    channel: Channel
    provider_id: str
    state: OutboxState
    error: str = ""
    sender: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One text by key, or an empty line; parameters are facts (slugs, instants, words), formatted late."""

    key: str
    params: dict[str, Any] = field(default_factory=dict)
    n: int | None = None


def line(key: str, *, n: int | None = None, **params: object) -> Line:
    return Line(key, params, n)


BLANK = Line("")


@dataclass(frozen=True, slots=True)
class Button:
    label: Line
    data: str  # action:argument:…, at most 64 bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """One message to a resident. Replies of one `slot` are versions of one message.

    `edits`: the newer version may take the older one's place where the platform can edit. What answers words
    is said below them instead, where it is looked for. `menu`: the buttons are only the way on, for a
    messenger that shows no menu of its own.
    """

    lines: tuple[Line, ...]
    buttons: tuple[tuple[Button, ...], ...] = ()
    photos: tuple[int, ...] = ()  # ids of stored attachments
    point: tuple[float, float] | None = None  # latitude and longitude, shown on a map above the words
    ask_location: bool = False
    menu: bool = False
    callback: str = ""  # the press this answers
    slot: str = ""
    edits: bool = False
    delay: float = 0.0  # seconds to wait for more of an album
    appeal: int | None = None
    of_work: bool = False  # to somebody who works here, as such: the city's, not theirs

    def to_body(self) -> dict[str, Any]:
        """As the outbox keeps it; only what is not empty."""
        body: dict[str, Any] = {"lines": [[each.key, each.params, each.n] for each in self.lines]}
        if self.buttons:
            body["buttons"] = [
                [[button.label.key, button.label.params, button.label.n, button.data] for button in row]
                for row in self.buttons
            ]
        if self.photos:
            body["photos"] = list(self.photos)
        if self.point:
            body["point"] = list(self.point)
        if self.ask_location:
            body["ask_location"] = True
        if self.menu:
            body["menu"] = True
        if self.callback:
            body["callback"] = self.callback
        return body

    @classmethod
    def from_body(cls, body: dict[str, Any]) -> "Reply":
        return cls(
            lines=tuple(Line(key, params, n) for key, params, n in body["lines"]),
            buttons=tuple(
                tuple(Button(Line(key, params, n), data) for key, params, n, data in row)
                for row in body.get("buttons", ())
            ),
            photos=tuple(body.get("photos", ())),
            point=_point(body.get("point")),
            ask_location=body.get("ask_location", False),
            menu=body.get("menu", False),
            callback=body.get("callback", ""),
        )


def _point(raw: list[float] | None) -> tuple[float, float] | None:
    return (raw[0], raw[1]) if raw else None
