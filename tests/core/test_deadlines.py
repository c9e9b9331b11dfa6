from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.deadlines import (
    MIDNIGHT,
    Shift,
    WorkCalendar,
    carried,
    deadline,
    remaining,
    resume,
    share,
    statutory,
    statutory_carried,
    statutory_end,
)
from core.pack.public_holidays import public_holidays

KYIV = ZoneInfo("Europe/Kyiv")
DAY = (Shift(8 * 60, 17 * 60),)
OFFICE = WorkCalendar("Europe/Kyiv", (DAY, DAY, DAY, DAY, DAY, (), ()))
LUNCH = (Shift(8 * 60, 12 * 60), Shift(13 * 60, 17 * 60))
WITH_LUNCH = WorkCalendar("Europe/Kyiv", (LUNCH,) * 5 + ((), ()), days_off=frozenset({date(2026, 1, 1)}))
NIGHTS = WorkCalendar("Europe/Kyiv", ((Shift(0, 6 * 60), Shift(22 * 60, MIDNIGHT)),) * 7)
# Special days, days off and nights around the two changes of the clock in 2026.
SHORT = (Shift(8 * 60, 10 * 60 + 30),)
UNUSUAL = WorkCalendar(
    "Europe/Kyiv",
    (DAY, LUNCH, (), DAY, NIGHTS.weekly[0], (), SHORT),
    days_off=frozenset({date(2026, 3, 27), date(2026, 10, 26), date(2026, 5, 1)}),
    special={
        date(2026, 3, 29): (Shift(0, 3 * 60 + 30), Shift(5 * 60, MIDNIGHT)),  # ends at an hour that isn't
        date(2026, 10, 25): (Shift(3 * 60, 3 * 60 + 45), Shift(20 * 60, MIDNIGHT)),  # at one that is twice
        date(2026, 5, 1): SHORT,
        date(2026, 5, 4): (),
    },
)
CALENDARS = st.sampled_from([OFFICE, WITH_LUNCH, NIGHTS, UNUSUAL])

INSTANTS = st.datetimes(datetime(2024, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
CHANGES = st.datetimes(datetime(2026, 3, 25), datetime(2026, 4, 2), timezones=st.just(UTC)) | st.datetimes(  # noqa: DTZ001
    datetime(2026, 10, 21),  # noqa: DTZ001
    datetime(2026, 10, 30),  # noqa: DTZ001
    timezones=st.just(UTC),
)
HOURS = st.floats(0, 300, allow_nan=False)
A_BIT = timedelta(microseconds=2)  # what rounding to microseconds may lose


def kyiv(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=KYIV)


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        ("2026-01-12 09:00", 4, "2026-01-12 13:00"),  # within a Monday
        ("2026-01-12 16:00", 4, "2026-01-13 11:00"),  # overnight
        ("2026-01-16 16:00", 2, "2026-01-19 09:00"),  # over the weekend
        ("2026-01-17 12:00", 1, "2026-01-19 09:00"),  # from a Saturday
        ("2026-01-12 08:00", 9, "2026-01-12 17:00"),  # ends when the day ends, not when the next begins
        ("2026-01-12 03:00", 24, "2026-01-14 14:00"),  # the catalogue's 24 hours are working hours
    ],
)
def test_working_hours(start: str, hours: float, due: str) -> None:
    assert deadline(kyiv(start), hours, OFFICE, around_clock=False) == kyiv(due)


def test_urgent_hours_run_on_the_clock() -> None:
    assert deadline(kyiv("2026-01-17 23:00"), 3, OFFICE, around_clock=True) == kyiv("2026-01-18 02:00")


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2026-01-12 09:00", "2026-02-12 17:00"),  # a month by the calendar
        ("2026-01-31 09:00", "2026-03-02 17:00"),  # no 31 February: the 28th, a Saturday, gives way to Monday
        ("2026-12-11 23:30", "2027-01-11 17:00"),  # over the year
        ("2026-03-27 12:00", "2026-04-27 17:00"),  # over the change to summer time
    ],
)
def test_the_law_counts_in_months(start: str, due: str) -> None:
    assert statutory(kyiv(start), OFFICE) == kyiv(due)


