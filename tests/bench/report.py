"""The page of indicators among many appeals: milliseconds of a year, and of the longest period, each way.

Beside it the same figures by a full recount in SQL over the histories, on a bare connection. The database is
the queue bench's; its facts are those of its first slice, repeated as its appeals are, and added up by the
sweep.
"""

import argparse
import asyncio
import html
import json
import re
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg
from rich.console import Console
from rich.progress import Progress

from core import auth, clock, config, db, log
from core import city as cities
from core.city import City
from core.config import Settings
from core.figures import counting
from core.jobs import Desk
from core.media import MediaStore
from core.models import Appeal, Fact, Session, Staff
from core.periods import LONGEST, Period
from core.pieces import More
from core.queries.panel.filters import midnight
from core.queries.sql import select
from core.workflow import Role
from tests.bench import kept, many, queue
from tests.recount import Fetch, recount

APPEALS, REQUESTS, RECOUNTS = 1_000_000, 40, 2
WAYS = ("executor", "category", "district", "time")
YEAR = timedelta(days=365)


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
        found = asyncio.run(_run(settings, appeals))
    found = {"bench": "report", "engine": options.engine, "appeals": appeals, "requests": REQUESTS, **found}
    return json.dumps(found) if options.json else _shown(found)


def _shown(found: dict[str, Any]) -> str:
    lines = [f"report: {found['requests']} pages among {found['appeals']:,} appeals on {found['engine']}"]
    lines += [
        f"  {name} ({one['days']} days, {one['answered']:,} answers): p50 {one['p50_ms']} ms,"
        f" p95 {one['p95_ms']} ms"
        f" (of the processor {one['cpu_p50_ms']} ms), {one['queries']} queries at most;"
        f" a full recount {one['recount_ms']:,.0f} ms; ratio {one['ratio']};"
        f" {one['behind']['lists']} lists behind its figures p50 {one['behind']['p50_ms']} ms,"
        f" p95 {one['behind']['p95_ms']} ms, {one['behind']['queries']} queries at most"
        for name, one in found["periods"].items()
    ]
    return "\n".join(lines)


async def _run(settings: Settings, appeals: int) -> dict[str, Any]:
    url = settings.database.url
    await db.migrate(url)
    async with db.connect(url), _mappings(url) as fetch:
        city = await cities.load(settings)
        media = MediaStore(settings.media)
        if not await Staff.exists(login=queue.LOGIN):
            await auth.create_staff(queue.LOGIN, "Bench", Role.OPERATOR, queue.PASSWORD)
        staff = await Staff.get(login=queue.LOGIN)
        console = Console(stderr=True)
        with Progress(console=console, disable=not console.is_terminal, transient=True) as bar:
            task = bar.add_task("Filling", total=appeals)
            await many.fill(city, media, appeals, staff.id, lambda done: bar.update(task, completed=done))
            await _count(city, settings, media, appeals)
        today = clock.now().date()
        longest = Period(today - LONGEST + timedelta(days=1), today)
        periods = {"year": Period(today - YEAR, today), "longest": longest}
        async with queue._panel(settings, city, media) as (http, base):
            found = {name: await _measured(http, base, fetch, period) for name, period in periods.items()}
        await Session.all().delete()
    return {**{key: found["year"][key] for key in ("p50_ms", "p95_ms", "queries", "ratio")}, "periods": found}


