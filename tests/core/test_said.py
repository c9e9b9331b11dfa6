"""How texts, numbers and days are said."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from core import clock, i18n
from core.i18n import t

ZONE = "Europe/Kyiv"
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)  # a Monday


def test_a_missing_text_is_a_defect() -> None:
    with pytest.raises(KeyError, match=r"no\.such"):
        t("no.such", "uk")


@pytest.mark.parametrize(
    ("n", "uk", "en"), [(1, "1 година", "1 hour"), (3, "3 години", "3 hours"), (11, "11 годин", "11 hours")]
)
def test_plurals(n: int, uk: str, en: str) -> None:
    assert uk in t("card.hours", "uk", n=n)
    assert en in t("card.hours", "en", n=n)


def test_what_a_resident_typed_is_never_a_format() -> None:
    hostile = "{number} {0} {text.__class__} %s %(n)s"
    assert t("words", "uk", text=hostile) == hostile
    assert hostile in t("my.answer", "en", text=hostile)


@pytest.mark.parametrize(
    ("ahead", "uk", "en"),
    [
        (timedelta(hours=3, minutes=40), "сьогодні", "today"),
        (timedelta(days=1), "завтра", "tomorrow"),
        (timedelta(days=-1), "вчора", "yesterday"),
        (timedelta(days=2), "середа, 25 листопада", "Wednesday, 25 November"),
        (timedelta(days=60), "пʼятниця, 22 січня 2027", "Friday, 22 January 2027"),
    ],
)
def test_day(ahead: timedelta, uk: str, en: str) -> None:
    with clock.use(lambda: NOW):
        said = i18n.day(NOW + ahead, "uk", ZONE).replace("’", "ʼ").replace("'", "ʼ").removesuffix(" р.")
        assert said == uk
        assert _same_date(i18n.day(NOW + ahead, "en", ZONE), en)


@pytest.mark.parametrize(
    ("ahead", "uk", "en"),
    [
        (timedelta(hours=11, minutes=40), "до 21:40 сьогодні", "21:40"),
        (timedelta(days=1), "до 10:00 завтра", "10:00"),
        (timedelta(days=7), "до понеділка, 30 листопада", "Monday, 30 November"),
        (timedelta(days=3), "до четверга, 26 листопада", "Thursday, 26 November"),
        (timedelta(days=60), "до п'ятниці, 22 січня 2027", "Friday, 22 January 2027"),
    ],
)
def test_until(ahead: timedelta, uk: str, en: str) -> None:
    with clock.use(lambda: NOW):
        assert i18n.until(NOW + ahead, "uk", ZONE).removesuffix(" р.") == uk
        said = i18n.until(NOW + ahead, "en", ZONE)
        assert en in said or _same_date(said, en)


def _same_date(said: str, meant: str) -> bool:
    """English may put the month before the day; the words are the same."""
    return set(re.findall(r"\w+", meant)) <= set(re.findall(r"\w+", said))


def test_a_day_begins_at_the_citys_midnight() -> None:
    late = datetime(2026, 11, 23, 21, 59, tzinfo=UTC)  # 23:59 in Kyiv
    with clock.use(lambda: late):
        assert i18n.day(late, "uk", ZONE) == "сьогодні"
        assert i18n.day(late + timedelta(minutes=1), "uk", ZONE) == "завтра"
        assert i18n.moment(late, "uk", ZONE) == i18n.moment(late, "en", ZONE) == "23:59"
