"""The scheduler: every sweep to the end of what is due, and what has served is forgotten."""

import asyncio
from typing import Any

import pytest
from tortoise.exceptions import OperationalError

from core import auth, following, jobs, scheduler
from core.city import City
from core.jobs import Desk
from core.models import Attachment, Channel, Inbox, InboxState, SignInFailure
from core.models.appeals import AttachmentState
from core.workflow import Role
from tests.builders import make_appeal, make_photo
from tests.core.conftest import Cast, Time, noticed, queued
from tests.core.pictures import picture
from tests.core.sweeping import resolved


async def test_more_than_a_batch_is_worked_through(
    city: City, cast: Cast, sweeps: Desk, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "BATCH", 3)
    monkeypatch.setattr(following, "BATCH", 3)
    for _ in range(7):
        await make_appeal(city, cast.account)
    time.passes(hours=12)
    assert await scheduler.run("remind_of_deadlines", sweeps) == 7
    assert (await noticed(cast.water)).count("due") == 7


async def test_a_failing_sweep_stops_neither_itself_nor_the_others(
    sweeps: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []

    async def broken(_desk: Desk) -> int:
        calls.append("broken")
        raise OperationalError("database is locked")

    monkeypatch.setitem(scheduler.SWEEPS, "broken", broken)
    assert await scheduler.run("broken", sweeps) == 0
    assert await scheduler.run("broken", sweeps) == 0
    assert calls == ["broken", "broken"]


async def test_the_scheduler_runs_every_sweep_at_once_and_stops(city: City, cast: Cast, sweeps: Desk) -> None:
    appeal = await resolved(city, cast)
    stopping = asyncio.Event()
    keeping = asyncio.create_task(scheduler.Runner(sweeps).keep(stopping))
    async with asyncio.timeout(5):
        while await queued(appeal.id) != ["resolved"]:  # noqa: ASYNC110 - it happens in the database
            await asyncio.sleep(0.02)
    stopping.set()
    async with asyncio.timeout(5):
        await keeping


async def test_what_has_served_is_forgotten_and_the_rest_kept(
    city: City, cast: Cast, sweeps: Desk, time: Time
) -> None:
    now = time.now
    common: dict[str, Any] = {
        "channel": Channel.TELEGRAM,
        "sender": "1",
        "payload": "{}",
        "received_at": now,
        "due_at": now,
        "trace": "",
    }
    await Inbox.create(external_id="1", state=InboxState.DONE, done_at=now, **common)
    await Inbox.create(external_id="2", state=InboxState.PARKED, **common)
    await make_photo(cast.account)
    appeal = await make_appeal(city, cast.account)
    sent = await make_photo(cast.account)
    await Attachment.filter(id=sent.id).update(appeal_id=appeal.id)
    await Attachment.create(role=Role.EXECUTOR, draft="staff-1", created_at=now, due_at=now)
    time.passes(days=13)
    assert await jobs.forget(sweeps) == 0
    time.passes(days=2)
    assert await jobs.forget(sweeps) == 2, "photos of a draft and of a report that were never sent"
    time.passes(days=16)
    assert await jobs.forget(sweeps) == 1, "the update"
    assert await jobs.forget(sweeps) == 0
    assert [row.external_id for row in await Inbox.all()] == ["2"]
    assert [row.id for row in await Attachment.all()] == [sent.id]


async def test_forgotten_photos_leave_the_store_unless_an_appeal_has_the_same(
    city: City, cast: Cast, sweeps: Desk, time: Time
) -> None:
    lonely, shared = await sweeps.media.put(picture()), await sweeps.media.put(picture(size=(64, 64)))
    for photo in (lonely, shared):
        row = await make_photo(cast.account)
        await Attachment.filter(id=row.id).update(state=AttachmentState.STORED, key=photo.key)
    appeal = await make_appeal(city, cast.account)
    kept = await make_photo(cast.account)
    await Attachment.filter(id=kept.id).update(
        state=AttachmentState.STORED, key=shared.key, appeal_id=appeal.id
    )
    time.passes(days=15)
    assert await jobs.forget(sweeps) == 2
    with pytest.raises(FileNotFoundError):
        await sweeps.media.get(lonely.key, "full")
    assert await sweeps.media.get(shared.key, "thumb")


async def test_sessions_links_and_failures_are_forgotten_when_they_ran_out(
    cast: Cast, sweeps: Desk, time: Time
) -> None:
    await auth.make_link_token(cast.desk)
    await auth._open_session(cast.desk, "127.0.0.1", "Test", 12)
    await SignInFailure.create(login="olena", address="127.0.0.1", at=time.now)
    assert await jobs.forget(sweeps) == 0
    time.passes(hours=1, seconds=1)
    assert await jobs.forget(sweeps) == 1, "the link"
    time.passes(hours=12)
    assert await jobs.forget(sweeps) == 1, "the session"
    time.passes(hours=12)
    assert await jobs.forget(sweeps) == 1, "the failure"


def test_what_waits_is_looked_at_each_second_and_what_has_served_each_hour(sweeps: Desk) -> None:
    planned = scheduler.Runner(sweeps).scheduler
    pace = {name: planned.get_job(name).trigger.interval.total_seconds() for name in scheduler.SWEEPS}
    assert pace["release"] == 1
    assert pace["forget"] == 3600
    assert pace["announce_results"] == sweeps.schedule.sweep_seconds
