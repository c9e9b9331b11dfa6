"""What each type of message the Bot API documents looks like from a phone, and what it comes to."""

from typing import Any

from bot.messages import Act, FileRef, Incoming
from core.models import Channel
from core.models.appeals import AttachmentKind

MARIA = {"id": 77, "is_bot": False, "first_name": "Марія", "language_code": "uk"}
CHAT = {"id": 77, "type": "private", "first_name": "Марія"}
PHOTO = [
    {"file_id": "small", "file_unique_id": "s", "width": 90, "height": 60, "file_size": 1_000},
    {"file_id": "large", "file_unique_id": "l", "width": 1280, "height": 853, "file_size": 200_000},
    {"file_id": "middle", "file_unique_id": "m", "width": 320, "height": 213, "file_size": 20_000},
]
THUMB = {"file_id": "thumb", "file_unique_id": "t", "width": 90, "height": 60}
FILE = {"file_id": "doc", "file_unique_id": "d", "file_size": 5_000}
POINT = {"latitude": 47.9, "longitude": 33.4}
STICKER = {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}
POLL = {
    "id": "1",
    "question": "Тече?",
    "options": [{"text": "так", "voter_count": 0, "persistent_id": "a"}],
    "total_voter_count": 0,
    "is_closed": False,
    "is_anonymous": True,
    "type": "regular",
    "allows_multiple_answers": False,
    "allows_revoting": True,
    "members_only": False,
}


def message(**content: Any) -> dict[str, Any]:
    return {"message_id": 501, "date": 1_772_000_000, "chat": CHAT, "from": MARIA, **content}


def incoming(act: Act, **more: Any) -> Incoming:
    common: dict[str, Any] = {
        "channel": Channel.TELEGRAM,
        "sender": "77",
        "act": act,
        "language": "uk",
        "message_id": "501",
    }
    return Incoming(**(common | more))


def file(kind: AttachmentKind, name: str = "", **more: Any) -> Incoming:
    """The file of most samples."""
    return incoming(Act.FILE, file=FileRef("doc", 5_000, kind, name), **more)


def photo(**more: Any) -> Incoming:
    return incoming(Act.FILE, file=FileRef("large", 200_000), **more)


PICTURE, VIDEO = AttachmentKind.PHOTO, AttachmentKind.VIDEO
VOICE, DOCUMENT = AttachmentKind.VOICE, AttachmentKind.DOCUMENT
PDF = {**FILE, "mime_type": "application/pdf", "file_name": "Заява.pdf", "thumbnail": THUMB}
MP4 = {**FILE, "mime_type": "video/mp4", "duration": 4, "width": 640, "height": 360}

