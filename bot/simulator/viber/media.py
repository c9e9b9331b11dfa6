"""Files residents send: addresses that stop working after a while."""

import secrets
import time
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Media:
    data: bytes
    mime: str
    expires: float


class MediaShelf:
    """`base` is known only when the server listens."""

    def __init__(self, lifetime: float) -> None:
        self.base = ""
        self.lifetime = lifetime
        self._media: dict[str, Media] = {}

    def store(self, data: bytes, name: str, mime: str) -> str:
        key = secrets.token_urlsafe(24)
        self._media[key] = Media(data, mime, time.monotonic() + self.lifetime)
        return f"{self.base}/viber/media/{key}/{name}"

    def find(self, key: str) -> Media | None:
        media = self._media.get(key)
        return media if media is not None and time.monotonic() < media.expires else None
