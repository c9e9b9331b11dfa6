"""«Мої дані»: the link by which a person fetches all that is known of them, and the archive behind it."""

import asyncio
import io
import json
import zipfile
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta

from core import clock, db
from core.media import Links, MediaStore
from core.models import Account, Attachment
from core.models.appeals import AttachmentKind
from core.queries.person import Known, path_of

PATH = "/my-data/"
LIFE = timedelta(hours=24)
_OLDEST = (1980, 1, 1, 0, 0, 0)  # what a ZIP can say of a file's time; the real ones stand in data.json


def link(links: Links, account: Account) -> str:
    """Good for a day, and as long as the account is this resident's: not when they are forgotten."""
    return links.address(PATH + links.token(f"{account.id}-{account.resident_id}", clock.now() + LIFE))


async def account_of(links: Links, token: str) -> Account | None:
    """Whose data the token opens; None where it is forged, too old, or about somebody who is gone."""
    allowed = links.allowed(token)
    if allowed is None:
        return None
    account_id, resident_id = (int(part) for part in allowed.split("-"))
    if max(account_id, resident_id) > db.LARGEST_ID:
        return None
    return await Account.get_or_none(id=account_id, resident_id=resident_id, forget_at=None)


async def archive(
    data: Known, page: str, files: Sequence[Attachment], store: MediaStore
) -> AsyncIterator[bytes]:
    """A ZIP of the page, of data.json and of the files, in pieces; a file that is gone is left out."""
    out = _Pieces()
    raw = await asyncio.to_thread(json.dumps, data, ensure_ascii=False, indent=2)
    with zipfile.ZipFile(out, "w") as packed:
        for name, text in (("index.html", page), ("data.json", raw)):
            head = zipfile.ZipInfo(name, _OLDEST)
            await asyncio.to_thread(packed.writestr, head, text, zipfile.ZIP_DEFLATED)
            yield out.taken()
        for row in files:
            if not (name := path_of(row)):
                continue
            try:
                content = await _content(row, store)
            except FileNotFoundError:
                continue
            with packed.open(zipfile.ZipInfo(name, _OLDEST), "w", force_zip64=True) as entry:
                async for chunk in content:
                    entry.write(chunk)
                    yield out.taken()
    yield out.taken()


async def _content(row: Attachment, store: MediaStore) -> AsyncIterator[bytes]:
    if row.kind is not AttachmentKind.PHOTO:
        return await store.part(row.key, 0, row.bytes)
    photo = await store.get(row.key, "full")

    async def whole() -> AsyncIterator[bytes]:
        yield photo

    return whole()


class _Pieces(io.RawIOBase):
    """What was written since it was last taken; a ZIP is made without ever going back in it."""

    def __init__(self) -> None:
        self._written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, piece: object) -> int:
        written = memoryview(piece)  # type: ignore[arg-type]  # whatever has bytes, as RawIOBase says
        self._written += written
        return written.nbytes

    def taken(self) -> bytes:
        piece = bytes(self._written)
        self._written.clear()
        return piece