# name, the message's content, what it comes to
SAID: list[tuple[str, dict[str, Any], Incoming | None]] = [
    ("photo: the largest", {"photo": PHOTO}, photo()),
    ("photo without sizes told", {"photo": [{"file_id": "a"}]}, incoming(Act.FILE, file=FileRef("a"))),
    (
        "photo with a caption in an album",
        {"photo": PHOTO, "caption": "ось тут", "media_group_id": "g1"},
        photo(text="ось тут", album="g1"),
    ),
    ("a caption that looks like a command", {"photo": PHOTO, "caption": "/start"}, photo(text="/start")),
    (
        "live photo",
        {"live_photo": {**FILE, "width": 9, "height": 9, "duration": 2, "photo": PHOTO}, "photo": PHOTO},
        photo(),
    ),
    (
        "an image sent as a file",
        {"document": {**FILE, "mime_type": "image/png"}, "caption": "схема"},
        file(PICTURE, text="схема"),
    ),
    (
        "document",
        {"document": PDF, "caption": "скарга на двох сторінках"},
        file(DOCUMENT, "Заява.pdf", text="скарга на двох сторінках"),
    ),
    ("a document of no type and no name", {"document": FILE}, file(DOCUMENT)),
    (
        "a document with a name that goes astray",
        {"document": {**FILE, "file_name": "..\\..\u202e/etc/\n x.pdf"}},
        file(DOCUMENT, "x.pdf"),
    ),
    ("a video sent as a file", {"document": {**FILE, "mime_type": "video/mp4"}}, file(VIDEO)),
    (
        "video with a caption",
        {"video": {**MP4, "file_name": "VID_1.mp4"}, "caption": "дивіться"},
        file(VIDEO, "VID_1.mp4", text="дивіться"),
    ),
    ("video of which little is told", {"video": {"file_id": "doc", "file_size": 5_000}}, file(VIDEO)),
    (
        "an unnamed video of an album",
        {"video": MP4, "media_group_id": "g2", "has_media_spoiler": True},
        file(VIDEO, album="g2"),
    ),
    ("video note", {"video_note": {**FILE, "length": 240, "duration": 3, "thumbnail": THUMB}}, file(VIDEO)),
    (
        "animation, with a document for old clients",
        {
            "animation": {**MP4, "file_name": "g.mp4"},
            "document": {**FILE, "file_id": "same", "mime_type": "video/mp4"},
        },
        file(VIDEO, "g.mp4"),
    ),
    ("voice", {"voice": {**FILE, "duration": 3, "mime_type": "audio/ogg"}}, file(VOICE)),
    ("voice of which little is told", {"voice": {"file_id": "doc", "file_size": 5_000}}, file(VOICE)),
    (
        "audio",
        {"audio": {**FILE, "duration": 9, "title": "Шум уночі", "performer": "?", "mime_type": "audio/mpeg"}},
        file(VOICE, "Шум уночі"),
    ),
    ("location", {"location": POINT}, incoming(Act.LOCATION, lat=47.9, lon=33.4)),
    (
        "live location",
        {"location": {**POINT, "live_period": 900, "heading": 30, "horizontal_accuracy": 12.5}},
        incoming(Act.LOCATION, lat=47.9, lon=33.4),
    ),
    (
        "venue",
        {"location": POINT, "venue": {"location": POINT, "title": "Ринок", "address": "вул. Лермонтова, 1"}},
        incoming(Act.LOCATION, lat=47.9, lon=33.4, text="Ринок, вул. Лермонтова, 1"),
    ),
    (
        "venue without an address",
        {"venue": {"location": POINT, "title": "Ринок", "address": ""}},
        incoming(Act.LOCATION, lat=47.9, lon=33.4, text="Ринок"),
    ),
    (
        "forwarded from somebody hidden",
        {
            "text": "тече",
            "forward_origin": {"type": "hidden_user", "sender_user_name": "Х", "date": 1},
        },
        incoming(Act.TEXT, text="тече"),
    ),
    (
        "forwarded from what a later Bot API knows",
        {"text": "тече", "forward_origin": {"type": "dream", "date": 1}},
        incoming(Act.TEXT, text="тече"),
    ),
    (
        "a video in a shape we can't read keeps its caption",
        {"video": {"file": 1}, "caption": "тече"},
        incoming(Act.TEXT, text="тече"),
    ),
    ("a link with its preview", {"text": "https://x.ua"}, incoming(Act.TEXT, text="https://x.ua")),
    ("sticker", {"sticker": {**FILE, **STICKER}}, incoming(Act.OTHER)),
    (
        "contact",
        {"contact": {"phone_number": "+380000000000", "first_name": "М", "user_id": 77}},
        incoming(Act.OTHER),
    ),
    ("a contact without a name", {"contact": {"phone_number": "102"}}, incoming(Act.OTHER)),
    ("poll", {"poll": POLL}, incoming(Act.OTHER)),
    ("poll in an older shape", {"poll": {"id": "1", "question": "?"}}, incoming(Act.OTHER)),
    ("dice", {"dice": {"emoji": "🎲", "value": 3}}, incoming(Act.OTHER)),
    ("game", {"game": {"title": "2048", "description": "-", "photo": PHOTO}}, incoming(Act.OTHER)),
    ("story", {"story": {"chat": CHAT, "id": 5}}, incoming(Act.OTHER)),
    (
        "paid media",
        {"paid_media": {"star_count": 1, "paid_media": [{"type": "preview", "width": 9}]}},
        incoming(Act.OTHER),
    ),
    (
        "checklist",
        {"checklist": {"title": "Двір", "tasks": [{"id": 1, "text": "лавка"}]}},
        incoming(Act.OTHER),
    ),
    (
        "a live photo without its photo",
        {"live_photo": {**FILE, "width": 9, "height": 9, "duration": 2}},
        file(VIDEO),
    ),
    (
        "rich message",
        {"rich_message": {"blocks": [{"type": "paragraph", "text": "яма на дорозі"}]}},
        incoming(Act.OTHER),
    ),
    (
        "invoice, forwarded",
        {
            "invoice": {
                "title": "Вода",
                "description": "-",
                "start_parameter": "",
                "currency": "UAH",
                "total_amount": 5000,
            }
        },
        incoming(Act.OTHER),
    ),
    (
        "giveaway, forwarded",
        {"giveaway": {"chats": [], "winners_selection_date": 1_772_000_000, "winner_count": 1}},
        incoming(Act.OTHER),
    ),
    ("a content of a later Bot API", {"hologram": {"file_id": "x"}}, incoming(Act.OTHER)),
    ("the platform's own notice", {"pinned_message": message(text="x")}, None),
    (
        "a timer for messages",
        {"message_auto_delete_timer_changed": {"message_auto_delete_time": 86400}},
        None,
    ),
    ("permission to write", {"write_access_allowed": {"from_request": True}}, None),
]
EDITED: list[tuple[str, dict[str, Any], Incoming | None]] = [
    ("edited caption", {"photo": PHOTO, "caption": "ось тут"}, incoming(Act.EDIT, text="ось тут")),
    ("edited caption of a video", {"video": MP4, "caption": "тут"}, incoming(Act.EDIT, text="тут")),
    ("an edit that leaves no words", {"photo": PHOTO}, None),
    (
        "live location that moved on",
        {"location": {"latitude": 47.8, "longitude": 33.4, "live_period": 900}},
        incoming(Act.MOVED, lat=47.8, lon=33.4),
    ),
    (
        "live location that ended",
        {"location": {"latitude": 47.8, "longitude": 33.4}},
        incoming(Act.MOVED, lat=47.8, lon=33.4),
    ),
]
CONTENTS = [
    *((name, {"message": message(**content)}, expected) for name, content, expected in SAID),
    *(
        (name, {"edited_message": message(edit_date=2, **content)}, expected)
        for name, content, expected in EDITED
    ),
]
