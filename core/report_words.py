"""A report in a few sentences, the same on the page and in the chat: what they say, and in which words."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from zoneinfo import ZoneInfo

from babel.dates import format_date

from core import clock
from core.city import City
from core.i18n import t
from core.periods import Period, Span, last
from core.queries.reports.report import Report

QUARTERS = ("I", "II", "III", "IV")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A text by key with its facts: slugs, numbers and periods, as JSON takes them."""

    key: str
    params: dict[str, Any] = field(default_factory=dict)
    n: int | None = None


def sentences(report: Report) -> list[Sentence]:
    """What somebody should hear who reads nothing else."""
    now, before = report.total.now, report.total.before
    period = {"when": spelt(report.period), "before": spelt(report.period.before)}
    whose = "field" if report.portfolio else "city"
    if not now.came:
        found = [Sentence(f"core.report.{whose}_none", {"when": period["when"]})]
    else:
        change = _sign(now.came - before.came)
        found = [
            Sentence(
                f"core.report.{whose}_{change}",
                period | ({} if change == "same" else {"change": abs(now.came - before.came)}),
                now.came,
            )
        ]
    if now.answered:
        found.append(Sentence("core.report.answered", {"on_time": now.on_time}, now.answered))
    if now.overdue:
        late = _sign(now.overdue - before.overdue)
        more = {} if late == "same" else {"change": abs(now.overdue - before.overdue)}
        found.append(Sentence(f"core.report.overdue_{late}", more, now.overdue))
    else:
        found.append(Sentence("core.report.overdue_none"))
    if now.judged:
        found.append(Sentence("core.report.judged", {"confirmed": now.confirmed}, now.judged))
    if report.grew:
        first = report.grew[0]
        found.append(Sentence("core.report.grew", {"category": first.key, "change": first.change}))
    return found


def said(sentence: Sentence, language: str, city: City) -> str:
    params = {
        name: FACTS[name](value, language, city) if name in FACTS else value
        for name, value in sentence.params.items()
    }
    return t(sentence.key, language, n=sentence.n, **params)


def spelt(period: Period) -> str:
    """As a fact of a message, and as read by `period_of`."""
    return f"{period.since}/{period.until}"


def period_of(text: str) -> Period:
    """Raises ValueError for what `spelt` didn't write."""
    since, _, until = text.partition("/")
    return Period(date.fromisoformat(since), date.fromisoformat(until))


def name(period: Period, language: str) -> str:
    """Its days, or what people call them: «9–15 листопада 2026», «жовтень 2026», «III квартал 2026»."""
    first = period.since
    if period.span is Span.MONTH:
        return format_date(first, "LLLL y", locale=language)
    if period.span is Span.QUARTER:
        quarter = QUARTERS[first.month // 3]
        return t("core.report.quarter", language, quarter=quarter, year=first.year)
    if period.span is Span.YEAR:
        return t("core.report.year", language, year=first.year)
    if period.span is Span.DAY:
        return format_date(first, "d MMMM y", locale=language)
    begins = "d" if _same(period, "%Y-%m") else "d MMMM" if _same(period, "%Y") else "d MMMM y"
    dash = "–" if begins == "d" else " – "
    return dash.join(
        format_date(day, form, locale=language) for day, form in ((first, begins), (period.until, "d MMMM y"))
    )


def field_name(city: City, portfolio: str, language: str) -> str:
    """A deputy mayor's field by the name that the city gives it."""
    named = {each.slug: each for each in city.pack.portfolios}
    return str(getattr(named.get(portfolio), language, portfolio))


def _same(period: Period, form: str) -> bool:
    return f"{period.since:{form}}" == f"{period.until:{form}}"


def _sign(change: int) -> str:
    return "more" if change > 0 else "less" if change < 0 else "same"


def _when(value: str, language: str, city: City) -> str:
    """How a sentence begins: «Минулого тижня», «За 9–15 листопада 2026», «За жовтень 2026»."""
    period = period_of(value)
    if period == last(Span.WEEK, clock.now().astimezone(ZoneInfo(city.pack.timezone)).date()):
        return t("core.report.last_week", language)
    return t("core.report.in_period", language, period=name(period, language))


def _period(value: str, language: str, _city: City) -> str:
    return name(period_of(value), language)


def _field(value: str, language: str, city: City) -> str:
    return field_name(city, value, language)


def _category(value: str, language: str, city: City) -> str:
    return str(getattr(city.categories.get(value), language, value))


# How the facts of a sentence read, by their names.
FACTS: Final[dict[str, Callable[[str, str, City], str]]] = {
    "when": _when,
    "period": _period,
    "before": _period,
    "field": _field,
    "category": _category,
}
