"""The day that somebody names: «28.11», «28 листопада», «до п'ятниці», «завтра», «+3». Pure."""

import re
from datetime import date, timedelta

_SOON = {
    "сьогодні": 0,
    "сегодня": 0,
    "today": 0,
    "завтра": 1,
    "tomorrow": 1,
    "післязавтра": 2,
    "послезавтра": 2,
    "тиждень": 7,
    "неделю": 7,
    "week": 7,
}
# Whole, in their cases: «до середини грудня» and «до четвертого» are no weekdays.
_WEEKDAYS = (
    "понеділок понеділка понеділку понеділком понедельник понедельника понедельнику monday",
    "вівторок вівторка вівторку вівторком вторник вторника вторнику tuesday",
    "середа середи середу середі середою среда среды среду среде wednesday",
    "четвер четверга четвергу четвергом четверг thursday",
    "п'ятниця п'ятниці п'ятницю п'ятницею пятниця пятниці пятницю пятница пятницы пятницу пятнице friday",
    "субота суботи суботу суботі суботою суббота субботы субботу субботе saturday",
    "неділя неділі неділю неділею воскресенье воскресенья воскресенью sunday",
)
_WEEKDAY = {form: day for day, forms in enumerate(_WEEKDAYS) for form in forms.split()}
_MONTHS = (
    ("січ", "январ", "jan"),
    ("лют", "феврал", "feb"),
    ("берез", "март", "mar"),
    ("квіт", "апрел", "apr"),
    ("трав", "май", "мая", "may"),
    ("черв", "июн", "jun"),
    ("лип", "июл", "jul"),
    ("серп", "август", "aug"),
    ("верес", "сентяб", "sep"),
    ("жовт", "октяб", "oct"),
    ("листопад", "нояб", "nov"),
    ("груд", "декаб", "dec"),
)
_APOSTROPHES = str.maketrans("’ʼ`", "'''")
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_ISO = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b")
_DOTTED = re.compile(r"\b(\d{1,2})[./](\d{1,2})(?:[./](\d{4}|\d{2}))?\b")
_NAMED = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th|-?го)?\s+([^\W\d_]{3,})|\b([^\W\d_]{3,})\s+(\d{1,2})\b")
_DAYS = re.compile(r"(?:\+\s?(\d{1,3})\b|\b(\d{1,3})\s*(?:дн|день|діб|доб|day))")


def day_in(text: str, today: date, begins: date) -> date | None:
    """The day, or None. A day without its year is the next such day; «+3» is three more than `begins`."""
    said = text.casefold().translate(_APOSTROPHES)
    return (
        _iso(said)
        or _dotted(said, today)
        or _after_days(said, today, begins)
        or _named(said, today)
        or _soon(said, today)
    )


def _iso(said: str) -> date | None:
    found = _ISO.search(said)
    return _day(int(found[1]), int(found[2]), int(found[3])) if found else None


def _dotted(said: str, today: date) -> date | None:
    found = _DOTTED.search(said)
    if found is None:
        return None
    if found[3]:
        year = int(found[3])
        return _day(year if year > 99 else 2000 + year, int(found[2]), int(found[1]))  # noqa: PLR2004 - two digits
    return _next(int(found[2]), int(found[1]), today)


def _after_days(said: str, today: date, begins: date) -> date | None:
    found = _DAYS.search(said)
    if found is None:
        return None
    return begins + timedelta(days=int(found[1])) if found[1] else today + timedelta(days=int(found[2]))


def _named(said: str, today: date) -> date | None:
    for found in _NAMED.finditer(said):
        name, number = (found[2], found[1]) if found[2] else (found[3], found[4])
        month = next((at for at, begins in enumerate(_MONTHS) if name.startswith(begins)), None)
        if month is not None:
            return _next(month + 1, int(number), today)
    return None


def _soon(said: str, today: date) -> date | None:
    for word in _WORD.findall(said):
        if word in _SOON:
            return today + timedelta(days=_SOON[word])
        if word in _WEEKDAY:
            weekday = _WEEKDAY[word]
            return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)
    return None


def _next(month: int, day: int, today: date) -> date | None:
    this_year = _day(today.year, month, day)
    return this_year if this_year is not None and this_year >= today else _day(today.year + 1, month, day)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
