"""The appeals behind a figure of the indicators, of satisfaction or of a report."""

import re
from collections.abc import Callable, Collection
from dataclasses import replace
from functools import partial
from typing import Any, Final

from aiohttp import web
from babel.numbers import format_decimal

from admin import asked_figures, figures, forms, pages, wording
from admin import format as say
from admin.access import STAFF, Routes
from admin.asked_figures import Query
from admin.keys import CITY, LANGUAGE, USER
from admin.reporting import BEHIND, Names
from admin.views import indicators
from core.city import City
from core.i18n import t
from core.models import Channel
from core.models.control import FactKind
from core.queries.figures import Only
from core.queries.figures.behind import COUNTED, Page, Place, behind, count
from core.queries.figures.reading import NOTHING
from core.queries.reports.report import executors_of
from core.workflow import Kind

routes = Routes()
# What is of the same thing: one changes between the figures that count it.
FAMILIES: Final = (
    {FactKind.RECEIVED, FactKind.HANDED},
    {FactKind.BEGUN},
    {FactKind.ANSWERED},
    {FactKind.REWORK, FactKind.REOPENED},
    {FactKind.ASKED, FactKind.JUDGED},
)


@routes.route("GET", BEHIND, roles=STAFF)
async def show(request: web.Request) -> web.Response:
    query, asked = asked_figures.read(request, indicators.WAYS, most=3)
    city, language, user = request.app[CITY], request[LANGUAGE], request[USER]
    query = replace(query, more=_more(request))
    only, least = _only(city, query), query.more["least"]
    name = str(query.more["of"])
    if name == "received" and only.executor:
        name = "handed"  # nobody has it as it is filed
    page = await behind(name, query.period, only, least=least, after=_place(request))
    context = {
        **asked_figures.around(request, query, asked, BEHIND, ()),
        "names": Names(city, language),
        "of": name,
        "kind": COUNTED[name][0],
        "page": page,
        "others": _others(query, name, page, language),
        "scope": _scope(city, query, language),
        "length": partial(figures.length, language=language),
        "dated": partial(say.date_of, language=language),
        "first": query.address(BEHIND) if "after" in request.query else "",
        "next": query.address(BEHIND, more={**query.more, "after": str(page.more)}) if page.more else "",
        "mine": None if user.desk else user.actor.executors,
        "back": query.address(indicators.PATH, more={}),
    }
    return await pages.page(request, "behind.html", context, status=422 if asked.error else 200)


def _more(request: web.Request) -> dict[str, Any]:
    """What the page is asked besides days and filters; what isn't known is as if it weren't there."""
    city, query = request.app[CITY], request.query
    known: dict[str, Collection[str]] = {
        "of": set(COUNTED),
        "channel": set(Channel),
        "kind": set(Kind),
        "group": {group.slug for group in city.pack.groups},
        "portfolio": set(wording.portfolios(city, request[LANGUAGE])) if request[USER].desk else set(),
    }
    more: dict[str, Any] = {
        name: slug if (slug := query.get(name, "")) in slugs else "" for name, slugs in known.items()
    }
    least = forms.as_integer(query.get("least", ""))
    return more | {"of": more["of"] or "received", "least": least}


def _only(city: City, query: Query) -> Only:
    only, more = query.only, query.more
    if more["channel"]:
        only = replace(only, channel=(more["channel"],))
    if more["kind"]:
        only = replace(only, of_kind=(more["kind"],))
    if more["group"] and not only.category:
        slugs = sorted(slug for slug, row in city.categories.items() if row.group == more["group"])
        only = replace(only, category=tuple(slugs))
    if more["portfolio"] and not only.executor:
        only = replace(only, executor=tuple(sorted(executors_of(city, more["portfolio"]) or NOTHING)))
    return only


def _others(query: Query, name: str, page: Page, language: str) -> list[tuple[str, str, bool]]:
    """The figures of the same thing: in words with how many there are, their address, whether it is this."""
    family = next(each for each in FAMILIES if COUNTED[name][0] in each)
    shown = []
    for other in (each for each, (kind, _) in COUNTED.items() if kind in family):
        if other == name or page.figures is None or count(page.figures, other):
            words = t(f"panel.behind.of.{other}", language)
            if page.figures is not None:
                number = format_decimal(count(page.figures, other), "#,##0", locale=language)
                words = f"{words}: {number}"
            more = {**query.more, "of": other, "least": None}
            shown.append((words, query.address(BEHIND, more=more), other == name))
    return shown


def _scope(city: City, query: Query, language: str) -> list[tuple[str, str]]:
    """What narrows it besides the filters of its form: in words, and the address without."""
    names, more = Names(city, language), query.more
    said: dict[str, Callable[[Any], str]] = {
        "portfolio": lambda slug: t(
            "panel.report.field", language, name=wording.portfolios(city, language)[slug]
        ),
        "group": names.group,
        "channel": names.channel,
        "kind": names.kind,
        "least": lambda minutes: t("panel.behind.least", language, length=figures.length(minutes, language)),
    }
    return [
        (words(more[name]), query.address(BEHIND, more={**more, name: None}))
        for name, words in said.items()
        if more[name]
    ]


def _place(request: web.Request) -> Place | None:
    """Where the page begins; anything else than a place is the first page."""
    found = re.fullmatch(
        r"(\d{4}-\d\d-\d\d)\.(\d{1,9})\.(\d{1,12})", request.query.get("after", ""), re.ASCII
    )
    day = forms.as_day(found[1]) if found else None
    return Place(day, int(found[2]), int(found[3])) if found and day else None
