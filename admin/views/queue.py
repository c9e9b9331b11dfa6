"""The queue: every state of it is an address."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from enum import StrEnum
from functools import partial
from typing import TypeVar
from urllib.parse import urlencode

from aiohttp import web

from admin import chips, forms, pages, rows
from admin.access import PUBLIC, STAFF, Routes
from admin.keys import CITY, LANGUAGE, USER
from core import clock, search, sought, vocabulary
from core.city import City
from core.models import Channel
from core.queries.panel import counters, queue, saved
from core.queries.panel.filters import Cursor, Filters, View
from core.sought import Sought
from core.workflow import OPEN, Kind, Status

routes = Routes()
LONGEST_SEARCH = 200
LONGEST_IDLE = 3660  # days
YES_NO = {"1": True, "0": False}
E = TypeVar("E", bound=StrEnum)


class End(StrEnum):
    """At which somebody came back to the list who went through it from one appeal to the next."""

    FIRST = "first"
    LAST = "last"


@routes.route("GET", "/", roles=PUBLIC)
async def to_panel(_request: web.Request) -> web.Response:
    return pages.see_other("/admin/")


@routes.route("GET", "/admin", roles=PUBLIC)
async def to_queue(_request: web.Request) -> web.Response:
    return pages.see_other("/admin/")


@routes.route("GET", "/admin/", roles=STAFF)
async def show(request: web.Request) -> web.Response:
    """The whole page, or for htmx the part that lives: tabs and list."""
    user, city = request[USER], request.app[CITY]
    filters = read(request.query, city, desk=user.desk)
    counts, kept = await asyncio.gather(counters.counters(user.actor, filters.zone), saved.shown(user.actor))
    looked = looked_for(filters.words)
    page = await queue.page(user.actor, filters, looked, counts)
    shown, typed = filters, looked
    if looked and not page.rows and not filters.after:
        meant = await asyncio.to_thread(vocabulary.of_city(city.pack).corrected, filters.words)
        looked = looked_for(meant or "")
        found = await queue.page(user.actor, filters, looked, counts) if looked else page
        if found.rows:
            shown, page = replace(filters, words=meant or ""), found
        else:
            looked = typed
    context = {
        "filters": filters,
        "shown": shown,  # other words than were typed, where those found nothing
        "page": page,
        "counters": counts,
        "views": [view for view in View if view is not View.TRIAGE or user.desk],
        "statuses": list(Status),
        "kinds": list(Kind),
        "channels": list(Channel),
        "address": address,
        "query": question(filters),
        "question": question(shown),
        "chips": chips.chips(filters, city, request[LANGUAGE]),
        "saved": kept,
        "rows": list(
            rows.drawn(
                page.rows,
                city,
                request[LANGUAGE],
                photo=partial(pages.photo, request),
                sought=looked,
                question=question(shown),
            )
        ),
        "newest": search.NEWEST,
        "ended": _one(End, request.query.get("end")),
    }
    if pages.by_htmx(request):
        response = pages.fragment(request, "parts/queue.html", context)
        if request.headers.get("HX-Trigger") == "filters":  # and not the list renewing itself
            response.headers["HX-Push-Url"] = address(filters)
        return response
    return await pages.page(request, "queue.html", context)


def read(query: Mapping[str, str], city: City, *, desk: bool) -> Filters:
    """Of an address; what is unknown there is as if it weren't."""
    status, group = _one(Status, query.get("status")), query.get("group", "")
    slugs = tuple(category.slug for category in city.categories.values() if category.group == group)
    usual = View.OPEN if status is None or status in OPEN else View.ALL  # an ended one isn't among the open
    view = _one(View, query.get("view"))
    incident = query.get("incident", "")
    category = _known(query.get("category"), city.categories)
    return Filters(
        view=view if view and view is not View.OPEN else usual,
        status=status,
        category=category,
        group=group if slugs and not category else None,
        district=_known(query.get("district"), city.districts),
        executor=_known(query.get("executor"), city.executors) if desk else None,
        kind=_one(Kind, query.get("kind")),
        channel=_one(Channel, query.get("channel")),
        urgent=YES_NO.get(query.get("urgent", "")),
        since=_day(query.get("since")),
        until=_day(query.get("until")),
        due=_day(query.get("due")),
        overdue=query.get("overdue") == "1",
        photos=query.get("photos") == "1",
        supporters=query.get("supporters") == "1",
        incident=0 if incident == "any" else forms.as_integer(incident) or None,
        reopened=query.get("reopened") == "1",
        reworked=query.get("reworked") == "1",
        idle=_days(query.get("idle", "")),
        words=query.get("q", "").replace("\x00", "").strip()[:LONGEST_SEARCH],
        after=Cursor.parse(query.get("after", "")),
        zone=city.pack.timezone,
        slugs=slugs if not category else (),
    )


def address(filters: Filters, after: Cursor | None = None) -> str:
    """The address of a state of the queue; of the first page unless told `after` which row to begin."""
    query = question(filters, after)
    return f"/admin/?{query}" if query else "/admin/"


def question(filters: Filters, after: Cursor | None = None) -> str:
    """What an address says of it after the question mark."""
    parts = {name: _said(name, value) for name, value in filters.chosen.items()}
    parts |= {"q": filters.words, "after": str(after or "")}
    if filters.view is not View.OPEN:
        parts = {"view": filters.view.value, **parts}
    return urlencode({name: value for name, value in parts.items() if value})


def _said(name: str, value: object) -> str:
    if name == "incident" and value == 0:
        return "any"
    return str(int(value)) if isinstance(value, bool) else str(value)


def looked_for(words: str) -> Sought | None:
    return sought.read(words, year=clock.now().year) if words else None


def _one(kinds: type[E], text: str | None) -> E | None:
    return kinds(text) if text in set(kinds) else None


def _known(slug: str | None, catalogue: Mapping[str, object]) -> str | None:
    return slug if slug in catalogue else None


def _days(text: str) -> int | None:
    found = forms.as_integer(text)
    return found if found and 0 < found <= LONGEST_IDLE else None


def _day(text: str | None) -> date | None:
    """Of a century that databases and calendars hold."""
    found = forms.as_day(text or "")
    return found if found and 2000 <= found.year < 2100 else None  # noqa: PLR2004
