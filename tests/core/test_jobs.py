"""Results and polls: what is due is done once, however often and by however many it is looked for."""

import pytest

from core import clock, jobs
from core.actions import desk, executor, poll, resident
from core.city import City
from core.jobs import Desk
from core.models import Appeal, Attachment, Event, Outbox, OutboxState, Survey
from core.models.appeals import AttachmentState
from core.outbox import WAITING
from core.workflow import Role, Status, Verb
from tests.builders import make_appeal, make_photo
from tests.core.conftest import Cast, Time, queued
from tests.core.sweeping import once, resolved


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
        await poll.confirm(city, appeal.id, cast.resident)
    else:
        await resident.reopen(city, appeal.id, cast.resident, text="далі тече")
    time.passes(days=3)
    await jobs.remind_of_polls(sweeps)
    assert await queued(appeal.id) == ["resolved"]


async def test_silence_closes(city: City, cast: Cast, sweeps: Desk, time: Time) -> None:
    quiet, untold = await resolved(city, cast), await resolved(city, cast)
    await Survey.create(appeal_id=quiet.id, round=0, sent_at=time.now)
    explained = await make_appeal(city, cast.account)
    await desk.explain(city, explained.id, cast.operator, expected=0, reason="Ремонт восени")
    opened = await make_appeal(city, cast.account)
    time.passes(days=7, seconds=-1)
    assert await jobs.close_unanswered(sweeps) == 0
    time.passes(seconds=1)
    assert await jobs.close_unanswered(sweeps) == 1
    assert (await Appeal.get(id=explained.id)).status is Status.EXPLAINED, "they haven't been told yet"
    await Outbox.filter(state__in=WAITING).update(state=OutboxState.SENT)
    await once(jobs.close_unanswered, sweeps)
    assert (await Appeal.get(id=untold.id)).status is Status.RESOLVED, "nobody has asked them yet"
    for appeal_id in (quiet.id, explained.id):
        closed = await Appeal.get(id=appeal_id)
        assert (closed.status, closed.closed_at) == (Status.CLOSED, time.now)
        event = await Event.filter(appeal_id=appeal_id).order_by("-id").first()
        assert event is not None
        assert (event.verb, event.role) == (Verb.CLOSE, Role.SYSTEM)
    assert (await Appeal.get(id=opened.id)).status is Status.ASSIGNED
