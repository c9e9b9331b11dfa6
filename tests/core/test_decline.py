"""«Not ours», and «we need more time»: what officers may ask for, and who decides."""

from datetime import date, timedelta

import pytest

from core.actions import decline, desk, executor, extend, helping, need_time
from core.actions.actor import Actor
from core.actions.move import look_up
from core.city import City
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.models import Appeal, Event, Outbox, Staff
from core.queries.panel import mine
from core.workflow import Role, Status, Verb
from tests.builders import make_account, make_appeal, make_staff
from tests.core.conftest import GAS, WATER, Cast, Time, last_event, noticed, queued

HEAT = "teplotsentral"
WHY = "Це мережа котельні, а не наша"
LATER = date(2026, 3, 12)


async def declined(city: City, cast: Cast) -> Appeal:
    appeal = await make_appeal(city, cast.account)
    return await decline.decline(city, appeal.id, cast.officer, expected=0, reason=WHY)


async def declined_thrice(city: City, cast: Cast) -> Appeal:
    appeal = await declined(city, cast)
    for slug in (GAS, HEAT):
        officer = Actor.staff(await make_staff(Role.EXECUTOR, slug))
        await desk.assign(city, appeal.id, cast.operator, expected=appeal.version, executor=slug)
        appeal = await decline.decline(city, appeal.id, officer, expected=appeal.version + 1, reason=WHY)
    return appeal


# decline


async def test_it_goes_back_to_triage_with_the_reason_and_the_deadline_keeps_running(
    city: City, cast: Cast, time: Time
) -> None:
    before = await make_appeal(city, cast.account)
    time.passes(hours=2)
    await decline.decline(city, before.id, cast.officer, expected=0, reason=f" {WHY}\n")
    after = await Appeal.get(id=before.id)
    assert (after.status, after.executor_id, after.declined) == (Status.REGISTERED, None, 1)
    assert (after.due_at, after.remind_at) == (before.due_at, time.now + timedelta(hours=5))
    event = await last_event(after)
    assert (event.verb, event.text, event.data) == (Verb.DECLINE, WHY, {"executor": WATER})
    assert (event.role, event.staff_id) == (Role.EXECUTOR, cast.water.id)
    assert await noticed(cast.desk) == ["urgent", "declined"]
    assert await queued(after.id) == [], "the resident waits for the city, not for one of its offices"
    with pytest.raises(NotFound):
        await look_up(after.id, cast.officer)


async def test_the_operators_chat_says_who_declined_and_why(city: City, cast: Cast) -> None:
    account = await make_account()
    await Staff.filter(id=cast.desk.id).update(account_id=account.id)
    appeal = await declined(city, cast)
    letter = await Outbox.get(appeal_id=appeal.id, account_id=account.id, kind="staff.declined")
    assert (letter.body["executor"], letter.body["text"]) == (WATER, WHY)


async def test_without_a_reason_nothing_changes(city: City, cast: Cast) -> None:
    appeal = await make_appeal(city, cast.account)
    with pytest.raises(Invalid, match="decline"):
        await decline.decline(city, appeal.id, cast.officer, expected=0, reason=" ")
    assert (await Appeal.get(id=appeal.id)).version == 0


async def test_only_the_officers_of_its_executor_decline(city: City, cast: Cast) -> None:
    appeal = await make_appeal(city, cast.account)
    helped = await helping.set_co_executors(
        city, appeal.id, cast.operator, expected=0, executors=[GAS], text="перекрийте газ"
    )
    stranger = Actor.staff(await make_staff(Role.EXECUTOR, HEAT))
    for who, refusal in (
        (cast.other_officer, Forbidden),  # whose executor only helps
        (stranger, NotFound),
        (cast.operator, Forbidden),
        (cast.resident, Forbidden),
    ):
        with pytest.raises(refusal):
            await decline.decline(city, appeal.id, who, expected=helped.version, reason=WHY)


async def test_what_is_reported_done_is_no_longer_declined(city: City, cast: Cast) -> None:
    appeal = await make_appeal(city, cast.account)
    await executor.report(city, appeal.id, cast.officer, expected=0, text="готово")
    with pytest.raises(Conflict):
        await decline.decline(city, appeal.id, cast.officer, expected=1, reason=WHY)


