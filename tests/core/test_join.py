"""A resident joins what somebody else reported: follows it, adds to it, and finds it among their own."""

import asyncio

import pytest

from core.actions import desk, resident
from core.actions.actor import Actor
from core.actions.join import join, merge
from core.actions.move import look_up
from core.city import City
from core.errors import Conflict, Invalid, NotFound
from core.models import Account, Appeal, Attachment, Event, Supporter
from core.queries import mine
from core.workflow import Status, Verb
from tests.builders import make_account, make_appeal, make_photo
from tests.core.conftest import Cast, Time, noticed


async def events(appeal: Appeal, verb: Verb) -> list[Event]:
    return await Event.filter(appeal_id=appeal.id, verb=verb).order_by("id")


async def test_who_joins_follows_with_words_and_photos(city: City, cast: Cast, time: Time) -> None:
    appeal = await make_appeal(city, cast.account)
    neighbour = await make_account()
    photo = await make_photo(neighbour, draft="d7")
    await make_photo(cast.account, draft="d7")
    joined = await join(city, neighbour, appeal.id, "і в нас у підвалі вода\x00", "d7")
    assert (joined.id, joined.supporters, joined.version) == (appeal.id, 1, 1)
    stored = await Appeal.get(id=appeal.id)
    assert (stored.status, stored.due_at, stored.photos) == (appeal.status, appeal.due_at, 1)
    row = await Supporter.get()
    assert (row.resident_id, row.account_id, row.merged_id) == (neighbour.resident_id, neighbour.id, None)
    assert (row.joined_at, row.solved, row.stars) == (time.now, None, None)
    (event,) = await events(appeal, Verb.JOIN)
    assert (event.text, event.data) == ("і в нас у підвалі вода", {"supporter": neighbour.resident_id})
    taken = await Attachment.filter(appeal_id=appeal.id)
    assert [(each.id, each.event_id, each.draft) for each in taken] == [(photo.id, event.id, "")]


async def test_words_are_not_needed_to_join_and_too_many_are_refused(city: City, cast: Cast) -> None:
    appeal = await make_appeal(city, cast.account)
    neighbour = await make_account()
    with pytest.raises(Invalid, match=r"words\.too_long"):
        await join(city, neighbour, appeal.id, "а" * 5000)
    assert not await Supporter.exists()
    assert (await join(city, neighbour, appeal.id, " ")).supporters == 1


async def test_joining_again_or_ones_own_changes_nothing(city: City, cast: Cast) -> None:
    appeal = await make_appeal(city, cast.account)
    neighbour = await make_account()
    first = await join(city, neighbour, appeal.id, "тече і тут")
    again = await join(city, neighbour, appeal.id, "тече і тут")
    own = await join(city, cast.account, appeal.id, appeal.text)
    assert first.version == again.version == own.version == 1
    assert await Supporter.all().count() == own.supporters == 1


async def test_what_is_newly_said_on_joining_again_is_not_lost(city: City, cast: Cast) -> None:
    appeal = await make_appeal(city, cast.account)
    await make_photo(cast.account, draft="d2")
    own = await join(city, cast.account, appeal.id, "уже третій день", "d2")
    (event,) = await events(appeal, Verb.ADD)
    assert (event.text, event.data, own.supporters) == ("уже третій день", {}, 0)
    assert (await Appeal.get(id=appeal.id)).photos == 1
    assert await events(appeal, Verb.JOIN) == []


async def test_what_has_ended_cant_be_joined(city: City, cast: Cast) -> None:
    appeal = await make_appeal(city, cast.account)
    await desk.resolve(city, appeal.id, cast.operator, expected=0, answer="Зроблено")
    with pytest.raises(Conflict):
        await join(city, await make_account(), appeal.id)
    assert not await Supporter.exists()
    own = await join(city, cast.account, appeal.id)
    assert own.status is Status.RESOLVED
    for nothing in (0, -1, 10**12, 424242):
        with pytest.raises(NotFound):
            await join(city, cast.account, nothing)


