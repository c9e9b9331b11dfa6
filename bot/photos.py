"""Stored photos for messages that carry them: as bytes for Telegram, as signed links for Viber."""

from collections.abc import Sequence
from datetime import timedelta

from core import clock
from core.media import Links, MediaStore
from core.models import Attachment
from core.models.appeals import AttachmentState

LINK_LIFE = timedelta(days=7)  # a phone that was off fetches the picture when it is on again


class Photos:
    def __init__(self, store: MediaStore, links: Links) -> None:
        self._store = store
        self.links = links

    async def contents(self, ids: Sequence[int]) -> list[bytes]:
        """JPEGs, in the order asked for; one that is gone is left out, the message still arrives."""
        found = []
        for attachment in await self._stored(ids):
            try:
                found.append(await self._store.get(attachment.key, "full"))
            except FileNotFoundError:
                continue
        return found

    async def urls(self, ids: Sequence[int]) -> list[tuple[str, str]]:
        """Links to each photo and its thumbnail."""
        until = clock.now() + LINK_LIFE
        return [
            (self.links.url(each.id, "full", until), self.links.url(each.id, "thumb", until))
            for each in await self._stored(ids)
        ]

    @staticmethod
    async def _stored(ids: Sequence[int]) -> list[Attachment]:
        return await Attachment.filter(id__in=list(ids), state=AttachmentState.STORED).order_by("id")
