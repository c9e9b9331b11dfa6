"""What a resident does, as the platforms write it."""

from dataclasses import dataclass
from typing import Any, Protocol

from tests.bot import telegram_samples, viber_samples


@dataclass(frozen=True)
class Event:
    """What happens: `what` names it, the rest is what it needs. `press` counts offered buttons, newest first.

    `seconds` of time pass, or it is so many statements until the server is killed.
    """

    what: str
    text: str = ""
    press: int = 0
    point: tuple[float, float] = (0.0, 0.0)
    size: int = 1000
    album: str = ""
    seconds: float = 0.0


class Chatter(Protocol):
    """Whose chat it is: what was offered there, newest first, and the ids of what was sent."""

    sender: str
    offered: list[str]
    sent: list[str]


KINDS = {"photo": "photo", "video": "video", "voice": "voice", "document": "document"}


def from_telegram(who: Chatter, event: Event, serial: int, source: str) -> dict[str, Any]:
    person = {"id": int(who.sender), "is_bot": False, "first_name": "М", "language_code": "uk"}
    chat = {"id": int(who.sender), "type": "private", "first_name": "М"}
    said: dict[str, Any] = {"message_id": serial, "date": 1_772_000_000, "chat": chat, "from": person}
    update: dict[str, Any] = {"update_id": serial}
    if event.what == "press":
        return update | {
            "callback_query": {
                "id": str(serial),
                "from": person,
                "chat_instance": "1",
                "data": _pressed(who, event),
            }
        }
    if event.what in {"left", "back"}:
        bot = {"id": 1, "is_bot": True, "first_name": "Бот"}
        gone = event.what == "left"
        status: dict[str, Any] = {"status": "kicked", "until_date": 0} if gone else {"status": "member"}
        change = {
            "chat": chat,
            "from": person,
            "date": 1,
            "old_chat_member": {"user": bot, "status": "member"},
        }
        return update | {"my_chat_member": change | {"new_chat_member": {"user": bot, **status}}}
    if event.what == "edit":
        said["message_id"] = int(who.sent[-1]) if event.press and who.sent else serial - 1
        return update | {"edited_message": said | {"edit_date": 2, "text": event.text or "…"}}
    if event.what == "moves":
        point = {"latitude": event.point[0], "longitude": event.point[1], "live_period": 900}
        return update | {"edited_message": said | {"edit_date": 2, "location": point}}
    if event.what == "reply" and who.sent:
        told = {"message_id": int(who.sent[-1 - event.press % len(who.sent)]), "date": 1, "chat": chat}
        return update | {"message": said | {"text": event.text or "так", "reply_to_message": told}}
    return update | {"message": said | _telegram_content(event, source)}


def _telegram_content(event: Event, source: str) -> dict[str, Any]:
    caption = {"caption": event.text} if event.text else {}
    album = {"media_group_id": event.album} if event.album else {}
    file: dict[str, Any] = {"file_id": source, "file_unique_id": source, "file_size": event.size}
    if event.what == "photo":
        return {"photo": [file | {"width": 9, "height": 9}], **caption, **album}
    if event.what in KINDS:
        return {event.what: file | {"duration": 3, "width": 9, "height": 9}, **caption, **album}
    if event.what == "location":
        return {"location": {"latitude": event.point[0], "longitude": event.point[1]}}
    if event.what == "sticker":
        return {"sticker": telegram_samples.STICKER | file}
    return {"text": event.text or "так"}


def from_viber(who: Chatter, event: Event, serial: int, source: str) -> dict[str, Any]:
    person = {"id": who.sender, "name": "М", "language": "uk", "country": "UA", "api_version": 10}
    if event.what == "left":
        return {"event": "unsubscribed", "timestamp": 1, "user_id": who.sender, "message_token": serial}
    content: dict[str, Any] = {"type": "text", "text": event.text or "так"}
    media = {
        "media": f"https://dl.viber.com/{source}",
        "size": event.size,
        "text": event.text,
        "file_name": "1",
    }
    if event.what == "press":
        content["text"] = f"zv|{_pressed(who, event)}"
    elif event.what in {"location", "moves"}:
        content = {"type": "location", "location": {"lat": event.point[0], "lon": event.point[1]}}
    elif event.what == "sticker":
        content = {"type": "sticker", "sticker_id": 40126, "media": "https://x"}
    elif event.what in KINDS:
        kind = {"photo": "picture", "voice": "audio", "document": "file"}.get(event.what, event.what)
        content = {"type": kind, **media}
    return viber_samples.callback("message") | {
        "message_token": serial,
        "sender": person,
        "message": content,
        "silent": False,
    }


def _pressed(who: Chatter, event: Event) -> str:
    if event.text:
        return event.text[:60] if len(event.text.encode()) <= 64 else "help"
    return who.offered[event.press % len(who.offered)] if who.offered else "help"
