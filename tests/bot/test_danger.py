"""Danger is filed at once: nothing is confirmed, and what is missing is asked after that."""

import pytest

from bot.conversation.state import Step
from bot.messages import Act
from core.models import Appeal, Channel, Event
from core.workflow import Status, Verb
from tests.bot.chatting import Chat, Did, buttons, keys

GAS = "сильно пахне газом у підвалі, вул. Мусоргського 5"
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def test_it_is_filed_before_anybody_confirms(chat: Chat) -> None:
    await chat.begin(Channel.TELEGRAM, [])
    replies = await chat.does(Did(Act.TEXT, text=GAS))
    appeal = await Appeal.get()
    assert appeal.urgent
    assert appeal.address.endswith(", 5")
    assert {"card.danger_104", "danger.filed", "danger.more"} <= keys(replies)
    assert chat.state.draft is None


async def test_what_is_said_next_is_of_it(chat: Chat) -> None:
    await chat.begin(Channel.VIBER, [])
    await chat.does(Did(Act.TEXT, text=GAS))
    replies = await chat.does(Did(Act.TEXT, text="там ще дитина всередині, двері замкнені"))
    assert "answer.passed" in keys(replies)
    appeal = await Appeal.get()
    assert await Event.filter(appeal_id=appeal.id, verb=Verb.ADD).count() == 1


async def test_another_matter_is_another_appeal(chat: Chat) -> None:
    await chat.begin(Channel.VIBER, [])
    await chat.does(Did(Act.TEXT, text=GAS))
    replies = await chat.does(Did(Act.TEXT, text="не вивозять сміття вже тиждень, просп. Поштовий 40"))
    assert "card.title" in keys(replies)


async def test_where_is_asked_when_it_exists_already(chat: Chat) -> None:
    await chat.begin(Channel.TELEGRAM, [])
    replies = await chat.does(Did(Act.TEXT, text="сильно пахне газом, дуже боюсь"))
    appeal = await Appeal.get()
    assert "danger.where" in keys(replies)
    assert (chat.state.step, chat.state.about) == (Step.LOCATE, appeal.id)
    assert replies[0].ask_location
    replies = await chat.does(Did(Act.TEXT, text="вул. Соборності 12"))
    assert "danger.located" in keys(replies)
    await appeal.refresh_from_db()
    assert "Соборності" in appeal.address
    assert chat.state.step is Step.IDLE


async def test_a_point_serves_as_well(chat: Chat) -> None:
    await chat.begin(Channel.TELEGRAM, [])
    await chat.does(Did(Act.TEXT, text="сильно пахне газом, дуже боюсь"))
    replies = await chat.does(Did(Act.LOCATION, point=(0.0, 0.0)))
    assert "bad.outside" in keys(replies)
    assert chat.state.step is Step.LOCATE
    await chat.does(Did(Act.LOCATION, point=(47.905, 33.39)))
    appeal = await Appeal.get()
    assert (appeal.lat, appeal.lon, appeal.district_id) == (47.905, 33.39, "metalurhiinyi")


async def test_a_mistake_is_taken_back(chat: Chat) -> None:
    await chat.begin(Channel.TELEGRAM, [])
    replies = await chat.does(Did(Act.TEXT, text=GAS))
    appeal = await Appeal.get()
    assert f"withdraw:{appeal.id}" in buttons(replies[0])
    await chat.does(Did(Act.BUTTON, button=f"withdraw:{appeal.id}"))
    await chat.does(Did(Act.TEXT, text="так"))
    await appeal.refresh_from_db()
    assert appeal.status is Status.WITHDRAWN


@pytest.mark.parametrize(
    "text",
    [
        "прорвало трубу на вул. Соборності 12 третій день",
        "яма на дорозі, вул. Соборності 3",
        "не горять ліхтарі на вулиці Мусоргського",
    ],
)
async def test_what_is_no_danger_is_shown_first(chat: Chat, text: str) -> None:
    await chat.begin(Channel.TELEGRAM, [])
    assert "card.title" in keys(await chat.does(Did(Act.TEXT, text=text)))
    assert not await Appeal.exists()


@pytest.mark.parametrize(
    "began", ["хочу офіційну скаргу на роботу ЖЕКу", "яма на дорозі", "яма на вул. Соборності 3"]
)
async def test_in_the_midst_of_something_else_it_does_not_wait(chat: Chat, began: str) -> None:
    await chat.begin(Channel.VIBER, [])
    await chat.does(Did(Act.TEXT, text=began))
    draft = chat.state.draft
    replies = await chat.does(Did(Act.TEXT, text=GAS))
    assert {"card.danger_104", "danger.filed", "draft.waits"} <= keys(replies)
    appeal = await Appeal.get()
    assert (appeal.category_id, appeal.text) == ("gas.leak", GAS)
    assert chat.state.draft is not None
    assert draft is not None
    assert (chat.state.draft.token, chat.state.draft.text) == (draft.token, began)
    replies = await chat.does(Did(Act.TEXT, text="і ще іскрить дріт біля газу"))
    assert "answer.passed" in keys(replies)
    assert chat.state.draft.text == began


async def test_its_place_is_asked_before_the_draft_goes_on(chat: Chat) -> None:
    await chat.begin(Channel.TELEGRAM, [])
    await chat.does(Did(Act.TEXT, text="яма на вул. Соборності 3"))
    replies = await chat.does(Did(Act.TEXT, text="сильно пахне газом, дуже боюсь"))
    assert "danger.where" in keys(replies)
    assert chat.state.step is Step.LOCATE
    replies = await chat.does(Did(Act.TEXT, text="вул. Мусоргського 5"))
    assert "danger.located" in keys(replies)
    assert (chat.state.step, chat.state.draft is not None) == (Step.DRAFT, True)
    assert "Мусоргського" in (await Appeal.get()).address
