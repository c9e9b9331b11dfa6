"""Sends are held back to the platform's limits, and no further."""

import asyncio
import time

from core.courier import Pace


async def test_overall_pace_holds_back_a_burst() -> None:
    pace, began = Pace(per_second=50, chat_pause=0), time.monotonic()
    await asyncio.gather(*(pace.turn(chat) for chat in range(80)))
    # A fresh start is a quiet second caught up with: 50 at once, the other 30 at their pace.
    assert 0.5 <= time.monotonic() - began < 1.5


async def test_a_chats_pause_holds_that_chat_only() -> None:
    pace = Pace(per_second=1000, chat_pause=0.15)
    left: dict[int, list[float]] = {1: [], 2: []}

    async def turns(chat: int, count: int) -> None:
        for _ in range(count):
            await pace.turn(chat)
            left[chat].append(time.monotonic())

    began = time.monotonic()
    await asyncio.gather(turns(1, 4), turns(2, 1))
    assert left[2][0] - began < 0.1
    assert all(at - began >= place * 0.15 - 0.001 for place, at in enumerate(left[1]))


async def test_paces_memory_does_not_grow() -> None:
    pace = Pace(per_second=100_000, chat_pause=0.001)
    for chat in range(300):
        await pace.turn(chat)
    await asyncio.sleep(0.01)
    await pace.turn(0)
    assert len(pace._chats) < 50
