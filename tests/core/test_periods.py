"""Periods, and what each is compared with."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from core.errors import Invalid
from core.periods import EARLIEST, Period, Span, chosen, last

TODAY = date(2026, 11, 22)  # a Sunday
DAYS = some.dates(min_value=date(2001, 1, 1), max_value=date(2040, 12, 31))


@pytest.mark.parametrize(
    ("span", "since", "until", "before"),
    [
        (Span.WEEK, date(2026, 11, 9), date(2026, 11, 15), (date(2026, 11, 2), date(2026, 11, 8))),
        (Span.MONTH, date(2026, 10, 1), date(2026, 10, 31), (date(2026, 9, 1), date(2026, 9, 30))),
        (Span.QUARTER, date(2026, 7, 1), date(2026, 9, 30), (date(2026, 4, 1), date(2026, 6, 30))),
        (Span.YEAR, date(2025, 1, 1), date(2025, 12, 31), (date(2024, 1, 1), date(2024, 12, 31))),
    ],
)
def test_the_last_of_each_and_the_one_before(
    span: Span, since: date, until: date, before: tuple[date, date]
) -> None:
    period = last(span, TODAY)
    assert (period, period.span, period.before) == (Period(since, until), span, Period(*before))


def test_on_the_first_day_of_a_span_the_last_one_is_just_over() -> None:
    assert last(Span.WEEK, date(2026, 3, 2)) == Period(date(2026, 2, 23), date(2026, 3, 1))
    assert last(Span.MONTH, date(2026, 3, 1)) == Period(date(2026, 2, 1), date(2026, 2, 28))
    assert last(Span.YEAR, date(2026, 1, 1)) == Period(date(2025, 1, 1), date(2025, 12, 31))


@pytest.mark.parametrize(
    ("since", "until", "span"),
    [
        (date(2026, 2, 1), date(2026, 4, 30), Span.DAYS),  # three months, but no quarter
        (date(2026, 2, 2), date(2026, 2, 28), Span.DAYS),
        (date(2026, 11, 10), date(2026, 11, 16), Span.DAYS),  # seven days, but from Tuesday
        (date(2026, 11, 10), date(2026, 11, 10), Span.DAY),
    ],
)
def test_other_days_are_compared_with_as_many_before(since: date, until: date, span: Span) -> None:
    period = Period(since, until)
    assert period.span is span
    assert period.before.days == period.days
    assert period.before.until == since - timedelta(days=1)


@given(DAYS, some.integers(0, 800))
def test_the_period_before_ends_the_day_before_and_is_of_its_span(since: date, more: int) -> None:
    period = Period(since, since + timedelta(days=more))
    assert period.before.until == since - timedelta(days=1)
    assert period.before.span is period.span or period.span is Span.DAYS


@given(DAYS, some.integers(0, 800))
def test_whole_months_lie_within_and_nothing_of_a_month_is_left_out(since: date, more: int) -> None:
    period = Period(since, since + timedelta(days=more))
    if period.whole_months is None:
        assert period.days < 62
        return
    first, after = period.whole_months
    assert first.day == after.day == 1
    assert since <= first < after <= period.until + timedelta(days=1)
    assert (first - since).days < 31
    assert (period.until - after).days < 31


@pytest.mark.parametrize(
    ("since", "until", "key"),
    [
        (None, TODAY, "period.needed"),
        (TODAY, None, "period.needed"),
        (TODAY, TODAY - timedelta(days=1), "period.order"),
        (TODAY, TODAY + timedelta(days=1), "period.future"),
        (EARLIEST - timedelta(days=1), TODAY, "period.early"),
        (date(2020, 1, 1), TODAY, "period.long"),
        (date.min, date.max, "period.future"),
    ],
)
def test_what_is_no_period_is_refused_in_words(since: date | None, until: date | None, key: str) -> None:
    with pytest.raises(Invalid) as refused:
        chosen(since, until, TODAY)
    assert refused.value.key == key


def test_today_alone_is_a_period() -> None:
    assert chosen(TODAY, TODAY, TODAY) == Period(TODAY, TODAY)
