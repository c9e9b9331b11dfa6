"""Letting held notices go: once, in order, several as one, and never twice however it is interrupted."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from core import clock, outbox, releasing
from core.city import City
from core.holding import Why
from core.jobs import Desk
from core.models import Account, Appeal, Channel, Outbox, OutboxState
from core.outbox import Message, Outcome
from core.releasing import NEEDLESS, TOGETHER, release
from core.workflow import Status
from tests.admin.conftest import counted
from tests.builders import make_account, make_appeal
from tests.core.conftest import Cast, Time
from tests.core.letters import claim, say
from tests.core.sweeping import once

LAMP: dict[str, Any] = {"text": "не горить ліхтар", "category": "lighting.street"}
NEWS = "Бригада в дорозі"


async def tell(account: Account, kind: str, appeal: Appeal | None = None, **body: Any) -> None:
    await outbox.queue(
        Message(
            account, kind, body, appeal_id=appeal.id if appeal else None, held=True, dedupe=body.get("dedupe")
        )
    )


async def rows() -> list[tuple[str, str, str]]:
    """Kind, state, and why it waits or was dropped, in the order of the chat."""
    return [
        (row.kind, row.state.value, row.error or row.held_for) for row in await Outbox.all().order_by("id")
    ]


async def waiting(kind: str) -> Outbox:
    return await Outbox.get(kind=kind, state=OutboxState.HELD)


@pytest.fixture
async def appeal(city: City, cast: Cast) -> Appeal:
    """Filed, and what was said of that is out of the way."""
    found = await make_appeal(city, cast.account, **LAMP)
    await Outbox.all().delete()
    return found


@pytest.fixture
async def viber(time: Time) -> Account:
    """An account whose free session is long over."""
    return await make_account(Channel.VIBER, seen_at=time.now - timedelta(days=3))


# held


async def test_what_is_held_is_not_claimed_and_holds_nobody_up(cast: Cast, appeal: Appeal) -> None:
    await tell(cast.account, "started", appeal)
    await say(cast.account, "відповідь")
    assert [letter.kind for letter in await claim()] == ["reply"]


async def test_who_is_out_of_reach_gets_nothing_of_it(
    cast: Cast, appeal: Appeal, sweeps: Desk, time: Time
) -> None:
    await tell(cast.account, "started", appeal)
    await outbox.mark_unreachable(cast.account.id, "blocked")
    time.passes(minutes=2)
    assert await release(sweeps) == 0
    assert await rows() == [("started", "failed", "blocked")]
    failed = await Outbox.get()
    assert await outbox.retry(failed.id), "at once, if somebody says so"
    assert [letter.kind for letter in await claim()] == ["started"]


# together


async def test_several_within_a_minute_are_one_in_their_order(
    cast: Cast, appeal: Appeal, sweeps: Desk, time: Time
) -> None:
    await tell(cast.account, "assigned", appeal, who="вода")
    await release(sweeps)
    assert (await waiting("assigned")).due_at == time.now + timedelta(minutes=1)
    time.passes(seconds=40)
    await tell(cast.account, "started", appeal)
    await release(sweeps)
    assert await claim() == []
    time.passes(seconds=20)
    await once(release, sweeps)
    (letter,) = await claim()
    assert (letter.kind, letter.body) == ("started", {"before": [["assigned", {"who": "вода"}]]})
    assert await rows() == [("assigned", "dropped", TOGETHER), ("started", "pending", "")]


async def test_the_next_minute_is_another_message(
    cast: Cast, appeal: Appeal, sweeps: Desk, time: Time
) -> None:
    await tell(cast.account, "assigned", appeal)
    time.passes(minutes=1)
    await release(sweeps)
    await tell(cast.account, "started", appeal)
    await release(sweeps)
    assert await rows() == [("assigned", "pending", ""), ("started", "held", Why.TOGETHER)]


async def test_other_appeals_and_other_people_are_told_apart(
    city: City, cast: Cast, appeal: Appeal, sweeps: Desk, time: Time
) -> None:
    other, neighbour = await make_appeal(city, cast.account, **LAMP), await make_account()
    await Outbox.all().delete()
    for account, of in ((cast.account, appeal), (cast.account, other), (neighbour, appeal)):
        await tell(account, "started", of)
    time.passes(minutes=1)
    await release(sweeps)
    assert await rows() == [("started", "pending", "")] * 3


async def test_an_operators_words_take_along_what_waits(
    cast: Cast, appeal: Appeal, sweeps: Desk, time: Time
) -> None:
    await tell(cast.account, "started", appeal)
    await release(sweeps)
    time.passes(seconds=10)
    await tell(cast.account, "message", appeal, text=NEWS)
    await release(sweeps)
    (letter,) = await claim()
    assert (letter.kind, letter.body) == ("message", {"text": NEWS, "before": [["started", {}]]})


async def test_a_released_one_is_the_last_of_its_chat(
    cast: Cast, appeal: Appeal, sweeps: Desk, time: Time
) -> None:
    await tell(cast.account, "resolved", appeal, dedupe="resolved:1:0")
    await say(cast.account, "картка", slot="card:a")
    (card,) = await claim()
    await outbox.record([Outcome(card, provider_id="1")])
    await Appeal.filter(id=appeal.id).update(status=Status.RESOLVED)
    time.passes(minutes=1)
    await release(sweeps)
    (letter,) = await claim()
    await outbox.record([Outcome(letter, provider_id="2")])
    newest = await Outbox.all().order_by("-id").first()
    assert newest is not None
    assert newest.kind == "resolved"
    await say(cast.account, "картка: 2 фото", slot="card:a", edits=True)
    (version,) = await claim()
    assert version.replaces is None, "the card is no longer the last message"
    await tell(cast.account, "resolved", appeal, dedupe="resolved:1:0")
    assert await Outbox.filter(kind="resolved").count() == 1, "it is still known as told"


async def test_what_a_later_one_makes_needless_is_not_sent(
    cast: Cast, appeal: Appeal, sweeps: Desk, time: Time
) -> None:
    for kind in ("assigned", "started", "explained"):
        await tell(cast.account, kind, appeal)
    time.passes(minutes=1)
    await once(release, sweeps)
    assert await rows() == [
        ("assigned", "dropped", NEEDLESS),
        ("started", "dropped", NEEDLESS),
        ("explained", "pending", ""),
    ]


async def test_a_result_that_is_none_any_more_is_not_told(
    cast: Cast, appeal: Appeal, sweeps: Desk, time: Time
) -> None:
    await tell(cast.account, "started", appeal)
    await tell(cast.account, "resolved", appeal)
    await Appeal.filter(id=appeal.id).update(status=Status.REOPENED)
    time.passes(minutes=1)
    await release(sweeps)
    assert await rows() == [("resolved", "dropped", NEEDLESS), ("started", "pending", "")]


# quiet hours


async def test_the_evenings_news_come_in_the_morning_as_one(
    cast: Cast, appeal: Appeal, sweeps: Desk, time: Time
) -> None:
    time.passes(hours=11, minutes=30)  # half past nine in the evening
    await tell(cast.account, "assigned", appeal)
    await release(sweeps)
    time.passes(hours=2)
    await tell(cast.account, "message", appeal, text=NEWS)
    await release(sweeps)
    assert await rows() == [("assigned", "held", Why.QUIET), ("message", "held", Why.QUIET)]
    await tell(cast.account, "started", appeal, urgent=True)
    await release(sweeps)
    assert [letter.kind for letter in await claim()] == ["started"], "it wakes them, so it brings all"
    assert len((await Outbox.get(kind="started")).body["before"]) == 2


async def test_nothing_wakes_anybody_before_the_morning(
    cast: Cast, appeal: Appeal, sweeps: Desk, time: Time
) -> None:
    time.passes(hours=11)
    await tell(cast.account, "assigned", appeal)
    for _ in range(11):
        await release(sweeps)
        assert await claim() == []
        time.passes(hours=1)
    await release(sweeps)
    assert [letter.kind for letter in await claim()] == ["assigned"]


# money


async def test_a_poll_waits_for_the_resident_to_write(
    appeal: Appeal, sweeps: Desk, time: Time, viber: Account
) -> None:
    await Appeal.filter(id=appeal.id).update(status=Status.RESOLVED)
    await tell(viber, "resolved", appeal)
    time.passes(minutes=2)
    await release(sweeps)
    assert (await waiting("resolved")).held_for == Why.SESSION
    time.passes(hours=1)
    assert await release(sweeps) == 0
    await Account.filter(id=viber.id).update(seen_at=time.now)
    await outbox.opened([viber.id])
    await release(sweeps)
    assert [letter.kind for letter in await claim(channel=Channel.VIBER)] == ["resolved"]


async def test_it_waits_so_long_and_then_costs(
    appeal: Appeal, sweeps: Desk, time: Time, viber: Account
) -> None:
    await Appeal.filter(id=appeal.id).update(status=Status.RESOLVED)
    time.passes(hours=-1, minutes=-30)  # half past eight: twelve hours end before the quiet ones
    await tell(viber, "resolved", appeal)
    time.passes(minutes=2)
    await release(sweeps)
    time.passes(hours=11, minutes=57)
    await release(sweeps)
    assert await claim(channel=Channel.VIBER) == []
    time.passes(minutes=1)
    await release(sweeps)
    (letter,) = await claim(channel=Channel.VIBER, session=timedelta(hours=24))
    assert letter.billable


async def spent(account: Account, number: int, at: Any) -> None:
    for _ in range(number):
        await Outbox.create(
            account_id=account.id, channel=account.channel, kind="message", body={}, billable=True,
            state=OutboxState.SENT, sent_at=at, created_at=at, due_at=at,
        )  # fmt: skip


def poor(sweeps: Desk, budget: int) -> Desk:
    settings = sweeps.city.settings
    viber = settings.viber.model_copy(update={"paid_a_month": budget})
    sweeps.city.settings = settings.model_copy(update={"viber": viber})
    return sweeps


async def test_the_months_money_is_spent_on_so_many_and_the_rest_waits(
    appeal: Appeal, sweeps: Desk, time: Time, viber: Account
) -> None:
    poor(sweeps, 5)
    await spent(viber, 2, time.now - timedelta(hours=1))
    await spent(viber, 9, time.now - timedelta(days=3))  # last month
    people = [await make_account(Channel.VIBER, seen_at=time.now - timedelta(days=3)) for _ in range(5)]
    for account in people:
        await tell(account, "message", appeal, text=NEWS)
    await once(release, sweeps)
    assert [state for kind, state, _ in (await rows())[11:]].count("pending") == 3
    held = await Outbox.filter(state=OutboxState.HELD)
    assert {row.held_for for row in held} == {Why.BUDGET}
    assert len(held) == 2
    await tell(viber, "message", appeal, text=NEWS)
    await release(sweeps)
    assert await Outbox.filter(state=OutboxState.HELD).count() == 3, "what is on its way is as good as spent"
    await Account.filter(id=held[0].account_id).update(seen_at=time.now)
    await outbox.opened([held[0].account_id])
    await release(sweeps)
    assert await Outbox.filter(state=OutboxState.HELD).count() == 2, "who writes is answered for nothing"


async def test_a_new_month_brings_new_money(appeal: Appeal, sweeps: Desk, time: Time, viber: Account) -> None:
    poor(sweeps, 1)
    await spent(viber, 1, time.now)
    await tell(viber, "message", appeal, text=NEWS)
    await release(sweeps)
    assert (await waiting("message")).held_for == Why.BUDGET
    time.now = (await waiting("message")).due_at
    await release(sweeps)
    assert (await waiting("message")).held_for == Why.QUIET, "the month begins at midnight"
    time.passes(hours=8)
    await release(sweeps)
    assert [letter.kind for letter in await claim(channel=Channel.VIBER)] == ["message"]


async def test_without_any_money_only_an_open_session_is_used(
    appeal: Appeal, sweeps: Desk, time: Time, viber: Account
) -> None:
    poor(sweeps, 0)
    free = await make_account(Channel.VIBER)
    for account in (viber, free):
        await tell(account, "message", appeal, text=NEWS)
    await release(sweeps)
    assert [letter.account_id for letter in await claim(channel=Channel.VIBER)] == [free.id]
    del time


# interrupted, and side by side


async def test_killed_in_between_all_is_as_before(
    cast: Cast, appeal: Appeal, sweeps: Desk, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    await tell(cast.account, "assigned", appeal)
    await tell(cast.account, "started", appeal)
    time.passes(minutes=1)
    before = await rows()
    create = Outbox.bulk_create

    async def killed(*_arguments: Any, **_more: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(Outbox, "bulk_create", killed)
    with pytest.raises(ZeroDivisionError):
        await release(sweeps)
    assert await rows() == before
    monkeypatch.setattr(Outbox, "bulk_create", create)
    await release(sweeps)
    assert await rows() == [("assigned", "dropped", TOGETHER), ("started", "pending", "")]


async def test_many_at_once_go_once_and_cost_no_more_than_there_is(
    appeal: Appeal, sweeps: Desk, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(releasing, "BATCH", 7)
    poor(sweeps, 10)
    for _ in range(25):
        await tell(
            await make_account(Channel.VIBER, seen_at=time.now - timedelta(days=2)),
            "message",
            appeal,
            text=NEWS,
        )
    while any(await asyncio.gather(release(sweeps), release(sweeps), release(sweeps))):
        pass
    found = await rows()
    assert found.count(("message", "pending", "")) == 10
    assert found.count(("message", "held", Why.BUDGET)) == 15


async def test_a_batch_costs_as_many_queries_however_many_it_lets_go(
    appeal: Appeal, sweeps: Desk, time: Time, viber: Account
) -> None:
    needed = []
    for people in (1, 8):
        for _ in range(people):
            account = await make_account(Channel.VIBER, seen_at=viber.seen_at)
            for kind in ("assigned", "started", "resolved", "message"):
                await tell(account, kind, appeal)
            await tell(await make_account(), "started", appeal)
        time.passes(seconds=30)
        with counted() as queries:
            await release(sweeps)
        needed.append(len(queries))
        await Outbox.all().delete()
    assert needed[0] == needed[1], needed
    assert clock.now() == time.now
