"""What became of letters: recorded once, tried again, refused for good, and the platform's word on it."""

from datetime import timedelta

import pytest

from core import outbox, signals
from core.models import Account, Channel, Outbox, OutboxState
from core.outbox import Outcome
from tests.builders import make_account
from tests.core.conftest import Time
from tests.core.letters import claim, say, sent, states, texts

pytestmark = pytest.mark.usefixtures("database")


async def test_a_later_try_keeps_its_place(time: Time) -> None:
    account = await make_account()
    await say(account, "раз")
    await say(account, "два")
    (letter,) = await claim()
    await outbox.record([Outcome(letter, retry_in=30, error="502 Bad Gateway")])
    row = await Outbox.get(id=letter.id)
    assert (row.attempts, row.claimed, row.repeated, row.error) == (1, False, False, "502 Bad Gateway")
    time.passes(seconds=29)
    assert await claim() == [], "the second does not overtake the first"
    time.passes(seconds=1)
    (again,) = await claim()
    assert (again.id, again.attempts) == (letter.id, 1)
    assert not (await Outbox.get(id=letter.id)).repeated, "it is known not to have arrived"


async def test_an_answer_that_was_lost_makes_the_next_try_a_repeat() -> None:
    account = await make_account()
    await say(account, "раз")
    (letter,) = await claim()
    await outbox.record([Outcome(letter, retry_in=0, error="timeout", ambiguous=True)])
    assert (await Outbox.get()).repeated


async def test_one_refused_letter_does_not_stop_the_chat() -> None:
    account = await make_account()
    await say(account, "погане")
    await say(account, "добре")
    (letter,) = await claim()
    await outbox.record([Outcome(letter, error="bad request\x00")])
    assert await states() == ["failed", "pending"]
    assert (await Account.get(id=account.id)).reachable
    assert texts(await claim()) == ["добре"]


async def test_who_blocked_us_is_unreachable_and_what_waits_has_failed() -> None:
    account, other = await make_account(), await make_account()
    for text in ("раз", "два"):
        await say(account, text)
    await say(other, "іншому")
    letter = next(each for each in await claim() if each.account_id == account.id)
    await outbox.record([Outcome(letter, error="Forbidden: bot was blocked by the user", unreachable=True)])
    gone = await Account.get(id=account.id)
    assert (gone.reachable, gone.unreachable_why) == (False, "Forbidden: bot was blocked by the user")
    assert await states() == ["failed", "failed", "pending"]
    assert (await Account.get(id=other.id)).reachable


async def test_many_outcomes_are_one_transaction() -> None:
    for number in range(4):
        await say(await make_account(), str(number))
    letters = await claim()
    await outbox.record(
        [
            Outcome(letters[0], provider_id="10"),
            Outcome(letters[1], retry_in=5, error="later"),
            Outcome(letters[2], error="never"),
            Outcome(letters[3], provider_id="11"),
        ]
    )
    assert await states() == ["sent", "pending", "failed", "sent"]
    await outbox.record([])


async def test_a_failed_one_can_be_sent_once_more() -> None:
    account = await make_account()
    await say(account, "раз")
    (letter,) = await claim()
    assert not await outbox.retry(letter.id)
    await outbox.record([Outcome(letter, error="never")])
    await signals.outbox[Channel.TELEGRAM].wait(0)
    assert await outbox.retry(letter.id)
    assert not await outbox.retry(letter.id)
    assert await signals.outbox[Channel.TELEGRAM].wait(0)
    (again,) = await claim()
    assert (again.id, again.attempts) == (letter.id, 0)
    assert not await outbox.retry(letter.id + 1)


# receipts


@pytest.mark.parametrize(
    ("told", "state"),
    [
        (["delivered", "seen"], "seen"),
        (["seen", "delivered"], "seen"),
        (["delivered", "delivered"], "delivered"),
        (["seen", "seen"], "seen"),
        (["failed"], "failed"),
        (["failed", "delivered", "seen"], "failed"),
        (["seen", "failed"], "seen"),
        (["delivered", "failed"], "failed"),
    ],
)
async def test_receipts_late_and_repeated(time: Time, told: list[str], state: str) -> None:
    account = await make_account(Channel.VIBER)
    await say(account, "раз")
    (letter,) = await claim(channel=Channel.VIBER)
    await sent(letter, "5551")
    for each in told:
        time.passes(minutes=1)
        await outbox.receipt(Channel.VIBER, "5551", OutboxState(each), "why")
    row = await Outbox.get()
    assert row.state == state
    assert (row.error == "why") == (state == "failed")
    begun = time.now - timedelta(minutes=len(told))
    if told[0] == "delivered":
        assert row.delivered_at == begun + timedelta(minutes=1), "the first word counts"
    if told[0] == "seen":
        assert row.seen_at == begun + timedelta(minutes=1)


async def test_a_receipt_for_what_we_dont_know_changes_nothing() -> None:
    account = await make_account(Channel.VIBER)
    await say(account, "раз")
    (letter,) = await claim(channel=Channel.VIBER)
    await sent(letter, "5551")
    await outbox.receipt(Channel.VIBER, "5552", OutboxState.SEEN)
    await outbox.receipt(Channel.TELEGRAM, "5551", OutboxState.SEEN)
    assert await states() == ["sent"]
