"""Incidents: put together, taken apart, and answered for all that can be answered, in one action."""

import asyncio
from collections import Counter
from typing import Any

import pytest

from core import clock
from core.actions import desk, executor, incident, incident_answers
from core.actions.join import merge
from core.city import City
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.models import Appeal, Event, Incident, IncidentState, Notice, Outbox, Supporter
from core.queries.incidents import chats_of, people_of
from core.workflow import OPEN, Role, Status, Verb
from tests.builders import make_account, make_appeal, make_staff
from tests.core.conftest import GAS, WATER, Cast, noticed, queued


async def proposed(appeals: list[Appeal]) -> Incident:
    now = clock.now()
    found = await Incident.create(
        key=f"test:{appeals[0].number}", category_id="water.leak", began_at=now, proposed_at=now
    )
    await Appeal.filter(id__in=[appeal.id for appeal in appeals]).update(incident_id=found.id)
    return found


async def opened(city: City, cast: Cast, appeals: list[Appeal]) -> Incident:
    found = await proposed(appeals)
    return await incident.accept(city, found.id, cast.operator, expected=0)


async def join(appeal: Appeal) -> int:
    account = await make_account()
    await Supporter.create(
        appeal_id=appeal.id, resident_id=account.resident_id, account_id=account.id, joined_at=clock.now()
    )
    await Appeal.filter(id=appeal.id).update(supporters=appeal.supporters + 1)
    return account.id


async def verbs(appeal: Appeal) -> list[Verb]:
    return [event.verb for event in await Event.filter(appeal_id=appeal.id).order_by("id")]


# deciding


async def test_accepting_tells_all_once_and_writes_it_down(city: City, cast: Cast) -> None:
    appeals = [await make_appeal(city) for _ in range(3)]
    supporter = await join(appeals[0])
    answered = await make_appeal(city)
    found = await proposed([*appeals, answered])
    await desk.resolve(city, answered.id, cast.operator, expected=0, answer="Готово")
    found = await incident.accept(city, found.id, cast.operator, expected=0)
    assert (found.state, found.version, found.staff_id) == (IncidentState.OPEN, 1, cast.desk.id)
    for appeal in appeals:
        event = await Event.get(appeal_id=appeal.id, verb=Verb.GROUP)
        assert (event.staff_id, event.data) == (cast.desk.id, {"incident": found.id})
        await appeal.refresh_from_db()
        assert (appeal.version, appeal.status) == (1, Status.ASSIGNED)
    told = await Outbox.filter(kind="incident").order_by("id")
    assert {row.account_id for row in told} == {*(appeal.account_id for appeal in appeals), supporter}
    assert {row.body["n"] for row in told} == {4}
    await answered.refresh_from_db()
    assert answered.incident_id is None, "it has its answer already"
    assert (await people_of(found.id), await chats_of(found.id, list(OPEN))) == (4, 4)


async def test_dismissing_lets_each_go_its_own_way(city: City, cast: Cast) -> None:
    appeals = [await make_appeal(city) for _ in range(2)]
    found = await proposed(appeals)
    await incident.dismiss(city, found.id, cast.operator, expected=0)
    assert await verbs(appeals[0]) == [Verb.SUBMIT, Verb.ASSIGN], "nobody has heard of it"
    found = await opened(city, cast, appeals := [await make_appeal(city) for _ in range(2)])
    await incident.dismiss(city, found.id, cast.operator, expected=1)
    assert (await verbs(appeals[0]))[-2:] == [Verb.GROUP, Verb.UNGROUP]
    assert not await Appeal.filter(incident_id__not_isnull=True).exists()
    assert {row.state for row in await Incident.all()} == {IncidentState.DISMISSED}


async def test_of_two_who_decide_at_once_one_is_told_so(city: City, cast: Cast) -> None:
    appeals = [await make_appeal(city) for _ in range(3)]
    found = await proposed(appeals)
    results = await asyncio.gather(
        incident.accept(city, found.id, cast.operator, expected=0),
        incident.dismiss(city, found.id, cast.operator, expected=0),
        return_exceptions=True,
    )
    assert [type(result) for result in results if isinstance(result, BaseException)] == [Conflict]
    found = await Incident.get()
    grouped = await Appeal.filter(incident_id=found.id).count()
    assert (found.version, grouped) == (1, 3 if found.state is IncidentState.OPEN else 0)


@pytest.mark.parametrize("version", [0, 2])
async def test_a_stale_view_changes_nothing(city: City, cast: Cast, version: int) -> None:
    appeal = await make_appeal(city)
    found = await opened(city, cast, [appeal])
    before = await queued()
    for late in (
        incident.end(found.id, cast.operator, expected=version),
        incident.dismiss(city, found.id, cast.operator, expected=version),
        incident.add(city, found.id, cast.operator, expected=version, number=appeal.number),
        incident.remove(city, found.id, cast.operator, expected=version, appeal_id=appeal.id),
        incident_answers.tell(city, found.id, cast.operator, expected=version, text="Пізно"),
    ):
        with pytest.raises(Conflict, match=r"incident\.changed"):
            await late
    assert await queued() == before
    assert (await Incident.get()).version == 1


