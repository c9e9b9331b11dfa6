"""An operator merges what is the same, and takes apart what wasn't after all."""

import asyncio

import pytest

from core.actions import desk, executor, resident
from core.actions.join import join, merge, unmerge
from core.city import City
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.models import Appeal, Event, Outbox, Supporter
from core.workflow import Kind, Status, Verb
from tests.builders import make_account, make_appeal
from tests.core.conftest import Cast, Time, noticed, queued


async def followers(appeal: Appeal) -> set[int]:
    """Accounts of those who joined or came with what was merged."""
    found = await Supporter.filter(appeal_id=appeal.id)
    assert (await Appeal.get(id=appeal.id)).supporters == len(found)
    return {row.account_id for row in found if row.account_id is not None}


async def told(kind: str) -> set[int]:
    return {row.account_id for row in await Outbox.filter(kind=kind)}


async def current(appeal: Appeal) -> Appeal:
    return await Appeal.get(id=appeal.id)


async def test_merged_it_is_over_and_its_people_follow_the_other(city: City, cast: Cast, time: Time) -> None:
    target, neighbour = await make_appeal(city), await make_account()
    appeal = await make_appeal(city, cast.account)
    await join(city, neighbour, appeal.id)
    time.passes(hours=1)
    merged = await merge(city, appeal.id, cast.operator, expected=1, into=target.id, reason="та сама труба")
    stored = await current(appeal)
    assert (merged.status, stored.status, stored.open) == (Status.DUPLICATE, Status.DUPLICATE, False)
    assert (stored.duplicate_of_id, stored.closed_at, stored.version) == (target.id, time.now, 2)
    assert (stored.executor_id, stored.due_at) == (appeal.executor_id, appeal.due_at)
    assert await followers(target) == {cast.account.id, neighbour.id}
    assert await followers(appeal) == {neighbour.id}
    assert {row.merged_id for row in await Supporter.filter(appeal_id=target.id)} == {appeal.id}
    after = await current(target)
    assert (after.status, after.due_at, after.version) == (target.status, target.due_at, 1)
    went, came = await Event.filter(verb=Verb.MERGE).order_by("id")
    assert (went.appeal_id, went.from_status, went.to_status) == (
        appeal.id,
        Status.ASSIGNED,
        Status.DUPLICATE,
    )
    assert (went.text, went.data) == ("та сама труба", {"into": target.id, "number": target.number})
    assert (came.appeal_id, came.to_status) == (target.id, Status.ASSIGNED)
    assert (came.text, came.data) == ("та сама труба", {"took": appeal.id, "number": appeal.number})


async def test_its_people_are_told_of_the_merge_and_the_others_are_not(city: City, cast: Cast) -> None:
    target, neighbour = await make_appeal(city), await make_account()
    appeal = await make_appeal(city, cast.account)
    await join(city, neighbour, appeal.id)
    await merge(city, appeal.id, cast.operator, expected=1, into=target.id)
    assert await told("merged") == {cast.account.id, neighbour.id}
    letter = await Outbox.filter(kind="merged").first()
    assert letter is not None
    assert letter.body["number"] == appeal.number
    assert (letter.body["into"], letter.body["into_id"]) == (target.number, target.id)


@pytest.mark.parametrize(
    ("what", "key"), [("itself", r"merge\.itself"), ("ended", r"merge\.ended"), ("kind", r"merge\.kind")]
)
async def test_what_cant_be_one_is_refused(city: City, cast: Cast, what: str, key: str) -> None:
    appeal, target = await make_appeal(city, cast.account), await make_appeal(city)
    if what == "ended":
        await desk.resolve(city, target.id, cast.operator, expected=0, answer="Зроблено")
    if what == "kind":
        await Appeal.filter(id=target.id).update(kind=Kind.COMPLAINT)
    into = appeal.id if what == "itself" else target.id
    with pytest.raises(Invalid, match=key):
        await merge(city, appeal.id, cast.operator, expected=0, into=into)
    assert (await current(appeal)).version == 0
    assert not await Supporter.exists()


async def test_back_into_what_was_merged_into_it_is_into_itself(city: City, cast: Cast) -> None:
    appeal, other = await make_appeal(city, cast.account), await make_appeal(city)
    await merge(city, other.id, cast.operator, expected=0, into=appeal.id)
    with pytest.raises(Invalid, match=r"merge\.itself"):
        await merge(city, appeal.id, cast.operator, expected=1, into=other.id)


async def test_into_what_was_merged_is_into_its_target(city: City, cast: Cast) -> None:
    target, first, second = [await make_appeal(city) for _ in range(3)]
    await merge(city, first.id, cast.operator, expected=0, into=target.id)
    merged = await merge(city, second.id, cast.operator, expected=0, into=first.id)
    assert merged.duplicate_of_id == target.id
    assert await followers(target) == {first.account_id, second.account_id}


