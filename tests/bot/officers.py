"""What an officer does in a chat in tests, and what they are told: it must fit both platforms."""

from bot.conversation.state import Step
from bot.messages import Act, FileRef, Reply
from core.models import Appeal, Event
from core.workflow import Verb
from tests.bot.chatting import Chat, Did, keys
from tests.bot.looks import check_look

PHOTO = FileRef("photo-1", 1000)


async def press(chat: Chat, button: str) -> set[str]:
    return keys(await looked(chat, Did(Act.BUTTON, button=button)))


async def says(chat: Chat, text: str) -> set[str]:
    return keys(await looked(chat, Did(Act.TEXT, text=text)))


async def shows(chat: Chat, text: str = "", file: FileRef = PHOTO) -> set[str]:
    return keys(await looked(chat, Did(Act.FILE, text=text, file=file)))


async def looked(chat: Chat, did: Did) -> list[Reply]:
    """What is said, which fits both platforms."""
    replies = await chat.does(did)
    assert len(replies) == 1
    check_look(replies[0], chat.city)
    return replies


def standing(chat: Chat) -> Step:
    return chat.state.step


def offered(chat: Chat, action: str) -> str:
    """The newest button of that action."""
    return next(each for each in chat.offered if each.partition(":")[0] == action)


async def verbs(appeal: Appeal) -> list[Verb]:
    return [event.verb for event in await Event.filter(appeal_id=appeal.id).order_by("id")]
