"""What comes from Viber: callbacks as the inbox keeps them, and what the resident did by each.

viberbot's parser raises on what it doesn't know, so the raw body is stored first and read leniently.
"""

import hashlib
import hmac
import json
from typing import Any

from viberbot.api import viber_requests
from viberbot.api.event_type import EventType
from viberbot.api.messages.message import Message
from viberbot.api.messages.message_type import MessageType

from bot.dialogue import Unreadable, load
from bot.messages import Act, Incoming, PhotoRef, Receipt
from bot.text import clean
from core.inbox import Received
from core.models import Channel, OutboxState

PRESS = "zv|"  # begins an ActionBody, which comes back as an ordinary text message
SERIES = "series"  # Viber sends several photos one by one, with nothing that says they belong together
EVENTS = ["delivered", "seen", "failed", "subscribed", "unsubscribed", "conversation_started"]
RECEIPTS = {
    EventType.DELIVERED: OutboxState.DELIVERED,
    EventType.SEEN: OutboxState.SEEN,
    EventType.FAILED: OutboxState.FAILED,
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
        if event == EventType.MESSAGE:
            return _unknown_message(raw, error)
        if event in {"client_status", "action"} or event not in EVENTS:
            return None
        raise Unreadable(f"viberbot: {error}") from error
    left = isinstance(request, viber_requests.ViberUnsubscribedRequest)
    said = isinstance(request, viber_requests.ViberMessageRequest)
    if (left or said) and not _sender(raw):
        raise Unreadable("nobody sent it")
    if left:
        return Incoming(Channel.VIBER, _sender(raw), Act.LEFT)
    if said:
        return _message(raw, request.message)
    return (
        None  # a webhook's test; a conversation that has only been opened is answered by the webhook itself
    )


def _message(raw: dict[str, Any], message: Message) -> Incoming:
    """What viberbot has read: it takes the fields as they are, of whatever type."""
    common = _common(raw)
    kind, text = raw["message"].get("type"), raw["message"].get("text")
    if kind == MessageType.TEXT and isinstance(text, str):
        return _words(text, common)
    if kind == MessageType.PICTURE and isinstance(message.media, str) and message.media:
        size = raw["message"].get("size")
        photo = PhotoRef(message.media, size if isinstance(size, int) else None)
        caption = clean(text) if isinstance(text, str) else ""
        return Incoming(act=Act.PHOTO, text=caption, photo=photo, album=SERIES, **common)
    if kind == MessageType.LOCATION and message.location is not None:
        lat, lon = message.location.latitude, message.location.longitude
        if isinstance(lat, int | float) and isinstance(lon, int | float):
            return Incoming(act=Act.LOCATION, lat=lat, lon=lon, **common)
    return Incoming(act=Act.OTHER, **common)


def _words(text: str, common: dict[str, Any]) -> Incoming:
    if text.startswith(PRESS):
        return Incoming(act=Act.BUTTON, button=text.removeprefix(PRESS), **common)
    cleaned = clean(text)
    if cleaned.split(maxsplit=1)[:1] == ["/start"]:
        return Incoming(act=Act.START, text=cleaned.removeprefix("/start").strip(), **common)
    return Incoming(act=Act.TEXT, text=cleaned, **common)


def _unknown_message(raw: dict[str, Any], error: Exception) -> Incoming:
    """A message of a type viberbot doesn't know still gets an answer, as long as somebody sent it."""
    if not _sender(raw):
        raise Unreadable(f"viberbot: {error}") from error
    return Incoming(act=Act.OTHER, **_common(raw))


def _common(raw: dict[str, Any]) -> dict[str, Any]:
    return {
        "channel": Channel.VIBER,
        "sender": _sender(raw),
        "language": str(person_of(raw).get("language") or ""),
        "message_id": str(raw.get("message_token", "")),
    }
