"""Sweeps: what is due is done once, however often and by however many it is looked for."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tortoise.exceptions import OperationalError

from core import auth, clock, jobs
from core.actions import desk, executor, resident
from core.city import City
from core.config import Media, Schedule
from core.jobs import Desk
from core.media import MediaStore
from core.models import (
    Appeal,
    Attachment,
    Channel,
    Event,
    Inbox,
    InboxState,
    Notice,
    Outbox,
    SignInFailure,
    Survey,
)
from core.models.appeals import AttachmentState
from core.workflow import Role, Status, Verb
from tests.builders import make_account, make_appeal, make_photo, make_staff
from tests.core.conftest import GAS, Cast, Time, noticed, queued
from tests.core.pictures import picture


@pytest.fixture
def sweeps(city: City, tmp_path: Path) -> Desk:
    schedule = Schedule(close_after_days=7, poll_reminder_days=2, draft_days=7, pre_alarm_share=0.8)
    return Desk(
        city=replace(city, schedule=schedule),
        schedule=schedule,
        media=MediaStore(Media(url=f"file://{tmp_path}/media")),
        fetchers={},
    )


async def everything() -> dict[str, Any]:
    """All that a sweep could have changed, but for times at which it looked."""
    return {
        "appeals": await Appeal.all().order_by("id").values(),
        "events": await Event.all().order_by("id").values("appeal_id", "verb", "from_status", "to_status"),
        "messages": await Outbox.all().order_by("id").values("kind", "appeal_id", "account_id"),
        "notices": await Notice.all().order_by("id").values("kind", "appeal_id", "staff_id", "dedupe"),
        "surveys": await Survey.all().order_by("id").values(),
    }


async def once(sweep: Callable[[Desk], Any], sweeps: Desk) -> None:
    """Three processes at once, then one again: as if one had run once."""
    await asyncio.gather(sweep(sweeps), sweep(sweeps), sweep(sweeps))
    after = await everything()
    await sweep(sweeps)
    assert await everything() == after


async def resolved(city: City, cast: Cast, **more: Any) -> Appeal:
    appeal = await make_appeal(city, cast.account, **more)
    return await desk.resolve(city, appeal.id, cast.operator, expected=0, answer="Замінено трубу")


# results


async def test_results_are_told_once_with_the_executors_photo(
    city: City, cast: Cast, sweeps: Desk, time: Time
) -> None:
    appeal = await make_appeal(city, cast.account)
    now = clock.now()
    photos = [
        await Attachment.create(
            role=Role.EXECUTOR,
            state=state,
            draft=executor.upload_mark(cast.water.id),
            key="k",
            created_at=now,
            due_at=now,
        )
        for state in (AttachmentState.STORED, AttachmentState.STORED, AttachmentState.REFUSED)
    ]
    residents = await make_photo(cast.account, state=AttachmentState.STORED)
    await Attachment.filter(id=residents.id).update(appeal_id=appeal.id)
    ids = tuple(photo.id for photo in photos)
    await executor.report(city, appeal.id, cast.officer, expected=0, text="Замінено", photos=ids)
    await desk.resolve(city, appeal.id, cast.operator, expected=1)
    time.passes(minutes=1)
    await once(jobs.announce_results, sweeps)
    message = await Outbox.get(kind="resolved")
    assert message.body["text"] == "Замінено"
    assert message.body["photos"] == list(ids[:2]), "the executor's stored ones, not the resident's own"
    assert message.account_id == cast.account.id
    survey = await Survey.get()
    assert (survey.round, survey.sent_at, survey.solved) == (0, time.now, None)


async def test_a_reopened_and_resolved_again_is_told_again(city: City, cast: Cast, sweeps: Desk) -> None:
    appeal = await resolved(city, cast)
    await jobs.announce_results(sweeps)
    await resident.reopen(city, appeal.id, cast.resident, text="далі тече")
    await jobs.announce_results(sweeps)
    assert await queued(appeal.id) == ["resolved"]
    await desk.resolve(city, appeal.id, cast.operator, expected=2, answer="Тепер справді")
    await once(jobs.announce_results, sweeps)
    assert await queued(appeal.id) == ["resolved", "resolved"]
    assert [survey.round for survey in await Survey.all().order_by("round")] == [0, 1]


async def test_who_has_no_chat_is_polled_in_vain_but_once(city: City, cast: Cast, sweeps: Desk) -> None:
    appeal = await resolved(city, cast)
    await Appeal.filter(id=appeal.id).update(account_id=None)
    assert await jobs.announce_results(sweeps) == 1
    assert await jobs.announce_results(sweeps) == 0
    assert await queued(appeal.id) == []


async def test_explained_ones_are_not_polled(city: City, cast: Cast, sweeps: Desk) -> None:
    appeal = await make_appeal(city, cast.account)
    await desk.explain(city, appeal.id, cast.operator, expected=0, reason="Ремонт восени")
    assert await jobs.announce_results(sweeps) == 0
    assert await Survey.all().count() == 0


# polls


async def test_a_poll_is_reminded_of_once(city: City, cast: Cast, sweeps: Desk, time: Time) -> None:
    appeal = await resolved(city, cast)
    await jobs.announce_results(sweeps)
    time.passes(days=2, seconds=-1)
    assert await jobs.remind_of_polls(sweeps) == 0
    time.passes(seconds=1)
    await once(jobs.remind_of_polls, sweeps)
    time.passes(days=2)
    await jobs.remind_of_polls(sweeps)
    assert await queued(appeal.id) == ["resolved", "poll_reminder"]
    assert (await Survey.get()).reminded_at is not None


@pytest.mark.parametrize("said", ["yes", "no"])
async def test_who_has_answered_is_not_reminded(
    city: City, cast: Cast, sweeps: Desk, time: Time, said: str
) -> None:
    appeal = await resolved(city, cast)
    await jobs.announce_results(sweeps)
    if said == "yes":
        await resident.confirm(city, appeal.id, cast.resident)
    else:
        await resident.reopen(city, appeal.id, cast.resident, text="далі тече")
    time.passes(days=3)
    await jobs.remind_of_polls(sweeps)
    assert await queued(appeal.id) == ["resolved"]


async def test_silence_closes(city: City, cast: Cast, sweeps: Desk, time: Time) -> None:
    quiet = await resolved(city, cast)
    explained = await make_appeal(city, cast.account)
    await desk.explain(city, explained.id, cast.operator, expected=0, reason="Ремонт восени")
    opened = await make_appeal(city, cast.account)
    time.passes(days=7, seconds=-1)
    assert await jobs.close_unanswered(sweeps) == 0
    time.passes(seconds=1)
    await once(jobs.close_unanswered, sweeps)
    for appeal_id in (quiet.id, explained.id):
        closed = await Appeal.get(id=appeal_id)
        assert (closed.status, closed.closed_at) == (Status.CLOSED, time.now)
        event = await Event.filter(appeal_id=appeal_id).order_by("-id").first()
        assert event is not None
        assert (event.verb, event.role) == (Verb.CLOSE, Role.SYSTEM)
    assert (await Appeal.get(id=opened.id)).status is Status.ASSIGNED


# deadlines


async def test_near_and_then_over_each_told_once(city: City, cast: Cast, sweeps: Desk, time: Time) -> None:
    linked = await make_account()
    await make_staff(Role.EXECUTOR, "kryvbasvodokanal", account_id=linked.id)
    appeal = await make_appeal(city, cast.account)
    time.passes(hours=12 * 0.8, seconds=-1)
    await jobs.remind_of_deadlines(sweeps)
    assert await noticed(cast.water) == ["urgent"]
    time.passes(seconds=1)
    await once(jobs.remind_of_deadlines, sweeps)
    assert await noticed(cast.water) == ["urgent", "pre_alarm"]
    assert (await Appeal.get(id=appeal.id)).remind_at == appeal.due_at
    time.passes(hours=12 * 0.2)
    await once(jobs.remind_of_deadlines, sweeps)
    time.passes(days=30)
    await once(jobs.remind_of_deadlines, sweeps)
    assert await noticed(cast.water) == ["urgent", "pre_alarm", "overdue"]
    assert await queued(appeal.id) == ["staff.urgent", "staff.pre_alarm", "staff.overdue"]
    assert (await Appeal.get(id=appeal.id)).version == 0, "a reminder is no change of the appeal"


async def test_a_sweep_that_comes_late_speaks_of_the_present(
    city: City, cast: Cast, sweeps: Desk, time: Time
) -> None:
    await make_appeal(city, cast.account)
    time.passes(days=2)
    await jobs.remind_of_deadlines(sweeps)
    await jobs.remind_of_deadlines(sweeps)
    assert await noticed(cast.water) == ["urgent", "overdue"]


async def test_a_waiting_one_is_the_desks_to_hear_of(
    city: City, cast: Cast, sweeps: Desk, time: Time
) -> None:
    appeal = await make_appeal(city, cast.account, sure=False)
    assert appeal.due_at is not None
    time.now = appeal.due_at
    await once(jobs.remind_of_deadlines, sweeps)
    assert await noticed(cast.desk) == ["triage", "overdue"]


@pytest.mark.parametrize("how", ["resolved", "reported", "asked"])
async def test_what_is_not_the_executors_turn_is_not_reminded_of(
    city: City, cast: Cast, sweeps: Desk, time: Time, how: str
) -> None:
    appeal = await make_appeal(city, cast.account)
    if how == "resolved":
        await desk.resolve(city, appeal.id, cast.operator, expected=0, answer="Зроблено")
    elif how == "reported":
        await executor.report(city, appeal.id, cast.officer, expected=0, text="Зроблено")
    else:
        await desk.ask(city, appeal.id, cast.operator, expected=0, question="Де?")
    time.passes(days=2)
    await jobs.remind_of_deadlines(sweeps)
    assert await noticed(cast.water) == ["urgent"]


async def test_what_came_due_while_it_was_checked_is_told_when_it_is_returned(
    city: City, cast: Cast, sweeps: Desk, time: Time
) -> None:
    appeal = await make_appeal(city, cast.account)
    await executor.report(city, appeal.id, cast.officer, expected=0, text="Зроблено")
    time.passes(days=1)
    await jobs.remind_of_deadlines(sweeps)
    await desk.rework(city, appeal.id, cast.operator, expected=1, reason="яма лишилась")
    await once(jobs.remind_of_deadlines, sweeps)
    assert await noticed(cast.water) == ["urgent", "rework", "overdue"]


async def test_a_moved_deadline_is_reminded_of_anew(city: City, cast: Cast, sweeps: Desk, time: Time) -> None:
    appeal = await make_appeal(city, cast.account)
    time.passes(hours=12)
    await jobs.remind_of_deadlines(sweeps)
    await desk.resolve(city, appeal.id, cast.operator, expected=0, answer="Зроблено")
    time.passes(days=3)
    await resident.reopen(city, appeal.id, cast.resident, text="далі тече")
    await jobs.remind_of_deadlines(sweeps)
    assert (await noticed(cast.water))[-1] == "reopened"
    time.passes(hours=10)
    await once(jobs.remind_of_deadlines, sweeps)
    time.passes(hours=2)
    await once(jobs.remind_of_deadlines, sweeps)
    assert await noticed(cast.water) == ["urgent", "overdue", "reopened", "pre_alarm", "overdue"]


async def test_the_new_executor_hears_of_it(city: City, cast: Cast, sweeps: Desk, time: Time) -> None:
    appeal = await make_appeal(city, cast.account)
    await desk.reassign(city, appeal.id, cast.operator, expected=0, executor=GAS, reason="не вода")
    time.passes(hours=12)
    await once(jobs.remind_of_deadlines, sweeps)
    assert await noticed(cast.gas) == ["urgent", "overdue"]
    assert await noticed(cast.water) == ["urgent"]


async def test_more_than_a_batch_is_worked_through(
    city: City, cast: Cast, sweeps: Desk, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "BATCH", 3)
    for _ in range(7):
        await make_appeal(city, cast.account)
    time.passes(days=1)
    assert await jobs.run("remind_of_deadlines", sweeps) == 7
    assert (await noticed(cast.water)).count("overdue") == 7


# forgetting


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


# running


async def test_a_failing_sweep_stops_neither_itself_nor_the_others(
    sweeps: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []

    async def broken(_desk: Desk) -> int:
        calls.append("broken")
        raise OperationalError("database is locked")

    monkeypatch.setitem(jobs.SWEEPS, "broken", broken)
    assert await jobs.run("broken", sweeps) == 0
    assert await jobs.run("broken", sweeps) == 0
    assert calls == ["broken", "broken"]


async def test_the_scheduler_runs_every_sweep_at_once_and_stops(city: City, cast: Cast, sweeps: Desk) -> None:
    appeal = await resolved(city, cast)
    stopping = asyncio.Event()
    keeping = asyncio.create_task(jobs.keep(jobs.schedule(sweeps), stopping))
    async with asyncio.timeout(5):
        while await queued(appeal.id) != ["resolved"]:  # noqa: ASYNC110 - it happens in the database
            await asyncio.sleep(0.02)
    stopping.set()
    async with asyncio.timeout(5):
        await keeping
