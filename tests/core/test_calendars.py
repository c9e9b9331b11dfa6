"""Whose hours count: what a pack, a row and a form say of them, and the holidays of the law."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.actions import calendar_form
from core.calendars import calendars_of
from core.deadlines import Shift
from core.pack import PackError, executors_text, load_pack, pack_texts, read_pack
from core.pack.calendars import UNSAID, WEEKDAYS, CalendarSpec, kept_calendar, read_calendar
from core.pack.files import read_toml
from core.pack.public_holidays import public_holidays
from core.pack.writing import toml_text

CITY = load_pack().hours
OFFICE, ROUND_THE_CLOCK = (True,) * 5 + (False,) * 2, (True,) * 7
DAY = (Shift(8 * 60, 17 * 60),)
NIGHT = (Shift(0, 6 * 60), Shift(22 * 60, 24 * 60))


def said(text: str, city: CalendarSpec = UNSAID) -> CalendarSpec:
    return read_calendar(read_toml({"city.toml": text}, "city.toml").section("calendar"), city)


def of(year: int, works: tuple[bool, ...] = OFFICE) -> set[date]:
    return {day for day in public_holidays(works) if day.year == year}


def test_the_holidays_of_a_year_come_back_with_the_days_off_they_move() -> None:
    """2026, as the Labour Code has it (art. 67, 73); nothing of it holds while martial law does."""
    weekend = {date(2026, 3, 8), date(2026, 4, 12), date(2026, 5, 31), date(2026, 6, 28)}
    mondays = {date(2026, 3, 9), date(2026, 4, 13), date(2026, 6, 1), date(2026, 6, 29)}
    fixed = {(1, 1), (5, 1), (5, 8), (7, 15), (8, 24), (10, 1), (12, 25)}
    assert of(2026) == weekend | mondays | {date(2026, month, day) for month, day in fixed}


def test_two_holidays_of_one_weekend_move_two_days() -> None:
    """In 2027 the First of May is a Saturday and Easter the Sunday after it."""
    assert {day for day in of(2027) if day.month == 5 and day.day < 6} == {
        date(2027, 5, day) for day in (1, 2, 3, 4)
    }


def test_who_has_no_days_off_has_none_to_move() -> None:
    assert date(2026, 3, 8) in of(2026, ROUND_THE_CLOCK)
    assert date(2026, 3, 9) not in of(2026, ROUND_THE_CLOCK)


@given(st.lists(st.booleans(), min_size=7, max_size=7).filter(any))
def test_each_holiday_gives_a_day_without_work(works: list[bool]) -> None:
    """Whatever the week: so many working days are lost as there are holidays."""
    lawful, off = public_holidays(ROUND_THE_CLOCK), public_holidays(tuple(works))
    assert lawful <= off
    assert len([day for day in off if works[day.weekday()]]) == len(lawful)


def test_the_switch_brings_them_back_and_takes_them_away() -> None:
    spec = said('[calendar]\nmon = ["08:00-17:00"]\npublic_holidays = true\nholidays = ["05-20"]').over(
        UNSAID
    )
    off = spec.work("Europe/Kyiv").days_off
    assert {date(2026, 8, 24), date(2026, 5, 20), date(2031, 5, 20)} <= off
    none = said('[calendar]\nmon = ["08:00-17:00"]\nholidays = ["05-20"]').over(UNSAID)
    assert not none.work("Europe/Kyiv").days_off


def test_an_executor_says_what_differs() -> None:
    own = said('[calendar]\nsat = ["09:00-13:00"]\nfri = []', CITY)
    assert (own.sat, own.fri, own.mon, own.days_off) == ((Shift(540, 780),), (), None, None)
    both = own.over(CITY)
    assert (both.sat, both.fri, both.mon) == ((Shift(540, 780),), (), DAY)


def test_calendars_are_the_executors_own_or_the_citys() -> None:
    found = calendars_of(CITY, "Europe/Kyiv", {"water": {"sun": ["08:00-12:00"]}, "gas": None})
    sunday = date(2026, 3, 8)
    assert found.of("water").shifts(sunday) == (Shift(480, 720),)
    assert found.of("gas") == found.of(None) == found.of("unheard of") == found.city


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ('special = ["2026-12-31"]', "must be a table"),
        ('[calendar.special]\n2026-02-30 = ["08:00-12:00"]', "like 2026-01-31"),
        ('[calendar.special]\n2026-12-31 = ["8-12"]', "like 08:00-17:00"),
        ('[calendar.special]\n2026-12-31 = ["08:00-12:00", "11:00-13:00"]', "follow one another"),
        ('holidays = ["02-29"]', "like 2026-01-31"),
        ('mon = ["08:00-12:00", "11:00-13:00"]', "follow one another"),
        ('public_holidays = "yes"', "true or false"),
        ('monday = ["08:00-12:00"]', "nothing is called monday"),
    ],
)
def test_what_is_wrong_in_a_calendar_says_what_would_be_right(text: str, right: str) -> None:
    with pytest.raises(PackError, match=right):
        said(f'[calendar]\nwed = ["08:00-17:00"]\n{text}')


def test_an_executor_that_could_never_work_is_refused() -> None:
    texts = pack_texts()
    never = "\n[executor.calendar]\n" + "".join(f"{day} = []\n" for day in WEEKDAYS)
    broken = texts["executors.toml"].replace("\n# Utilities\n", "").split("[[executor]]")
    text = "[[executor]]".join([*broken[:2], broken[2].rstrip() + "\n" + never + "\n", *broken[3:]])
    with pytest.raises(PackError, match="with work on at least one") as refused:
        read_pack({**texts, "executors.toml": text})
    assert refused.value.file == "executors.toml"


SHIFTS = st.sampled_from([(), DAY, NIGHT, (Shift(480, 720), Shift(780, 1020))])
DATES = st.dates(date(2026, 1, 1), date(2027, 12, 31))
SPECS = st.builds(
    CalendarSpec,
    *(st.none() | SHIFTS for _ in WEEKDAYS[:6]),
    sun=st.just(DAY),  # so that somebody works
    days_off=st.none() | st.sets(DATES, max_size=4).map(lambda days: tuple(sorted(days))),
    special=st.none()
    | st.dictionaries(DATES, SHIFTS, max_size=4).map(lambda days: tuple(sorted(days.items()))),
    public_holidays=st.none() | st.booleans(),
)


@given(SPECS)
def test_what_is_kept_is_what_was_said(spec: CalendarSpec) -> None:
    """In a row, in a file and in a form."""
    assert kept_calendar("water", spec.values) == spec
    text = toml_text({"calendar": spec.values})
    assert said(text, CITY) == spec
    assert calendar_form.executor_spec(calendar_form.executor_facts(spec)) == (spec, {})
    city = spec.over(UNSAID)
    assert calendar_form.city_spec(calendar_form.city_facts(city)) == (city, {})


def test_an_executors_file_keeps_the_hours_of_each() -> None:
    texts = pack_texts()
    pack = read_pack(texts)
    own = CalendarSpec(sat=DAY, special=((date(2026, 12, 31), ()),), public_holidays=False)
    specs = [*pack.executors]
    specs[0] = type(specs[0])(**{**_fields(specs[0]), "calendar": own})
    again = read_pack({**texts, "executors.toml": executors_text(specs)})
    assert [each.calendar for each in again.executors[:2]] == [own, None]


def _fields(spec: Any) -> dict[str, Any]:
    return {name: getattr(spec, name) for name in spec.__slots__}


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("mon", "8-17"),
        ("mon", "08:00-17:75"),
        ("mon", "17:00-08:00"),
        ("mon", "08:00-12:00, 11:00-13:00"),
        ("days_off", "20260102"),
        ("days_off", "2026-02-31"),
        ("special", "31.12.2026 08:00-12:00"),
        ("special", "2026-12-31 8-12"),
        ("special", "2026-12-31 -\n2026-12-31 08:00-12:00"),
        ("public_holidays", "maybe"),
    ],
)
def test_a_form_says_which_line_is_wrong(field: str, text: str) -> None:
    facts = calendar_form.executor_facts(CalendarSpec()) | {field: text}
    assert set(calendar_form.executor_spec(facts)[1]) == {field}


def test_a_dash_is_nothing_and_an_empty_line_is_as_the_city() -> None:
    facts = calendar_form.executor_facts(CalendarSpec()) | {"fri": "—", "days_off": "-"}
    spec, errors = calendar_form.executor_spec(facts)
    assert (spec.fri, spec.days_off, spec.mon, spec.special, errors) == ((), (), None, None, {})
