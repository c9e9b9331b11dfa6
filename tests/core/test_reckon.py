"""Working time of whoever has it; and what becomes of open deadlines when a calendar changes."""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.render import render
from core import city as cities
from core import deadlines
from core.actions import bulk, catalogue, catalogue_facts, city_settings, desk, executor, extend, resident
from core.actions.actor import Actor
from core.actions.decline import decline
from core.city import City
from core.importing.plan import planned
from core.importing.standing import export, standing
from core.models import Appeal, Channel, Event, Executor, Notice, Outbox, Supporter
from core.workflow import Kind, Role, Status, Verb
from tests.builders import make_account, make_appeal, make_letter, make_staff
from tests.core.conftest import GAS, WATER, Cast, Time, noticed, queued
from tests.core.sweeping import calendars_followed

KYIV = ZoneInfo("Europe/Kyiv")
CALM = "water.no_water"  # 24 working hours: from Monday 10:00 to Wednesday 16:00, the next hour's week later
ALL_WEEK = {day: ["08:00-20:00"] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
Change = Callable[..., Awaitable[None]]


@pytest.fixture
async def administrator(city: City) -> Actor:
    del city
    return Actor.staff(await make_staff(Role.ADMINISTRATOR))


@pytest.fixture
def change(city: City, administrator: Actor) -> Change:
    """Save the city's settings with these fields as they are typed."""

    async def changed(**typed: Any) -> None:
        facts = city_settings.facts_of(await standing(city.settings))
        await city_settings.save(city, administrator, facts, facts | typed)
        await calendars_followed(city)

    return changed


@pytest.fixture
def own(city: City, administrator: Actor) -> Change:
    """Save the hours of an executor."""

    async def changed(slug: str, **typed: Any) -> None:
        facts = catalogue_facts.executor_facts((await standing(city.settings)).pack, slug)
        assert facts is not None
        await catalogue.save_executor(city, administrator, slug, facts, facts | typed)
        await calendars_followed(city)

    return changed


async def works(city: City, slug: str, calendar: dict[str, Any] | None) -> None:
    """The executor works so; nothing else is touched."""
    await Executor.filter(slug=slug).update(calendar=calendar)
    await cities.changed()
    await city.refresh()


def kyiv(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=KYIV).astimezone(UTC)


async def due(appeal: Appeal) -> datetime:
    found = (await Appeal.get(id=appeal.id)).due_at
    assert found is not None
    return found


async def reckoned(appeal: Appeal) -> list[Event]:
    return await Event.filter(appeal_id=appeal.id, verb=Verb.RECKON).order_by("id")


async def test_what_an_executor_has_is_due_in_its_own_time(city: City, cast: Cast, time: Time) -> None:
    assert time.now == kyiv("2026-03-02 10:00"), "a Monday"
    common = await make_appeal(city, cast.account, category=CALM)
    assert (common.executor_id, common.due_at) == (WATER, kyiv("2026-03-04 16:00"))
    await works(city, WATER, ALL_WEEK)
    theirs = await make_appeal(city, cast.account, category=CALM)
    assert theirs.due_at == kyiv("2026-03-04 10:00"), "ten hours, twelve, two"
    assert theirs.remind_at is not None
    assert theirs.remind_at < kyiv("2026-03-04 10:00")
    waiting = await make_appeal(city, cast.account, category=CALM, sure=False)
    assert (waiting.executor_id, waiting.due_at) == (None, kyiv("2026-03-04 16:00")), "nobody's: the city's"
    await works(city, WATER, None)
    assert city.calendar(WATER) == city.calendar(None)


async def test_the_first_who_gets_it_has_the_time_since_filing(city: City, cast: Cast, time: Time) -> None:
    await works(city, WATER, ALL_WEEK)
    appeal = await make_appeal(city, cast.account, category=CALM, sure=False)
    time.passes(hours=3)
    await desk.assign(city, appeal.id, cast.operator, expected=0, executor=WATER)
    assert await due(appeal) == kyiv("2026-03-04 10:00")
    event = await Event.get(appeal_id=appeal.id, verb=Verb.ASSIGN)
    moved = [datetime.fromisoformat(each) for each in event.data["deadline"]]
    assert moved == [kyiv("2026-03-04 16:00"), kyiv("2026-03-04 10:00")]


async def test_what_waited_too_long_for_that_keeps_the_time_left(city: City, cast: Cast, time: Time) -> None:
    """Filed before a weekend on which the executor works and the desk doesn't: not late at once."""
    await works(city, WATER, ALL_WEEK)
    time.now = kyiv("2026-03-06 15:00")
    appeal = await make_appeal(city, cast.account, category=CALM, sure=False)
    assert appeal.due_at == kyiv("2026-03-11 12:00")
    time.now = kyiv("2026-03-09 09:00")
    await desk.assign(city, appeal.id, cast.operator, expected=0, executor=WATER)
    assert await due(appeal) == kyiv("2026-03-10 18:00"), "21 hours were left"


async def test_a_set_category_counts_as_well(city: City, cast: Cast, time: Time) -> None:
    await works(city, WATER, ALL_WEEK)
    appeal = await make_appeal(city, cast.account, category="other", sure=False)
    order = bulk.Order(Verb.CATEGORISE, category=CALM)
    (seen,) = await bulk.foresee(city, cast.operator, order, (appeal.id,))
    time.passes(minutes=5)
    await desk.categorise(city, appeal.id, cast.operator, expected=0, category=CALM)
    after = await Appeal.get(id=appeal.id)
    assert (after.executor_id, after.due_at) == (WATER, kyiv("2026-03-04 10:00"))
    assert (seen.executor, seen.due_at) == (after.executor_id, after.due_at), "as was foreseen"


async def test_what_is_assigned_in_bulk_shows_its_deadline_first(city: City, cast: Cast, time: Time) -> None:
    assert time.now == kyiv("2026-03-02 10:00")
    await works(city, WATER, ALL_WEEK)
    appeal = await make_appeal(city, cast.account, category=CALM, sure=False)
    order = bulk.Order(Verb.ASSIGN, executor=WATER)
    (seen,) = await bulk.foresee(city, cast.operator, order, (appeal.id,))
    assert seen.due_at == kyiv("2026-03-04 10:00")
    assert await due(appeal) == kyiv("2026-03-04 16:00")


async def test_another_executor_keeps_the_deadline(city: City, cast: Cast, time: Time) -> None:
    await works(city, GAS, ALL_WEEK)
    appeal = await make_appeal(city, cast.account, category=CALM)
    time.passes(hours=1)
    await desk.reassign(city, appeal.id, cast.operator, expected=0, executor=GAS, reason="Це газ")
    assert await due(appeal) == appeal.due_at
    back = await make_appeal(city, cast.account, category=CALM)
    await decline(city, back.id, cast.officer, expected=0, reason="Не наше")
    await desk.assign(city, back.id, cast.operator, expected=1, executor=GAS)
    assert await due(back) == back.due_at, "nor does who declined it move it"


async def test_the_clock_stops_and_goes_on_in_the_executors_time(city: City, cast: Cast, time: Time) -> None:
    await works(city, WATER, ALL_WEEK)
    appeal = await make_appeal(city, cast.account, category=CALM)
    time.now = kyiv("2026-03-02 18:00")  # the city's offices are closed
    asked = await desk.ask(city, appeal.id, cast.operator, expected=0, question="Який під'їзд?")
    assert asked.time_left == timedelta(hours=16).total_seconds()
    time.now = kyiv("2026-03-07 15:00")
    answered = await resident.answer(city, appeal.id, cast.resident, text="Другий")
    assert answered.due_at == kyiv("2026-03-08 19:00")


async def test_a_day_off_of_the_city_moves_what_is_open(
    city: City, cast: Cast, time: Time, change: Change, administrator: Actor
) -> None:
    appeal = await make_appeal(city, cast.account, category=CALM)
    time.passes(hours=2)
    await change(days_off="2026-03-03")
    after = await Appeal.get(id=appeal.id)
    assert after.due_at == kyiv("2026-03-05 16:00"), "24 hours without the Tuesday"
    assert after.remind_at is not None
    assert appeal.remind_at is not None
    left = deadlines.remaining(time.now, after.remind_at, city.calendar(WATER), around_clock=False)
    assert left == kyiv_left(time.now, appeal.remind_at)
    (event,) = await reckoned(appeal)
    assert (event.role, event.staff_id) == (Role.ADMINISTRATOR, administrator.staff_id)
    moved = [datetime.fromisoformat(each) for each in event.data["deadline"]]
    assert moved == [kyiv("2026-03-04 16:00"), kyiv("2026-03-05 16:00")]
    assert (after.version, after.updated_at, after.status) == (0, appeal.updated_at, Status.ASSIGNED)
    await executor.start(city, appeal.id, cast.officer, expected=0)  # a form that was open still fits
    assert await due(appeal) == kyiv("2026-03-05 16:00")


def kyiv_left(now: datetime, until: datetime) -> timedelta:
    """By the shipped city's hours."""
    day = (deadlines.Shift(8 * 60, 17 * 60),)
    office = deadlines.WorkCalendar("Europe/Kyiv", (day,) * 5 + ((), ()))
    return deadlines.remaining(now, until, office, around_clock=False)


async def test_longer_hours_bring_it_forward_and_what_is_late_stays(
    city: City, cast: Cast, time: Time, own: Change
) -> None:
    late = await make_appeal(city, cast.account, category=CALM)
    time.now = kyiv("2026-03-04 17:30")
    fresh = await make_appeal(city, cast.account, category=CALM)
    assert fresh.due_at == kyiv("2026-03-09 14:00")
    await own(WATER, sat="08:00-20:00", sun="08:00-20:00")
    assert await due(fresh) == kyiv("2026-03-07 14:00")
    assert await due(late) == late.due_at
    assert not await reckoned(late)


async def test_an_executors_hours_move_only_its_own(
    city: City, cast: Cast, time: Time, own: Change, change: Change
) -> None:
    mine = await make_appeal(city, cast.account, category=CALM)
    other = await make_appeal(city, cast.account, category="roads.pothole")
    nobodys = await make_appeal(city, cast.account, category=CALM, sure=False)
    time.passes(hours=1)
    await own(WATER, **{day: ", ".join(hours) for day, hours in ALL_WEEK.items()}, days_off="-")
    assert await due(mine) == kyiv("2026-03-04 10:00"), "23 left: nine today, twelve, two"
    assert (await due(other), await due(nobodys)) == (other.due_at, nobodys.due_at)
    was = await due(mine)
    await change(days_off="2026-03-03")
    assert await due(mine) == was, "it has its own days"
    assert await due(nobodys) == kyiv("2026-03-05 16:00")
    assert nobodys.due_at != await due(nobodys)
    assert len(await reckoned(mine)) == 1


async def test_the_urgent_the_extended_and_the_stopped_stay(
    city: City, cast: Cast, time: Time, change: Change
) -> None:
    urgent = await make_appeal(city, cast.account, urgent=True)
    extended = await make_appeal(city, cast.account, category=CALM)
    until = date(2026, 3, 9)
    await extend.extend(city, extended.id, cast.operator, expected=0, until=until, reason="Деталь")
    stopped = await make_appeal(city, cast.account, category=CALM)
    await desk.ask(city, stopped.id, cast.operator, expected=0, question="Де?")
    before = {one.id: (await Appeal.get(id=one.id)).due_at for one in (urgent, extended, stopped)}
    time.passes(minutes=1)
    await change(days_off="2026-03-03, 2026-03-04")
    assert {one: (await Appeal.get(id=one)).due_at for one in before} == before
    assert not await Event.filter(verb=Verb.RECKON).exists()
    answered = await resident.answer(city, stopped.id, cast.resident, text="Тут")
    assert answered.due_at == kyiv("2026-03-06 16:01"), "what was left runs by the new hours"


async def test_what_is_official_follows_the_law(
    city: City, cast: Cast, time: Time, change: Change, own: Change
) -> None:
    """A month from Monday 2 March is Thursday 2 April."""
    appeal = await make_appeal(city, cast.account, category="roads.pothole", kind=Kind.COMPLAINT)
    assert appeal.due_at == kyiv("2026-04-02 17:00")
    time.passes(hours=1)
    await own(WATER, sat="08:00-20:00")
    assert await due(appeal) == appeal.due_at
    await change(days_off="2026-03-03, 2026-04-02, 2026-04-03", special="2026-04-06 09:00-12:00")
    assert await due(appeal) == kyiv("2026-04-06 12:00")
    assert len(await reckoned(appeal)) == 1


async def test_holidays_that_come_back_move_them(city: City, cast: Cast, time: Time, change: Change) -> None:
    """8 March 2026 is a Sunday: its day off moves to the Monday, and back when they are suspended again."""
    time.now = kyiv("2026-03-06 10:00")
    appeal = await make_appeal(city, cast.account, category=CALM)
    assert appeal.due_at == kyiv("2026-03-10 16:00")
    await change(public_holidays=True)
    assert await due(appeal) == kyiv("2026-03-11 16:00")
    time.passes(hours=1)
    await change(public_holidays=False)
    assert await due(appeal) == kyiv("2026-03-10 16:00")
    assert len(await reckoned(appeal)) == 2


async def test_only_a_day_and_more_is_news(city: City, cast: Cast, time: Time, change: Change) -> None:
    """To who waits, in their language and place; to officers in one notice for all of theirs."""
    viber = await make_account(Channel.VIBER, language="en")
    rang = await make_account(Channel.PHONE)
    appeals = [await make_appeal(city, each, category=CALM) for each in (cast.account, viber, rang)]
    joined = await make_account()
    await Supporter.create(
        appeal_id=appeals[0].id, resident_id=joined.resident_id, account_id=joined.id, joined_at=time.now
    )
    await Appeal.filter(id=appeals[0].id).update(supporters=1)
    told, heard = len(await queued()), await noticed(cast.water)
    time.passes(hours=1)
    await change(wed="08:00-15:00")
    assert len(await Event.filter(verb=Verb.RECKON)) == 3, "an hour into the Thursday"
    assert (len(await queued()), await noticed(cast.water)) == (told, heard)
    await change(days_off="2026-03-03, 2026-03-05, 2026-03-06")
    rows = (await Outbox.all().order_by("id"))[told:]
    assert sorted(row.account_id for row in rows) == sorted([cast.account.id, viber.id, joined.id])
    assert {row.kind for row in rows} == {"reckoned"}
    assert {row.state.value for row in rows} == {"held"}
    english = next(row for row in rows if row.account_id == viber.id)
    text = render(make_letter(english.kind, body=english.body, language="en"), city).text
    assert "an answer by Tuesday, 10 March" in text
    uk = render(make_letter(english.kind, body=english.body, language="uk"), city).text
    assert "відповідь буде до вівторка, 10 березня" in uk
    assert (await noticed(cast.water))[len(heard) :] == ["reckoned"]
    assert not await Notice.filter(staff_id=cast.gas.id, kind="reckoned").exists()


async def test_what_is_shown_beforehand_is_what_comes(city: City, cast: Cast, time: Time) -> None:
    appeals = [await make_appeal(city, cast.account, category=CALM) for _ in range(3)]
    await make_appeal(city, cast.account, category=CALM, urgent=True)
    time.passes(hours=1)
    facts = city_settings.facts_of(await standing(city.settings))
    administrator = Actor.staff(await make_staff(Role.ADMINISTRATOR))
    plan = await city_settings.plan_for(city, administrator, facts, facts | {"days_off": "2026-03-03"})
    found = await plan.moves()
    assert (found.moved, found.later, found.earlier, found.among) == (3, 0, 0, 0)
    assert found.line.startswith("Open deadlines: 3 move ")
    assert [await due(each) for each in appeals] == [each.due_at for each in appeals], "only looked at"
    await catalogue.take(city, administrator, plan)
    assert not await Event.filter(verb=Verb.RECKON).exists(), "nobody waits for it"
    await calendars_followed(city)
    assert await Event.filter(verb=Verb.RECKON).count() == 3


async def test_files_bring_hours_and_move_deadlines(city: City, cast: Cast, time: Time, own: Change) -> None:
    """What is exported holds them, and lays itself over what stands without a difference."""
    appeal = await make_appeal(city, cast.account, category=CALM)
    time.passes(hours=1)
    await own(WATER, sat="08:00-12:00", special="2026-03-03 -")
    assert await due(appeal) == kyiv("2026-03-05 16:00")
    texts = dict(await export(city.settings))
    assert 'sat = ["08:00-12:00"]' in texts["executors.toml"]
    assert not (await planned(city.settings, texts)).differences
    texts["executors.toml"] = texts["executors.toml"].replace("2026-03-03 = []", "2026-03-04 = []")
    plan = await planned(city.settings, {"executors.toml": texts["executors.toml"]})
    assert any("calendar" in line for line in plan.lines)
    assert not await plan.moves(), "a day less and a day more"
    gone = texts["executors.toml"].replace("2026-03-04 = []", "")
    plan = await planned(city.settings, {"executors.toml": gone})
    await catalogue.take(city, Actor.staff(await make_staff(Role.ADMINISTRATOR)), plan)
    await calendars_followed(city)
    assert await due(appeal) == kyiv("2026-03-04 16:00")
