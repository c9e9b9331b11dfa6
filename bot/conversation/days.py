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
_WEEKDAYS = (
    ("понеділ", "понедел", "monday"),
    ("вівтор", "вторник", "tuesday"),
    ("серед", "сред", "wednesday"),
    ("четвер", "thursday"),
    ("п'ятниц", "пятниц", "friday"),
    ("субот", "суббот", "saturday"),
    ("неділ", "воскресен", "sunday"),
)
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


def day_in(text: str, today: date) -> date | None:
    """The day, or None. A day without its year is the next such day."""
    said = text.casefold().translate(_APOSTROPHES)
    return (
        _iso(said)
        or _dotted(said, today)
        or _after_days(said, today)
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


def _after_days(said: str, today: date) -> date | None:
    found = _DAYS.search(said)
    return today + timedelta(days=int(found[1] or found[2])) if found else None


def _named(said: str, today: date) -> date | None:
    for found in _NAMED.finditer(said):
        name, number = (found[2], found[1]) if found[2] else (found[3], found[4])
        month = _place(name, _MONTHS)
        if month is not None:
            return _next(month + 1, int(number), today)
    return None


def _soon(said: str, today: date) -> date | None:
    for word in _WORD.findall(said):
        if word in _SOON:
            return today + timedelta(days=_SOON[word])
        weekday = _place(word, _WEEKDAYS)
        if weekday is not None:
            return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)
    return None


def _place(word: str, names: tuple[tuple[str, ...], ...]) -> int | None:
    return next((at for at, begins in enumerate(names) if word.startswith(begins)), None)


def _next(month: int, day: int, today: date) -> date | None:
    this_year = _day(today.year, month, day)
    return this_year if this_year is not None and this_year >= today else _day(today.year + 1, month, day)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