async def test_of_what_was_merged_its_target_is_joined(city: City, cast: Cast) -> None:
    target, merged = await make_appeal(city), await make_appeal(city, cast.account)
    await merge(city, merged.id, cast.operator, expected=0, into=target.id)
    joined = await join(city, await make_account(), merged.id)
    assert (joined.id, joined.supporters) == (target.id, 2)


async def test_many_neighbours_at_once_are_all_heard(city: City, cast: Cast) -> None:
    appeal = await make_appeal(city, cast.account)
    people = [await make_account() for _ in range(12)]
    joined = await asyncio.gather(*(join(city, one, appeal.id, f"і в мене {one.id}") for one in people))
    assert sorted(each.supporters for each in joined) == list(range(1, 13))
    stored = await Appeal.get(id=appeal.id)
    assert (stored.supporters, stored.version) == (12, 12)
    assert await Supporter.filter(appeal_id=appeal.id).count() == 12


async def test_pressed_twice_at_once_one_joins_once(city: City, cast: Cast) -> None:
    appeal = await make_appeal(city, cast.account)
    neighbour = await make_account()
    await asyncio.gather(*(join(city, neighbour, appeal.id, "тече") for _ in range(3)))
    stored = await Appeal.get(id=appeal.id)
    assert (stored.supporters, stored.version) == (1, 1)


async def test_a_word_of_danger_makes_it_urgent_whoever_says_it(city: City, cast: Cast, time: Time) -> None:
    appeal = await make_appeal(city, cast.account, category="roads.pothole", text="яма на дорозі")
    assert not appeal.urgent
    assert appeal.due_at is not None
    time.passes(hours=1)
    joined = await join(city, await make_account(), appeal.id, "там обірвало дріт, іскрить")
    assert joined.urgent
    assert joined.danger_words
    assert joined.due_at is not None
    assert joined.due_at <= appeal.due_at
    assert "urgent" in await noticed(cast.desk)
    calm = await join(city, await make_account(), appeal.id, "і я бачив яму")
    assert (calm.danger_words, calm.due_at) == (joined.danger_words, joined.due_at)


async def test_it_exists_for_who_joined_and_for_no_stranger(city: City, cast: Cast) -> None:
    appeal = await make_appeal(city, cast.account)
    neighbour = await make_account()
    actor = Actor.resident(neighbour.resident_id)
    with pytest.raises(NotFound):
        await look_up(appeal.id, actor)
    assert await mine.by_number(actor, appeal.number) is None
    await join(city, neighbour, appeal.id)
    assert (await look_up(appeal.id, actor)).id == appeal.id
    found = await mine.by_number(actor, appeal.number)
    assert found is not None
    with pytest.raises(NotFound):
        await look_up(appeal.id, cast.stranger)
    with pytest.raises(NotFound):
        await resident.answer(city, appeal.id, cast.stranger, text="що там?")


async def pages(account: Account) -> list[tuple[int, bool]]:
    """All of one's appeals, page by page, and whether each was joined."""
    actor, found, before = Actor.resident(account.resident_id), [], None
    while True:
        page = await mine.page(actor, before=before)
        found += [(appeal.id, appeal.id in page.joined) for appeal in page.appeals]
        if not page.more:
            return found
        before = page.appeals[-1].id


async def test_ones_list_has_what_one_joined_in_its_place(city: City, cast: Cast) -> None:
    expected = []
    for number in range(15):
        own = number % 2 == 0
        appeal = await make_appeal(city, cast.account if own else None)
        if not own:
            await join(city, cast.account, appeal.id)
        expected.append((appeal.id, not own))
    assert await pages(cast.account) == expected[::-1]
    assert await pages(await make_account()) == []


async def test_ones_list_shows_what_a_joined_one_was_merged_into_instead(city: City, cast: Cast) -> None:
    target, joined = await make_appeal(city), await make_appeal(city)
    own = await make_appeal(city, cast.account)
    await join(city, cast.account, joined.id)
    await merge(city, joined.id, cast.operator, expected=1, into=target.id)
    await merge(city, own.id, cast.operator, expected=0, into=target.id)
    assert await pages(cast.account) == [(own.id, False), (target.id, True)]
