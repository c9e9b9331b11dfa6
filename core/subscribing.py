"""The sweep that sends reports to who subscribed: of the week on Monday, of the month on its first."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from core import clock, db, report_words
from core.actions.subscriptions import READERS
from core.city import City
from core.daily import day_done, day_due
from core.figures.counting import read_state
from core.models import Job, Notice, Subscription
from core.outbox import Message, queue_all
from core.periods import Period, Span, last
from core.queries.panel.filters import midnight
from core.queries.reports.report import report
from core.queries.sql import instant

if TYPE_CHECKING:
    from core.jobs import Desk

NAME = "send_reports"
KIND = "report"
_PAGE = "/admin/reports"


async def send_reports(desk: "Desk") -> int:
    """How many reports were sent; of those missed while nothing ran, the latest week's and month's alone."""
    city = desk.city
    day = await day_due(NAME, city.settings.control.reports_at, city.pack.timezone)
    if day is None:
        return 0
    job = await Job.get_or_none(name=NAME)
    periods = ended(job.done_for if job else None, day)
    if periods and not await _counted(city, max(period.until for period in periods.values())):
        return 0  # the figures are on their way
    rows = (
        await Subscription.filter(every__in=list(periods), staff__active=True, staff__role__in=list(READERS))
        .order_by("id")
        .select_related("staff__account")
    )
    bodies = {
        (row.every, row.portfolio): await _body(city, periods[Span(row.every)], row.portfolio)
        for row in {(row.every, row.portfolio): row for row in rows}.values()
    }
    async with db.transaction():
        if not await day_done(NAME, day):
            return 0
        await _tell(rows, periods, bodies)
    return len(rows)


def ended(done_for: date | None, day: date) -> dict[Span, Period]:
    """Of which week and month the report is due on a day: those that ended since the day done before."""
    began = {Span.WEEK: day - timedelta(days=day.weekday()), Span.MONTH: day.replace(day=1)}
    since = done_for or day - timedelta(days=1)
    return {span: last(span, day) for span, first in began.items() if since < first}


def page_of(period: Period, portfolio: str) -> str:
    """The address of the very report."""
    query = {"since": period.since, "until": period.until, "portfolio": portfolio}
    return f"{_PAGE}?{urlencode(query)}"


def page_of_notice(dedupe: str) -> str:
    """Where a notice of a report leads; to the reports at large where it can't be read any more."""
    try:
        _, days, portfolio, _ = dedupe.split(":")
        return page_of(report_words.period_of(days), portfolio)
    except ValueError:
        return _PAGE


async def _counted(city: City, until: date) -> bool:
    """Whether all that happened up to the end of a day is in the figures."""
    state, ends = await read_state(), midnight(until, city.pack.timezone, days=1)
    seen = instant(state.seen or None)
    return state.walked is None and not state.days and seen is not None and ends is not None and seen >= ends


async def _body(city: City, period: Period, portfolio: str) -> dict[str, Any]:
    found = await report(city, period, portfolio)
    return {
        "period": report_words.spelt(period),
        "field": portfolio,
        "sentences": [[one.key, one.n, one.params] for one in report_words.sentences(found)],
        "link": city.settings.server.public_url + page_of(period, portfolio),
    }


async def _tell(
    rows: Sequence[Subscription], periods: dict[Span, Period], bodies: dict[tuple[str, str], dict[str, Any]]
) -> None:
    """In the panel, and in the chat where they linked one."""
    now = clock.now()
    await Notice.bulk_create(
        [Notice(staff_id=row.staff_id, kind=KIND, dedupe=_key(row, periods), at=now) for row in rows],
        ignore_conflicts=True,
    )
    await queue_all(
        [
            Message(
                row.staff.account,
                f"staff.{KIND}",
                bodies[row.every, row.portfolio],
                dedupe=_key(row, periods),
                held=True,
            )
            for row in rows
            if row.staff.account is not None
        ]
    )


def _key(row: Subscription, periods: dict[Span, Period]) -> str:
    """What makes it one; read again by `page_of_notice`."""
    days = report_words.spelt(periods[Span(row.every)])
    return f"{KIND}:{days}:{row.portfolio}:{row.staff_id}"