async def _measured(http: Any, base: str, fetch: Fetch, period: Period) -> dict[str, Any]:
    paths = [f"{base}indicators?since={period.since}&until={period.until}&by={way}" for way in WAYS]
    most, links = 0, set[str]()
    for path in paths:
        links |= set(re.findall(r'href="(/admin/indicators/appeals[^"]*)"', await queue._get(http, path)))
        with queue._listening() as heard:
            await queue._get(http, path)
        most = max(most, len(heard))
    ours, work = [], []
    for number in range(REQUESTS):
        worked = time.process_time()
        await queue._get(http, paths[number % len(paths)])
        work.append((time.process_time() - worked) * 1000)
        ours.append(queue._served[-1])
    behind = await _behind(http, base, sorted(links))
    zone = "Europe/Kyiv"
    since, until = midnight(period.since, zone), midnight(period.until, zone, days=1)
    assert since
    assert until
    peer, answered = [], 0
    for _ in range(RECOUNTS):
        began = time.perf_counter()
        counted = await recount(fetch, since, until, sqlite=db.is_sqlite())
        peer.append((time.perf_counter() - began) * 1000)
        answered = counted.of("answered")
    return {
        "days": period.days,
        "answered": answered,
        "p50_ms": round(median(ours), 2),
        "p95_ms": round(quantiles(ours, n=20)[-1], 2),
        "cpu_p50_ms": round(median(work), 2),
        "queries": most,
        "behind": behind,
        "recount_ms": round(median(peer), 2),
        "ratio": round(median(ours) / median(peer), 5),
    }


async def _behind(http: Any, base: str, links: list[str]) -> dict[str, Any]:
    """Lists of the appeals that a figure counts, of frequent things and of rare ones, each asked for once."""
    root = base.removesuffix("/admin/")
    ours, most = [], 0
    for link in links[:: max(1, len(links) // (4 * REQUESTS))]:
        with queue._listening() as heard:
            await queue._get(http, root + html.unescape(link))
        ours.append(queue._served[-1])
        most = max(most, len(heard))
    return {
        "lists": len(ours),
        "p50_ms": round(median(ours), 2),
        "p95_ms": round(quantiles(ours, n=20)[-1], 2),
        "queries": most,
    }


async def _count(city: City, settings: Settings, media: MediaStore, appeals: int) -> None:
    """Facts of the first slice by the sweep's hand, of the others by copying; then all days are added up."""
    if await Fact.exists():
        return
    first = min(many.SLICE, appeals)
    zone = ZoneInfo(city.pack.timezone)
    state = counting.State(walked=None, seen=clock.now().isoformat())
    async with db.transaction():
        await counting._keep(state)
    while True:
        rows = await select(
            f"SELECT id FROM appeal WHERE id <= {first} AND NOT EXISTS"
            f" (SELECT 1 FROM fact WHERE appeal_id = appeal.id) ORDER BY id LIMIT {counting.BATCH}",
            [],
        )
        if not rows:
            break
        written = await counting._bring(state, state, [row["id"] for row in rows], zone)
        assert written
        state = written[0]
    sizes = {Appeal: first, Fact: await many._largest(Fact)}
    for copy in range(1, -(-appeals // first)):
        async with db.transaction():
            await db.connection().execute_query(many._copy(Fact, ("appeal_id",), sizes, copy))
    if not db.is_sqlite():
        await many.number_on([Fact])
    days = await select("SELECT DISTINCT day FROM fact", [])
    async with db.transaction():
        await counting._keep(replace(state, days=tuple(sorted(str(row["day"]) for row in days))))
    desk = Desk(city, settings.schedule, media, {})
    while isinstance(await counting.count_figures(desk), More):
        pass
    await db.connection().execute_script("ANALYZE")


@asynccontextmanager
async def _mappings(url: str) -> AsyncIterator[Fetch]:
    """A connection of the driver's own whose rows are read by name."""
    if url.startswith("sqlite"):
        connection = sqlite3.connect(url.removeprefix("sqlite://"))
        connection.row_factory = sqlite3.Row

        async def fetch(sql: str, values: list[Any]) -> list[Any]:
            return connection.execute(sql, [str(value) for value in values]).fetchall()

        try:
            yield fetch
        finally:
            connection.close()
        return
    parts = db.configuration(url)["connections"]["default"]["credentials"]
    server = await asyncpg.connect(host=parts["host"], user=parts["user"], database=parts["database"])

    async def rows(sql: str, values: list[Any]) -> list[Any]:
        return list(await server.fetch(sql, *values))

    try:
        yield rows
    finally:
        await server.close()
