"""Telegram's files: identifiers, paths, and the sizes a photo comes in."""

import asyncio
import secrets
from dataclasses import dataclass

from bot.simulator.bubbles import JsonObject
from bot.simulator.pictures import measure, shrink
from bot.simulator.telegram.errors import bad_request

LARGEST_DOWNLOAD = 20 * 1024 * 1024
_SIDES = (90, 320, 800, 1280)
_UNREADABLE = (320, 240)


@dataclass(frozen=True, slots=True)
class StoredFile:
    """`side`, if any, is the longer side of a reduced photo, made when somebody downloads it."""

    file_id: str
    unique_id: str
    path: str
    mime: str
    data: bytes
    size: int
    side: int | None = None

    def describe(self) -> JsonObject:
        return {"file_id": self.file_id, "file_unique_id": self.unique_id, "file_size": self.size}

    async def content(self) -> bytes:
        return self.data if self.side is None else await asyncio.to_thread(shrink, self.data, self.side)


class FileShelf:
    def __init__(self) -> None:
        self._by_id: dict[str, StoredFile] = {}
        self._by_path: dict[str, StoredFile] = {}
        self._count = 0

    def store(
        self,
        data: bytes,
        folder: str,
        extension: str,
        mime: str,
        *,
        side: int | None = None,
        size: int | None = None,
    ) -> StoredFile:
        """`size` claims another size than that of the data: a huge video need not exist to be refused."""
        path = f"{folder}/file_{self._count}{extension}"
        self._count += 1
        stored = StoredFile(
            file_id=f"AgACAgIAAxkBAAI{secrets.token_urlsafe(44)}",
            unique_id=f"AQAD{secrets.token_urlsafe(8)}",
            path=path,
            mime=mime,
            data=data,
            size=len(data) if size is None else size,
            side=side,
        )
        self._by_id[stored.file_id] = stored
        self._by_path[path] = stored
        return stored

    def photo(self, data: bytes) -> list[JsonObject]:
        """PhotoSize objects from the smallest; the largest is the picture as it was sent."""
        width, height = measure(data) or _UNREADABLE
        longer = max(width, height, 1)
        sizes = []
        for side in (*(side for side in _SIDES if side < longer), None):
            share = 1.0 if side is None else side / longer
            stored = self.store(
                data, "photos", ".jpg", "image/jpeg", side=side, size=max(int(len(data) * share * share), 1)
            )
            size = {"width": max(round(width * share), 1), "height": max(round(height * share), 1)}
            sizes.append(stored.describe() | size)
        return sizes

    def find(self, file_id: str) -> StoredFile:
        stored = self._by_id.get(file_id)
        if stored is None:
            raise bad_request("wrong file identifier/HTTP URL specified")
        return stored

    def get_file(self, file_id: str) -> JsonObject:
        stored = self._by_id.get(file_id)
        if stored is None:
            raise bad_request("invalid file_id")
        if stored.size > LARGEST_DOWNLOAD:
            raise bad_request("file is too big")
        return stored.describe() | {"file_path": stored.path}

    def at(self, path: str) -> StoredFile | None:
        return self._by_path.get(path)
