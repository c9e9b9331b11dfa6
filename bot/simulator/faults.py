"""Misbehaviour to order: what real messengers do on a bad day."""

import asyncio
import contextlib
import random
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import StrEnum

_POLL = "getUpdates"


class FaultKind(StrEnum):
    DOWN = "down"
    TIMEOUT = "timeout"
    BAD_GATEWAY = "bad_gateway"
    SERVER_ERROR = "server_error"
    RATE_LIMIT = "rate_limit"
    LOSE_ANSWERS = "lose_answers"
    DUPLICATE = "duplicate"
    REORDER = "reorder"
    REFUSE_DOWNLOADS = "refuse_downloads"


@dataclass(slots=True)
class Active:
    """`left` requests still to spoil; `until` is of the monotonic clock; both None last until cleared."""

    left: int | None
    until: float | None
    value: float
    methods: frozenset[str]

    def concerns(self, method: str) -> bool:
        """Without `methods`, a counted fault never falls on a poll, which would eat it unseen."""
        if self.methods:
            return method in self.methods
        return self.left is None or method != _POLL


class MessengerFaults:
    """The faults of one messenger. Each lasts `times` requests, or `seconds`, or until cleared."""

    def __init__(self, changed: Callable[[], None] = lambda: None) -> None:
        self._active: dict[FaultKind, Active] = {}
        self._changed = changed
        self._moved = asyncio.Event()
        self.random = random.Random(0)  # noqa: S311 - repeatable disorder, no secret

    def rate_limit(
        self,
        times: int | None = None,
        *,
        seconds: float | None = None,
        retry_after: int = 1,
        methods: Collection[str] = (),
    ) -> None:
        self.order(FaultKind.RATE_LIMIT, times, seconds=seconds, value=retry_after, methods=methods)

    def bad_gateway(
        self, times: int | None = None, *, seconds: float | None = None, methods: Collection[str] = ()
    ) -> None:
        self.order(FaultKind.BAD_GATEWAY, times, seconds=seconds, methods=methods)

    def server_error(
        self, times: int | None = None, *, seconds: float | None = None, methods: Collection[str] = ()
    ) -> None:
        self.order(FaultKind.SERVER_ERROR, times, seconds=seconds, methods=methods)

    def timeout(self, hold: float = 60, *, times: int | None = None, methods: Collection[str] = ()) -> None:
        """Requests hang for `hold` seconds, and then the connection drops."""
        self.order(FaultKind.TIMEOUT, times, value=hold, methods=methods)

    def down(self, seconds: float | None = None) -> None:
        """Nothing is answered and nothing is delivered."""
        self.order(FaultKind.DOWN, seconds=seconds)

    def lose_answers(self, times: int = 1) -> None:
        """The message reaches the phone, the answer never reaches the bot."""
        self.order(FaultKind.LOSE_ANSWERS, times)

    def duplicate(self, times: int | None = None) -> None:
        """Updates arrive twice."""
        self.order(FaultKind.DUPLICATE, times)

    def reorder(self, *, seed: int = 0) -> None:
        """Chats overtake one another, and button presses overtake messages."""
        self.random.seed(seed)
        self.order(FaultKind.REORDER)

    def refuse_downloads(self, times: int | None = None, *, seconds: float | None = None) -> None:
        self.order(FaultKind.REFUSE_DOWNLOADS, times, seconds=seconds)

    def order(
        self,
        kind: FaultKind,
        times: int | None = None,
        *,
        seconds: float | None = None,
        value: float = 0,
        methods: Collection[str] = (),
    ) -> None:
        until = None if seconds is None else time.monotonic() + seconds
        self._active[kind] = Active(times, until, value, frozenset(methods))
        self._move()

    def clear(self, kind: FaultKind | None = None) -> None:
        if kind is None:
            self._active.clear()
        else:
            self._active.pop(kind, None)
        self._move()

    def on(self, kind: FaultKind) -> bool:
        return bool(self._active) and self._current(kind) is not None

    def take(self, kind: FaultKind, method: str = "") -> Active | None:
        """The fault if it falls on this request, counted."""
        if not self._active:
            return None
        active = self._current(kind)
        if active is None or not active.concerns(method):
            return None
        if active.left is not None:
            active.left -= 1
            if active.left <= 0:
                self.clear(kind)
        return active

    async def up(self) -> None:
        """Wait until the messenger is not down."""
        while (active := self._current(FaultKind.DOWN)) is not None:
            self._moved.clear()
            left = None if active.until is None else active.until - time.monotonic()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(left):
                    await self._moved.wait()

    def describe(self) -> dict[str, dict[str, float | None]]:
        now = time.monotonic()
        return {
            kind.value: {
                "times": active.left,
                "seconds": None if active.until is None else active.until - now,
                "value": active.value,
            }
            for kind in FaultKind
            if (active := self._current(kind)) is not None
        }

    def _move(self) -> None:
        self._moved.set()
        self._changed()

    def _current(self, kind: FaultKind) -> Active | None:
        active = self._active.get(kind)
        if active is not None and active.until is not None and time.monotonic() >= active.until:
            del self._active[kind]
            return None
        return active


class Faults:
    def __init__(self, changed: Callable[[], None] = lambda: None) -> None:
        self.telegram = MessengerFaults(changed)
        self.viber = MessengerFaults(changed)

    def of(self, messenger: str) -> MessengerFaults:
        return {"telegram": self.telegram, "viber": self.viber}[messenger]

    def clear(self) -> None:
        self.telegram.clear()
        self.viber.clear()
