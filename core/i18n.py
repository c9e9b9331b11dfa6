"""Texts shown to people, by key and language, from locales/*/*.po; plurals and dates in proper Ukrainian.

A key is a dotted name such as `bot.card.title`; Ukrainian is the first language, English complete. What a
resident typed is only ever a parameter, never a format.
"""

import gettext
import io
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from babel.messages import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from core import clock

LANGUAGES = ("uk", "en")
LOCALES = Path(__file__).parent.parent / "locales"


@cache
def catalogue(language: str) -> gettext.GNUTranslations:
    """All .po files of a language as one catalogue."""
    merged = Catalog(locale=language)
    for path in sorted((LOCALES / language).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=language, abort_invalid=True):
                if message.id:
                    merged[message.id] = message
    compiled = io.BytesIO()
    write_mo(compiled, merged)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def t(key: str, language: str, *, n: int | None = None, **params: object) -> str:
    """The text of `key`; with `n`, in the plural form that the number asks for.

    Raises KeyError for a text that isn't there: a missing key is a defect, found by a test.
    """
    texts = catalogue(language)
    found = texts.gettext(key) if n is None else texts.ngettext(key, key, n)
    if found == key:
        raise KeyError(f"no text {key!r} in {language}")
    return found.format(n=n, **params) if params or n is not None else found


def translator(language: str) -> Callable[..., str]:
    """`t` bound to a language, for templates."""

    def bound(key: str, *, n: int | None = None, **params: object) -> str:
        return t(key, language, n=n, **params)

    return bound


def day(instant: datetime, language: str, zone: str) -> str:
    """The day as people say it: «сьогодні», «завтра», or «понеділок, 24 листопада»."""
    local = instant.astimezone(ZoneInfo(zone))
    today = clock.now().astimezone(ZoneInfo(zone)).date()
    if local.date() == today:
        return t("core.today", language)
    if local.date() == today + timedelta(days=1):
        return t("core.tomorrow", language)
    if local.date() == today - timedelta(days=1):
        return t("core.yesterday", language)
    year = "" if local.year == today.year else " y"
    return format_date(local.date(), "EEEE, d MMMM" + year, locale=language)


def until(instant: datetime, language: str, zone: str) -> str:
    """A deadline as people say it: «до 21:40 сьогодні», «до понеділка, 24 листопада»."""
    local = instant.astimezone(ZoneInfo(zone))
    today = clock.now().astimezone(ZoneInfo(zone)).date()
    if abs((local.date() - today).days) <= 1:
        return t(
            "core.until_time",
            language,
            time=moment(instant, language, zone),
            day=day(instant, language, zone),
        )
    return t(
        "core.until_day",
        language,
        weekday=t(f"core.until_weekday.{local.weekday()}", language),
        date=format_date(local.date(), "d MMMM" if local.year == today.year else "d MMMM y", locale=language),
    )


def left(instant: datetime, language: str) -> str:
    """How far off a deadline is, in its largest unit: «лишилося 3 години», «прострочено на 2 дні»."""
    rest = instant - clock.now()
    phrase, length = ("late", -rest) if rest < timedelta() else ("rest", rest)
    if length < timedelta(hours=1):
        return t(f"core.{phrase}.minutes", language, n=max(1, length // timedelta(minutes=1)))
    if length < timedelta(days=2):
        return t(f"core.{phrase}.hours", language, n=length // timedelta(hours=1))
    return t(f"core.{phrase}.days", language, n=length.days)


def since(instant: datetime, language: str, zone: str) -> str:
    """A beginning as people say it: «з 9:15», «від учора», «з 20 листопада»."""
    local = instant.astimezone(ZoneInfo(zone))
    today = clock.now().astimezone(ZoneInfo(zone)).date()
    if local.date() == today:
        return t("core.since_time", language, time=moment(instant, language, zone))
    if local.date() == today - timedelta(days=1):
        return t("core.since_yesterday", language)
    form = "d MMMM" if local.year == today.year else "d MMMM y"
    return t("core.since_day", language, date=format_date(local.date(), form, locale=language))


def at(instant: datetime, language: str, zone: str) -> str:
    """When something happened, as people say it: «сьогодні о 9:15», «вчора о 9:15», «20 листопада»."""
    local = instant.astimezone(ZoneInfo(zone))
    today = clock.now().astimezone(ZoneInfo(zone)).date()
    if local.date() in {today, today - timedelta(days=1)}:
        return t(
            "core.at_time",
            language,
            day=day(instant, language, zone),
            time=moment(instant, language, zone),
        )
    return format_date(local.date(), "d MMMM" if local.year == today.year else "d MMMM y", locale=language)


def moment(instant: datetime, language: str, zone: str) -> str:
    """The time of day, such as 21:40."""
    return format_time(instant.astimezone(ZoneInfo(zone)), "HH:mm", locale=language)
