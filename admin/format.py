"""Instants and spans as the panel says them; the words are in locales/."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.numbers import format_decimal

from core import clock, i18n
from core.i18n import t

SOON = timedelta(hours=4)
_BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = ("Windows", "Android", "iPhone", "iPad", "Mac OS", "Linux")
MEGABYTE = 1_000_000
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Left:
    """A deadline in words, and the tone that colours them: never the colour alone."""

    words: str
    tone: str  # late, soon, calm, still, none


def ago(instant: datetime, language: str) -> str:
    age = clock.now() - instant
    return t("panel.just_now", language) if age < MINUTE else _span("ago", age, language)


def left(due: datetime | None, *, is_open: bool, language: str) -> Left:
    """What is left until a deadline of an appeal; an ended one has none, an asked one a stopped clock."""
    if not is_open:
        return Left(t("panel.left.none", language), "none")
    if due is None:
        return Left(t("panel.left.still", language), "still")
    rest = due - clock.now()
    if rest < timedelta():
        return Left(_span("late", -rest, language), "late")
    return Left(_span("rest", rest, language), "soon" if rest < SOON else "calm")


def when(instant: datetime, language: str, zone: str) -> str:
    """A past instant: «сьогодні, 14:05», «21 листопада, 09:30»."""
    time = i18n.moment(instant, language, zone)
    return t("panel.when", language, day=_day(instant, language, zone), time=time)


def exact(instant: datetime, language: str, zone: str) -> str:
    """The full date and time, for what the mouse rests on."""
    local = instant.astimezone(ZoneInfo(zone))
    return f"{_date(local.date(), 'd MMMM y', language)}, {local.hour:02}:{local.minute:02}"


def days(begins: datetime, ends: datetime, *, language: str, zone: str) -> str:
    """The days from one local midnight to another: «3 березня – 9 березня 2026», or one day alone."""
    first = begins.astimezone(ZoneInfo(zone)).date()
    last = (ends - MINUTE).astimezone(ZoneInfo(zone)).date()
    end = _date(last, "d MMMM y", language)
    return end if first == last else f"{_date(first, 'd MMMM', language)} – {end}"


def day(instant: datetime, language: str, zone: str) -> str:
    """The date without the year, where it is clear: «24 серпня»."""
    return _date(instant.astimezone(ZoneInfo(zone)).date(), "d MMMM", language)


def date_of(day: date, language: str) -> str:
    """A day, with its year: «24 серпня 2026»."""
    return _date(day, "d MMMM y", language)


def size(amount: int, language: str) -> str:
    """Bytes as people speak of them."""
    if amount < MEGABYTE:
        return t("panel.kilobytes", language, size=format_decimal(max(amount // 1000, 1), locale=language))
    return t("panel.megabytes", language, size=format_decimal(amount / MEGABYTE, "0.#", locale=language))


def browser(agent: str) -> str:
    """What a User-Agent says in words a person knows, such as «Chrome, Windows»; the beginning of others."""
    name = next((name for mark, name in _BROWSERS if mark in agent), agent[:40])
    system = next((system for system in _SYSTEMS if system in agent), "")
    return ", ".join(part for part in (name, system) if part)


def _day(instant: datetime, language: str, zone: str) -> str:
    """Nearby days by name, others by date, of another year with the year."""
    local = instant.astimezone(ZoneInfo(zone)).date()
    today = clock.now().astimezone(ZoneInfo(zone)).date()
    if abs((today - local).days) <= 1:
        return i18n.day(instant, language, zone)
    return _date(local, "d MMMM" if local.year == today.year else "d MMMM y", language)


def _span(phrase: str, length: timedelta, language: str) -> str:
    """A length of time in its largest unit, within a phrase whose grammar it decides: «лишився 1 день»."""
    if length < HOUR:
        return t(f"panel.{phrase}.minutes", language, n=max(1, int(length / MINUTE)))
    if length < 2 * DAY:
        return t(f"panel.{phrase}.hours", language, n=int(length / HOUR))
    return t(f"panel.{phrase}.days", language, n=int(length / DAY))


@lru_cache(maxsize=2000)
def _date(day: date, pattern: str, language: str) -> str:
    """Kept: a page has hundreds of instants but few days, and Babel takes its time over each."""
    return format_date(day, pattern, locale=language)
