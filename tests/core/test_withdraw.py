"""Taking a report back: alone it ends the appeal, among others it goes on for them."""

import asyncio

import pytest

from core.actions import desk, resident
from core.actions.actor import Actor
from core.actions.helping import set_co_executors
from core.actions.join import join, merge, unmerge
from core.actions.withdraw import left, withdraw
from core.city import City
from core.errors import Conflict, NotFound
from core.models import Account, Appeal, Event, Outbox, Supporter
from core.queries import mine
from core.workflow import Status, Verb
from tests.builders import make_account, make_appeal
from tests.core.conftest import GAS, Cast, Time, noticed


def acting(account: Account) -> Actor:
    return Actor.resident(account.resident_id)


async def heard(kind: str) -> list[int]:
    return [row.account_id for row in await Outbox.filter(kind=kind).order_by("account_id")]


async def test_alone_it_ends_and_all_who_worked_on_it_hear(city: City, cast: Cast, time: Time) -> None:
    appeal = await make_appeal(city, cast.account)
    await set_co_executors(city, appeal.id, cast.operator, expected=0, executors=[GAS], text="газ поруч")
    ended = await withdraw(city, appeal.id, cast.resident)
    stored = await Appeal.get(id=appeal.id)
    assert (stored.status, stored.open, stored.closed_at) == (Status.WITHDRAWN, False, time.now)
    assert ended.status is Status.WITHDRAWN
    for staff in (cast.desk, cast.water, cast.gas):
        assert (await noticed(staff))[-1] == "withdrawn"
    assert await heard("withdrawn") == []
    with pytest.raises(Conflict):
        await withdraw(city, appeal.id, cast.resident)


async def test_asked_about_it_can_be_taken_back_too(city: City, cast: Cast) -> None:
    appeal = await make_appeal(city, cast.account)
    await desk.ask(city, appeal.id, cast.operator, expected=0, question="Де?")
    await withdraw(city, appeal.id, cast.resident)
    stored = await Appeal.get(id=appeal.id)
    assert (stored.status, stored.time_left) == (Status.WITHDRAWN, None)


async def test_it_does_not_die_for_those_who_joined(city: City, cast: Cast) -> None:
    neighbour = await make_account()
    appeal = await make_appeal(city, cast.account)
    await join(city, neighbour, appeal.id)
    after = await withdraw(city, appeal.id, cast.resident)
    stored = await Appeal.get(id=appeal.id)
    assert (after.status, stored.status, stored.open) == (Status.ASSIGNED, Status.ASSIGNED, True)
    assert (stored.account_id, stored.resident_id) == (None, cast.account.resident_id)
    assert (stored.supporters, stored.due_at) == (1, appeal.due_at)
    assert left(cast.resident, stored)
    assert not left(acting(neighbour), stored)
    assert "withdrawn" not in await noticed(cast.desk)
    event = await Event.get(verb=Verb.WITHDRAW)
    assert (event.from_status, event.to_status, event.data) == (
        Status.ASSIGNED,
        Status.ASSIGNED,
        {"goes_on": True},
    )
    await desk.tell(city, appeal.id, cast.operator, expected=stored.version, text="бригада їде")
    assert await heard("message") == [neighbour.id]
    assert await mine.in_work(cast.resident) == []
    assert [each.id for each in await mine.in_work(acting(neighbour))] == [appeal.id]


async def test_who_took_it_back_may_follow_it_again(city: City, cast: Cast) -> None:
    neighbour = await make_account()
    appeal = await make_appeal(city, cast.account)
    await join(city, neighbour, appeal.id)
    before = await withdraw(city, appeal.id, cast.resident)
    await join(city, cast.account, appeal.id)
    stored = await Appeal.get(id=appeal.id)
    assert (stored.account_id, stored.supporters) == (cast.account.id, 1)
    await desk.tell(city, appeal.id, cast.operator, expected=before.version, text="бригада їде")
    assert await heard("message") == [cast.account.id, neighbour.id]


