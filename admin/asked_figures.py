"""What a page of figures is asked: which days, of what alone, and divided by what."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import partial
from typing import Any, Final
from urllib.parse import urlencode

from aiohttp import web

from admin import periods
from admin.keys import CITY, LANGUAGE, USER
from admin.reporting import BEHIND, NOBODY, Names
from core import report_words
from core.errors import Forbidden
from core.periods import Period, Span, last
from core.queries.figures import Only, divides

LATELY: Final = timedelta(days=29)
MONTHLY: Final = 92  # days from which on time is divided by months
_FILTERS: Final = ("executor", "category", "district")
_NONE: Final = {"executor", "district"}  # of which an appeal may have none
# Which appeals stand behind each figure (see core/queries/figures/behind.py).
_COUNTS: Final = {
    "received": "received",
    "answered": "answered",
    "on_time": "on_time",
    "to_begin": "begun",
    "to_answer": "answered",
    "rework": "rework",
    "reopening": "reopened",
    "confirmed": "confirmed",
    "stars": "starred",
    "response": "judged",
    "asked": "asked",
    "judged": "judged",
}


@dataclass(frozen=True, slots=True)
class Query:
    """`own`: the executors to which an officer is confined; empty for who sees the whole city.

    `more`: what one page alone asks besides, by name.
    """

    period: Period
    by: str
    executor: str = ""
    category: str = ""
    district: str = ""
    sort: str = ""
    own: tuple[str, ...] = ()
    more: Mapping[str, Any] = field(default_factory=dict)

    @property
    def only(self) -> Only:
        own = Only(executor=self.own)
        return replace(own, **{name: _meant(slug) for name in _FILTERS if (slug := getattr(self, name))})

    @property
    def column(self) -> str:
        return self.sort.removeprefix("-")

    @property
    def down(self) -> bool:
        return self.sort.startswith("-")

    @property
    def divided(self) -> bool:
        """Whether sums are kept that say it; not by a third thing beside two that are chosen."""
        return divides("all" if self.by in ("time", "month") else self.by, self.only)

    @property
    def monthly(self) -> bool:
        return self.period.days > MONTHLY or self.by == "month"

    def address(self, path: str, **other: Any) -> str:  # noqa: ANN401 - as the fields are
        """Of the page at `path` with the same question but for `other` parts of it."""
        asked = replace(self, **other)
        parts: dict[str, object] = {"since": asked.period.since, "until": asked.period.until, "by": asked.by}
        parts |= {name: getattr(asked, name) for name in (*_FILTERS, "sort")} | dict(asked.more)
        return f"{path}?{urlencode({name: value for name, value in parts.items() if value})}"

    def links(self, **of: Any) -> dict[str, str]:  # noqa: ANN401 - as the fields are
        """To the appeals behind each figure, of `of` alone; made fourteen to a row, so of one beginning.

        With an executor, what was received is what was handed to them.
        """
        begins = self.address(BEHIND, more={"channel": of.pop("channel", "")}, **of)
        handed = bool(self.own or of.get("executor", self.executor))
        found = {name: f"{begins}&of={counts}" for name, counts in _COUNTS.items()}
        return found | {"received": f"{begins}&of=handed"} if handed else found


def _meant(slug: str) -> tuple[str, ...]:
    return ("",) if slug == NOBODY else (slug,)


def read(request: web.Request, ways: tuple[str, ...], most: int = 2) -> tuple[Query, periods.Asked]:
    """Unknown slugs are as if they weren't there; the last thirty days where none are asked for.

    `most`: how many things may be chosen together; sums are kept of two.
    """
    user, city, query = request[USER], request.app[CITY], request.query
    today = periods.today(request)
    asked = periods.asked(request, Period(today - LATELY, today))
    own = () if user.desk else tuple(sorted(user.actor.executors))
    if not user.desk and not own:
        raise Forbidden("action.not_yours")
    executors = set(own or city.executors)
    known = {"executor": executors, "category": set(city.categories), "district": set(city.districts)}
    for name in _NONE - ({"executor"} if own else set()):
        known[name].add(NOBODY)
    chosen: dict[str, Any] = {name: query.get(name, "") for name in _FILTERS}
    chosen = {name: slug for name, slug in chosen.items() if slug in known[name]}
    if len(set(chosen) | ({"executor"} if own else set())) > most:
        chosen.pop("district")
    way = query.get("by", "")
    usual = "category" if own else ways[0]
    found = Query(
        period=asked.period,
        by=way if way in ways else usual,
        sort=query.get("sort", "")[:20],
        own=own,
        **chosen,
    )
    return found, asked


def around(
    request: web.Request, query: Query, asked: periods.Asked, path: str, ways: tuple[str, ...]
) -> dict[str, Any]:
    """What every page of figures shows of the question itself; `ways` are those it divides by."""
    today, language = periods.today(request), request[LANGUAGE]
    return {
        "asked": asked,
        "query": query,
        "nobody": NOBODY,
        "path": path,
        "quick": quick(today),
        "today": today,
        "ways": ways,
        "period_name": partial(report_words.name, language=language),
        "address": partial(query.address, path),
    }


def quick(today: date) -> dict[str, Period]:
    """The periods that one word asks for, by the end of its text's key."""
    month, year = today.replace(day=1), today.replace(month=1, day=1)
    quarter = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
    return {
        "lately": Period(today - LATELY, today),
        "this_month": Period(month, today),
        "last_month": last(Span.MONTH, today),
        "this_quarter": Period(quarter, today),
        "last_quarter": last(Span.QUARTER, today),
        "this_year": Period(year, today),
        "last_year": last(Span.YEAR, today),
    }


def named(names: Names, way: str, key: str) -> str:
    """What a row is about; of executors, what nobody had is the desk's own."""
    if way in ("executor", "district", "channel"):
        return str(getattr(names, way)(key))
    return names.topic(key)


def overdue(query: Query, **more: object) -> str:
    """The list of what stands overdue now: just what the figure counts. None of what nobody has."""
    parts: dict[str, object] = {name: getattr(query, name) for name in _FILTERS} | {"overdue": 1} | more
    if NOBODY in parts.values():
        return ""
    return f"/admin/?{urlencode({name: value for name, value in parts.items() if value})}"
