"""Who names the topic in the chat teaches; who sends the card as it was filled, or leaves it, does not."""

import pytest

from bot.messages import Act
from core.models import Appeal, Channel, Correction
from core.workflow import Role
from tests.bot.chatting import Chat, Did

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
WORDS = "прорвало трубу, вода заливає дорогу, вул. Соборності 12"


async def sent(chat: Chat, *pressed: str) -> Appeal:
    """A complaint whose card had these buttons pressed before it was sent."""
    await chat.begin(Channel.TELEGRAM, [])
    await chat.does(Did(Act.TEXT, text=WORDS))
    for button in (*pressed, "send"):
        draft = chat.state.draft
        assert draft is not None
        action, *arguments = button.split(":")
        await chat.does(Did(Act.BUTTON, button=":".join([action, draft.token, *arguments])))
    assert chat.state.draft is None
    return await Appeal.get()


@pytest.mark.parametrize("category", ["water.leak", "sewer.blocked"])
async def test_the_topic_a_resident_names_is_their_word(chat: Chat, category: str) -> None:
    appeal = await sent(chat, f"cat:{category}")
    word = await Correction.get(appeal_id=appeal.id)
    assert (word.guess, word.category_id, word.role) == ("water.leak", category, Role.RESIDENT)
    assert appeal.model_version == chat.city.understander.model_version


@pytest.mark.parametrize("pressed", [(), ("unsure",)], ids=["card as it was", "not sure"])
async def test_a_topic_nobody_named_is_nobodys_word(chat: Chat, pressed: tuple[str, ...]) -> None:
    await sent(chat, *pressed)
    assert not await Correction.exists()


async def test_the_guess_is_of_all_that_was_said(chat: Chat) -> None:
    """What was added after the topic was named belongs to the text that is learnt from."""
    await chat.begin(Channel.TELEGRAM, [])
    await chat.does(Did(Act.TEXT, text="біля будинку Соборності 12 калюжа"))
    draft = chat.state.draft
    assert draft is not None
    await chat.does(Did(Act.BUTTON, button=f"cat:{draft.token}:sewer.blocked"))
    await chat.does(Did(Act.TEXT, text="прорвало водогін, вода б'є фонтаном з труби"))
    assert chat.state.draft is not None
    found = chat.city.understander.understand(chat.state.draft.text).categories[0]
    assert chat.state.draft.guesses[0][0] == found.slug
    assert chat.state.draft.category == "sewer.blocked"