async def test_a_supporter_leaves_and_the_count_is_right(city: City, cast: Cast) -> None:
    first, second = await make_account(), await make_account()
    appeal = await make_appeal(city, cast.account)
    await join(city, first, appeal.id)
    await join(city, second, appeal.id)
    await withdraw(city, appeal.id, acting(first))
    stored = await Appeal.get(id=appeal.id)
    assert (stored.supporters, stored.status, stored.account_id) == (1, Status.ASSIGNED, cast.account.id)
    event = await Event.get(verb=Verb.WITHDRAW)
    assert event.data == {"goes_on": True, "supporter": first.resident_id}
    with pytest.raises(NotFound):
        await withdraw(city, appeal.id, acting(first))
    assert (await mine.page(acting(first))).appeals == ()
    await withdraw(city, appeal.id, acting(second))
    alone = await withdraw(city, appeal.id, cast.resident)
    assert alone.status is Status.WITHDRAWN, "now nobody else follows it"


async def test_who_came_by_a_merge_stays_away_through_the_next(city: City, cast: Cast) -> None:
    neighbour = await make_account()
    appeal = await make_appeal(city, cast.account)
    merged = await make_appeal(city, neighbour)
    await merge(city, merged.id, cast.operator, expected=0, into=appeal.id)
    after = await withdraw(city, merged.id, acting(neighbour))
    assert (after.id, after.supporters) == (appeal.id, 0)
    third = await make_appeal(city)
    await merge(city, third.id, cast.operator, expected=0, into=appeal.id)
    assert [row.resident_id for row in await Supporter.filter(appeal_id=appeal.id)] == [third.resident_id]
    duplicate = await Appeal.get(id=merged.id)
    assert (duplicate.account_id, duplicate.status) == (None, Status.DUPLICATE)
    alone = await unmerge(city, merged.id, cast.operator, expected=duplicate.version)
    assert alone.open


async def test_with_what_was_merged_it_goes_on_for_those_people(city: City, cast: Cast) -> None:
    appeal, merged = await make_appeal(city, cast.account), await make_appeal(city)
    await merge(city, merged.id, cast.operator, expected=0, into=appeal.id)
    after = await withdraw(city, appeal.id, cast.resident)
    assert (after.status, after.supporters) == (Status.ASSIGNED, 1)


async def test_two_who_leave_at_once_leave_no_wrong_count(city: City, cast: Cast) -> None:
    neighbours = [await make_account() for _ in range(3)]
    appeal = await make_appeal(city, cast.account)
    for each in neighbours:
        await join(city, each, appeal.id)
    done = await asyncio.gather(
        *(withdraw(city, appeal.id, acting(each)) for each in neighbours[:2]), return_exceptions=True
    )
    assert [each for each in done if isinstance(each, BaseException)] == []
    stored = await Appeal.get(id=appeal.id)
    assert stored.supporters == await Supporter.filter(appeal_id=appeal.id).count() == 1


async def test_neither_a_strangers_nor_an_answered_one(city: City, cast: Cast) -> None:
    appeal = await make_appeal(city, cast.account)
    with pytest.raises(NotFound):
        await withdraw(city, appeal.id, cast.stranger)
    await desk.resolve(city, appeal.id, cast.operator, expected=0, answer="Зроблено")
    with pytest.raises(Conflict):
        await withdraw(city, appeal.id, cast.resident)
    assert (await Appeal.get(id=appeal.id)).status is Status.RESOLVED
    assert not await Event.filter(verb=Verb.WITHDRAW).exists()


async def test_reopened_by_who_joined_it_asks_the_one_who_left_nothing(city: City, cast: Cast) -> None:
    neighbour = await make_account()
    appeal = await make_appeal(city, cast.account)
    await join(city, neighbour, appeal.id)
    after = await withdraw(city, appeal.id, cast.resident)
    await desk.resolve(city, appeal.id, cast.operator, expected=after.version, answer="Зроблено")
    again = await resident.reopen(city, appeal.id, acting(neighbour), text="досі тече")
    assert (again.status, again.account_id) == (Status.REOPENED, None)
