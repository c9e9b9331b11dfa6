"""The panel over real HTTP among many appeals: milliseconds and SQL queries of each sort of page.

The time is the server's, from the request to the last byte handed over; of the processor's, the browser's
share is counted along, since both live in one process.
Beside it the same SQL on a bare connection, in turn. The filled database is kept in var/bench.
"""

import argparse
import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import aiohttp
from aiohttp import web
from aiohttp.abc import AbstractAccessLogger
from rich.console import Console
from rich.progress import Progress

from admin.app import create_app
from core import auth, config, db, garbage, log
from core import city as cities
from core.actions.actor import Actor
from core.config import Settings
from core.media import Links, MediaStore
from core.models import Appeal, Session, Staff
from core.queries.panel import counters
from core.workflow import Role
from tests.bench import kept, many
from tests.bench.kept import Bare

APPEALS, REQUESTS = 100_000, 240
CARDS = 20
LOGIN, PASSWORD = "bench", "bench-bench-bench"
LISTS = (
    "",
    "view=triage",
    "view=urgent",
    "view=mine",
    "view=executors",
    "view=verify",
    "view=reopened",
    "view=overdue",
    "view=today",
    "view=waiting",
    "view=consultations",
    "view=all",
    "status=in_progress",
    "view=all&status=closed",
    "view=all&status=rejected",
    "category=water.leak",
    "view=all&category=roads.pothole",
    "view=all&group=roads",
    "district=metalurhiinyi",
    "view=all&district=inhuletskyi",
    "executor=kryvbasvodokanal",
    "view=all&executor=city_light",
    "view=all&kind=complaint",
    "view=all&kind=deputy",
    "view=all&channel=viber",
    "view=all&urgent=1",
    "view=all&urgent=0",
    "view=all&since=2024-01-01&until=2024-01-31",
    "view=all&until=2022-01-31",
    "due=2030-01-01",
    "overdue=1",
    "view=all&photos=1",
    "view=all&supporters=1",
    "view=all&incident=any",
    "view=all&reopened=1",
    "view=all&reworked=1",
    "view=all&after=0.0.500",
    "category=sewer.blocked&district=saksahanskyi&overdue=1",
    "view=all&kind=complaint&district=inhuletskyi&status=rejected",
    "view=all&category=water.leak&executor=city_light",
)
SEARCHES = (
    "view=all&q=вода",
    "q=вода",
    "view=all&q=тече",
    "view=all&q=яма",
    "view=all&q=Соборності",
    "view=all&q=труба+двір",
    "view=all&q=Шевченко",
    "view=all&q=Олена",
    "view=all&q=067+123+45+67",
    "view=all&q=12345",
    "view=all&q=вода&since=2024-01-01&until=2024-01-31",
    "view=all&q=каналізвція",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """One query as the page sent it."""

    sql: str
    values: tuple[Any, ...]


@dataclass(slots=True)
class Sort:
    """Pages of one sort: what each asks of the database, and the milliseconds with and without the panel."""

    paths: dict[str, list[Asked]]
    queries: int  # of the page that sends most
    ours: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)
    work: list[float] = field(default_factory=list)  # of this process alone, which others can't slow down

    @property
    def found(self) -> dict[str, Any]:
        ratios = [mine / max(peer, 0.001) for mine, peer in zip(self.ours, self.bare, strict=True)]
        return {
            "p50_ms": round(median(self.ours), 2),
            "p95_ms": round(quantiles(self.ours, n=20)[-1], 2),
            "cpu_p50_ms": round(median(self.work), 2),
            "cpu_p95_ms": round(quantiles(self.work, n=20)[-1], 2),
            "queries": self.queries,
            "sql_p50_ms": round(median(self.bare), 2),
            "sql_p95_ms": round(quantiles(self.bare, n=20)[-1], 2),
            "ratio": round(median(ratios), 2),
        }


def run(options: argparse.Namespace) -> str:
    log.configure(style="readable", level="warning")
    appeals = options.appeals or APPEALS
    with kept.database(options.engine, f"queue_{appeals}", many.SOURCES) as url:
        settings = config.load(
            server={"data": str(Path("var").absolute())},
            database={"url": url},
            media={"url": f"file://{kept.CACHE.absolute()}/media"},
            panel={"secure_cookies": False, "secret": "s" * 40},
        )
        sorts = asyncio.run(_run(settings, appeals))
    of_lists, *_ = (sort.found for sort in sorts.values())
    found = {"bench": "queue", "engine": options.engine, "appeals": appeals, "requests": REQUESTS, **of_lists}
    found["sorts"] = {name: sort.found for name, sort in sorts.items()}
    return json.dumps(found) if options.json else _shown(found)


def _shown(found: dict[str, Any]) -> str:
    lines = [f"queue: {found['requests']} requests among {found['appeals']:,} appeals on {found['engine']}"]
    lines += [
        f"  {name}: p50 {one['p50_ms']} ms, p95 {one['p95_ms']} ms (of the processor"
        f" {one['cpu_p50_ms']} and {one['cpu_p95_ms']} ms), {one['queries']} queries at most;"
        f" its SQL alone {one['sql_p50_ms']} and {one['sql_p95_ms']} ms; ratio {one['ratio']}"
        for name, one in found["sorts"].items()
    ]
    return "\n".join(lines)


