"""Where taught models lie: as files in the media store, which all machines share, and in a local folder.

The shipped model is in neither by necessity: it is made anew from the examples wherever it is not found.
A file never changes once it is written, so what was read may be kept.
"""

import asyncio
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

import obstore
from obstore.exceptions import BaseError

from core.config import Settings
from core.learning.teaching import BROKEN, path_of
from core.media import open_store
from core.understanding.category import CategoryModel, read_model

FOLDER = "models"


class ModelLost(Exception):
    """Neither place has the arrays, or what they have is broken."""


class ModelStore:
    def __init__(self, settings: Settings) -> None:
        self.folder = (Path(settings.server.data) / "model").resolve()
        self._store = open_store(settings.media.url)

    async def get(self, version: str) -> CategoryModel:
        """The model, from then on in the local folder, too. Raises ModelLost."""
        path = path_of(self.folder, version)
        if path.exists():
            with suppress(*BROKEN):
                return await asyncio.to_thread(_read, path)
        try:
            await self._fetch(version, path)
            return await asyncio.to_thread(_read, path)
        except (BaseError, *BROKEN) as error:
            raise ModelLost(version) from error

    async def share(self, version: str) -> None:
        """Put what lies in the local folder where other machines find it."""
        content = await asyncio.to_thread(path_of(self.folder, version).read_bytes)
        await obstore.put_async(self._store, _key(version), content)

    async def keep_only(self, versions: set[str]) -> None:
        """Delete all others, here and in the store, those of a retraining that was killed midway as well."""
        keys = {_key(version) for version in versions}
        async for batch in obstore.list(self._store, prefix=f"{FOLDER}/"):
            for found in batch:
                if found["path"] not in keys:
                    await obstore.delete_async(self._store, found["path"])
        kept = {path_of(self.folder, version) for version in versions}
        for path in self.folder.glob("category-*-*.npz"):  # those of taught models have a second dash
            if path not in kept:
                path.unlink(missing_ok=True)

    async def _fetch(self, version: str, path: Path) -> None:
        found = await obstore.get_async(self._store, _key(version))
        await asyncio.to_thread(_write, path, bytes(await found.bytes_async()))


def _key(version: str) -> str:
    return f"{FOLDER}/{version}.npz"


@lru_cache(maxsize=1)
def _read(path: Path) -> CategoryModel:
    """Kept, since a changed catalogue opens the city anew, and with it the model, which stays as it was."""
    return read_model(path)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(".half")
    half.write_bytes(content)
    half.replace(path)
