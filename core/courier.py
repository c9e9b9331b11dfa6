"""Delivers one channel's outbox: claims letters, sends within the platform's limits, records in batches."""

import asyncio
import random
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Protocol

from core import clock, db, log, outbox, signals
from core.models import Channel
from core.outbox import Letter, Outcome

CLAIM = 200
TIMEOUT = 15.0  # seconds a send may take; well below the lease
POLL = 1.0  # seconds between looks at the table when nobody wakes us
PAUSE = 1.0  # seconds before a letter is tried again, doubled with each try
LONGEST_PAUSE = 60.0
_log = log.get(__name__)


class TryAgain(Exception):
    """The platform did not take it now.

    `after`: seconds it asked for. `everyone`: true of the whole channel. `ambiguous`: it may have taken it
    and only the answer was lost, so that the next try may be a repeat.
    """

    def __init__(
        self, why: str, *, after: float | None = None, everyone: bool = False, ambiguous: bool = False
    ) -> None:
        super().__init__(why)
        self.after = after
        self.everyone = everyone
        self.ambiguous = ambiguous


class Refused(Exception):
    """The platform will never take it. `unreachable` where it will take nothing for this account."""

    def __init__(self, why: str, *, unreachable: bool = False) -> None:
        super().__init__(why)
        self.unreachable = unreachable


class Sender(Protocol):
    """A channel's way to send one letter; returns the platform's id of the message."""

    @property
    def channel(self) -> Channel: ...

    @property
    def free_session(self) -> timedelta | None: ...

    async def send(self, letter: Letter) -> str: ...


class Pace:
    """Holds sends back to so many a second overall, and to a pause within each chat."""

    def __init__(self, per_second: float, chat_pause: float) -> None:
        self._gap = 1 / per_second
        self._pause = chat_pause
        self._next = 0.0
        self._chats: OrderedDict[int, float] = OrderedDict()

    async def turn(self, chat: int) -> None:
        """Return when a message to `chat` may leave."""
        now = time.monotonic()
        while self._chats and next(iter(self._chats.values())) <= now:
            self._chats.popitem(last=False)
        at = max(now, self._next, self._chats.get(chat, 0.0))
        # A quiet second may be caught up with; a chat's own wait doesn't hold the other chats up.
        self._next = max(self._next, now - 1.0) + self._gap
        self._chats[chat] = at + self._pause
        self._chats.move_to_end(chat)
        if at > now:
            await asyncio.sleep(at - now)


