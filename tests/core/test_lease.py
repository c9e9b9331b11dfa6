"""A claim is a lease: what can't be sent within it is given back, so that nobody is told twice."""

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Final

import pytest

from core import courier, db, outbox
from core.courier import Courier
from core.models import Channel, Outbox, OutboxState
from core.outbox import Letter, Message
from tests.builders import make_account


class Slow:
    channel: Final = Channel.TELEGRAM
    free_session: timedelta | None = None

    def __init__(self) -> None:
        self.took: Counter[int] = Counter()

    async def send(self, letter: Letter) -> str:
        await asyncio.sleep(0.05)
        self.took[letter.id] += 1
        return f"{letter.id}/{self.took[letter.id]}"


@pytest.mark.usefixtures("database")
async def test_a_slow_channel_outlives_its_lease_without_repeating(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twelve messages at ten a second, one at a time, take longer than the lease they were claimed under."""
    monkeypatch.setattr(outbox, "LEASE", timedelta(seconds=0.5))
    monkeypatch.setattr(courier, "TIMEOUT", 0.2)
    monkeypatch.setattr(courier, "POLL", 0.05)
    async with db.transaction():
        await outbox.queue_all([Message(await make_account(), "reply", {}) for _ in range(12)])
    slow, stopping = Slow(), asyncio.Event()
    running = asyncio.create_task(Courier(slow, per_second=10, chat_pause=0, at_once=1).run(stopping))
    async with asyncio.timeout(20):
        while await Outbox.filter(state=OutboxState.PENDING).exists():  # noqa: ASYNC110 - it has no event
            await asyncio.sleep(0.02)
    stopping.set()
    await running
    assert len(slow.took) == 12
    assert set(slow.took.values()) == {1}
    assert not await Outbox.filter(repeated=True).exists()