async def test_only_the_desk_decides(city: City, cast: Cast) -> None:
    appeal = await make_appeal(city)
    found = await proposed([appeal])
    for actor in (cast.officer, cast.resident):
        with pytest.raises(Forbidden):
            await incident.accept(city, found.id, actor, expected=0)
        with pytest.raises((Forbidden, NotFound)):
            await incident.group(city, (await make_appeal(city)).id, actor, expected=0)
    for nothing in (0, 999, 2**40):
        with pytest.raises(NotFound):
            await incident.accept(city, nothing, cast.operator, expected=0)


# by hand


async def test_by_hand_one_is_opened_added_to_and_taken_from(city: City, cast: Cast) -> None:
    first, second, third = [await make_appeal(city) for _ in range(3)]
    found = await incident.group(city, first.id, cast.operator, expected=0)
    assert (found.state, found.category_id, found.district_id) == (
        IncidentState.OPEN,
        "water.leak",
        "metalurhiinyi",
    )
    assert "incident" not in await queued()
    await incident.add(city, found.id, cast.operator, expected=0, number=f" {second.number} ")
    assert await queued(first.id) == await queued(second.id) == ["incident"]
    await incident.add(city, found.id, cast.operator, expected=1, number=third.number)
    assert await queued(first.id) == await queued(third.id) == ["incident"]
    await incident.remove(city, found.id, cast.operator, expected=2, appeal_id=second.id)
    assert await verbs(second) == [Verb.SUBMIT, Verb.ASSIGN, Verb.GROUP, Verb.UNGROUP]
    await incident.add(city, found.id, cast.operator, expected=3, number=second.number)
    assert await queued(second.id) == ["incident"], "who has heard it once has heard it"
    await incident.end(found.id, cast.operator, expected=4)
    with pytest.raises(Conflict):
        await incident.add(city, found.id, cast.operator, expected=5, number=third.number)


async def test_what_cannot_be_added_is_refused_with_its_reason(city: City, cast: Cast) -> None:
    first, other, done = [await make_appeal(city) for _ in range(3)]
    found = await opened(city, cast, [first])
    await desk.resolve(city, done.id, cast.operator, expected=0, answer="Готово")
    await incident.group(city, other.id, cast.operator, expected=0)
    for number, why in (
        ("26-999999", "incident.no_such_number"),
        (first.number, "incident.in_another"),
        (other.number, "incident.in_another"),
        (done.number, "incident.not_open"),
    ):
        with pytest.raises(Invalid, match=why):
            await incident.add(city, found.id, cast.operator, expected=1, number=number)
    with pytest.raises(Invalid, match=r"incident\.in_another"):
        await incident.group(city, first.id, cast.operator, expected=1)
    with pytest.raises(Invalid, match=r"incident\.not_in_it"):
        await incident.remove(city, found.id, cast.operator, expected=1, appeal_id=other.id)
    assert (await Incident.get(id=found.id)).version == 1, "and nothing has changed"


# one action answers all


async def mixed(city: City, cast: Cast) -> tuple[Incident, list[Appeal]]:
    """Assigned, unsure, reported done, already resolved, and of a resident who can't be written to."""
    appeals = [await make_appeal(city, sure=at != 1) for at in range(5)]
    found = await opened(city, cast, appeals)
    await executor.report(city, appeals[2].id, cast.officer, expected=1, text="Зроблено")
    await desk.resolve(city, appeals[3].id, cast.operator, expected=1, answer="Готово")
    await Appeal.filter(id=appeals[4].id).update(account_id=None)
    return found, appeals


async def statuses(appeals: list[Appeal]) -> list[Status]:
    return [(await Appeal.get(id=appeal.id)).status for appeal in appeals]


async def test_one_answer_resolves_all_that_wait(city: City, cast: Cast) -> None:
    found, appeals = await mixed(city, cast)
    applied = await incident_answers.resolve(city, found.id, cast.operator, expected=1, answer="Замінено")
    assert applied.done == tuple(appeals[at].id for at in (0, 1, 2, 4))
    assert [(one.number, one.why.key) for one in applied.left] == [(appeals[3].number, "conflict.status")]
    assert set(await statuses(appeals)) == {Status.RESOLVED}
    events = await Event.filter(verb=Verb.RESOLVE, appeal_id__in=applied.done)
    assert {(event.text, event.data["incident"]) for event in events} == {("Замінено", found.id)}
    assert (await Incident.get()).version == 2


