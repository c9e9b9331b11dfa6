"""Limits of what one person may do, told in kind words."""

from datetime import timedelta

import pytest

from bot.messages import Act, FileRef
from core import clock
from core.config import Limits
from core.models import Appeal, Attachment, Channel
from core.models.appeals import AttachmentState
from tests.bot.chatting import Chat, Did, keys

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
LEAK = "прорвало трубу на вул. Соборності {}"


async def test_too_many_messages_are_told_once(chat: Chat) -> None:
    chat.limits = Limits(messages_a_minute=3)
    await chat.begin(Channel.TELEGRAM, [])
    told = [await chat.does(Did(Act.TEXT, text="допомога")) for _ in range(6)]
    assert [keys(each) for each in told] == [{"bot.help"}] * 3 + [{"pace.slow"}, set(), set()]
    assert keys(await chat.does(Did(Act.BUTTON, button="help"))) == {"pace.slow"}, (
        "a press is always answered"
    )


async def test_a_minute_later_they_are_heard_again(chat: Chat) -> None:
    chat.limits = Limits(messages_a_minute=1)
    await chat.begin(Channel.TELEGRAM, [])
    await chat.does(Did(Act.TEXT, text="допомога"))
    assert keys(await chat.does(Did(Act.TEXT, text="допомога"))) == {"pace.slow"}
    later = clock.now() + timedelta(seconds=61)
    with clock.use(lambda: later):
        assert keys(await chat.does(Did(Act.TEXT, text="допомога"))) == {"bot.help"}


async def test_a_day_has_room_for_so_many_messages(chat: Chat) -> None:
    chat.limits = Limits(messages_a_day=2)
    await chat.begin(Channel.VIBER, [])
    told = [await chat.does(Did(Act.TEXT, text="допомога")) for _ in range(4)]
    assert [keys(each) for each in told] == [{"bot.help"}] * 2 + [{"pace.day"}, set()]
    tomorrow = clock.now() + timedelta(days=1)
    with clock.use(lambda: tomorrow):
        assert keys(await chat.does(Did(Act.TEXT, text="допомога"))) == {"bot.help"}


async def test_a_day_has_room_for_so_many_appeals_and_the_draft_waits(chat: Chat) -> None:
    chat.limits = Limits(appeals_a_day=1)
    await chat.begin(Channel.VIBER, [])
    for house in (12, 40):
        await chat.does(Did(Act.TEXT, text=LEAK.format(house)))
        replies = await chat.does(Did(Act.TEXT, text="так"))
    assert "pace.appeals" in keys(replies)
    assert await Appeal.all().count() == 1
    assert chat.state.draft is not None
    tomorrow = clock.now() + timedelta(days=1)
    with clock.use(lambda: tomorrow):
        assert "filed.executor" in keys(await chat.does(Did(Act.TEXT, text="так")))


async def test_danger_is_never_too_much(chat: Chat) -> None:
    chat.limits = Limits(appeals_a_day=1)
    await chat.begin(Channel.VIBER, [])
    await chat.does(Did(Act.TEXT, text=LEAK.format(12)))
    await chat.does(Did(Act.TEXT, text="так"))
    replies = await chat.does(Did(Act.TEXT, text="сильно пахне газом у підвалі Гагаріна 5"))
    assert "danger.filed" in keys(replies)
    assert await Appeal.all().count() == 2


async def test_a_day_has_room_for_so_many_files_and_their_words_are_kept(chat: Chat) -> None:
    chat.limits = Limits(files_a_day=2)
    await chat.begin(Channel.TELEGRAM, [])
    for number in range(2):
        await chat.does(Did(Act.FILE, file=FileRef(f"file-{number}")))
    replies = await chat.does(Did(Act.FILE, text=LEAK.format(12), file=FileRef("file-3")))
    assert {"pace.files", "card.title"} <= keys(replies)
    assert await Attachment.filter(state=AttachmentState.WAITING).count() == 2
