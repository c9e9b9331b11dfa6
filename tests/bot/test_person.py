"""«Про мене» in the dialogue: words for everything, codes known by form, and one way to be forgotten."""

import pytest

from bot.conversation.state import Step
from bot.messages import Act
from core.actions.linking import link_code
from core.models import Account, Appeal, Channel, Outbox, Resident
from tests.bot.chatting import Chat, Did, buttons, keys
from tests.builders import make_account

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
LEAK = "прорвало трубу на вул. Соборності 12"


async def says(chat: Chat, text: str) -> set[str]:
    return keys(await chat.does(Did(Act.TEXT, text)))


async def presses(chat: Chat, button: str) -> set[str]:
    return keys(await chat.does(Did(Act.BUTTON, button=button)))


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Мої дані", "person.data"),
        ("мои данные!", "person.data"),
        ("My data", "person.data"),
        ("/data", "person.data"),
        ("про мене", "person.about"),
        ("зв'язати", "link.code"),
        ("Звʼязати месенджери", "link.code"),
        ("прив’язати viber", "link.code"),
        ("привязать telegram", "link.code"),
        ("/link", "link.code"),
        ("Забути мене.", "forget.ask"),
        ("забудь меня", "forget.ask"),
        ("видалити мої дані", "forget.ask"),
        ("forget me", "forget.ask"),
        ("/forget", "forget.ask"),
    ],
)
async def test_there_are_words_for_it(chat: Chat, text: str, key: str) -> None:
    await chat.begin(Channel.VIBER, [])
    assert key in await says(chat, text)


async def test_an_open_draft_waits(chat: Chat) -> None:
    await chat.begin(Channel.TELEGRAM, [])
    await says(chat, LEAK)
    draft = chat.state.draft
    for text in ("про мене", "мої дані", "зв'язати", "A2B3-C4E5", "забути мене", "ні"):
        await says(chat, text)
    assert chat.state.step is Step.DRAFT
    assert chat.state.draft == draft
    await says(chat, "так")
    assert await Appeal.all().count() == 1


async def test_the_page_says_what_is_known(chat: Chat) -> None:
    await chat.begin(Channel.TELEGRAM, [])
    assert "person.named" not in await presses(chat, "me")
    await Resident.filter(id=chat.account.resident_id).update(name="Марія Коваленко")
    await make_account(Channel.VIBER)
    await Account.filter(channel=Channel.VIBER).update(resident_id=chat.account.resident_id)
    replies = await chat.does(Did(Act.BUTTON, button="me"))
    assert keys(replies) == {"person.about", "person.named", "person.linked"}
    assert buttons(replies[0]) == ["data", "language", "link", "forget"]


async def test_a_code_links_at_any_step_and_both_hear_it(chat: Chat) -> None:
    await chat.begin(Channel.VIBER, [])
    other = await make_account(Channel.TELEGRAM)
    await says(chat, "забути мене")
    assert await says(chat, (await link_code(other)).lower()) == {"link.sure"}
    assert await says(chat, "так") == {"link.done"}
    there = await Outbox.filter(account_id=other.id).get()
    assert there.body["lines"][0][0] == "link.done_there"
    await chat.account.refresh_from_db()
    await other.refresh_from_db()
    assert chat.account.resident_id == other.resident_id


@pytest.mark.parametrize("said", ["ні", "що це", None])
async def test_who_was_talked_into_a_code_stays_alone(chat: Chat, said: str | None) -> None:
    await chat.begin(Channel.VIBER, [])
    other = await make_account(Channel.TELEGRAM)
    assert await says(chat, await link_code(other)) == {"link.sure"}
    assert await (says(chat, said) if said else presses(chat, "link_no")) == {"link.not"}
    assert (chat.state.step, chat.state.code) == (Step.IDLE, "")
    assert await presses(chat, "link_yes") == {"bad.stale_nothing"}
    await chat.account.refresh_from_db()
    assert chat.account.resident_id != other.resident_id


async def test_wrong_codes_have_a_day_limit(chat: Chat) -> None:
    await chat.begin(Channel.VIBER, [])
    for _ in range(10):
        assert await says(chat, "A2B3-C4E5") == {"link.wrong"}
    right = await link_code(await make_account())
    assert await says(chat, right) == {"pace.codes"}
    await says(chat, "забути мене")
    await says(chat, "так")
    assert await says(chat, right) == {"pace.codes"}  # being forgotten is no way around it


async def test_forgotten_with_a_draft_nothing_of_it_is_left(chat: Chat) -> None:
    await chat.begin(Channel.TELEGRAM, [])
    await says(chat, LEAK)
    assert {"forget.ask", "forget.sure"} <= await says(chat, "забути мене")
    assert await says(chat, "яма на дорозі") == {"forget.again"}
    assert chat.state.step is Step.FORGET
    assert await says(chat, "так") == {"forget.done"}
    assert (chat.state.step, chat.state.draft) == (Step.IDLE, None)
    assert chat.account.forget_at is not None
    assert "forget.done" in await presses(chat, "forget_yes")  # pressed twice
    assert not await Appeal.exists()


async def test_an_old_button_asks_anew(chat: Chat) -> None:
    await chat.begin(Channel.TELEGRAM, [])
    assert "forget.sure" in await presses(chat, "forget_yes")
    assert chat.account.forget_at is None
    assert await presses(chat, "forget_no") == {"forget.kept"}
    assert chat.state.step is Step.IDLE


async def test_links_to_ones_data_are_given_a_few_times_an_hour(chat: Chat) -> None:
    await chat.begin(Channel.VIBER, [])
    said = [await says(chat, "мої дані") for _ in range(6)]
    assert said[0] == {"person.data"}
    assert said[-1] == {"person.too_many"}
