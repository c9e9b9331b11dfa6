"""Buttons that were never offered: Viber takes them typed, and longer than any of ours."""

import pytest

from bot.messages import Act
from core.models import Channel
from tests.bot.chatting import Chat, Did, keys

LONG = "9" * 5000  # digits, more than Python reads as a number


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("button", [f"spot:{{token}}:{LONG}", "spot:{token}:١", f"my:-{LONG}", f"my:{LONG}"])
async def test_a_number_too_long_is_a_stale_button(chat: Chat, button: str) -> None:
    await chat.begin(Channel.VIBER, [])
    await chat.does(Did(Act.TEXT, text="прорвало трубу на вул. Соборності 12"))
    assert chat.state.draft is not None
    replies = await chat.does(Did(Act.BUTTON, button=button.format(token=chat.state.draft.token)))
    assert "bad.stale" in keys(replies)


@pytest.mark.parametrize("number", ["-1", "-2147483649", "-99999999999999999999999"])
async def test_a_page_before_the_first_is_empty(chat: Chat, number: str) -> None:
    await chat.begin(Channel.TELEGRAM, [])
    assert keys(await chat.does(Did(Act.BUTTON, button=f"my:{number}"))) == {"my.no_more"}