@given(INSTANTS, CALENDARS)
def test_the_law_gives_a_month_and_never_much_more(start: datetime, calendar: WorkCalendar) -> None:
    given_time = statutory(start, calendar) - start
    assert timedelta(days=27) < given_time < timedelta(days=36)


def test_the_answer_is_in_utc() -> None:
    assert deadline(kyiv("2026-01-12 09:00"), 4, OFFICE, around_clock=False).tzinfo is UTC


def test_lunch_and_days_off_are_not_counted() -> None:
    assert deadline(kyiv("2025-12-31 16:00"), 5, WITH_LUNCH, around_clock=False) == kyiv("2026-01-02 12:00")


def test_a_special_day_replaces_the_week_and_the_days_off() -> None:
    saturday = date(2026, 1, 10)
    calendar = WorkCalendar("Europe/Kyiv", OFFICE.weekly, frozenset({saturday}), {saturday: DAY})
    assert deadline(kyiv("2026-01-09 16:00"), 2, calendar, around_clock=False) == kyiv("2026-01-10 09:00")


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        ("2026-03-27 16:00", 2, "2026-03-30 09:00"),  # days do not notice the change on Sunday
        ("2026-10-23 16:00", 2, "2026-10-26 09:00"),
    ],
)
def test_daylight_saving_between_working_days(start: str, hours: float, due: str) -> None:
    assert deadline(kyiv(start), hours, OFFICE, around_clock=False) == kyiv(due)


def test_a_night_shift_is_as_long_as_the_night() -> None:
    """On 29 March 2026 there is no 3 o'clock in Kyiv, on 25 October it is 3 o'clock twice."""
    assert deadline(kyiv("2026-03-29 00:00"), 5, NIGHTS, around_clock=False) == kyiv("2026-03-29 06:00")
    assert deadline(kyiv("2026-10-25 00:00"), 7, NIGHTS, around_clock=False) == kyiv("2026-10-25 06:00")


def test_an_overdue_appeal_has_less_than_no_time_and_is_due_at_once_when_resumed() -> None:
    now, due = kyiv("2026-01-13 10:00"), kyiv("2026-01-12 15:00")
    left = remaining(now, due, OFFICE, around_clock=False)
    assert left == timedelta(hours=-4)
    assert resume(now, left, OFFICE, around_clock=False) == now


def test_a_stopped_clock_goes_on_where_it_stopped() -> None:
    due = kyiv("2026-01-12 15:00")
    left = remaining(kyiv("2026-01-12 12:00"), due, OFFICE, around_clock=False)
    assert resume(kyiv("2026-01-14 16:00"), left, OFFICE, around_clock=False) == kyiv("2026-01-15 10:00")


@pytest.mark.parametrize(
    ("weekly", "word"),
    [
        (((),) * 7, "at least one"),
        ((DAY,) * 6, "seven days"),
        (((Shift(480, 720), Shift(700, 900)),) * 7, "follow"),
    ],
)
def test_a_calendar_on_which_nothing_could_be_due_is_refused(
    weekly: tuple[tuple[Shift, ...], ...], word: str
) -> None:
    with pytest.raises(ValueError, match=word):
        WorkCalendar("Europe/Kyiv", weekly)


@pytest.mark.parametrize(("opens", "closes"), [(600, 600), (700, 600), (-1, 60), (0, MIDNIGHT + 1)])
def test_a_shift_lies_within_a_day(opens: int, closes: int) -> None:
    with pytest.raises(ValueError, match="opens before it closes"):
        Shift(opens, closes)


@given(INSTANTS, HOURS, CALENDARS, st.booleans())
def test_what_remains_until_the_deadline_is_what_was_given(
    start: datetime,
    hours: float,
    calendar: WorkCalendar,
    around_clock: bool,  # noqa: FBT001 - drawn
) -> None:
    due = deadline(start, hours, calendar, around_clock=around_clock)
    assert due >= start
    left = remaining(start, due, calendar, around_clock=around_clock)
    assert abs(left - timedelta(hours=hours)) <= A_BIT


