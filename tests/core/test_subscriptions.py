"""Reports sent on schedule: to whom they were promised, once each, on the right days, late ones once."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.render import render
from core.actions import subscriptions
from core.actions.actor import Actor
from core.city import City
from core.errors import Forbidden, Invalid, NotFound
from core.figures.counting import count_figures
from core.jobs import Desk
from core.models import Job, Notice, Outbox, Staff, Subscription
from core.periods import Period, Span
from core.subscribing import ended, page_of_notice, send_reports
from core.workflow import Role
from tests.builders import make_account, make_appeal, make_letter, make_staff
from tests.core.conftest import Cast, Time
from tests.core.figures.conftest import count
from tests.core.sweeping import once

EARLY, MONDAY = (
    datetime(2026, 3, 9, 6, 0, tzinfo=UTC),
    datetime(2026, 3, 9, 6, 35, tzinfo=UTC),
)  # at 8:00, 8:35
WEEK = "2026-03-02/2026-03-08"


@pytest.fixture
async def mayor(cast: Cast) -> Staff:
    account = await make_account()
    del cast
    return await make_staff(Role.MANAGER, name="Міський голова", account_id=account.id)


async def subscribed(city: City, staff: Staff, every: str = "week", portfolio: str = "") -> None:
    await subscriptions.subscribe(city, Actor.staff(staff), staff.id, every, portfolio)


async def sent() -> list[tuple[int, str]]:
    rows = await Notice.filter(kind="report").order_by("id")
    return [(row.staff_id, row.dedupe.removeprefix("report:").rpartition(":")[0]) for row in rows]


async def morning(time: Time, sweeps: Desk, at: datetime) -> int:
    """The sweep at an instant by which the figures are counted."""
    time.now = at
    await count(sweeps)
    return await send_reports(sweeps)


async def test_the_week_is_told_on_monday_at_its_time(
    city: City, cast: Cast, mayor: Staff, time: Time, sweeps: Desk
) -> None:
    await make_appeal(city, cast.account)
    await subscribed(city, mayor)
    await Job.create(name="send_reports", done_for=date(2026, 3, 8))
    assert await morning(time, sweeps, EARLY) == 0
    assert await morning(time, sweeps, MONDAY) == 1
    assert await sent() == [(mayor.id, f"{WEEK}:")]
    (letter,) = await Outbox.filter(kind="staff.report")
    assert letter.account_id == mayor.account_id
    text = render(make_letter(letter.kind, body=letter.body), city).text
    assert text.startswith("Звіт за 2–8 березня 2026 готовий.")
    assert "Минулого тижня надійшло 1 звернення, на 1 більше, ніж за 23 лютого – 1 березня 2026." in text
    assert text.endswith("/admin/reports?since=2026-03-02&until=2026-03-08&portfolio=")
    english = render(make_letter(letter.kind, body=letter.body, language="en"), city).text
    assert english.startswith("The report for 2–8 March 2026 is ready.")


async def test_each_is_told_once_by_however_many_processes(
    city: City, cast: Cast, mayor: Staff, time: Time, sweeps: Desk
) -> None:
    await subscribed(city, mayor)
    await subscribed(city, mayor, portfolio="housing")
    await subscribed(city, cast.desk)
    time.now = MONDAY
    await count(sweeps)
    await once(send_reports, sweeps)
    assert sorted(await sent()) == sorted(
        [(cast.desk.id, f"{WEEK}:"), (mayor.id, f"{WEEK}:"), (mayor.id, f"{WEEK}:housing")]
    )
    assert await Outbox.filter(kind="staff.report").count() == 2
    time.passes(hours=5)
    assert await morning(time, sweeps, time.now) == 0


async def test_what_was_missed_is_told_once_and_only_the_latest(
    city: City, mayor: Staff, time: Time, sweeps: Desk
) -> None:
    await subscribed(city, mayor)
    await subscribed(city, mayor, "month")
    assert await morning(time, sweeps, MONDAY) == 1
    assert (
        await morning(time, sweeps, datetime(2026, 4, 8, 12, 0, tzinfo=UTC)) == 2
    )  # nothing ran for a month
    told = {(mayor.id, "2026-03-30/2026-04-05:"), (mayor.id, "2026-03-01/2026-03-31:")}
    assert set((await sent())[1:]) == told
    assert await morning(time, sweeps, datetime(2026, 4, 9, 12, 0, tzinfo=UTC)) == 0


async def test_nothing_is_told_before_the_figures_are_counted(
    city: City, mayor: Staff, time: Time, sweeps: Desk
) -> None:
    await subscribed(city, mayor)
    await count(sweeps)
    time.now = MONDAY
    assert await send_reports(sweeps) == 0
    assert await sent() == []
    await count_figures(sweeps)
    assert await send_reports(sweeps) == 1


async def test_who_may_not_read_it_any_more_hears_nothing(
    city: City, cast: Cast, mayor: Staff, time: Time, sweeps: Desk
) -> None:
    await subscribed(city, mayor)
    await subscribed(city, cast.desk)
    await Staff.filter(id=mayor.id).update(active=False)
    await Staff.filter(id=cast.desk.id).update(role=Role.EXECUTOR)
    assert await morning(time, sweeps, MONDAY) == 0
    assert await sent() == []


async def test_without_a_daily_time_nothing_is_sent(
    city: City, mayor: Staff, time: Time, sweeps: Desk
) -> None:
    await subscribed(city, mayor)
    settings = city.settings.model_copy(
        update={"control": city.settings.control.model_copy(update={"reports_at": ""})}
    )
    assert await morning(time, replace(sweeps, city=replace(city, settings=settings)), MONDAY) == 0


@pytest.mark.parametrize(
    ("done_for", "day", "spans"),
    [
        (None, date(2026, 3, 9), {Span.WEEK}),
        (None, date(2026, 3, 10), set()),
        (date(2026, 3, 9), date(2026, 3, 10), set()),
        (date(2026, 3, 7), date(2026, 3, 10), {Span.WEEK}),  # Monday was missed
        (date(2026, 2, 28), date(2026, 3, 1), {Span.MONTH}),
        (date(2026, 5, 31), date(2026, 6, 1), {Span.WEEK, Span.MONTH}),
    ],
)
def test_which_reports_are_due_on_a_day(done_for: date | None, day: date, spans: set[Span]) -> None:
    found = ended(done_for, day)
    assert set(found) == spans
    for span, period in found.items():
        assert period.span is span
        assert period.until < day


async def test_everybody_chooses_for_themselves_and_administrators_for_all(city: City, cast: Cast) -> None:
    administrator = await make_staff(Role.ADMINISTRATOR)
    await subscribed(city, cast.desk)
    await subscribed(city, cast.desk)
    assert await Subscription.all().count() == 1
    with pytest.raises(Forbidden):
        await subscriptions.subscribe(city, cast.operator, administrator.id, "week")
    await subscriptions.subscribe(city, Actor.staff(administrator), cast.desk.id, "month", "housing")
    mine, theirs = await Subscription.all().order_by("id")
    other = await make_staff(Role.OPERATOR)
    with pytest.raises(NotFound):
        await subscriptions.unsubscribe(Actor.staff(other), mine.id)
    await subscriptions.unsubscribe(cast.operator, mine.id)
    await subscriptions.unsubscribe(Actor.staff(administrator), theirs.id)
    assert await Subscription.all().count() == 0
    with pytest.raises(NotFound):
        await subscriptions.unsubscribe(cast.operator, mine.id)


async def test_what_there_is_no_report_of_is_refused(city: City, cast: Cast) -> None:
    boss = Actor.staff(await make_staff(Role.ADMINISTRATOR))
    for staff_id, every, portfolio, key in (
        (cast.desk.id, "day", "", "subscription.every"),
        (cast.desk.id, "week", "no_such_field", "subscription.portfolio"),
        (cast.water.id, "week", "", "subscription.officer"),
    ):
        with pytest.raises(Invalid) as refused:
            await subscriptions.subscribe(city, boss, staff_id, every, portfolio)
        assert refused.value.key == key
    for nobody in (0, 2**40):
        with pytest.raises(NotFound):
            await subscriptions.subscribe(city, boss, nobody, "week")


@pytest.mark.parametrize("mark", ["report", "report:x:y:1", "report:2026-03-02:a:1", ""])
def test_a_notice_that_cannot_be_read_leads_to_the_reports(mark: str) -> None:
    assert page_of_notice(mark) == "/admin/reports"


def test_a_notice_leads_to_the_very_report() -> None:
    assert Period(date(2026, 3, 2), date(2026, 3, 8)).span is Span.WEEK
    assert page_of_notice(f"report:{WEEK}:housing:12") == (
        "/admin/reports?since=2026-03-02&until=2026-03-08&portfolio=housing"
    )