class Courier:
    """One channel's delivery loop; several may run, in this process or others, without sending twice."""

    def __init__(self, sender: Sender, *, per_second: float, chat_pause: float, at_once: int = 32) -> None:
        self.sender = sender
        self.sent = 0
        self.repeated = 0
        self._pace = Pace(per_second, chat_pause)
        self._at_once = at_once
        self._wake = signals.outbox[sender.channel]
        self._troubles = 0  # in a row, of the whole channel
        self._pause_until = 0.0

    async def run(self, stopping: asyncio.Event) -> None:
        """Deliver until `stopping`; what is under way then is finished and recorded."""
        letters: asyncio.Queue[Letter] = asyncio.Queue()
        outcomes: asyncio.Queue[Outcome] = asyncio.Queue()
        held = _Count()
        async with asyncio.TaskGroup() as group:
            hands = [group.create_task(self._hand(letters, outcomes)) for _ in range(self._at_once)]
            clerk = group.create_task(self._clerk(outcomes, held))
            while not stopping.is_set():
                await self._claim(letters, held)
            await held.none()
            for task in (*hands, clerk):
                task.cancel()

    async def _claim(self, letters: asyncio.Queue[Letter], held: "_Count") -> None:
        pause = self._pause_until - time.monotonic()
        if pause > 0 or held.value > CLAIM // 2:  # few large claims cost less than many small ones
            await self._wake.wait(min(max(pause, 0.01), POLL))
            return
        limit = CLAIM - held.value
        try:
            claimed = await outbox.claim(self.sender.channel, limit, session=self.sender.free_session)
        except db.OUTAGES as error:
            _log.warning("outbox.claim_failed", channel=self.sender.channel, error=str(error))
            await asyncio.sleep(POLL)
            return
        held.add(len(claimed))
        for letter in claimed:
            letters.put_nowait(letter)
        if len(claimed) < limit:  # that was all: whoever commits another wakes us
            await self._wake.wait(POLL)

    async def _hand(self, letters: asyncio.Queue[Letter], outcomes: asyncio.Queue[Outcome]) -> None:
        while True:
            letter = await letters.get()
            with log.trace(letter.trace):
                outcomes.put_nowait(await self._deliver(letter))

    async def _deliver(self, letter: Letter) -> Outcome:
        await self._pace.turn(letter.account_id)
        if (not_now := self._not_now(letter)) is not None:
            return not_now
        try:
            async with asyncio.timeout(TIMEOUT):
                provider_id = await self.sender.send(letter)
        except TryAgain as trouble:
            return self._later(letter, trouble)
        except TimeoutError:
            return self._later(letter, TryAgain("no answer in time", ambiguous=True))
        except Refused as refusal:
            _log.warning("outbox.refused", outbox=letter.id, why=str(refusal))
            return Outcome(letter, error=str(refusal), unreachable=refusal.unreachable)
        except Exception as error:  # noqa: BLE001 - one letter must not stop the channel
            _log.error("outbox.broken", outbox=letter.id, exc_info=error)
            return Outcome(letter, error=f"{type(error).__name__}: {error}")
        self._troubles = 0
        self.sent += 1
        return Outcome(letter, provider_id=provider_id)

    def _not_now(self, letter: Letter) -> Outcome | None:
        """What happened while the letter waited its turn, if it may no longer be sent."""
        if (pause := self._pause_until - time.monotonic()) > 0:
            return Outcome(letter, retry_in=pause, error="channel is down")
        if clock.now() + timedelta(seconds=TIMEOUT) > letter.leased_until:
            # Another may claim it while it is being sent, and send it too; given back in time, none does.
            return Outcome(letter, retry_in=0.0, error="its turn came too late")
        return None

    def _later(self, letter: Letter, trouble: TryAgain) -> Outcome:
        tries = letter.attempts
        if trouble.everyone:
            self._troubles += 1
            tries = self._troubles
        growing = min(PAUSE * 2.0 ** min(tries, 10), LONGEST_PAUSE)
        pause = growing if trouble.after is None else trouble.after
        pause *= 1 + random.random() / 10  # noqa: S311 - spreads the retries, guards nothing
        if trouble.everyone:
            self._pause_until = max(self._pause_until, time.monotonic() + pause)
        _log.info("outbox.later", outbox=letter.id, why=str(trouble), seconds=round(pause, 1))
        return Outcome(letter, retry_in=pause, error=str(trouble), ambiguous=trouble.ambiguous)

    async def _clerk(self, outcomes: asyncio.Queue[Outcome], held: "_Count") -> None:
        """Record what became of the letters, as many at once as have come together."""
        while True:
            batch = [await outcomes.get()]
            while not outcomes.empty():
                batch.append(outcomes.get_nowait())
            await _insist(lambda batch=batch: outbox.record(batch))  # type: ignore[misc]
            held.add(-len(batch))
            self._wake.set()  # the next message of these chats may go


class _Count:
    """How many letters this courier holds; `none` waits until it holds no more."""

    def __init__(self) -> None:
        self.value = 0
        self._none = asyncio.Event()
        self._none.set()

    def add(self, change: int) -> None:
        self.value += change
        if self.value:
            self._none.clear()
        else:
            self._none.set()

    async def none(self) -> None:
        await self._none.wait()


async def _insist(work: Callable[[], Awaitable[None]]) -> None:
    """What has been sent must be recorded, or it is sent again: try until the database takes it."""
    while True:
        try:
            await work()
        except db.OUTAGES as error:
            _log.warning("outbox.record_failed", error=str(error))
            await asyncio.sleep(POLL)
        else:
            return
