"""The day that an officer names, in the ways people write it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.days import day_in

TODAY = date(2026, 11, 25)  # a Wednesday


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("28.11", date(2026, 11, 28)),
        ("до 28.11.2026, як привезуть", date(2026, 11, 28)),
        ("3/1/27", date(2027, 1, 3)),
        ("2026-12-01", date(2026, 12, 1)),
        ("24.11", date(2027, 11, 24)),
        ("28 листопада", date(2026, 11, 28)),
        ("до 1-го грудня", date(2026, 12, 1)),
        ("28 November", date(2026, 11, 28)),
        ("November 28", date(2026, 11, 28)),
        ("1st December", date(2026, 12, 1)),
        ("завтра", date(2026, 11, 26)),
        ("сьогодні", TODAY),
        ("післязавтра", date(2026, 11, 27)),
        ("tomorrow", date(2026, 11, 26)),
        ("до п'ятниці", date(2026, 11, 27)),
        ("до п’ятниці", date(2026, 11, 27)),
        ("в середу", date(2026, 12, 2)),
        ("by Friday", date(2026, 11, 27)),
        ("+3", date(2026, 11, 28)),
        ("через 5 днів", date(2026, 11, 30)),
        ("ще 1 день", date(2026, 11, 26)),
        ("in 2 days", date(2026, 11, 27)),
        ("за тиждень", date(2026, 12, 2)),
        ("31.02", None),
        ("не знаю", None),
        ("", None),
        ("12", None),
        ("45 будинок", None),
        ("до середини грудня", None),
        ("до четвертого", None),
        ("до четверга", date(2026, 11, 26)),
    ],
)
def test_a_day_is_understood(said: str, day: date | None) -> None:
    assert day_in(said, TODAY, TODAY) == day


@pytest.mark.parametrize(("said", "day"), [("+3", 6), ("+3 дні", 6), ("через 9 днів", 4), ("6.12", 6)])
def test_more_days_are_more_than_the_deadline_has(said: str, day: int) -> None:
    assert day_in(said, TODAY, date(2026, 12, 3)) == date(2026, 12, day)


@given(st.integers(0, 364))
def test_a_day_written_without_its_year_is_the_next_such_day(later: int) -> None:
    day = date(2026, 1, 1) + timedelta(days=later)
    found = day_in(f"{day:%d.%m}", TODAY, TODAY)
    assert found is not None
    assert (found.day, found.month) == (day.day, day.month)
    assert TODAY <= found <= TODAY + timedelta(days=366)


@given(st.text(max_size=60))
def test_any_text_is_a_day_or_none(said: str) -> None:
    found = day_in(said, TODAY, TODAY)
    assert found is None or isinstance(found, date)
