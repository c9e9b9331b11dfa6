"""Queueing, claiming and recording, as tests of the outbox say it."""

from collections.abc import Sequence
from typing import Any

from core import outbox
from core.models import Account, Channel, Outbox
from core.outbox import Letter, Message, Outcome


async def say(account: Account, text: str, **more: Any) -> None:
    await outbox.queue(Message(account, "reply", {"lines": [["words", {"text": text}, None]]}, **more))


async def claim(limit: int = 10, channel: Channel = Channel.TELEGRAM, **more: Any) -> list[Letter]:
    return await outbox.claim(channel, limit, **more)


def texts(letters: Sequence[Letter]) -> list[str]:
    return [letter.body["lines"][0][1]["text"] for letter in letters]


async def sent(letter: Letter, provider_id: str) -> None:
    await outbox.record([Outcome(letter, provider_id=provider_id)])


async def states() -> list[str]:
    return [row.state.value for row in await Outbox.all().order_by("id")]
