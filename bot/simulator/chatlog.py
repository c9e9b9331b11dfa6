"""The messages of one chat, and waiting for the bot's next ones."""

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

from bot.simulator.bubbles import Bubble, Keyboard, Rows, Status

_SHOWN_IN_ERRORS = 8


class ChatLog:
    """`news` holds every message and edit of the bot in order of arrival; `cursor` is how far it was read."""

    def __init__(self, publish: Callable[[Bubble], None]) -> None:
        self.bubbles: list[Bubble] = []
        self.news: list[Bubble] = []
        self.cursor = 0
        self.keyboard: Keyboard | None = None
        self.quiet_since = time.monotonic()
        self._at: dict[int, int] = {}
        self._former: dict[int, Rows] = {}
        self._publish = publish
        self._changed = asyncio.Event()

    def add(self, bubble: Bubble) -> Bubble:
        self._at[bubble.id] = len(self.bubbles)
        self.bubbles.append(bubble)
        self._note(bubble, news=bubble.side == "bot")
        return bubble

    def change(self, bubble: Bubble, *, news: bool = False) -> Bubble:
        place = self._at[bubble.id]
        if self.bubbles[place].buttons not in ((), bubble.buttons):
            self._former[bubble.id] = self.bubbles[place].buttons
        self.bubbles[place] = bubble
        self._note(bubble, news=news)
        return bubble

    def get(self, bubble_id: int) -> Bubble | None:
        place = self._at.get(bubble_id)
        return None if place is None else self.bubbles[place]

    def former_buttons(self, bubble_id: int) -> Rows:
        """Buttons the bot has since changed or taken away: a slow screen still shows them."""
        return self._former.get(bubble_id, ())

    def set_status(self, bubble_id: int, status: Status) -> None:
        bubble = self.get(bubble_id)
        if bubble is not None and bubble.status != status:
            self.change(replace(bubble, status=status))

    def latest_first(self) -> Iterator[Bubble]:
        return (bubble for bubble in reversed(self.bubbles) if not bubble.deleted)

    def clear(self) -> None:
        self.bubbles.clear()
        self.news.clear()
        self._at.clear()
        self.cursor = 0
        self.keyboard = None

    def read_up(self) -> None:
        self.cursor = len(self.news)

    async def wait(self, text_part: str | None, *, count: int, timeout: float) -> Bubble:  # noqa: ASYNC109
        found = 0
        try:
            async with asyncio.timeout(timeout):
                while True:
                    self._changed.clear()
                    while self.cursor < len(self.news):
                        bubble = self.news[self.cursor]
                        self.cursor += 1
                        found += text_part is None or text_part in bubble.text
                        if found == count:
                            return bubble
                    await self._changed.wait()
        except TimeoutError:
            wanted = "anything" if text_part is None else repr(text_part)
            raise TimeoutError(f"the bot wrote {wanted} {found} of {count} times; {self._tail()}") from None

    async def settle(self, quiet: float) -> None:
        while (left := self.quiet_since + quiet - time.monotonic()) > 0:  # noqa: ASYNC110 - silence is awaited
            await asyncio.sleep(left)

    def _note(self, bubble: Bubble, *, news: bool) -> None:
        self.quiet_since = time.monotonic()
        if news:
            self.news.append(bubble)
            self._changed.set()
        self._publish(bubble)

    def _tail(self) -> str:
        lines = [
            f"{bubble.side}: {bubble.text or bubble.kind}" for bubble in self.bubbles[-_SHOWN_IN_ERRORS:]
        ]
        return "the chat ends:\n" + "\n".join(lines) if lines else "the chat is empty"
