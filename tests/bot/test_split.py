"""Two unrelated problems in one message: said so, and offered to go two ways."""

import pytest

from bot.messages import Act, FileRef, Reply
from core.models import Appeal, Attachment, Channel
from tests.bot.chatting import Chat, Did, buttons, keys

TWO = "не вивозять сміття на просп. Поштовому 40, і ще прорвало трубу на вул. Соборності 12"
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def pressed(replies: list[Reply], action: str) -> str:
    return next(data for data in buttons(replies[0]) if data.startswith(action))


async def both(chat: Chat, channel: Channel = Channel.TELEGRAM) -> list[Reply]:
    await chat.begin(channel, [])
    await chat.does(Did(Act.FILE, text="", file=FileRef("file-1")))
    replies = await chat.does(Did(Act.TEXT, text=TWO))
    assert "split.ask" in keys(replies)
    return replies


async def test_two_appeals_come_of_it_each_with_the_photo(chat: Chat) -> None:
    replies = await both(chat)
    replies = await chat.does(Did(Act.BUTTON, button=pressed(replies, "split:")))
    assert "card.title" in keys(replies)
    replies = await chat.does(Did(Act.TEXT, text="так"))
    assert {"filed.executor", "split.next", "card.title"} <= keys(replies)
    replies = await chat.does(Did(Act.TEXT, text="так"))
    assert "filed.executor" in keys(replies)
    first, second = await Appeal.all().order_by("id")
    assert {first.category_id, second.category_id} == {"waste.collection", "water.leak"}
    assert ("Поштов" in first.address, "Соборності" in second.address) == (True, True)
    for appeal in (first, second):
        assert appeal.photos == 1
        assert await Attachment.filter(appeal_id=appeal.id).count() == 1
    assert chat.state.draft is None
    assert chat.state.later == []


async def test_by_words_too(chat: Chat) -> None:
    await both(chat, Channel.VIBER)
    replies = await chat.does(Did(Act.TEXT, text="так"))
    assert "card.title" in keys(replies)
    assert len(chat.state.later) == 1


@pytest.mark.parametrize("said", ["ні", None])
async def test_it_may_stay_one(chat: Chat, said: str | None) -> None:
    replies = await both(chat)
    did = Did(Act.TEXT, text=said) if said else Did(Act.BUTTON, button=pressed(replies, "whole:"))
    replies = await chat.does(did)
    assert "split.ask" not in keys(replies)
    assert chat.state.later == []
    replies = await chat.does(Did(Act.TEXT, text="другий тиждень поспіль"))
    assert "split.ask" not in keys(replies), "it isn't asked again"


async def test_giving_up_the_first_leads_to_the_second(chat: Chat) -> None:
    replies = await both(chat)
    await chat.does(Did(Act.BUTTON, button=pressed(replies, "split:")))
    replies = await chat.does(Did(Act.TEXT, text="скасувати"))
    assert {"draft.cancelled", "split.next"} <= keys(replies)
    await chat.does(Did(Act.TEXT, text="так"))
    assert await Appeal.all().count() == 1


async def test_one_problem_is_not_split(chat: Chat) -> None:
    await chat.begin(Channel.TELEGRAM, [])
    replies = await chat.does(Did(Act.TEXT, text="прорвало трубу на вул. Соборності 12, вода заливає двір"))
    assert "split.ask" not in keys(replies)
