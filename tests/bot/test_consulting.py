"""A question is answered at once where many ask it, and otherwise passed to an operator."""

import pytest

from bot.messages import Act, Reply
from core.models import Appeal, Channel
from core.workflow import Kind, Status
from tests.bot.chatting import Chat, Did, buttons, keys

KNOWN = "а коли дадуть опалення?"
UNKNOWN = "чи буде цього року ярмарок меду на площі?"
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def pressed(replies: list[Reply], action: str) -> str:
    return next(data for data in buttons(replies[0]) if data.startswith(action))


async def test_what_many_ask_is_answered(chat: Chat) -> None:
    await chat.begin(Channel.TELEGRAM, [])
    replies = await chat.does(Did(Act.TEXT, text=KNOWN))
    assert keys(replies) == {"question.answer"}
    replies = await chat.does(Did(Act.TEXT, text="дякую"))
    assert keys(replies) == {"bot.welcome"}
    assert chat.state.draft is None
    assert not await Appeal.exists()


@pytest.mark.parametrize("channel", list(Channel))
async def test_anything_else_an_operator_answers(chat: Chat, channel: Channel) -> None:
    await chat.begin(channel, [])
    replies = await chat.does(Did(Act.TEXT, text=UNKNOWN))
    assert "question.card" in keys(replies)
    replies = await chat.does(Did(Act.BUTTON, button=pressed(replies, "ask_operator:")))
    assert "filed.question" in keys(replies)
    appeal = await Appeal.get()
    assert (appeal.kind, appeal.status, appeal.triage) == (Kind.CONSULTATION, Status.REGISTERED, True)
    assert appeal.due_at is not None


async def test_a_typical_answer_may_not_be_enough(chat: Chat) -> None:
    await chat.begin(Channel.TELEGRAM, [])
    replies = await chat.does(Did(Act.TEXT, text=KNOWN))
    replies = await chat.does(Did(Act.BUTTON, button=pressed(replies, "ask_operator:")))
    assert "filed.question" in keys(replies)
    assert (await Appeal.get()).kind is Kind.CONSULTATION


async def test_it_turns_out_to_be_a_problem(chat: Chat) -> None:
    await chat.begin(Channel.TELEGRAM, [])
    replies = await chat.does(Did(Act.TEXT, text=KNOWN))
    replies = await chat.does(Did(Act.BUTTON, button=pressed(replies, "problem:")))
    assert "ask.place" in keys(replies)
    await chat.does(Did(Act.TEXT, text="вул. Соборності 12"))
    await chat.does(Did(Act.TEXT, text="так"))
    appeal = await Appeal.get()
    assert (appeal.kind, appeal.category_id) == (Kind.REQUEST, "heat.no_heating")


async def test_a_problem_told_after_the_answer_is_one_of_its_own(chat: Chat) -> None:
    await chat.begin(Channel.TELEGRAM, [])
    await chat.does(Did(Act.TEXT, text=KNOWN))
    replies = await chat.does(Did(Act.TEXT, text="прорвало трубу на вул. Соборності 12"))
    assert "card.title" in keys(replies)
    assert chat.state.draft is not None
    assert chat.state.draft.text == "прорвало трубу на вул. Соборності 12"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("добрий вечір", "bot.greeting"),
        ("дякую за швидку роботу", "bot.welcome"),
        ("ви всі ідіоти", "talk.abuse"),
        ("фівапр", "bad.no_words"),
        ("👍", "bad.no_words"),
    ],
)
async def test_small_talk(chat: Chat, text: str, key: str) -> None:
    await chat.begin(Channel.VIBER, [])
    replies = await chat.does(Did(Act.TEXT, text=text))
    assert key in keys(replies)
    assert chat.state.draft is None


async def test_small_talk_leaves_a_draft_open(chat: Chat) -> None:
    await chat.begin(Channel.VIBER, [])
    await chat.does(Did(Act.TEXT, text="прорвало трубу на вул. Соборності 12"))
    for text in ("дякую", "добрий день", "ну ви й ідіоти"):
        replies = await chat.does(Did(Act.TEXT, text=text))
        assert "card.title" in keys(replies)
    assert chat.state.draft is not None
    assert chat.state.draft.text == "прорвало трубу на вул. Соборності 12"


@pytest.mark.parametrize("text", ["Оператор!", "хочу поговорити з людиною", "позовите оператора", "human"])
async def test_who_wants_a_person_hears_how_to_reach_one(chat: Chat, text: str) -> None:
    await chat.begin(Channel.TELEGRAM, [])
    await chat.does(Did(Act.TEXT, text="прорвало трубу на вул. Соборності 12"))
    assert keys(await chat.does(Did(Act.TEXT, text=text))) == {"bot.human"}
    assert chat.state.draft is not None
    assert chat.state.draft.text == "прорвало трубу на вул. Соборності 12"
