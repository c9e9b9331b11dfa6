"""A batch of many costs as many queries as a batch of one, and each of the many gets what one would."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from core import jobs
from core.actions import desk
from core.city import City
from core.jobs import Desk
from core.models import (
    Appeal,
    Attachment,
    Channel,
    Event,
    Follow,
    Notice,
    Outbox,
    Supporter,
    Survey,
    Task,
)
from core.models.appeals import AttachmentState
from core.workflow import Role, Status, Verb
from tests.builders import make_account, make_staff
from tests.core.conftest import WATER, Cast, Time, reported
from tests.core.sweeping import counted, resolved

MANY = 12
Sweep = Callable[[Desk], Awaitable[int]]


async def answered(city: City, cast: Cast, number: int) -> Appeal:
    """A reported and resolved appeal with two photos, another's support; every third was phoned in."""
    appeal = await reported(city, cast)
    event = await Event.filter(appeal_id=appeal.id, verb=Verb.REPORT).get()
    for place in range(2):
        await Attachment.create(
            appeal_id=appeal.id,
            event_id=event.id,
            role=Role.EXECUTOR,
            state=AttachmentState.STORED,
            key=f"{number}-{place}",
            created_at=appeal.created_at,
            due_at=appeal.created_at,
        )
    neighbour = await make_account(Channel.VIBER)
    await Supporter.create(
        appeal_id=appeal.id,
        resident_id=neighbour.resident_id,
        account_id=neighbour.id,
        joined_at=appeal.created_at,
    )
    phone = await make_account(Channel.PHONE)
    changes = {"account_id": phone.id, "resident_id": phone.resident_id} if number % 3 == 0 else {}
    await Appeal.filter(id=appeal.id).update(supporters=1, **changes)
    await Follow.create(staff_id=cast.desk.id, appeal_id=appeal.id, created_at=appeal.created_at)
    await Follow.create(staff_id=cast.gas.id, appeal_id=appeal.id, created_at=appeal.created_at)
    return await desk.resolve(city, appeal.id, cast.operator, expected=1, answer=f"Замінено {number}")


async def queries(sweep: Sweep, sweeps: Desk, expected: int) -> int:
    with counted() as sent:
        assert await sweep(sweeps) == expected
    return len(sent)


async def test_results_polls_and_closings(city: City, cast: Cast, sweeps: Desk, time: Time) -> None:
    watcher = await make_staff(Role.EXECUTOR, WATER)
    first = await answered(city, cast, 0)
    alone = [await queries(jobs.announce_results, sweeps, 1)]
    many = [await answered(city, cast, number) for number in range(1, MANY + 1)]
    every = [first, *many]
    await Follow.create(staff_id=watcher.id, appeal_id=many[0].id, created_at=time.now)
    together = [await queries(jobs.announce_results, sweeps, MANY)]
    assert together[0] <= alone[0] + 1, "those in writing and those to be called were not both in the first"
    for number, appeal in enumerate(every):
        sent = await Outbox.filter(appeal_id=appeal.id, kind="resolved").order_by("account_id")
        phoned = number % 3 == 0
        assert len(sent) == (1 if phoned else 2)
        assert all(row.body["text"] == f"Замінено {number}" for row in sent)
        photos = await Attachment.filter(appeal_id=appeal.id).order_by("id").values_list("id", flat=True)
        assert all(row.body["photos"] == list(photos) for row in sent)
        assert min(row.dedupe or "" for row in sent) == (
            f"resolved:{appeal.id}:0:{sent[0].account_id}" if phoned else f"resolved:{appeal.id}:0"
        )
        calls = await Task.filter(appeal_id=appeal.id)
        assert len(calls) == phoned
        assert all(f"Замінено {number}" in call.words for call in calls)
        assert await Survey.filter(appeal_id=appeal.id, round=0, sent_at=time.now).count() == 1

    await Survey.filter(appeal_id__not=first.id).update(sent_at=time.now + timedelta(hours=1))
    await Supporter.filter(appeal_id=many[-1].id).update(answered_at=time.now)
    time.passes(days=2)
    alone.append(await queries(jobs.remind_of_polls, sweeps, 1))
    time.passes(hours=1)
    together.append(await queries(jobs.remind_of_polls, sweeps, MANY))
    assert together[1] <= alone[1] + 1
    for number, appeal in enumerate(every):
        reminded = await Outbox.filter(appeal_id=appeal.id, kind="poll_reminder").count()
        assert reminded == 2 - (number % 3 == 0) - (appeal.id == many[-1].id)

    await Outbox.all().delete()
    await Task.all().delete()
    await Appeal.filter(id__not=first.id).update(answered_at=time.now)
    time.passes(days=6, hours=22)
    alone.append(await queries(jobs.close_unanswered, sweeps, 1))
    time.passes(hours=2)
    together.append(await queries(jobs.close_unanswered, sweeps, MANY))
    assert together[2] == alone[2]
    for appeal in every:
        closed = await Appeal.get(id=appeal.id)
        assert (closed.status, closed.open, closed.version) == (Status.CLOSED, False, appeal.version + 1)
        event = await Event.get(appeal_id=appeal.id, verb=Verb.CLOSE)
        assert (event.role, event.from_status, event.to_status, event.at) == (
            Role.SYSTEM,
            Status.RESOLVED,
            Status.CLOSED,
            closed.closed_at,
        )
        told = await Notice.filter(dedupe__startswith=f"followed:{appeal.id}:{event.id}:")
        # The gas network's officer doesn't see what is the water utility's.
        assert {each.staff_id for each in told} == (
            {cast.desk.id, watcher.id} if appeal.id == many[0].id else {cast.desk.id}
        )


@pytest.mark.parametrize(
    "sweep",
    [jobs.announce_results, jobs.remind_of_polls, jobs.close_unanswered],
    ids=lambda each: each.__name__,
)
async def test_more_than_a_batch_is_taken_in_turns(
    city: City, cast: Cast, sweeps: Desk, time: Time, monkeypatch: pytest.MonkeyPatch, sweep: Sweep
) -> None:
    monkeypatch.setattr(jobs, "BATCH", 2)
    for _ in range(3):
        await resolved(city, cast)
    if sweep is not jobs.announce_results:
        while await jobs.announce_results(sweeps):
            pass
        await Outbox.all().delete()
        time.passes(days=7)
    assert [await sweep(sweeps) for _ in range(3)] == [2, 1, 0]
