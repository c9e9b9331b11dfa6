"""The durable way out: queued with the action, claimed for a while, one at a time in a chat."""

import asyncio
from datetime import timedelta

import pytest

from core import db, outbox, signals
from core.models import Channel, Outbox, OutboxState
from core.outbox import LEASE, Message
from tests.builders import make_account
from tests.core.conftest import Time
from tests.core.letters import claim, say, sent, states, texts

pytestmark = pytest.mark.usefixtures("database")


# queueing


async def test_nothing_leaves_before_the_transaction_has_committed() -> None:
    account = await make_account()
    for wake in signals.outbox.values():
        await wake.wait(0)
    async with db.transaction():
        await say(account, "перше")
        assert not await signals.outbox[Channel.TELEGRAM].wait(0)
    assert await signals.outbox[Channel.TELEGRAM].wait(0)
    assert not await signals.outbox[Channel.VIBER].wait(0)
    assert texts(await claim()) == ["перше"]


async def test_what_was_rolled_back_is_never_said() -> None:
    account = await make_account()
    await signals.outbox[Channel.TELEGRAM].wait(0)

    async def crash() -> None:
        async with db.transaction():
            await say(account, "ніколи")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await crash()
    assert await claim() == []
    assert not await signals.outbox[Channel.TELEGRAM].wait(0)


async def test_the_same_notice_twice_is_queued_once() -> None:
    account = await make_account()
    for _ in range(2):
        await say(account, "виконано", dedupe="resolved:1:0")
    await asyncio.gather(*(say(account, "виконано", dedupe="resolved:2:0") for _ in range(3)))
    assert await Outbox.all().count() == 2


async def test_queueing_nothing_is_nothing() -> None:
    await outbox.queue_all([])
    assert await Outbox.all().count() == 0


async def test_a_slots_newer_version_replaces_what_has_not_left(time: Time) -> None:
    account, other = await make_account(), await make_account()
    await say(account, "картка: 1 фото", slot="card:a")
    await say(account, "інше")
    await say(other, "чужа картка", slot="card:a")
    await say(account, "картка: 2 фото", slot="card:a")
    assert await states() == ["dropped", "pending", "pending", "pending"]
    assert texts(await claim()) == ["інше", "чужа картка"]
    del time


async def test_what_is_being_sent_is_not_taken_back() -> None:
    account = await make_account()
    await say(account, "перша", slot="card:a")
    letters = await claim()
    await say(account, "друга", slot="card:a")
    await sent(letters[0], "10")
    assert texts(await claim()) == ["друга"]
    assert await states() == ["sent", "pending"]


async def test_versions_queued_together_all_stand() -> None:
    """What one turn says twice in a slot it means; what was said just now is no older version."""
    account = await make_account()
    await outbox.queue_all(
        [
            Message(account, "reply", {"lines": []}, slot="s"),
            Message(account, "reply", {"lines": []}, slot="s"),
        ]
    )
    assert await states() == ["pending", "pending"]


# edits


async def test_the_newer_version_edits_the_last_message_of_the_chat() -> None:
    account = await make_account()
    await say(account, "картка", slot="card:a")
    await sent((await claim())[0], "501")
    await say(account, "картка: 2 фото", slot="card:a", edits=True)
    (letter,) = await claim()
    assert letter.replaces == "501"


async def test_it_does_not_edit_above_what_was_said_since() -> None:
    account = await make_account()
    await say(account, "картка", slot="card:a")
    await sent((await claim())[0], "501")
    await say(account, "питання оператора")
    await sent((await claim())[0], "502")
    await say(account, "картка: 2 фото", slot="card:a", edits=True)
    (letter,) = await claim()
    assert letter.replaces is None


async def test_another_slot_or_one_that_may_not_edit_is_a_new_message() -> None:
    account = await make_account()
    await say(account, "картка", slot="card:a")
    await sent((await claim())[0], "501")
    await say(account, "інша", slot="card:b", edits=True)
    (letter,) = await claim()
    assert letter.replaces is None
    await sent(letter, "502")
    await say(account, "ще", slot="card:b")
    (letter,) = await claim()
    assert letter.replaces is None


# claiming


async def test_a_chat_gets_one_at_a_time_in_order_and_chats_go_side_by_side() -> None:
    first, second = await make_account(), await make_account()
    for text in ("а1", "а2", "а3"):
        await say(first, text)
    await say(second, "б1")
    letters = await claim()
    assert texts(letters) == ["а1", "б1"]
    assert await claim() == []
    await sent(letters[0], "1")
    assert texts(await claim()) == ["а2"]


async def test_a_letter_knows_what_its_sender_needs() -> None:
    account = await make_account(external_id="4242", language="en")
    await say(account, "hello")
    (letter,) = await claim()
    assert (letter.to, letter.language, letter.kind, letter.attempts) == ("4242", "en", "reply", 0)
    assert letter.account_id == account.id


async def test_channels_are_apart_and_the_limit_holds() -> None:
    viber = await make_account(Channel.VIBER)
    await say(viber, "вайбер")
    for _ in range(5):
        await say(await make_account(), "телеграм")
    assert len(await claim(3)) == 3
    assert len(await claim(3)) == 2
    assert texts(await claim(3, Channel.VIBER)) == ["вайбер"]


async def test_a_delayed_one_waits_and_holds_what_is_behind_it(time: Time) -> None:
    account = await make_account()
    await say(account, "картка", delay=timedelta(seconds=0.7))
    await say(account, "далі")
    assert await claim() == []
    time.passes(seconds=0.7)
    assert texts(await claim()) == ["картка"]


async def test_a_lost_claim_is_sent_again_and_says_so(time: Time) -> None:
    account = await make_account()
    await say(account, "раз")
    (letter,) = await claim()
    time.passes(seconds=LEASE.total_seconds() - 1)
    assert await claim() == []
    time.passes(seconds=1)
    (again,) = await claim()
    assert again.id == letter.id
    row = await Outbox.get()
    assert (row.repeated, row.claimed) == (True, True)
    await sent(again, "1")
    await sent(letter, "0")
    row = await Outbox.get()
    assert (row.state, row.provider_id, row.attempts) == (OutboxState.SENT, "1", 1), "recorded once"


async def test_couriers_at_once_never_claim_the_same() -> None:
    for number in range(30):
        await say(await make_account(), str(number))
    claimed = await asyncio.gather(*(claim(10) for _ in range(6)))
    ids = [letter.id for letters in claimed for letter in letters]
    assert len(ids) == len(set(ids))
    rest = [letter.id for _ in range(3) for letter in await claim(10)]
    assert sorted(ids + rest) == [row.id for row in await Outbox.all().order_by("id")]


async def test_what_is_sent_outside_vibers_session_is_paid_for(time: Time) -> None:
    account = await make_account(Channel.VIBER)
    session = timedelta(hours=24)
    time.passes(hours=24)
    await say(account, "ще вільно")
    (letter,) = await claim(channel=Channel.VIBER, session=session)
    assert not letter.billable
    await sent(letter, "1")
    time.passes(seconds=1)
    await say(account, "уже платно")
    (letter,) = await claim(channel=Channel.VIBER, session=session)
    assert letter.billable
    await sent(letter, "2")
    assert [row.billable for row in await Outbox.all().order_by("id")] == [False, True]