async def _run(settings: Settings, appeals: int) -> dict[str, Sort]:
    url = settings.database.url
    await db.migrate(url)
    async with db.connect(url), kept.bare(url) as bare:
        city = await cities.load(settings)
        media = MediaStore(settings.media)
        if not await Staff.exists(login=LOGIN):
            await auth.create_staff(LOGIN, "Bench", Role.OPERATOR, PASSWORD)
        staff = await Staff.get(login=LOGIN)
        console = Console(stderr=True)
        with Progress(console=console, disable=not console.is_terminal, transient=True) as bar:
            task = bar.add_task("Filling", total=appeals)
            await many.fill(city, media, appeals, staff.id, lambda done: bar.update(task, completed=done))
        newest = await Appeal.all().order_by("-id").limit(CARDS).values_list("id", flat=True)
        cards = [f"appeals/{one}" for one in newest]
        garbage.settle()  # as a server does once it has started
        async with _panel(settings, city, media) as (http, base):
            sorts = {
                "list": await _asked_all(http, base, [f"?{query}" for query in LISTS]),
                "search": await _asked_all(http, base, [f"?{query}" for query in SEARCHES]),
                "appeal": await _asked_all(http, base, cards),
            }
            for number in range(REQUESTS):
                for sort in sorts.values():
                    path = list(sort.paths)[number % len(sort.paths)]
                    began = time.process_time()
                    await _get(http, f"{base}{path}")
                    sort.ours.append(_served[-1])
                    sort.work.append((time.process_time() - began) * 1000)
                    sort.bare.append(await _bare(bare, sort.paths[path]))
        sorts["counters"] = await _counters(Actor.staff(staff), city.pack.timezone, bare)
        await Session.all().delete()
    return sorts


async def _counters(actor: Actor, zone: str, bare: Bare) -> Sort:
    """As pages ask for them; those of a huge city are kept for some seconds, and every tenth here is not."""
    counters.forget()
    with _listening() as heard:
        await counters.counters(actor, zone)
    sort = Sort({"": heard}, len(heard))
    for number in range(REQUESTS):
        if number % 10 == 0:
            counters.forget()
        began, worked = time.perf_counter(), time.process_time()
        await counters.counters(actor, zone)
        sort.ours.append((time.perf_counter() - began) * 1000)
        sort.work.append((time.process_time() - worked) * 1000)
        sort.bare.append(await _bare(bare, heard))
    return sort


@asynccontextmanager
async def _panel(
    settings: Settings, city: cities.City, media: MediaStore
) -> AsyncIterator[tuple[aiohttp.ClientSession, str]]:
    """The panel on a port of its own, and a browser that is signed in."""
    app = create_app(settings, city, media, Links("s" * 40))
    runner = web.AppRunner(app, access_log_class=_Served, access_log=logging.getLogger("bench.served"))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    base = f"http://127.0.0.1:{runner.addresses[0][1]}/admin/"
    try:
        async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
            form = {"login": LOGIN, "password": PASSWORD}
            async with http.post(f"{base}sign-in", data=form, allow_redirects=False) as response:
                assert response.status == web.HTTPSeeOther.status_code, response.status
            yield http, base
    finally:
        await runner.cleanup()


_served: list[float] = []  # milliseconds, one for each answer of the panel


class _Served(AbstractAccessLogger):
    enabled = True

    def log(self, _request: web.BaseRequest, _response: web.StreamResponse, time: float) -> None:
        _served.append(time * 1000)


async def _get(http: aiohttp.ClientSession, url: str) -> str:
    async with http.get(url, allow_redirects=False) as response:
        body = await response.text()
        assert response.status == web.HTTPOk.status_code, (response.status, body[:200])
    assert "</html>" in body
    return body


async def _bare(bare: Bare, queries: list[Asked]) -> float:
    began = time.perf_counter()
    for query in queries:
        await bare(query.sql, list(query.values))
    return (time.perf_counter() - began) * 1000


async def _asked_all(http: aiohttp.ClientSession, base: str, paths: list[str]) -> Sort:
    """What each page asks when it has been seen before, so that what is kept is there; it is read alone."""
    await _get(http, f"{base}{paths[0]}")
    asked, most = {}, 0
    for path in paths:
        await _get(http, f"{base}{path}")
        with _listening() as heard:
            await _get(http, f"{base}{path}")
        most = max(most, len(heard))
        asked[path] = [query for query in heard if query.sql.startswith(("SELECT", "WITH"))]
    return Sort(asked, most)


@contextmanager
def _listening() -> Iterator[list[Asked]]:
    """The queries sent within the block, as the ORM's client logs them."""
    heard: list[Asked] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if isinstance(record.args, tuple) and len(record.args) == 2:
                sql, values = record.args
                heard.append(Asked(str(sql), tuple(values) if isinstance(values, list) else ()))

    logger, listener = logging.getLogger("tortoise.db_client"), Listener()
    before = logger.level
    logger.addHandler(listener)
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    try:
        yield heard
    finally:
        logger.propagate = True
        logger.removeHandler(listener)
        logger.setLevel(before)
