"""One thing done to many: each by the rules of one, told in a word, put back while nobody has gone on."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pytest

from core import tokens
from core.actions import bulk, desk, executor, helping, undo
from core.actions.actor import Actor
from core.actions.bulk import Order, Outcome
from core.city import City
from core.errors import Invalid, NotFound
from core.jobs import Desk
from core.models import Appeal, Correction, Event, Outbox, OutboxState, Supporter
from core.models.staff import Purpose
from core.releasing import release
from core.workflow import Status, Verb
from tests.builders import make_account, make_appeal, make_staff
from tests.core.conftest import GAS, WATER, Cast, Time, noticed

HEAT = "teplotsentral"


@dataclass
class Job:
    """What one did, and how to put it back."""

    token: str
    outcomes: list[Outcome]

    @property
    def refused(self) -> dict[int, str]:
        return {one.appeal: one.refused.key for one in self.outcomes if one.refused}


async def do(city: City, who: Actor, order: Order, picks: Mapping[int, int]) -> Job:
    assert who.staff_id is not None
    token = await tokens.make(who.staff_id, Purpose.UNDO)
    mark = undo.mark_of(token)
    return Job(token, [one async for one in bulk.carry_out(city, who, order, picks, mark=mark)])


async def put_back(city: City, who: Actor, job: Job) -> dict[int, str]:
    """Which were refused, and why."""
    found, mark = await undo.find(job.token, who), undo.mark_of(job.token)
    done = await undo.steps(found, mark)
    outcomes = [one async for one in undo.undo(city, who, found, done, mark=mark)]
    return {one.appeal: one.refused.key for one in outcomes if one.refused}


def state(appeal: Appeal) -> dict[str, object]:
    """All of an appeal that undoing must bring back."""
    columns = ("status", "open", "executor_id", "category_id", "urgent", "triage", "due_at", "remind_at")
    more = ("time_left", "duplicate_of_id", "supporters", "closed_at", "answer", "asked_from")
    return {name: getattr(appeal, name) for name in (*columns, *more)}


async def fresh(*appeals: Appeal) -> list[Appeal]:
    return [await Appeal.get(id=appeal.id) for appeal in appeals]


async def told(appeal: Appeal) -> list[tuple[str, OutboxState]]:
    rows = await Outbox.filter(appeal_id=appeal.id, account_id=appeal.account_id).order_by("id")
    return [(row.kind, row.state) for row in rows]


async def test_each_is_given_or_handed_over_and_put_back_as_it_was(
    city: City, cast: Cast, time: Time
) -> None:
    new = await make_appeal(city, sure=False)
    theirs = await make_appeal(city)
    asked = await desk.ask(city, (await make_appeal(city)).id, cast.operator, expected=0, question="де?")
    before = [state(one) for one in await fresh(new, theirs, asked)]
    time.passes(minutes=10)
    order = Order(Verb.ASSIGN, executor=HEAT, reason="їхня мережа")
    job = await do(city, cast.operator, order, {new.id: 0, theirs.id: 0, asked.id: 1})
    assert job.refused == {}
    assert [one.executor_id for one in await fresh(new, theirs, asked)] == [HEAT] * 3
    time.passes(minutes=1)
    assert await put_back(city, cast.operator, job) == {}
    assert [state(one) for one in await fresh(new, theirs, asked)] == before
    last = await Event.filter(appeal_id=theirs.id).order_by("-id").first()
    assert last is not None
    assert (last.verb, last.staff_id) == (Verb.UNDO, cast.desk.id)


async def test_category_with_the_assignment_that_follows_is_one_thing_to_put_back(
    city: City, cast: Cast, time: Time
) -> None:
    appeal = await make_appeal(city, sure=False, category="other")
    before = state((await fresh(appeal))[0])
    time.passes(minutes=5)
    job = await do(city, cast.operator, Order(Verb.CATEGORISE, category="water.leak"), {appeal.id: 0})
    done = (await fresh(appeal))[0]
    assert (done.category_id, done.executor_id, done.status) == ("water.leak", WATER, Status.ASSIGNED)
    assert await Correction.filter(appeal_id=appeal.id).exists()
    assert await put_back(city, cast.operator, job) == {}
    assert state((await fresh(appeal))[0]) == before
    assert not await Correction.filter(appeal_id=appeal.id).exists()


async def test_a_helper_who_answered_for_a_moment_helps_again(city: City, cast: Cast) -> None:
    appeal = await make_appeal(city)
    await helping.set_co_executors(
        city, appeal.id, cast.operator, expected=0, executors=[GAS], text="поруч газопровід"
    )
    job = await do(city, cast.operator, Order(Verb.ASSIGN, executor=GAS, reason="газ"), {appeal.id: 1})
    assert await helping.co_executors_of(appeal.id) == ()
    await put_back(city, cast.operator, job)
    assert await helping.co_executors_of(appeal.id) == (GAS,)


async def test_many_are_merged_into_one_and_parted_again(city: City, cast: Cast, time: Time) -> None:
    del time  # it stands still
    main, *others = [await make_appeal(city, await make_account()) for _ in range(4)]
    before = [state(one) for one in await fresh(main, *others)]
    picks = {one.id: 0 for one in (main, *others)}
    job = await do(city, cast.operator, Order(Verb.MERGE, into=main.id), picks)
    assert job.refused == {}
    assert [one.status for one in await fresh(*others)] == [Status.DUPLICATE] * 3
    assert (await fresh(main))[0].supporters == 3
    assert await put_back(city, cast.operator, job) == {}
    assert [state(one) for one in await fresh(main, *others)] == before
    assert not await Supporter.filter(appeal_id=main.id).exists()


async def test_urgent_by_a_persons_word_stays_so_whatever_its_category(
    city: City, cast: Cast, time: Time
) -> None:
    appeal = await make_appeal(city, category="roads.pothole")
    before = (await fresh(appeal))[0]
    time.passes(hours=3)
    job = await do(city, cast.operator, Order(Verb.PRIORITISE, urgent=True), {appeal.id: 0})
    urgent = (await fresh(appeal))[0]
    assert urgent.urgent
    assert urgent.due_at is not None
    assert before.due_at is not None
    assert urgent.due_at <= before.due_at
    other = await desk.categorise(city, appeal.id, cast.operator, expected=1, category="roads.sidewalk")
    assert other.urgent
    assert await put_back(city, cast.operator, job) == {appeal.id: "conflict.changed"}


async def test_priority_is_put_back_with_its_deadline_and_counts_no_more(
    city: City, cast: Cast, time: Time
) -> None:
    appeal = await make_appeal(city, category="roads.pothole")
    before = state((await fresh(appeal))[0])
    time.passes(hours=3)
    job = await do(city, cast.operator, Order(Verb.PRIORITISE, urgent=True), {appeal.id: 0})
    assert await put_back(city, cast.operator, job) == {}
    assert state((await fresh(appeal))[0]) == before
    again = await desk.categorise(city, appeal.id, cast.operator, expected=2, category="gas.leak")
    assert again.urgent


async def test_danger_said_after_the_desk_calmed_it_counts(city: City, cast: Cast) -> None:
    appeal = await make_appeal(city, category="gas.leak")
    await do(city, cast.operator, Order(Verb.PRIORITISE, urgent=False), {appeal.id: 0})
    assert not (await fresh(appeal))[0].urgent
    await Appeal.filter(id=appeal.id).update(urgent=True)  # as a supporter's words of danger do
    after = await desk.categorise(city, appeal.id, cast.operator, expected=1, category="gas.leak")
    assert after.urgent


async def test_a_lost_race_is_told_and_leaves_the_others_done(city: City, cast: Cast) -> None:
    first, second, ended = [await make_appeal(city) for _ in range(3)]
    await desk.note(city, second.id, cast.operator, expected=0, text="дзвонила")
    await desk.reject(city, ended.id, cast.operator, expected=0, reason="ні")
    order = Order(Verb.ASSIGN, executor=HEAT, reason="їхнє")
    job = await do(city, cast.operator, order, {first.id: 0, second.id: 0, ended.id: 1, 99_999: 0})
    assert job.refused == {second.id: "conflict.changed", ended.id: "conflict.status"}
    assert [one.executor_id for one in await fresh(first, second)] == [HEAT, WATER]


async def test_what_somebody_went_on_with_is_left_and_named(city: City, cast: Cast) -> None:
    mine, moved = [await make_appeal(city) for _ in range(2)]
    heat = Actor.staff(await make_staff(executor=HEAT, role=cast.officer.role))
    order = Order(Verb.ASSIGN, executor=HEAT, reason="їхнє")
    job = await do(city, cast.operator, order, {mine.id: 0, moved.id: 0})
    await executor.start(city, moved.id, heat, expected=1)
    assert await put_back(city, cast.operator, job) == {moved.id: "conflict.changed"}
    assert [one.executor_id for one in await fresh(mine, moved)] == [WATER, HEAT]


async def test_only_who_did_it_puts_it_back_once_and_soon(city: City, cast: Cast, time: Time) -> None:
    appeal = await make_appeal(city)
    order = Order(Verb.ASSIGN, executor=HEAT, reason="їхнє")
    job = await do(city, cast.operator, order, {appeal.id: 0})
    other = Actor.staff(await make_staff())
    with pytest.raises(NotFound):
        await undo.find(job.token, other)
    await put_back(city, cast.operator, job)
    with pytest.raises(NotFound):
        await undo.find(job.token, cast.operator)
    late = await do(city, cast.operator, order, {appeal.id: 2})
    time.passes(minutes=15, seconds=1)
    with pytest.raises(NotFound):
        await undo.find(late.token, cast.operator)


async def test_an_undo_that_was_broken_off_goes_on_where_it_stopped(city: City, cast: Cast) -> None:
    appeals = [await make_appeal(city) for _ in range(3)]
    order = Order(Verb.ASSIGN, executor=HEAT, reason="їхнє")
    job = await do(city, cast.operator, order, {one.id: 0 for one in appeals})
    found, mark = await undo.find(job.token, cast.operator), undo.mark_of(job.token)
    async for _ in undo.undo(city, cast.operator, found, await undo.steps(found, mark), mark=mark):
        break
    assert await put_back(city, cast.operator, job) == {}
    assert {one.executor_id for one in await fresh(*appeals)} == {WATER}


async def test_who_hasnt_heard_of_it_hears_nothing_when_it_is_put_back(
    city: City, cast: Cast, time: Time, sweeps: Desk
) -> None:
    appeal = await make_appeal(city, cast.account, category="roads.pothole")
    time.passes(minutes=5)
    await release(sweeps)
    heard = await told(appeal)
    order = Order(Verb.ASSIGN, executor=HEAT, reason="їхнє")
    job = await do(city, cast.operator, order, {appeal.id: 0})
    time.passes(seconds=30)
    await put_back(city, cast.operator, job)
    time.passes(minutes=5)
    await release(sweeps)
    assert await told(appeal) == [*heard, ("assigned", OutboxState.DROPPED)]


async def test_who_has_heard_of_it_hears_how_it_is_now(
    city: City, cast: Cast, time: Time, sweeps: Desk
) -> None:
    appeal = await make_appeal(city, cast.account, category="roads.pothole")
    order = Order(Verb.ASSIGN, executor=HEAT, reason="їхнє")
    job = await do(city, cast.operator, order, {appeal.id: 0})
    time.passes(minutes=5)
    await release(sweeps)
    await put_back(city, cast.operator, job)
    time.passes(minutes=5)
    await release(sweeps)
    sent = await Outbox.filter(appeal_id=appeal.id, state=OutboxState.PENDING).order_by("id")
    first = (await Event.filter(appeal_id=appeal.id, verb=Verb.ASSIGN).get()).data["executor"]
    assert [row.body["executor"] for row in sent] == [HEAT, first]


async def test_a_merge_undone_at_once_is_told_to_nobody(
    city: City, cast: Cast, time: Time, sweeps: Desk
) -> None:
    main = await make_appeal(city, category="roads.pothole")
    other = await make_appeal(city, cast.account, category="roads.pothole")
    time.passes(minutes=5)
    await release(sweeps)
    heard = await told(other)
    job = await do(city, cast.operator, Order(Verb.MERGE, into=main.id), {main.id: 0, other.id: 0})
    await put_back(city, cast.operator, job)
    time.passes(minutes=5)
    await release(sweeps)
    assert await told(other) == [*heard, ("merged", OutboxState.DROPPED)]


async def test_officers_hear_of_many_in_one_word_and_of_none_that_went_back(
    city: City, cast: Cast, time: Time, sweeps: Desk
) -> None:
    chat = await make_account()
    officer = await make_staff(executor=HEAT, role=cast.officer.role, account_id=chat.id)
    appeals = [await make_appeal(city, category="roads.pothole") for _ in range(5)]
    order = Order(Verb.ASSIGN, executor=HEAT, reason="їхнє")
    job = await do(city, cast.operator, order, {one.id: 0 for one in appeals})
    assert await noticed(officer) == ["assigned_bulk"]
    waiting = await Outbox.filter(account_id=chat.id, state=OutboxState.HELD)
    assert [(row.kind, row.body["n"]) for row in waiting] == [("staff.assigned_bulk", 5)]
    await put_back(city, cast.operator, job)
    assert await noticed(officer) == []
    time.passes(minutes=5)
    await release(sweeps)
    assert not await Outbox.filter(account_id=chat.id, state=OutboxState.PENDING).exists()


async def test_the_urgent_among_many_wake_their_officers_each(city: City, cast: Cast) -> None:
    officer = await make_staff(executor=HEAT, role=cast.officer.role)
    appeals = [await make_appeal(city, category="roads.pothole", urgent=True) for _ in range(2)]
    order = Order(Verb.ASSIGN, executor=HEAT, reason="їхнє")
    await do(city, cast.operator, order, {one.id: 0 for one in appeals})
    assert await noticed(officer) == ["urgent", "urgent"]


async def test_what_will_happen_is_foreseen_and_why_not(city: City, cast: Cast) -> None:
    new, theirs, heat = await make_appeal(city, sure=False), await make_appeal(city), await make_appeal(city)
    await desk.reassign(city, heat.id, cast.operator, expected=0, executor=HEAT, reason="їхнє")
    ids = (new.id, theirs.id, heat.id, 99_999)
    order = Order(Verb.ASSIGN, executor=HEAT)
    found = await bulk.foresee(city, cast.operator, order, ids)
    assert [(one.verb, one.refused and one.refused.key) for one in found] == [
        (Verb.ASSIGN, None),
        (Verb.REASSIGN, None),
        (Verb.REASSIGN, "executor.same"),
    ]
    with pytest.raises(Invalid, match=r"reason\.needed"):
        bulk.check(city, order, found)
    bulk.check(city, replace(order, reason="їхнє"), found)
    bulk.check(city, order, found[:1])
    with pytest.raises(Invalid, match=r"bulk\.none_possible"):
        bulk.check(city, order, found[2:])
    with pytest.raises(Invalid, match=r"bulk\.too_many"):
        await bulk.foresee(city, cast.operator, order, tuple(range(201)))


async def test_what_is_foreseen_comes_true(city: City, cast: Cast, time: Time) -> None:
    appeals = [
        await make_appeal(city, sure=False, category="other"),
        await make_appeal(city, category="roads.pothole"),
        await make_appeal(city, category="gas.leak"),
    ]
    time.passes(hours=2)
    versions = {one.id: 0 for one in appeals}
    for order in (
        Order(Verb.CATEGORISE, category="water.leak"),
        Order(Verb.PRIORITISE, urgent=True),
        Order(Verb.PRIORITISE, urgent=False),
    ):
        found = await bulk.foresee(city, cast.operator, order, tuple(versions))
        versions = {one.appeal.id: one.appeal.version for one in found}
        job = await do(city, cast.operator, order, versions)
        assert set(job.refused) == {one.appeal.id for one in found if one.refused}
        for one in found:
            now = await Appeal.get(id=one.appeal.id)
            assert (now.executor_id, now.urgent, now.due_at) == (one.executor, one.urgent, one.due_at)
