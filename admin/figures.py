"""Figures as pages show them: in words, and whether they became better or worse than in the period before."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from babel.numbers import format_decimal, format_percent

from core.figures.wilson import interval
from core.i18n import t
from core.queries.figures import Figures
from core.queries.reports.digest import ENOUGH

HOUR, DAY = 60, 24 * 60  # minutes
TEN = 10  # of a unit, from which on nobody minds its tenths
MANY: Final = 3  # times, from which on percent say little
ALIKE: Final = 0.005  # a smaller change is none


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure. `good`: whether more of it is good; None where it is neither.

    `of`: the count that must be there before a share says anything; `part`: of a share, what it is of that.
    """

    name: str
    read: Callable[[Figures], float | None]
    sort: str  # number, share, length or stars
    good: bool | None = None
    of: str = ""
    part: str = ""


def _count(name: str) -> Callable[[Figures], float | None]:
    return lambda figures: figures[name]


MEASURES: Final = {
    each.name: each
    for each in (
        Measure("received", lambda one: one.received, "number"),
        Measure("answered", lambda one: one.answered, "number"),
        Measure("on_time", lambda one: one.on_time, "share", good=True, of="answered", part="on_time"),
        Measure("to_begin", lambda one: one.to_begin, "length", good=False, of="begun"),
        Measure("to_begin_most", lambda one: one.to_begin_most, "length", good=False, of="begun"),
        Measure("to_answer", lambda one: one.to_answer, "length", good=False, of="answered"),
        Measure("to_answer_most", lambda one: one.to_answer_most, "length", good=False, of="answered"),
        Measure("rework", lambda one: one.rework, "share", good=False, of="answered", part="rework"),
        Measure("reopening", lambda one: one.reopening, "share", good=False, of="answered", part="reopened"),
        Measure("confirmed", lambda one: one.confirmed, "share", good=True, of="judged", part="confirmed"),
        Measure("stars", lambda one: one.stars, "stars", good=True, of="starred"),
        Measure("response", lambda one: one.response, "share", good=True, of="asked", part="judged"),
        Measure("asked", _count("asked"), "number"),
        Measure("judged", _count("judged"), "number"),
    )
}


@dataclass(frozen=True, slots=True)
class Change:
    """Against the period before: an arrow and a size, and `tone`: better, worse or same; empty of neither."""

    words: str
    tone: str


@dataclass(frozen=True, slots=True)
class Said:
    """A figure in the reader's words. `value` is for charts and for sorting; None where there is nothing."""

    words: str
    value: float | None
    change: Change | None = None
    few: bool = False


def said(measure: Measure, now: Figures, language: str, before: Figures | None = None) -> Said:
    """`before`: of the period to compare with; nothing is compared where either says too little."""
    value = measure.read(now)
    few = bool(measure.of) and now[measure.of] < ENOUGH
    was = measure.read(before) if before is not None else None
    enough = before is not None and not few and (not measure.of or before[measure.of] >= ENOUGH)
    change = None
    if enough and value is not None and was is not None:
        change = _change(measure, value, was, language)
    few = few and value is not None
    if few and measure.part:
        counts = {"part": now[measure.part], "whole": now[measure.of]}
        return Said(t("panel.report.of", language, **counts), value, few=True)
    return Said(words(measure, value, language), value, change, few=few)


def words(measure: Measure, value: float | None, language: str) -> str:
    """A number, a share, a length of time or stars; a dash for nothing."""
    if value is None:
        return "—"
    if measure.sort == "share":
        return str(format_percent(round(value, 3), "0.#%" if value < 0.1 else "0%", locale=language))  # noqa: PLR2004
    if measure.sort == "length":
        return length(value, language)
    return str(format_decimal(value, "0.0" if measure.sort == "stars" else "#,##0", locale=language))


def length(minutes: float, language: str) -> str:
    """In the largest unit of which there is more than two days, or more than one hour."""
    if minutes < HOUR:
        return t("panel.length.minutes", language, size=round(minutes))
    unit, of = ("hours", HOUR) if minutes < 2 * DAY else ("days", DAY)
    size = minutes / of
    pattern = "0" if size >= TEN else "0.#"
    return t(
        f"panel.length.{unit}",
        language,
        size=format_decimal(size, pattern, locale=language),
    )


def certainty(figures: Figures, language: str) -> str:
    """Between which shares the solved ones lie, or that there are too few to say."""
    part, whole = figures["confirmed"], figures["judged"]
    if whole < ENOUGH:
        return (
            t("panel.satisfaction.few", language, n=whole)
            if whole
            else t("panel.satisfaction.nobody", language)
        )
    low, high = (format_percent(round(edge, 2), "0%", locale=language) for edge in interval(part, whole))
    return t("panel.satisfaction.between", language, low=low, high=high)


def _change(measure: Measure, value: float, was: float, language: str) -> Change | None:
    if measure.sort == "share":
        size, alike = value - was, abs(value - was) < ALIKE
        amount = t(
            "panel.change.points", language, size=format_decimal(abs(size) * 100, "0.#", locale=language)
        )
    elif measure.sort == "stars":
        size, alike = value - was, abs(value - was) < 10 * ALIKE
        amount = str(format_decimal(abs(size), "0.#", locale=language))
    elif not was:
        return None
    else:
        size, alike = value - was, abs(value - was) / was < ALIKE
        if value / was >= MANY:
            amount = f"×{format_decimal(value / was, '0.#', locale=language)}"
        else:
            amount = str(format_percent(round(abs(size) / was, 2), "0%", locale=language))
    if alike:
        return Change(t("panel.change.same", language), "same" if measure.good is not None else "")
    tone = "" if measure.good is None else "better" if (size > 0) is measure.good else "worse"
    return Change(f"{'▲' if size > 0 else '▼'} {amount}", tone)


def sorted_rows(
    rows: Mapping[str, Figures], column: str, named: Callable[[str], str], *, down: bool
) -> list[str]:
    """The keys of the rows by a figure, those without one last; or by name."""
    measure = MEASURES.get(column)
    names = sorted(rows, key=lambda key: named(key).casefold())
    if measure is None:
        return names[::-1] if down else names
    values = {key: measure.read(rows[key]) for key in names}
    there = [key for key in names if values[key] is not None]
    there.sort(key=lambda key: values[key] or 0, reverse=down)
    return there + [key for key in names if values[key] is None]
