"""The file that a Telegram message carries, whichever of a dozen fields it stands in."""

from aiogram.types import Message

from bot.messages import FileRef
from bot.text import file_name
from core.models.appeals import AttachmentKind

# An animation comes with a document beside it, for clients that know no animations; so it stands first.
_FIELDS = {
    "animation": AttachmentKind.VIDEO,
    "video": AttachmentKind.VIDEO,
    "video_note": AttachmentKind.VIDEO,
    "voice": AttachmentKind.VOICE,
    "audio": AttachmentKind.VOICE,
    "document": AttachmentKind.DOCUMENT,
    "live_photo": AttachmentKind.VIDEO,  # without the photo that usually stands beside it
}
_BY_MIME = {"image": AttachmentKind.PHOTO, "video": AttachmentKind.VIDEO, "audio": AttachmentKind.VOICE}


def file_of(message: Message) -> FileRef | None:
    """What to fetch; None where there is nothing. A photo in its largest size, a live one as a photo."""
    sizes = message.photo or (message.live_photo.photo if message.live_photo else None)
    if sizes:
        largest = max(sizes, key=lambda size: size.width * size.height)
        return FileRef(largest.file_id, largest.file_size)
    for field, kind in _FIELDS.items():
        file = getattr(message, field)
        if file is not None:
            mime = (getattr(file, "mime_type", None) or "").partition("/")[0]
            name = getattr(file, "file_name", None) or getattr(file, "title", None) or ""
            return FileRef(
                file.file_id,
                file.file_size,
                _BY_MIME.get(mime, kind),
                file_name(name),
            )
    return None
