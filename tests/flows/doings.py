"""What residents do with their phones in a script: each answers how many updates the bot gets by it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from bot.simulator import Phone
from bot.simulator.bubbles import Bubble, Place, Rows


@dataclass(slots=True)
class Mark:
    """Where a line of the script began: the bot's messages from `first` on answer it, with these buttons."""

    at: str
    first: int
    own: bool
    labels: tuple[str, ...] | None = None


@dataclass(slots=True)
class Chat:
    """One phone.

    `sent`: ids of the resident's own messages. Of the bot's, `seen`: how many the script has come past;
    `apart`: which are held against the messenger's own line only.
    """

    phone: Phone
    channel: str
    picture: bytes
    place: Place
    seen: int = 0
    known: bool = False  # to the city, before what is done now
    sent: list[int] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    apart: set[int] = field(default_factory=set)

    @property
    def news(self) -> list[Bubble]:
        """The bot's messages and edits, as they were when they came."""
        return self.phone.log.news

    @property
    def unseen(self) -> list[Bubble]:
        return self.news[self.seen :]

    def begin(self, at: str, *, own: bool) -> None:
        self.marks.append(Mark(at, len(self.news), own))

    def labels(self) -> tuple[str, ...]:
        """The buttons offered by the bot's latest message."""
        if not self.news:
            return ()
        newest = self.phone.log.get(self.news[-1].id) or self.news[-1]
        return tuple(button.label for row in self._rows(newest) for button in row)

    def _rows(self, bubble: Bubble) -> Rows:
        return bubble.buttons or (self.phone.keyboard.rows if self.phone.keyboard else ())

    def tail(self, who: str) -> list[str]:
        """How the chat looks, for an error."""
        names = {"resident": who, "bot": who.replace("R", "B")}
        lines = [f"{names[each.side]}: {each.text or each.kind}" for each in self.phone.messages[-10:]]
        return [*lines, f"   {list(self.labels())}"] if lines else []


async def do(chat: Chat, what: str, argument: str, words: str) -> int:
    return await DOINGS[what](chat, argument, words)


async def _words(chat: Chat, _argument: str, words: str) -> int:
    chat.sent.append((await chat.phone.text(words)).id)
    return 1


async def _times(chat: Chat, argument: str, words: str) -> int:
    for _ in range(int(argument)):
        await chat.phone.text(words)
    return int(argument)


async def _press(chat: Chat, argument: str, _words: str) -> int:
    await chat.phone.press(argument, place=chat.place)
    return 1


async def _press_again(chat: Chat, argument: str, _words: str) -> int:
    """A button of the newest message that has, or had, one of that label."""
    for bubble in chat.phone.log.latest_first():
        try:
            await chat.phone.press_on(bubble.id, argument)
        except LookupError:
            continue
        return 1
    raise LookupError(f"no message had a button {argument!r}")


async def _photo(chat: Chat, _argument: str, words: str) -> int:
    chat.sent.append((await chat.phone.photo(chat.picture, caption=words or None)).id)
    return 1


async def _album(chat: Chat, argument: str, words: str) -> int:
    number = int(argument)
    chat.sent.append((await chat.phone.photo(*[chat.picture] * number, caption=words or None)).id)
    return number


async def _video(chat: Chat, _argument: str, words: str) -> int:
    chat.sent.append((await chat.phone.video(caption=words or None)).id)
    return 1


async def _voice(chat: Chat, _argument: str, _words: str) -> int:
    chat.sent.append((await chat.phone.voice()).id)
    return 1


async def _document(chat: Chat, argument: str, words: str) -> int:
    """Viber lets nobody write a caption to a file."""
    name = argument or "заява.pdf"
    chat.sent.append((await chat.phone.document(PDF, name, caption=words or None)).id)
    return 1


async def _location(chat: Chat, argument: str, _words: str) -> int:
    lat, lon = map(float, argument.split()) if argument else chat.place
    chat.sent.append((await chat.phone.location(lat, lon)).id)
    return 1


async def _venue(chat: Chat, argument: str, _words: str) -> int:
    await chat.phone.venue(*chat.place, argument, "")
    return 1


async def _live(chat: Chat, _argument: str, _words: str) -> int:
    chat.sent.append((await chat.phone.live_location(*chat.place)).id)
    return 1


async def _moves(chat: Chat, _argument: str, _words: str) -> int:
    """Viber's has been sent once and stays where it is."""
    lat, lon = chat.place
    await chat.phone.move(chat.sent[-1], lat + 0.0001, lon)
    return 1 if chat.channel == "telegram" else 0


async def _sticker(chat: Chat, _argument: str, _words: str) -> int:
    await chat.phone.sticker()
    return 1


async def _contact(chat: Chat, argument: str, _words: str) -> int:
    await chat.phone.contact(own=not argument)
    return 1


async def _start(chat: Chat, argument: str, _words: str) -> int:
    await chat.phone.start(argument or None)
    return 1


async def _edit(chat: Chat, argument: str, words: str) -> int:
    await chat.phone.edit(chat.sent[int(argument) - 1], words)
    return 1 if chat.channel == "telegram" else 0


async def _reply(chat: Chat, argument: str, words: str) -> int:
    told = next(
        each for each in chat.phone.log.latest_first() if each.side == "bot" and argument in each.text
    )
    chat.sent.append((await chat.phone.text(words, reply_to=told.id)).id)
    return 1


Doing = Callable[[Chat, str, str], Awaitable[int]]
DOINGS: dict[str, Doing] = {
    "words": _words,
    "times": _times,
    "press": _press,
    "press again": _press_again,
    "photo": _photo,
    "album": _album,
    "video": _video,
    "voice": _voice,
    "document": _document,
    "location": _location,
    "venue": _venue,
    "live": _live,
    "moves": _moves,
    "sticker": _sticker,
    "contact": _contact,
    "start": _start,
    "edit": _edit,
    "reply to": _reply,
}
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n%%EOF\n"
)
