"""What is official by law is offered with what it takes; an ordinary request is quicker."""

from datetime import timedelta

import pytest

from bot.messages import Act, Reply
from core.models import Appeal, Channel, Resident
from core.workflow import Kind
from tests.bot.chatting import Chat, Did, buttons, keys

OFFICIAL = "хочу подати офіційну скаргу на роботу ЖЕКу"
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def pressed(replies: list[Reply], action: str) -> str:
    return next(data for data in buttons(replies[0]) if data.startswith(action))


async def test_name_and_address_are_asked_and_it_is_a_complaint(chat: Chat) -> None:
    await chat.begin(Channel.TELEGRAM, [])
    replies = await chat.does(Did(Act.TEXT, text=OFFICIAL))
    assert "official.ask_complaint" in keys(replies)
    replies = await chat.does(Did(Act.BUTTON, button=pressed(replies, "kind:")))
    assert "official.essence" in keys(replies)
    replies = await chat.does(
        Did(Act.TEXT, text="третій місяць не прибирають під'їзд, на дзвінки кажуть чекайте")
    )
    assert "official.name" in keys(replies)
    replies = await chat.does(Did(Act.TEXT, text="5"))
    assert keys(replies) & {"name.needed", "name.both"}
    replies = await chat.does(Did(Act.TEXT, text="Шевченко Марія Іванівна"))
    assert "official.address" in keys(replies)
    replies = await chat.does(Did(Act.TEXT, text="вул. Соборності 12, кв. 5"))
    assert "official.card_complaint" in keys(replies)
    replies = await chat.does(Did(Act.TEXT, text="так"))
    assert "filed.complaint" in keys(replies)
    appeal = await Appeal.get()
    assert (appeal.kind, appeal.executor_id, appeal.triage, appeal.urgent) == (
        Kind.COMPLAINT,
        None,
        True,
        False,
    )
    assert appeal.due_at is not None
    assert timedelta(days=27) < appeal.due_at - appeal.created_at < timedelta(days=36)
    resident = await Resident.get(id=chat.account.resident_id)
    assert (resident.name, resident.address) == ("Шевченко Марія Іванівна", "вул. Соборності 12, кв. 5")


async def test_who_is_known_is_not_asked_again_but_may_change_it(chat: Chat) -> None:
    await chat.begin(Channel.VIBER, [])
    await Resident.filter(id=chat.account.resident_id).update(
        name="Коваль Олена", address="вул. Мусоргського 3"
    )
    replies = await chat.does(Did(Act.TEXT, text=OFFICIAL))
    await chat.does(Did(Act.BUTTON, button=pressed(replies, "kind:")))
    replies = await chat.does(Did(Act.TEXT, text="третій місяць не прибирають під'їзд"))
    assert "official.card_complaint" in keys(replies)
    replies = await chat.does(Did(Act.BUTTON, button=pressed(replies, "name:")))
    assert "official.name" in keys(replies)
    await chat.does(Did(Act.TEXT, text="Бондар Іван"))
    replies = await chat.does(Did(Act.TEXT, text="просп. Поштовий 40"))
    assert "official.card_complaint" in keys(replies)
    assert chat.state.draft is not None
    assert (chat.state.draft.name, chat.state.draft.address) == ("Бондар Іван", "просп. Поштовий 40")


async def test_an_ordinary_request_after_all(chat: Chat) -> None:
    await chat.begin(Channel.TELEGRAM, [])
    replies = await chat.does(Did(Act.TEXT, text="офіційна скарга: прорвало трубу на вул. Соборності 12"))
    replies = await chat.does(Did(Act.BUTTON, button=pressed(replies, "request:")))
    assert "card.title" in keys(replies)
    await chat.does(Did(Act.TEXT, text="так"))
    appeal = await Appeal.get()
    assert (appeal.kind, appeal.category_id) == (Kind.REQUEST, "water.leak")
    assert (await Resident.get(id=chat.account.resident_id)).name == ""
