"""The channels that are switched on, and the loops that keep them going."""

import asyncio
import time
from collections.abc import AsyncIterator, Coroutine
from typing import Any, Protocol

from bot import telegram, viber
from bot.dialogue import Dialogue, Parse
from bot.photos import Photos
from bot.webhooks import TELEGRAM_PATH, VIBER_PATH, Webhooks
from core import db, inbox, log, signals
from core.city import City
from core.config import Settings
from core.courier import Courier, Refused, Sender, TryAgain
from core.jobs import Fetch
from core.models import Channel

PARSERS: dict[Channel, Parse] = {Channel.TELEGRAM: telegram.parse, Channel.VIBER: viber.parse}
PAUSE = 0.5  # seconds before polling again after trouble, doubled each time
POLL = 1.0  # seconds between looks at the inbox when nobody wakes us
BEAT = 60.0  # a loop silent for longer is not well; longer than the longest long poll
_log = log.get(__name__)


class Adapter(Sender, Protocol):
    def fetch(self, source: str) -> AsyncIterator[bytes]: ...

    async def set_up(self, webhook_url: str) -> None: ...

    async def close(self) -> None: ...


class Channels:
    """Everything between the platforms and the inbox and outbox."""

    def __init__(self, settings: Settings, city: City, photos: Photos) -> None:
        self._settings = settings
        self._dialogue = Dialogue(
            city,
            PARSERS,
            media=settings.media,
            limits=settings.limits,
            links=photos.links,
            schedule=settings.schedule,
        )
        self.telegram = (
            telegram.Telegram(settings.telegram, city, photos) if settings.telegram.enabled else None
        )
        self.viber = viber.Viber(settings.viber, city, photos) if settings.viber.enabled else None
        self.webhooks = Webhooks(settings, self.telegram, self.viber)
        self.bot_name = ""
        self._beats: dict[str, float] = {}

    @property
    def adapters(self) -> list[Adapter]:
        return [each for each in (self.telegram, self.viber) if each is not None]

    @property
    def fetchers(self) -> dict[Channel, Fetch]:
        return {adapter.channel: adapter.fetch for adapter in self.adapters}

    def couriers(self) -> list[Courier]:
        found = []
        if self.telegram is not None:
            pace = self._settings.telegram
            found.append(Courier(self.telegram, per_second=pace.per_second, chat_pause=pace.chat_pause))
        if self.viber is not None:
            rate = self._settings.viber
            found.append(Courier(self.viber, per_second=rate.per_second, chat_pause=rate.chat_pause))
        return found

    async def alive(self) -> bool:
        """Whether every loop has shown a sign of life lately."""
        now = time.monotonic()
        return all(now - beat < BEAT for beat in self._beats.values())

    def receiving(self, stopping: asyncio.Event) -> list[Coroutine[Any, Any, None]]:
        """What brings updates in; webhooks are served by the application, once set up."""
        tasks = [self._set_up(adapter, stopping) for adapter in self.adapters]
        if self.telegram is not None and self._settings.telegram.mode == "polling":
            tasks.append(self._poll(self.telegram, stopping))
        return tasks

    def working(self, stopping: asyncio.Event) -> list[Coroutine[Any, Any, None]]:
        """What answers updates and delivers messages."""
        return [self._work(stopping), *(courier.run(stopping) for courier in self.couriers())]

    async def _work(self, stopping: asyncio.Event) -> None:
        """Take the inbox through the dialogue until `stopping`; a batch begun is finished."""
        while not stopping.is_set():
            self._beats["inbox"] = time.monotonic()
            try:
                await inbox.work_off(self._dialogue.handle)
                await signals.inbox.wait(POLL)
            except db.OUTAGES as error:
                _log.warning("inbox.database", error=str(error))
                await _pause(stopping, POLL)

    async def _poll(self, channel: telegram.Telegram, stopping: asyncio.Event) -> None:
        """Long polling. The offset moves only after the inbox has committed, so nothing can fall between."""
        offset: int | None = None
        trouble = 0
        while not stopping.is_set():
            self._beats["polling"] = time.monotonic()
            updates = await _unless(stopping, channel.updates(offset))
            if updates is None:
                trouble = min(trouble + 1, 5)
                await _pause(stopping, PAUSE * 2.0**trouble)
                continue
            trouble = 0
            received = [telegram.received(update) for update in updates]
            try:
                await inbox.receive(received)
            except db.OUTAGES as error:
                _log.error("polling.not_stored", error=type(error).__name__)
                await _pause(stopping, POLL)
                continue
            if updates:
                channel.typing.show(received)
                offset = max(int(update["update_id"]) for update in updates) + 1

    async def _set_up(self, adapter: Adapter, stopping: asyncio.Event) -> None:
        """Register with the platform, however long it takes it to answer."""
        path = TELEGRAM_PATH if adapter.channel is Channel.TELEGRAM else VIBER_PATH
        pause = 1.0
        while not stopping.is_set():
            try:
                await adapter.set_up(self._settings.server.public_url + path)
                if self.telegram is not None and adapter.channel is Channel.TELEGRAM:
                    self.bot_name = await self.telegram.username()
            except TryAgain as error:
                _log.warning(
                    "channel.set_up_failed", channel=adapter.channel, error=str(error), seconds=pause
                )
            except Refused as error:  # our address, perhaps: whoever mends it need not start us anew
                _log.error("channel.set_up_refused", channel=adapter.channel, error=str(error), seconds=pause)
            else:
                _log.info("channel.ready", channel=adapter.channel)
                return
            await _pause(stopping, pause)
            pause = min(pause * 2, 60.0)

    async def close(self) -> None:
        for adapter in self.adapters:
            await adapter.close()


async def _unless(
    stopping: asyncio.Event, polling: Coroutine[Any, Any, list[dict[str, Any]]]
) -> list[dict[str, Any]] | None:
    """The poll's updates; None where the platform fails. Stopping doesn't wait for a long poll to end."""
    poll = asyncio.ensure_future(polling)
    stop = asyncio.ensure_future(stopping.wait())
    try:
        await asyncio.wait({poll, stop}, return_when=asyncio.FIRST_COMPLETED)
        if not poll.done():
            return []
        return poll.result()
    except TryAgain as error:
        _log.warning("polling.failed", error=str(error))
        return None
    finally:
        poll.cancel()
        stop.cancel()
        await asyncio.gather(poll, stop, return_exceptions=True)


async def _pause(stopping: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await stopping.wait()
    except TimeoutError:
        return