@given(INSTANTS, HOURS, HOURS, CALENDARS)
def test_more_hours_are_never_due_earlier(
    start: datetime, some: float, more: float, calendar: WorkCalendar
) -> None:
    first, second = (deadline(start, hours, calendar, around_clock=False) for hours in sorted([some, more]))
    assert first <= second


@given(INSTANTS, st.timedeltas(timedelta(), timedelta(days=9)), HOURS, CALENDARS)
def test_a_later_start_is_never_due_earlier(
    start: datetime, later: timedelta, hours: float, calendar: WorkCalendar
) -> None:
    first = deadline(start, hours, calendar, around_clock=False)
    assert first <= deadline(start + later, hours, calendar, around_clock=False)


@given(INSTANTS, HOURS, HOURS, CALENDARS)
def test_hours_add_up(start: datetime, some: float, more: float, calendar: WorkCalendar) -> None:
    at_once = deadline(start, some + more, calendar, around_clock=False)
    in_two = deadline(deadline(start, some, calendar, around_clock=False), more, calendar, around_clock=False)
    gap = remaining(min(at_once, in_two), max(at_once, in_two), calendar, around_clock=False)
    assert gap <= A_BIT


@given(INSTANTS, HOURS, st.floats(0, 1), CALENDARS)
def test_a_share_of_the_time_lies_within_it(
    start: datetime, hours: float, fraction: float, calendar: WorkCalendar
) -> None:
    due = deadline(start, hours, calendar, around_clock=False)
    mark = share(start, due, calendar, fraction, around_clock=False)
    assert start <= mark <= due
    passed = remaining(start, mark, calendar, around_clock=False)
    assert abs(passed - timedelta(hours=hours) * fraction) <= A_BIT


@given(INSTANTS, HOURS, CALENDARS, st.booleans())
def test_stopping_and_going_on_at_once_changes_nothing(
    start: datetime,
    hours: float,
    calendar: WorkCalendar,
    around_clock: bool,  # noqa: FBT001 - drawn
) -> None:
    due = deadline(start, hours, calendar, around_clock=around_clock)
    left = remaining(start, due, calendar, around_clock=around_clock)
    assert resume(start, left, calendar, around_clock=around_clock) == due


@given(INSTANTS | CHANGES, HOURS, HOURS, CALENDARS)
def test_stop_and_go_on_lose_nothing(
    start: datetime, hours: float, pause: float, calendar: WorkCalendar
) -> None:
    """However long it stood: what was left when it stopped is left when it goes on."""
    due = deadline(start, hours, calendar, around_clock=False)
    stopped = start + (due - start) / 3
    left = remaining(stopped, due, calendar, around_clock=False)
    again = stopped + timedelta(hours=pause)
    anew = resume(again, left, calendar, around_clock=False)
    assert abs(remaining(again, anew, calendar, around_clock=False) - left) <= A_BIT
    assert anew >= due - A_BIT


@given(INSTANTS | CHANGES, HOURS, CALENDARS)
def test_no_deadline_is_outside_working_time(start: datetime, hours: float, calendar: WorkCalendar) -> None:
    due = deadline(start, hours + 0.01, calendar, around_clock=False)
    assert remaining(due - timedelta(seconds=1), due, calendar, around_clock=False) > timedelta()


@given(INSTANTS | CHANGES, st.lists(HOURS, max_size=6), CALENDARS, CALENDARS)
def test_a_deadline_carried_over_keeps_the_time_it_has_left(
    now: datetime, hours: list[float], before: WorkCalendar, after: WorkCalendar
) -> None:
    """As if it stopped by one and went on by the other; however many are asked for, in any order."""
    carry = carried(now, before, after)
    for each in hours:
        due = deadline(now, each, before, around_clock=False)
        left = remaining(now, due, before, around_clock=False)
        assert carry(due) == (resume(now, left, after, around_clock=False) if left else due)
        assert carry(due) >= now


