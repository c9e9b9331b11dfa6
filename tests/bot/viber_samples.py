"""What each type of message that Viber's REST API documents looks like, and what it comes to."""

from typing import Any

from bot.messages import Act, FileRef, Incoming
from bot.viber import SERIES
from core.models import Channel
from core.models.appeals import AttachmentKind

MARIA = {"id": "id01==", "name": "Марія", "language": "uk", "country": "UA", "api_version": 10}
MEDIA = "https://dl-media.viber.com/5/media/2/short/any/sig/image/0x0/b2b8/1f3a.jpg?Expires=1772003600"


def callback(event: str, **more: Any) -> dict[str, Any]:
    return {"event": event, "timestamp": 1_772_000_000_000, "message_token": 4912661846655238145, **more}


def message(**content: Any) -> dict[str, Any]:
    return callback("message", sender=MARIA, message=content, silent=False, chat_hostname="SN-CHAT-04_")


def incoming(act: Act, **more: Any) -> Incoming:
    common: dict[str, Any] = {
        "channel": Channel.VIBER,
        "sender": "id01==",
        "act": act,
        "language": "uk",
        "message_id": "4912661846655238145",
    }
    return Incoming(**(common | more))


def file(kind: AttachmentKind, size: int | None = None, name: str = "", text: str = "") -> Incoming:
    return incoming(Act.FILE, text=text, file=FileRef(MEDIA, size, kind, name), album=SERIES)


def said(kind: str, **content: Any) -> dict[str, Any]:
    return message(type=kind, **content)


PHOTO, VIDEO = AttachmentKind.PHOTO, AttachmentKind.VIDEO
VOICE, DOCUMENT = AttachmentKind.VOICE, AttachmentKind.DOCUMENT
CONTENTS: list[tuple[str, dict[str, Any], Incoming]] = [
    (
        "picture",
        said("picture", media=MEDIA, thumbnail=MEDIA, text="ось", file_name="1.jpg", size=1234),
        file(PHOTO, 1234, text="ось"),
    ),
    ("picture of which little is told", said("picture", media=MEDIA), file(PHOTO)),
    ("picture of empty words", said("picture", media=MEDIA, text="", size=0), file(PHOTO)),
    ("picture without a picture", said("picture", text="ось"), incoming(Act.OTHER)),
    ("picture at no address", said("picture", media="file:///etc/passwd"), incoming(Act.OTHER)),
    ("picture at an endless address", said("picture", media="https://x/" + "y" * 2000), incoming(Act.OTHER)),
    (
        "video",
        said("video", media=MEDIA, thumbnail=MEDIA, size=5000, duration=3, text="дивіться"),
        file(VIDEO, 5000, text="дивіться"),
    ),
    ("video without a size", said("video", media=MEDIA), file(VIDEO)),
    (
        "file",
        said("file", media=MEDIA, size=5, file_name="Заява.pdf"),
        file(DOCUMENT, 5, "Заява.pdf"),
    ),
    ("file without a name", said("file", media=MEDIA, size="5"), file(DOCUMENT)),
    ("voice, which is not documented", said("audio", media=MEDIA, duration=3), file(VOICE)),
    (
        "location",
        said("location", location={"lat": 47.9, "lon": 33.4}),
        incoming(Act.LOCATION, lat=47.9, lon=33.4),
    ),
    (
        "location in text, as the documents write it",
        said("location", location={"lat": "47.9", "lon": "33.4"}),
        incoming(Act.LOCATION, lat=47.9, lon=33.4),
    ),
    (
        "location with an address",
        said("location", location={"lat": 47.9, "lon": 33.4, "address": "Ринок"}),
        incoming(Act.LOCATION, lat=47.9, lon=33.4, text="Ринок"),
    ),
    ("location without a place", said("location"), incoming(Act.OTHER)),
    ("location of words", said("location", location={"lat": "тут", "lon": ""}), incoming(Act.OTHER)),
    ("url", said("url", media="https://example.com/x"), incoming(Act.TEXT, text="https://example.com/x")),
    ("url of nothing", said("url"), incoming(Act.OTHER)),
    ("text of numbers", said("text", text=5), incoming(Act.OTHER)),
    ("sticker", said("sticker", sticker_id=40126, media=MEDIA), incoming(Act.OTHER)),
    (
        "contact",
        said("contact", contact={"name": "М", "phone_number": "+380000000000"}),
        incoming(Act.OTHER),
    ),
    ("contact without a contact", said("contact"), incoming(Act.OTHER)),
    ("a type of a later version", said("hologram", data=1), incoming(Act.OTHER)),
    ("a type that is no word", message(type=["text"], text="тече"), incoming(Act.OTHER)),
    ("a message of no type", message(text="тече"), incoming(Act.OTHER)),
    ("a message that is none", callback("message", sender=MARIA, message=[1]), incoming(Act.OTHER)),
]
