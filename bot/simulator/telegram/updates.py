"""The queue of updates: long polling, confirmation by offset, hand-over to a webhook."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice

from bot.simulator.bubbles import JsonObject
from bot.simulator.faults import FaultKind, MessengerFaults
from bot.simulator.telegram.errors import conflict

_NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
CALLBACK = "callback_query"


@dataclass(slots=True)
class Update:
    """`bubble` is the resident's message it tells of; `number` is 0 until the update is first handed out."""

    kind: str
    chat: int
    content: JsonObject
    bubble: int | None = None
    number: int = 0
    handed: bool = False

    def body(self) -> JsonObject:
        return {"update_id": self.number, **self.content}


class UpdateQueue:
    """An update that is not confirmed is handed out again. Numbers are given on leaving, in that order."""

    def __init__(
        self, faults: MessengerFaults, confirmed: Callable[[Update], None], first_number: int
    ) -> None:
        self.allowed: frozenset[str] = frozenset()
        self.deliver: Callable[[Update], None] | None = None
        self.polled = False
        self._faults = faults
        self._confirmed = confirmed
        self._next_number = first_number
        self._fresh: list[Update] = []
        self._pending: deque[Update] = deque()
        self._again: list[Update] = []
        self._wake = asyncio.Event()
        self._poll = 0
        self._breaks = 0

    def put(self, update: Update) -> None:
        if update.kind in _NOT_BY_DEFAULT and update.kind not in self.allowed:
            return
        if self.allowed and update.kind not in self.allowed:
            return
        if self.deliver is None:
            self._fresh.append(update)
            self._wake.set()
        else:
            self._number(update)
            self.deliver(update)

    def __len__(self) -> int:
        return len(self._fresh) + len(self._pending)

    def drain(self) -> list[Update]:
        """Everything unconfirmed, for a webhook to deliver."""
        self._collect()
        waiting = list(self._pending)
        self._pending.clear()
        return waiting

    def give_back(self, updates: list[Update]) -> None:
        """What a removed webhook has not delivered."""
        self._pending = deque(sorted([*updates, *self._pending], key=lambda update: update.number))
        self._wake.set()

    def drop(self) -> None:
        self._fresh.clear()
        self._pending.clear()
        self._again.clear()

    def wake(self) -> None:
        self._wake.set()

    def break_off(self) -> None:
        """The poll under way ends with nothing: the platform stops, and would wait for it."""
        self._breaks += 1
        self._wake.set()

    async def take(self, offset: int, limit: int, seconds: float) -> list[JsonObject]:
        self.polled = True
        self._poll += 1
        poll, breaks = self._poll, self._breaks
        self._wake.set()
        self._confirm(offset)
        deadline = asyncio.get_running_loop().time() + seconds
        while True:
            self._wake.clear()
            batch = self._batch(limit)
            left = deadline - asyncio.get_running_loop().time()
            if batch or left <= 0 or breaks != self._breaks or self._faults.on(FaultKind.DOWN):
                return batch
            try:
                async with asyncio.timeout(left):
                    await self._wake.wait()
            except TimeoutError:
                continue
            if poll != self._poll:
                raise conflict(
                    "terminated by other getUpdates request; make sure that only one bot instance is running"
                )
            if self.deliver is not None:
                raise conflict("terminated by setWebhook request")

    def _confirm(self, offset: int) -> None:
        """A negative offset keeps the last so many updates and forgets the earlier ones."""
        self._collect()
        if offset < 0:
            offset = self._next_number + offset
        while self._pending and self._pending[0].number < offset:
            self._confirmed(self._pending.popleft())

    def _batch(self, limit: int) -> list[JsonObject]:
        self._collect()
        again, self._again = self._again, []
        batch = [*again, *islice(self._pending, max(limit - len(again), 0))]
        for update in batch:
            if not update.handed and self._faults.take(FaultKind.DUPLICATE):
                self._again.append(update)
            update.handed = True
        return [update.body() for update in batch]

    def _collect(self) -> None:
        if not self._fresh:
            return
        fresh, self._fresh = self._fresh, []
        if self._faults.on(FaultKind.REORDER):
            fresh = _disorder(fresh, self._faults)
        for update in fresh:
            self._number(update)
        self._pending.extend(fresh)

    def _number(self, update: Update) -> None:
        update.number = self._next_number
        self._next_number += 1


def _disorder(updates: list[Update], faults: MessengerFaults) -> list[Update]:
    """Presses first, then chats shuffled into one another; the messages of one chat keep their order."""
    presses = [update for update in updates if update.kind == CALLBACK]
    rest = [update for update in updates if update.kind != CALLBACK]
    by_chat: dict[int, deque[Update]] = {}
    for update in rest:
        by_chat.setdefault(update.chat, deque()).append(update)
    turns = [update.chat for update in rest]
    faults.random.shuffle(turns)
    return presses + [by_chat[chat].popleft() for chat in turns]
