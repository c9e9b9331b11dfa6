"""A chat that becomes a colleague's, and is one no longer: its commands."""

import pytest

from core import auth
from core.actions import forgetting
from core.city import City
from core.models import Account, Channel, Outbox, OutboxState, Staff
from core.work_chats import COMMANDS
from core.workflow import Role
from tests.builders import make_account, make_staff
from tests.core.conftest import WATER


@pytest.fixture
async def officer(city: City) -> Staff:
    del city
    return await make_staff(Role.EXECUTOR, WATER)


async def link(staff: Staff, account: Account) -> None:
    assert await auth.claim_link_token(await auth.make_link_token(staff), account)


async def offered(account: Account) -> list[bool]:
    """Of the lists that wait to be sent, whether each has the commands of work."""
    waiting = Outbox.filter(account_id=account.id, kind=COMMANDS, state=OutboxState.PENDING)
    return [row.body["work"] for row in await waiting.order_by("id")]


async def test_the_list_of_commands_follows_the_link(officer: Staff) -> None:
    account = await make_account()
    await link(officer, account)
    assert await offered(account) == [True]
    await auth.unlink(officer)
    assert await offered(account) == [False], "the newest alone is sent"
    await auth.unlink(officer)
    assert await Outbox.filter(kind=COMMANDS).count() == 2, "who has no chat has none to unlink"


async def test_who_moves_to_another_chat_leaves_nothing_in_the_first(officer: Staff) -> None:
    first, second, colleague = await make_account(), await make_account(), await make_staff()
    await link(officer, first)
    await link(officer, second)
    assert (await offered(first), await offered(second)) == ([False], [True])
    await link(colleague, second)  # one chat is one person's
    assert await offered(second) == [True]


async def test_viber_has_no_list_of_commands(officer: Staff) -> None:
    await link(officer, await make_account(Channel.VIBER))
    await auth.unlink(officer)
    assert not await Outbox.filter(kind=COMMANDS).exists()


async def test_who_is_forgotten_has_the_commands_of_residents_again(city: City, officer: Staff) -> None:
    account, resident = await make_account(), await make_account()
    await link(officer, account)
    for each in (account, resident):
        await forgetting.forget(city, each)
    assert (await offered(account), await offered(resident)) == ([False], [])