async def test_the_rules_dont_give_it_back_to_who_declined_it(city: City, cast: Cast) -> None:
    appeal = await declined(city, cast)
    kept = await desk.categorise(city, appeal.id, cast.operator, expected=1, category="water.leak")
    assert (kept.status, kept.executor_id) == (Status.REGISTERED, None)
    moved = await desk.categorise(city, appeal.id, cast.operator, expected=2, category="gas.leak")
    assert (moved.status, moved.executor_id) == (Status.ASSIGNED, GAS)


async def test_an_operator_may_still_insist_once(city: City, cast: Cast) -> None:
    appeal = await declined(city, cast)
    again = await desk.assign(city, appeal.id, cast.operator, expected=1, executor=WATER)
    assert (again.status, again.executor_id, again.declined) == (Status.ASSIGNED, WATER, 1)


# the third time


async def test_the_third_hand_over_is_a_managers(city: City, cast: Cast) -> None:
    manager = await make_staff(Role.MANAGER)
    appeal = await declined_thrice(city, cast)
    assert (appeal.declined, appeal.status) == (3, Status.REGISTERED)
    assert await noticed(manager) == ["handed_up"]
    with pytest.raises(Forbidden, match="of_manager"):
        await desk.assign(city, appeal.id, cast.operator, expected=appeal.version, executor=WATER)
    by = Actor.staff(manager)
    given = await desk.assign(city, appeal.id, by, expected=appeal.version, executor=WATER)
    assert given.executor_id == WATER
    with pytest.raises(Forbidden, match="of_manager"):
        await desk.reassign(
            city, appeal.id, cast.operator, expected=given.version, executor=GAS, reason="інакше"
        )
    moved = await desk.reassign(city, appeal.id, by, expected=given.version, executor=GAS, reason="так")
    assert moved.executor_id == GAS


async def test_a_category_routes_nothing_that_a_manager_must_decide(city: City, cast: Cast) -> None:
    appeal = await declined_thrice(city, cast)
    moved = await desk.categorise(
        city, appeal.id, cast.operator, expected=appeal.version, category="roads.pothole"
    )
    assert (moved.status, moved.category_id) == (Status.REGISTERED, "roads.pothole")


async def test_an_administrator_hears_of_it_where_there_is_no_manager_and_decides(
    city: City, cast: Cast
) -> None:
    administrator = await make_staff(Role.ADMINISTRATOR)
    appeal = await declined_thrice(city, cast)
    assert await noticed(administrator) == ["handed_up"]
    by = Actor.staff(administrator)
    given = await desk.assign(city, appeal.id, by, expected=appeal.version, executor=WATER)
    assert given.status is Status.ASSIGNED


async def test_a_manager_does_no_triage(city: City, cast: Cast) -> None:
    manager = Actor.staff(await make_staff(Role.MANAGER))
    appeal = await declined(city, cast)
    with pytest.raises(Forbidden, match="of_desk"):
        await desk.assign(city, appeal.id, manager, expected=1, executor=GAS)
    with pytest.raises(Forbidden):
        await desk.categorise(city, appeal.id, manager, expected=1, category="gas.leak")
    await desk.note(city, appeal.id, manager, expected=1, text="дивлюся")


# more time


async def asked(city: City, cast: Cast) -> Appeal:
    appeal = await make_appeal(city, cast.account)
    due = appeal.due_at
    assert due is not None
    until = due.date() + timedelta(days=2)
    return await need_time.need_time(
        city, appeal.id, cast.officer, expected=0, until=until, reason="чекаємо на деталь"
    )


async def request(appeal: Appeal) -> need_time.Request | None:
    return need_time.request_in(appeal, await Event.filter(appeal_id=appeal.id).order_by("id"))


async def test_asking_for_time_moves_nothing_and_the_desk_hears_of_it(
    city: City, cast: Cast, time: Time
) -> None:
    del time
    before = await make_appeal(city, cast.account)
    after = await need_time.need_time(
        city, before.id, cast.officer, expected=0, until=LATER, reason="чекаємо на деталь"
    )
    assert (after.status, after.due_at, after.remind_at) == (before.status, before.due_at, before.remind_at)
    assert await noticed(cast.desk) == ["urgent", "need_time"]
    found = await request(after)
    assert found is not None
    assert (found.why, found.until.date()) == ("чекаємо на деталь", LATER)
    assert await queued(after.id) == []


