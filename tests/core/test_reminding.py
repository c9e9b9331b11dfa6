"""Unsent drafts are called to mind once, and nobody who went on with theirs is."""

from datetime import timedelta

from core.jobs import Desk
from core.models import Account, Channel, Conversation, Outbox, OutboxState
from core.outbox import opened
from core.releasing import release
from core.reminding import remind_of_drafts
from tests.builders import make_account
from tests.core.conftest import Time, queued
from tests.core.letters import claim
from tests.core.sweeping import once

DAY = timedelta(days=1)


async def draft(time: Time, account: Account | None = None) -> Account:
    account = account or await make_account()
    await Conversation.create(
        account_id=account.id, step="draft", updated_at=time.now, remind_at=time.now + DAY
    )
    return account


async def test_a_draft_is_called_to_mind_once(sweeps: Desk, time: Time) -> None:
    account = await draft(time)
    await Conversation.create(account_id=(await make_account()).id, updated_at=time.now)
    time.passes(days=1, seconds=-1)
    assert await remind_of_drafts(sweeps) == 0
    time.passes(seconds=1)
    await once(remind_of_drafts, sweeps)
    time.passes(days=3)
    await once(remind_of_drafts, sweeps)
    assert await queued() == ["draft_reminder"]
    await release(sweeps)
    assert [(letter.kind, letter.account_id) for letter in await claim()] == [("draft_reminder", account.id)]


async def test_who_left_is_not_called(sweeps: Desk, time: Time) -> None:
    await draft(time, await make_account(reachable=False))
    time.passes(days=1)
    await once(remind_of_drafts, sweeps)
    assert await queued() == []
    assert (await Conversation.get()).remind_at is None


async def test_who_writes_while_it_waits_needs_no_reminder(sweeps: Desk, time: Time) -> None:
    account = await draft(time, await make_account(Channel.VIBER))
    time.passes(days=1, minutes=1)
    await remind_of_drafts(sweeps)
    await release(sweeps)
    time.passes(minutes=1, seconds=1)
    await release(sweeps)
    assert (await Outbox.get()).held_for == "session"
    await Account.filter(id=account.id).update(seen_at=time.now)
    await opened([account.id])
    await release(sweeps)
    assert (await Outbox.get()).state is OutboxState.DROPPED