async def test_a_word_to_all_reaches_supporters_and_leaves_out_who_has_no_chat(
    city: City, cast: Cast
) -> None:
    found, appeals = await mixed(city, cast)
    supporter = await join(appeals[0])
    applied = await incident_answers.tell(city, found.id, cast.operator, expected=1, text="Бригада в дорозі")
    assert applied.done == tuple(appeals[at].id for at in range(4))
    assert [one.why.key for one in applied.left] == ["resident.no_chat"]
    told = await Outbox.filter(kind="message")
    assert {row.account_id for row in told} == {supporter, *(appeals[at].account_id for at in range(4))}
    assert {row.body["text"] for row in told} == {"Бригада в дорозі"}
    assert Verb.TELL not in await verbs(appeals[4]), "what was refused has left no trace"


async def test_all_are_explained(city: City, cast: Cast) -> None:
    found, appeals = await mixed(city, cast)
    applied = await incident_answers.explain(city, found.id, cast.operator, expected=1, reason="Навесні")
    assert [one.why.key for one in applied.left] == ["conflict.status"]
    assert (await queued(appeals[0].id))[-1] == "explained"
    assert (await statuses(appeals)).count(Status.EXPLAINED) == 4


async def test_all_go_to_one_executor_whose_officers_hear_once(city: City, cast: Cast) -> None:
    found, appeals = await mixed(city, cast)
    await desk.reassign(city, appeals[0].id, cast.operator, expected=1, executor=GAS, reason="їхнє")
    before = await noticed(cast.gas)
    applied = await incident_answers.assign(
        city, found.id, cast.operator, expected=1, executor=GAS, reason="газ, не вода"
    )
    assert applied.done == tuple(appeals[at].id for at in (1, 2, 4))
    assert {one.why.key for one in applied.left} == {"executor.same", "conflict.status"}
    assert {row.executor_id for row in await Appeal.filter(id__in=applied.done)} == {GAS}
    assert await noticed(cast.gas) == [*before, "assigned_many"]
    assert (await Notice.get(kind="assigned_many")).appeal_id == applied.done[0]
    event = await Event.filter(appeal_id=appeals[2].id).order_by("-id").first()
    assert event is not None
    assert (event.verb, event.text) == (Verb.REASSIGN, "газ, не вода")
    assert event.data == {"executor": GAS, "was": WATER, "incident": found.id}


async def test_what_is_missing_is_said_before_anything_is_done(city: City, cast: Cast) -> None:
    found = await opened(city, cast, [await make_appeal(city)])
    wrong: list[tuple[str, dict[str, Any]]] = [
        ("tell", {"text": " "}),
        ("resolve", {"answer": ""}),
        ("explain", {"reason": ""}),
        ("assign", {"executor": GAS, "reason": ""}),
        ("assign", {"executor": "nobody", "reason": "так"}),
    ]
    for name, words in wrong:
        with pytest.raises(Invalid):
            await getattr(incident_answers, name)(city, found.id, cast.operator, expected=1, **words)
    assert (await Incident.get()).version == 1


async def test_of_two_answers_at_once_each_appeal_has_one(city: City, cast: Cast) -> None:
    appeals = [await make_appeal(city) for _ in range(6)]
    found = await opened(city, cast, appeals)
    await make_staff(Role.OPERATOR)
    results = await asyncio.gather(
        *(
            incident_answers.resolve(city, found.id, cast.operator, expected=1, answer=f"Відповідь {at}")
            for at in range(3)
        ),
        desk.resolve(city, appeals[0].id, cast.operator, expected=1, answer="Окремо"),
        return_exceptions=True,
    )
    assert sum(isinstance(result, Conflict) for result in results[:3]) == 2
    for appeal in appeals:
        assert (await verbs(appeal)).count(Verb.RESOLVE) == 1
    assert set(await statuses(appeals)) == {Status.RESOLVED}


async def test_many_who_group_one_appeal_at_once_make_one_incident(city: City, cast: Cast) -> None:
    appeal = await make_appeal(city)
    groups = (incident.group(city, appeal.id, cast.operator, expected=0) for _ in range(8))
    made = await asyncio.gather(*groups, return_exceptions=True)
    assert {type(each) for each in made} == {Incident, Invalid}
    assert await Incident.all().count() == 1


async def test_who_was_merged_meanwhile_is_told_once(city: City, cast: Cast) -> None:
    first, second = await make_appeal(city), await make_appeal(city)
    found = await incident.group(city, first.id, cast.operator, expected=0)
    await merge(city, first.id, cast.operator, expected=1, into=second.id)
    await incident.add(city, found.id, cast.operator, expected=0, number=second.number)
    told = Counter([row.account_id for row in await Outbox.filter(kind="incident")])
    assert told == {first.account_id: 1, second.account_id: 1}