@given(
    INSTANTS, st.timedeltas(timedelta(), timedelta(days=40)), st.timedeltas(timedelta(), timedelta(days=40))
)
def test_carrying_over_keeps_the_order(now: datetime, some: timedelta, more: timedelta) -> None:
    carry = carried(now, OFFICE, UNUSUAL)
    first, second = sorted((now + some, now + more))
    worked = [remaining(now, each, OFFICE, around_clock=False) for each in (first, second)]
    assert not all(worked) or carry(first) <= carry(second)


@given(INSTANTS, st.timedeltas(timedelta(), timedelta(days=40)), CALENDARS, CALENDARS)
def test_what_has_passed_stays_passed(
    now: datetime, ago: timedelta, before: WorkCalendar, after: WorkCalendar
) -> None:
    assert carried(now, before, after)(now - ago) == now - ago


@given(INSTANTS, HOURS, CALENDARS)
def test_the_same_calendar_moves_nothing(now: datetime, hours: float, calendar: WorkCalendar) -> None:
    due = deadline(now, hours, calendar, around_clock=False)
    assert carried(now, calendar, calendar)(due) == due


def test_a_day_off_ahead_is_given_back_and_one_behind_is_not() -> None:
    now, due = kyiv("2026-01-14 10:00"), kyiv("2026-01-16 15:00")
    ahead = WorkCalendar("Europe/Kyiv", OFFICE.weekly, frozenset({date(2026, 1, 15)}))
    behind = WorkCalendar("Europe/Kyiv", OFFICE.weekly, frozenset({date(2026, 1, 13)}))
    assert carried(now, OFFICE, ahead)(due) == kyiv("2026-01-19 15:00")
    assert carried(now, OFFICE, behind)(due) == due


def test_the_law_lets_45_days_in_all_and_the_last_is_no_day_off() -> None:
    assert statutory_end(kyiv("2026-01-12 09:00"), OFFICE) == date(2026, 2, 26)
    assert statutory_end(kyiv("2026-01-14 23:30"), OFFICE) == date(2026, 3, 2), (
        "a Saturday gives way to Monday"
    )
    closed = WorkCalendar("Europe/Kyiv", OFFICE.weekly, frozenset({date(2026, 3, 2)}))
    assert statutory_end(kyiv("2026-01-14 23:30"), closed) == date(2026, 3, 3)


def test_a_deadline_by_law_looks_for_its_last_day_anew() -> None:
    came, due = kyiv("2026-01-14 09:00"), kyiv("2026-02-16 17:00")  # the 14th is a Saturday
    assert statutory(came, OFFICE) == due
    saturdays = WorkCalendar("Europe/Kyiv", (*OFFICE.weekly[:5], SHORT, ()))
    assert statutory_carried(came, due, OFFICE, saturdays) == kyiv("2026-02-14 10:30")
    closed = WorkCalendar("Europe/Kyiv", OFFICE.weekly, frozenset({date(2026, 2, 16)}))
    assert statutory_carried(came, due, OFFICE, closed) == kyiv("2026-02-17 17:00")


def test_one_whose_clock_stood_still_only_gives_way() -> None:
    came, due = kyiv("2026-01-14 09:00"), kyiv("2026-02-18 12:00")
    saturdays = WorkCalendar("Europe/Kyiv", (*OFFICE.weekly[:5], SHORT, ()))
    assert statutory_carried(came, due, OFFICE, saturdays) == due
    closed = WorkCalendar("Europe/Kyiv", OFFICE.weekly, frozenset({date(2026, 2, 18)}))
    assert statutory_carried(came, due, OFFICE, closed) == kyiv("2026-02-19 17:00")


def test_holidays_that_the_law_brings_back_are_not_worked() -> None:
    """Independence Day of 2026 is a Monday; the day of its weekend is none."""
    off = public_holidays((True,) * 5 + (False,) * 2)
    peace = WorkCalendar("Europe/Kyiv", OFFICE.weekly, off)
    friday = kyiv("2026-08-21 16:00")
    assert deadline(friday, 2, OFFICE, around_clock=False) == kyiv("2026-08-24 09:00")
    assert deadline(friday, 2, peace, around_clock=False) == kyiv("2026-08-25 09:00")