async def test_one_request_at_a_time_and_another_after_the_answer(city: City, cast: Cast, time: Time) -> None:
    del time
    appeal = await asked(city, cast)
    with pytest.raises(Invalid, match="already"):
        await need_time.need_time(city, appeal.id, cast.officer, expected=1, until=LATER, reason="ще раз")
    refused = await need_time.refuse_time(
        city, appeal.id, cast.operator, expected=1, reason="деталь є на складі"
    )
    assert (refused.due_at, await request(refused)) == (appeal.due_at, None)
    assert await noticed(cast.water) == ["urgent", "time_refused"]
    with pytest.raises(Conflict, match="none"):
        await need_time.refuse_time(city, appeal.id, cast.operator, expected=2, reason="ні")
    again = await need_time.need_time(
        city, appeal.id, cast.officer, expected=2, until=LATER, reason="деталь не та"
    )
    assert await request(again) is not None


async def test_extending_answers_the_request(city: City, cast: Cast, time: Time) -> None:
    del time
    appeal = await asked(city, cast)
    found = await request(appeal)
    assert found is not None
    moved = await extend.extend(
        city, appeal.id, cast.operator, expected=1, until=found.until.date(), reason=found.why
    )
    assert (moved.due_at, await request(moved)) == (found.until, None)


async def test_whoever_gives_it_back_asks_for_nothing_more(city: City, cast: Cast) -> None:
    appeal = await asked(city, cast)
    after = await decline.decline(city, appeal.id, cast.officer, expected=1, reason=WHY)
    assert await request(after) is None


@pytest.mark.parametrize(
    ("until", "why"), [(None, "date"), (date(2026, 3, 1), "not_later"), (date(2028, 3, 1), "too_far")]
)
async def test_a_day_that_wont_do_is_refused(
    city: City, cast: Cast, time: Time, until: date | None, why: str
) -> None:
    del time
    appeal = await make_appeal(city, cast.account)
    with pytest.raises(Invalid, match=why):
        await need_time.need_time(city, appeal.id, cast.officer, expected=0, until=until, reason="треба")
    assert (await Appeal.get(id=appeal.id)).version == 0


async def test_more_than_an_operator_may_give_is_told_to_managers_as_well(
    city: City, cast: Cast, time: Time
) -> None:
    del time
    manager = await make_staff(Role.MANAGER)
    appeal = await make_appeal(city, cast.account)
    last = extend.latest(city, appeal, Role.OPERATOR)
    assert last is not None
    beyond = last + timedelta(days=1)
    await need_time.need_time(city, appeal.id, cast.officer, expected=0, until=beyond, reason="довго")
    assert await noticed(manager) == ["need_time"]


async def test_no_executor_moves_its_own_deadline(city: City, cast: Cast) -> None:
    appeal = await asked(city, cast)
    found = await request(appeal)
    assert found is not None
    until = found.until.date()
    with pytest.raises(Forbidden):
        await extend.extend(city, appeal.id, cast.officer, expected=1, until=until, reason="самі")
    with pytest.raises(Forbidden):
        await need_time.refuse_time(city, appeal.id, cast.officer, expected=1, reason="самі")


# the officer's day


async def test_an_officers_day_is_late_today_and_later_and_nobody_elses(
    city: City, cast: Cast, time: Time
) -> None:
    late, today, later, checked = [await make_appeal(city, cast.account) for _ in range(4)]
    foreign = await make_appeal(city, cast.account, category="gas.leak")
    await Appeal.filter(id=late.id).update(due_at=time.now - timedelta(minutes=1))
    await Appeal.filter(id=today.id).update(due_at=time.now + timedelta(hours=13, minutes=59))
    await Appeal.filter(id=later.id).update(due_at=time.now + timedelta(hours=14))  # midnight in Kyiv
    await executor.report(city, checked.id, cast.officer, expected=0, text="готово")
    helped = await helping.set_co_executors(
        city, foreign.id, cast.operator, expected=0, executors=[WATER], text="допоможіть"
    )
    day = await mine.day(cast.officer, city.pack.timezone)
    assert [one.id for one in day.overdue] == [late.id]
    assert [one.id for one in day.today] == [today.id]
    assert [one.id for one in day.later] == [later.id]
    assert [one.id for one in day.elsewhere] == [checked.id]
    assert [one.id for one in day.helping] == [helped.id]
    assert not day.more
    theirs = await mine.day(cast.other_officer, city.pack.timezone)
    assert {one.id for one in (*theirs.overdue, *theirs.today, *theirs.later)} == {foreign.id}
