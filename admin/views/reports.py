"""The report of a period, to be read and printed. Not for officers: it compares them with one another."""

from functools import partial

from aiohttp import web

from admin import pages, periods, reporting, wording
from admin.access import WATCH, Routes
from admin.keys import CITY, LANGUAGE, USER
from core import report_words
from core.models.staff import Post
from core.periods import Period
from core.queries.reports.digest import digest, slowest
from core.queries.reports.report import report

routes = Routes()
PATH = "/admin/reports"
TOP_PROBLEMS, FEWEST = 10, 2  # one appeal is no problem of a district yet


@routes.route("GET", PATH, roles=WATCH)
async def show(request: web.Request) -> web.Response:
    asked, field = periods.asked(request), field_of(request)
    context = {"asked": asked, "field": field, **around(request)}
    if asked.error:
        return await pages.page(request, "report.html", {**context, "report": None}, status=422)
    city, language = request.app[CITY], request[LANGUAGE]
    found = await report(city, asked.period, field)
    context |= {
        "report": found,
        "digest": await digest(city, asked.period, field),
        "sentences": [report_words.said(one, language, city) for one in report_words.sentences(found)],
        "tables": reporting.tables(found, city, language),
        "problems": [row for row in found.problems if row.now.came >= FEWEST][:TOP_PROBLEMS],
        "slowest": slowest(found.executors),
        "names": reporting.Names(city, language),
        "share": partial(reporting.share, language=language),
        "mean": partial(reporting.mean, language=language),
        "change": reporting.change,
        "problem": reporting.problem,
        "behind": partial(reporting.behind, asked.period, portfolio=field),
    }
    return await pages.page(request, "report.html", context)


def field_of(request: web.Request) -> str:
    """The deputy mayor's field that is asked for; where none is, a deputy's own. Empty: the whole city."""
    staff, asked = request[USER].staff, request.query.get("portfolio")
    if asked is None:
        return staff.portfolio if staff.post is Post.DEPUTY else ""
    return asked if asked in fields(request) else ""


def fields(request: web.Request) -> dict[str, str]:
    """The deputy mayors' fields by slug, as they are called."""
    return wording.portfolios(request.app[CITY], request[LANGUAGE])


def around(request: web.Request) -> dict[str, object]:
    """What the pages about a period have in common: its picker."""
    return {
        "fields": fields(request),
        "quick": periods.quick(request),
        "today": periods.today(request),
        "period_name": partial(_name, request[LANGUAGE]),
        "address": periods.address,
    }


def _name(language: str, period: Period) -> str:
    return report_words.name(period, language)