async def test_what_many_were_merged_into_takes_them_along(city: City, cast: Cast) -> None:
    target, middle, first = [await make_appeal(city) for _ in range(3)]
    await merge(city, first.id, cast.operator, expected=0, into=middle.id)
    await merge(city, middle.id, cast.operator, expected=1, into=target.id)
    assert await followers(target) == {middle.account_id, first.account_id}
    await unmerge(city, first.id, cast.operator, expected=1)
    assert await followers(target) == {middle.account_id}
    assert await followers(middle) == set()
    await unmerge(city, middle.id, cast.operator, expected=3)
    assert await followers(target) == set()


async def test_only_the_desk_merges(city: City, cast: Cast) -> None:
    appeal, target = await make_appeal(city, cast.account), await make_appeal(city)
    for actor in (cast.officer, cast.resident):
        with pytest.raises((Forbidden, NotFound)):
            await merge(city, appeal.id, actor, expected=0, into=target.id)
    with pytest.raises(NotFound):
        await merge(city, appeal.id, cast.operator, expected=0, into=424242)
    await merge(city, appeal.id, cast.operator, expected=0, into=target.id)
    with pytest.raises(Forbidden):
        await unmerge(city, appeal.id, cast.officer, expected=1)


async def test_one_who_reported_it_twice_follows_it_once(city: City, cast: Cast) -> None:
    """The target's own reporter is no supporter of it, and one with two duplicates is one."""
    target = await make_appeal(city, cast.account)
    twice = await make_account()
    own, first, second = [await make_appeal(city, one) for one in (cast.account, twice, twice)]
    for appeal in (own, first, second):
        await merge(city, appeal.id, cast.operator, expected=0, into=target.id)
    assert await followers(target) == {twice.id}
    await unmerge(city, first.id, cast.operator, expected=1)
    assert await followers(target) == {twice.id}, "they still came with the second"
    await unmerge(city, second.id, cast.operator, expected=1)
    assert await followers(target) == set()


async def test_who_joined_by_themselves_stays_when_theirs_is_taken_apart(city: City, cast: Cast) -> None:
    target, neighbour = await make_appeal(city), await make_account()
    before, after = await make_appeal(city, neighbour), await make_appeal(city, cast.account)
    await join(city, neighbour, target.id)
    for appeal in (before, after):
        await merge(city, appeal.id, cast.operator, expected=0, into=target.id)
    await join(city, cast.account, target.id)
    for appeal in (before, after):
        await unmerge(city, appeal.id, cast.operator, expected=1)
    assert await followers(target) == {neighbour.id, cast.account.id}


@pytest.mark.parametrize("stood", [Status.REGISTERED, Status.ASSIGNED, Status.IN_PROGRESS, Status.NEEDS_INFO])
async def test_taken_apart_it_stands_where_it_stood(
    city: City, cast: Cast, time: Time, stood: Status
) -> None:
    target = await make_appeal(city)
    appeal = await make_appeal(city, cast.account, sure=stood is not Status.REGISTERED)
    if stood is Status.IN_PROGRESS:
        await executor.start(city, appeal.id, cast.officer, expected=0)
    if stood is Status.NEEDS_INFO:
        await desk.ask(city, appeal.id, cast.operator, expected=0, question="Де?")
    before = await current(appeal)
    assert before.status is stood
    time.passes(hours=1)
    merged = await merge(city, appeal.id, cast.operator, expected=before.version, into=target.id)
    time.passes(hours=1)
    await unmerge(city, appeal.id, cast.operator, expected=merged.version)
    stored = await current(appeal)
    for column in (
        "status",
        "open",
        "executor_id",
        "due_at",
        "time_left",
        "asked_from",
        "closed_at",
        "triage",
    ):
        assert getattr(stored, column) == getattr(before, column), column
    assert stored.duplicate_of_id is None
    assert await followers(target) == set()
    gone, gave = await Event.filter(verb=Verb.UNMERGE).order_by("id")
    assert (gone.appeal_id, gone.to_status, gone.data["number"]) == (appeal.id, stood, target.number)
    assert (gave.appeal_id, gave.data) == (target.id, {"took": appeal.id, "number": appeal.number})
    assert await told("unmerged") == {cast.account.id}


async def test_its_officers_hear_that_it_is_theirs_again(city: City, cast: Cast) -> None:
    target, appeal = await make_appeal(city), await make_appeal(city, cast.account)
    await merge(city, appeal.id, cast.operator, expected=0, into=target.id)
    before = len(await noticed(cast.water))
    await unmerge(city, appeal.id, cast.operator, expected=1)
    assert len(await noticed(cast.water)) == before + 1


async def test_what_came_due_meanwhile_is_reminded_of_at_once(city: City, cast: Cast, time: Time) -> None:
    target, appeal = await make_appeal(city), await make_appeal(city, cast.account)
    await merge(city, appeal.id, cast.operator, expected=0, into=target.id)
    time.passes(days=10)
    apart = await unmerge(city, appeal.id, cast.operator, expected=1)
    assert apart.due_at is not None
    assert apart.remind_at == time.now > apart.due_at


