"""What comes from Viber: callbacks as the inbox keeps them, and what the resident did by each.

viberbot's parser raises on what it doesn't know, so the raw body is stored first and read leniently.
"""

import hashlib
import hmac
import json
from typing import Any

from viberbot.api import viber_requests
from viberbot.api.event_type import EventType
from viberbot.api.messages.message_type import MessageType

from bot.dialogue import Unreadable, load
from bot.messages import Act, FileRef, Incoming, Receipt
from bot.text import clean, file_name
from core.inbox import Received
from core.models import Channel, OutboxState
from core.models.appeals import AttachmentKind

PRESS = "zv|"  # begins an ActionBody, which comes back as an ordinary text message
SERIES = "series"  # Viber sends several files one by one, with nothing that says they belong together
LONGEST_ADDRESS = 2000  # characters; theirs have some 300
EVENTS = ["delivered", "seen", "failed", "subscribed", "unsubscribed", "conversation_started"]
RECEIPTS = {
    EventType.DELIVERED: OutboxState.DELIVERED,
    EventType.SEEN: OutboxState.SEEN,
    EventType.FAILED: OutboxState.FAILED,
}
_FILES = {
    MessageType.PICTURE: AttachmentKind.PHOTO,
    MessageType.VIDEO: AttachmentKind.VIDEO,
    MessageType.FILE: AttachmentKind.DOCUMENT,
    "audio": AttachmentKind.VOICE,  # documented for no bot, and sent by some clients
}


def signed(body: bytes, signature: str, token: str) -> bool:
    """Whether Viber signed this body with our token."""
    expected = hmac.new(token.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), signature.encode("utf-8", "replace"))


def received_body(body: bytes) -> Received:
    """A callback as the inbox keeps it: known by event, message token and person, as repeats are."""
    try:
        raw = json.loads(body)
        event = str(raw["event"])
        sender = _sender(raw)
        token = raw["message_token"]
        payload = body.decode()
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        return Received.unreadable(Channel.VIBER, body, f"no callback: {type(error).__name__}")
    turn = "" if event in RECEIPTS else sender  # a receipt waits for nobody, and nobody for it
    return Received(Channel.VIBER, f"{event}:{token}:{sender}", turn, payload)


def person_of(raw: dict[str, Any]) -> dict[str, Any]:
    found = (raw.get("sender"), raw.get("user"))
    return next((each for each in found if isinstance(each, dict)), {})


def _sender(raw: dict[str, Any]) -> str:
    return str(person_of(raw).get("id") or raw.get("user_id") or "")


def parse(payload: str) -> Incoming | Receipt | None:
    """What the resident did, or what became of our message; None where nothing is to be done."""
    raw = load(payload)
    event = str(raw.get("event"))
    if event in RECEIPTS:  # viberbot refuses a `failed` without `desc`, and all that is needed is here
        return Receipt(
            Channel.VIBER,
            str(raw.get("message_token", "")),
            RECEIPTS[event],
            str(raw.get("desc", "")),
            _sender(raw),
        )
    try:
        request = viber_requests.create_request(raw)
    except Exception as error:
        if event == EventType.MESSAGE and _sender(raw):
            return _message(raw)  # of a type it doesn't know: answered all the same
        if event != EventType.MESSAGE and event not in EVENTS:
            return None
        raise Unreadable(f"viberbot: {error}") from error
    left = isinstance(request, viber_requests.ViberUnsubscribedRequest)
    said = isinstance(request, viber_requests.ViberMessageRequest)
    back = isinstance(request, viber_requests.ViberSubscribedRequest)
    if (left or said or back) and not _sender(raw):
        raise Unreadable("nobody sent it")
    if left or back:
        return Incoming(Channel.VIBER, _sender(raw), Act.LEFT if left else Act.CAME_BACK)
    if said:
        return _message(raw)
    return (
        None  # a webhook's test; a conversation that has only been opened is answered by the webhook itself
    )


def _message(raw: dict[str, Any]) -> Incoming:
    """From the raw fields: viberbot takes them as they are, of whatever type, and knows no voice messages."""
    common = _common(raw)
    said = raw.get("message")
    if not isinstance(said, dict):
        said = {}
    kind, text = str(said.get("type")), said.get("text")
    words = clean(text) if isinstance(text, str) else ""
    if kind == MessageType.TEXT and isinstance(text, str):
        return _words(text, common)
    if kind == MessageType.URL and isinstance(said.get("media"), str):
        return Incoming(act=Act.TEXT, text=clean(said["media"]), **common)
    if kind in _FILES and (file := _file(said, _FILES[kind])) is not None:
        return Incoming(act=Act.FILE, text=words, file=file, album=SERIES, **common)
    if kind == MessageType.LOCATION and (point := _point(said.get("location"))) is not None:
        address = said["location"].get("address")
        named = clean(address) if isinstance(address, str) else words
        return Incoming(act=Act.LOCATION, lat=point[0], lon=point[1], text=named, **common)
    return Incoming(act=Act.OTHER, **common)


def _file(said: dict[str, Any], kind: AttachmentKind) -> FileRef | None:
    """What to fetch; None without an address that can be kept."""
    source, size, name = said.get("media"), said.get("size"), said.get("file_name")
    if not isinstance(source, str) or not source.startswith("http") or len(source) > LONGEST_ADDRESS:
        return None
    return FileRef(
        source,
        size if isinstance(size, int) and size > 0 else None,
        kind,
        file_name(name) if isinstance(name, str) and kind is not AttachmentKind.PHOTO else "",
    )


def _point(location: object) -> tuple[float, float] | None:
    """Degrees, which some clients write as text."""
    if not isinstance(location, dict):
        return None
    try:
        return float(location["lat"]), float(location["lon"])
    except (KeyError, TypeError, ValueError, OverflowError):
        return None


def _words(text: str, common: dict[str, Any]) -> Incoming:
    if text.startswith(PRESS):
        return Incoming(act=Act.BUTTON, button=text.removeprefix(PRESS), **common)
    cleaned = clean(text)
    if cleaned.split(maxsplit=1)[:1] == ["/start"]:
        return Incoming(act=Act.START, text=cleaned.removeprefix("/start").strip(), **common)
    return Incoming(act=Act.TEXT, text=cleaned, **common)


def _common(raw: dict[str, Any]) -> dict[str, Any]:
    return {
        "channel": Channel.VIBER,
        "sender": _sender(raw),
        "language": str(person_of(raw).get("language") or ""),
        "message_id": str(raw.get("message_token", "")),
        "after": _tracked(raw.get("message")),
    }


def _tracked(said: object) -> str:
    """What our last message carried: its id, unless somebody else made it up."""
    found = said.get("tracking_data") if isinstance(said, dict) else None
    return found if isinstance(found, str) else ""
