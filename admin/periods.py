"""Which days a page is asked about: as the address has them, and what is wrong with them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from aiohttp import web

from admin import forms, pages
from admin.keys import CITY, LANGUAGE
from core import clock
from core.errors import Invalid
from core.periods import Period, Span, chosen, last

QUICK = (Span.WEEK, Span.MONTH, Span.QUARTER, Span.YEAR)


@dataclass(frozen=True, slots=True)
class Asked:
    """`since` and `until` as typed, the last week where nothing was; `error` in the reader's words."""

    period: Period
    since: str
    until: str
    error: str = ""


def today(request: web.Request) -> date:
    return clock.now().astimezone(ZoneInfo(request.app[CITY].pack.timezone)).date()


def asked(request: web.Request, otherwise: Period | None = None) -> Asked:
    """`otherwise`: what is meant where no days are said, else the last week.

    Days that make no period leave that, and an error to show.
    """
    usual = otherwise or last(Span.WEEK, today(request))
    try:
        period = read(request, usual)
    except Invalid as refused:
        typed = {name: request.query.get(name, "")[:20] for name in ("since", "until")}
        return Asked(usual, **typed, error=pages.text_of(refused, request[LANGUAGE]))
    return Asked(period, str(period.since), str(period.until))


def read(request: web.Request, usual: Period | None = None) -> Period:
    """Raises Invalid for days that make no period."""
    since, until = request.query.get("since", ""), request.query.get("until", "")
    if not since and not until:
        return usual or last(Span.WEEK, today(request))
    return chosen(forms.as_day(since), forms.as_day(until), today(request))


def quick(request: web.Request) -> dict[Span, Period]:
    """The periods that one word asks for."""
    return {span: last(span, today(request)) for span in QUICK}


def address(path: str, period: Period, more: Mapping[str, str] | None = None) -> str:
    """Of a page about these days; of `more`, what is not empty."""
    query = {"since": str(period.since), "until": str(period.until), **(more or {})}
    return f"{path}?{urlencode({name: value for name, value in query.items() if value})}"