async def test_it_can_be_taken_apart_after_the_other_has_ended(city: City, cast: Cast) -> None:
    target, appeal = await make_appeal(city), await make_appeal(city, cast.account)
    await merge(city, appeal.id, cast.operator, expected=0, into=target.id)
    await desk.resolve(city, target.id, cast.operator, expected=1, answer="Зроблено")
    apart = await unmerge(city, appeal.id, cast.operator, expected=1)
    assert apart.open
    assert (await current(target)).status is Status.RESOLVED
    with pytest.raises(Conflict):
        await unmerge(city, appeal.id, cast.operator, expected=apart.version)


async def test_what_is_said_of_the_merged_is_said_of_the_target(city: City, cast: Cast) -> None:
    target, appeal = await make_appeal(city), await make_appeal(city, cast.account)
    await merge(city, appeal.id, cast.operator, expected=0, into=target.id)
    heard = await resident.answer(city, appeal.id, cast.resident, text="у дворі теж тече")
    assert heard.id == target.id
    added = await Event.get(verb=Verb.ADD)
    assert (added.appeal_id, added.data) == (target.id, {"supporter": cast.account.resident_id})


async def test_who_is_faster_wins_and_nothing_is_done_by_halves(city: City, cast: Cast) -> None:
    target, appeal = await make_appeal(city), await make_appeal(city, cast.account)
    said = await asyncio.gather(
        merge(city, appeal.id, cast.operator, expected=0, into=target.id),
        desk.resolve(city, appeal.id, cast.operator, expected=0, answer="Зроблено"),
        return_exceptions=True,
    )
    assert sorted(type(each).__name__ for each in said) == ["Appeal", "Conflict"]
    merged = (await current(appeal)).status is Status.DUPLICATE
    assert len(await followers(target)) == merged
    assert (await queued(appeal.id)).count("merged") == merged


async def test_two_into_each_other_at_once_make_no_circle(city: City, cast: Cast) -> None:
    one, other = await make_appeal(city), await make_appeal(city, cast.account)
    said = await asyncio.gather(
        merge(city, one.id, cast.operator, expected=0, into=other.id),
        merge(city, other.id, cast.operator, expected=0, into=one.id),
        return_exceptions=True,
    )
    assert sum(isinstance(each, Appeal) for each in said) == 1
    assert {type(each) for each in said} <= {Appeal, Conflict, Invalid}
    rows = await Appeal.all()
    assert sorted(row.status for row in rows) == [Status.ASSIGNED, Status.DUPLICATE]


async def test_into_what_is_being_resolved_is_refused_or_comes_first(city: City, cast: Cast) -> None:
    target, appeal = await make_appeal(city), await make_appeal(city, cast.account)
    said = await asyncio.gather(
        desk.resolve(city, target.id, cast.operator, expected=0, answer="Зроблено"),
        merge(city, appeal.id, cast.operator, expected=0, into=target.id),
        return_exceptions=True,
    )
    lost = [type(each) for each in said if not isinstance(each, Appeal)]
    assert lost in ([Invalid], [Conflict])


async def test_an_erased_reporter_is_no_reason_not_to_merge(city: City, cast: Cast) -> None:
    target, appeal = await make_appeal(city), await make_appeal(city, cast.account)
    await Appeal.filter(id=appeal.id).update(resident_id=None, account_id=None)
    await merge(city, appeal.id, cast.operator, expected=0, into=target.id)
    assert await followers(target) == set()
    assert await told("merged") == set()


async def test_nobody_of_it_sees_the_target_once_taken_apart(city: City, cast: Cast) -> None:
    target, appeal = await make_appeal(city), await make_appeal(city, cast.account)
    await merge(city, appeal.id, cast.operator, expected=0, into=target.id)
    await resident.answer(city, target.id, cast.resident, text="і тут")
    await unmerge(city, appeal.id, cast.operator, expected=1)
    with pytest.raises(NotFound):
        await resident.answer(city, target.id, cast.resident, text="і тут ще")
    assert (await resident.answer(city, appeal.id, cast.resident, text="а тут досі")).id == appeal.id


async def test_a_note_on_it_leaves_its_clock_standing(city: City, cast: Cast, time: Time) -> None:
    target, appeal = await make_appeal(city), await make_appeal(city, cast.account)
    await desk.ask(city, appeal.id, cast.operator, expected=0, question="Який під'їзд?")
    left = (await current(appeal)).time_left
    await merge(city, appeal.id, cast.operator, expected=1, into=target.id)
    await desk.note(city, appeal.id, cast.operator, expected=2, text="перевірю")
    time.passes(days=9)
    after = await unmerge(city, appeal.id, cast.operator, expected=3)
    assert (after.status, after.due_at, after.remind_at) == (Status.NEEDS_INFO, None, None)
    assert after.time_left == left
