"""A resident's phone, whichever the messenger."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from bot.simulator.bubbles import Bubble, Button, JsonObject, Keyboard, Place, Rows, Sent
from bot.simulator.chatlog import ChatLog
from bot.simulator.faults import MessengerFaults
from bot.simulator.sounds import silence


@dataclass(frozen=True, slots=True)
class Resident:
    key: str
    name: str
    language: str
    phone: str


class Phone(ABC):
    """Actions return the resident's own bubble at once, without waiting for the bot to take it."""

    def __init__(self, resident: Resident, log: ChatLog, home: Place) -> None:
        self.resident = resident
        self.key = resident.key
        self.name = resident.name
        self.log = log
        self.home = home
        self.blocked = False
        self.opened: list[str] = []

    @property
    @abstractmethod
    def address(self) -> str:
        """What the bot calls this resident: a chat id, a user id."""

    @property
    def messages(self) -> list[Bubble]:
        return list(self.log.bubbles)

    @property
    def last(self) -> Bubble:
        """The latest message of the bot that is not deleted; LookupError when there is none."""
        for bubble in self.log.latest_first():
            if bubble.side == "bot":
                return bubble
        raise LookupError(f"the bot has written nothing to {self.name}")

    @property
    def keyboard(self) -> Keyboard | None:
        return self.log.keyboard

    async def wait(self, text_part: str | None = None, *, count: int = 1, timeout: float = 10) -> Bubble:  # noqa: ASYNC109
        """Wait for the bot's messages or edits since the last wait or action; TimeoutError shows the chat."""
        return await self.log.wait(text_part, count=count, timeout=timeout)

    async def settle(self, quiet: float = 0.3) -> None:
        await self.log.settle(quiet)

    async def press(self, label_or_data: str, *, place: Place | None = None) -> Bubble | None:
        """Press a button of the latest message, else of the keyboard, else of an earlier message.

        Without an exact match a part of a label will do, if only one button of that place has it.
        `place` is what a location button sends (the city's centre by default).
        """
        for rows, bubble in self._pressable():
            button = find_button(rows, label_or_data)
            if button is not None:
                return await self.push(button, bubble, place)
        raise LookupError(f"no button {label_or_data!r} for {self.name}; there are {self._labels()}")

    async def press_on(
        self, message_id: int, label_or_data: str, *, place: Place | None = None
    ) -> Bubble | None:
        """Press a button of a particular message, however old, even one that is no longer there."""
        bubble = self.log.get(message_id)
        if bubble is None:
            raise LookupError(f"no message {message_id} on the phone of {self.name}")
        rows = bubble.buttons or (bubble.keyboard.rows if bubble.keyboard else ())
        former = self.log.former_buttons(message_id)
        button = find_button(rows, label_or_data) or find_button(former, label_or_data)
        if button is None:
            raise LookupError(f"no button {label_or_data!r} on message {message_id}")
        return await self.push(button, bubble, place)

    @abstractmethod
    async def push(self, button: Button, bubble: Bubble | None, place: Place | None) -> Bubble | None: ...

    @abstractmethod
    async def start(self, payload: str | None = None) -> None: ...

    @abstractmethod
    async def text(self, text: str, *, reply_to: int | None = None) -> Bubble:
        """`reply_to`: a message of the bot that this answers; Viber's bots hear nothing of that."""

    @abstractmethod
    async def photo(self, *images: bytes, caption: str | None = None) -> Bubble:
        """Several images are an album in Telegram and separate messages in Viber; the first is returned."""

    @abstractmethod
    async def location(self, lat: float, lon: float) -> Bubble: ...

    @abstractmethod
    async def venue(self, lat: float, lon: float, title: str, address: str) -> Bubble: ...

    @abstractmethod
    async def live_location(self, lat: float, lon: float, *, period: int = 900) -> Bubble: ...

    @abstractmethod
    async def move(self, message_id: int, lat: float, lon: float) -> None:
        """A live location goes on."""

    @abstractmethod
    async def contact(self, phone: str | None = None, *, own: bool = True) -> Bubble:
        """`own=False` shares somebody else's number."""

    @abstractmethod
    async def sticker(self) -> Bubble: ...

    @abstractmethod
    async def voice(self, data: bytes = silence()) -> Bubble: ...

    @abstractmethod
    async def video(
        self, data: bytes = b"\0\0\0\x18ftypmp42" + bytes(4000), *, caption: str | None = None
    ) -> Bubble: ...

    @abstractmethod
    async def document(
        self,
        data: bytes,
        name: str = "document.pdf",
        mime: str = "application/pdf",
        *,
        caption: str | None = None,
    ) -> Bubble:
        """Viber lets nobody write a caption to a file."""

    @abstractmethod
    async def edit(self, message_id: int, text: str) -> Bubble: ...

    @abstractmethod
    async def raw(self, update: JsonObject) -> None:
        """Send the bot this very update, sound or not, with whatever identifiers it lacks."""

    @abstractmethod
    async def block(self) -> None: ...

    @abstractmethod
    async def unblock(self) -> None: ...

    def add_own(self, bubble: Bubble) -> Bubble:
        """Put the resident's message on the phone; what the bot wrote before it counts as read."""
        self.log.read_up()
        return self.log.add(bubble)

    def rewrite_own(self, message_id: int, text: str) -> Bubble:
        bubble = self.log.get(message_id)
        if bubble is None or bubble.side != "resident":
            raise LookupError(f"{self.name} wrote no message {message_id}")
        self.log.read_up()
        return self.log.change(replace(bubble, text=text, edited=bubble.edited + 1))

    def _pressable(self) -> list[tuple[Rows, Bubble | None]]:
        with_buttons: list[tuple[Rows, Bubble | None]] = [
            (bubble.buttons, bubble) for bubble in self.log.latest_first() if bubble.buttons
        ]
        keys: list[tuple[Rows, Bubble | None]] = [(self.keyboard.rows, None)] if self.keyboard else []
        return with_buttons[:1] + keys + with_buttons[1:]

    def _labels(self) -> list[str]:
        return [button.label for rows, _ in self._pressable() for row in rows for button in row]


class Messenger(Protocol):
    """What the two messengers have in common for tests and the page."""

    @property
    def name(self) -> str: ...
    @property
    def phones(self) -> Sequence[Phone]: ...
    @property
    def sent(self) -> Sequence[Sent]: ...
    @property
    def faults(self) -> MessengerFaults: ...
    @property
    def connected(self) -> bool:
        """Whether a bot listens: it has set a webhook or polls."""

    def commands_for(self, language: str, chat: str = "") -> Sequence[JsonObject]:
        """The commands of the bot's menu, in this language or the one set for all others."""

    def resident(self, name: str, *, key: str | None = None, language: str = "uk") -> Phone: ...
    def phone(self, key: str) -> Phone | None: ...


def find_button(rows: Rows, label_or_data: str) -> Button | None:
    """The button of this label or data; LookupError when a part of a label fits several."""
    buttons = [button for row in rows for button in row]
    for button in buttons:
        if label_or_data in {button.label, button.data}:
            return button
    wanted = label_or_data.casefold()
    close = [button for button in buttons if wanted in button.label.casefold()]
    if len(close) > 1:
        raise LookupError(f"{label_or_data!r} fits {[button.label for button in close]}")
    return close[0] if close else None
