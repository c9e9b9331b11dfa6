"""The panel's queue page over real HTTP among many appeals: milliseconds and SQL queries a page.

Beside it the same SQL on a bare connection. The seeded database is kept in var/bench for the next run.
"""

import argparse
import asyncio
import hashlib
import json
import logging
import sqlite3
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import aiohttp
from aiohttp import web
from rich.console import Console
from rich.progress import Progress

from admin.app import create_app
from core import auth, config, db, log
from core import city as cities
from core.city import City
from core.config import Settings
from core.media import Links, MediaStore
from core.models import Appeal, Session, Staff
from core.seed import seed
from core.workflow import Role

CACHE = Path("var/bench")
CORE = Path(cities.__file__).parent
APPEALS, REQUESTS = 100_000, 300
LOGIN, PASSWORD = "bench", "bench-bench-bench"
QUERIES = (
    "",
    "view=triage",
    "view=urgent",
    "view=executors",
    "view=verify",
    "view=reopened",
    "view=overdue",
    "view=waiting",
    "view=all",
    "status=in_progress",
    "view=all&status=closed",
    "category=water.leak",
    "view=all&category=roads.pothole",
    "district=metalurhiinyi",
    "view=all&district=inhuletskyi",
    "executor=kryvbasvodokanal",
    "view=all&executor=city_light",
    "category=sewer.blocked&district=saksahanskyi&overdue=1",
    "view=all&q=Соборності",
    "view=all&q=труба+двір",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """One query as the page sent it."""

    sql: str
    values: tuple[Any, ...]


def run(options: argparse.Namespace) -> str:
    log.configure(style="readable", level="warning")
    appeals = options.appeals or APPEALS
    file = _cached(appeals)
    settings = config.load(
        server={"data": str(Path("var").absolute())},
        database={"url": f"sqlite://{file}"},
        media={"url": f"file://{CACHE.absolute()}/media"},
        panel={"secure_cookies": False, "secret": "s" * 40},
    )
    return asyncio.run(_run(settings, file, appeals, as_json=options.json))


def _cached(appeals: int) -> Path:
    """The file of this many appeals, of today's tables and today's seed; those of yesterday's are deleted."""
    digest = hashlib.sha256()
    for source in sorted(path for folder in ("migrations", "seed") for path in (CORE / folder).glob("*.py")):
        digest.update(source.read_bytes())
    CACHE.mkdir(parents=True, exist_ok=True)
    file = (CACHE / f"appeals-{appeals}-{digest.hexdigest()[:8]}.db").absolute()
    for old in CACHE.glob(f"appeals-{appeals}-*.db*"):
        if not old.name.startswith(file.name):
            old.unlink()
    return file


async def _run(settings: Settings, file: Path, appeals: int, *, as_json: bool) -> str:
    await db.migrate(settings.database.url)
    async with db.connect(settings.database.url):
        city = await cities.load(settings)
        media = MediaStore(settings.media)
        if not await Staff.exists(login=LOGIN):
            await auth.create_staff(LOGIN, "Bench", Role.OPERATOR, PASSWORD)
        await _seeded(city, media, appeals)
        async with _panel(settings, city, media) as (http, base):
            await _get(http, f"{base}?", warm=True)
            asked = {query: await _asked(http, f"{base}?{query}") for query in QUERIES}
            ours, bare = await _in_turn(http, base, file, asked)
        await Session.all().delete()
    counts = [len(queries) for queries in asked.values()]
    ratios = [mine / peer for mine, peer in zip(ours, bare, strict=True)]
    found = {
        "bench": "queue",
        "appeals": appeals,
        "requests": len(ours),
        "p50_ms": round(median(ours), 2),
        "p95_ms": round(quantiles(ours, n=20)[-1], 2),
        "queries": max(counts),
        "sql_p50_ms": round(median(bare), 2),
        "sql_p95_ms": round(quantiles(bare, n=20)[-1], 2),
        "ratio": round(median(ratios), 2),
    }
    if as_json:
        return json.dumps(found)
    return (
        f"queue: p50 {found['p50_ms']} ms, p95 {found['p95_ms']} ms, {found['queries']} queries at most\n"
        f"  {len(ours)} pages of {appeals:,} appeals\n"
        f"  its SQL alone: p50 {found['sql_p50_ms']} ms, p95 {found['sql_p95_ms']} ms\n"
        f"  ratio {found['ratio']}: the page to its SQL"
    )


async def _seeded(city: City, media: MediaStore, appeals: int) -> None:
    """Seed what is missing; a bar shows how far it is when somebody looks."""
    missing = appeals - await Appeal.all().count()
    if missing <= 0:
        return
    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task("Seeding", total=missing)
        await seed(city, media, missing, progress=lambda done: bar.update(task, completed=done))
    await db.connection().execute_script("PRAGMA wal_checkpoint(TRUNCATE)")


@asynccontextmanager
async def _panel(
    settings: Settings, city: City, media: MediaStore
) -> AsyncIterator[tuple[aiohttp.ClientSession, str]]:
    """The panel on a port of its own, and a browser that is signed in."""
    runner = web.AppRunner(create_app(settings, city, media, Links("s" * 40)), access_log=None)
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


async def _in_turn(
    http: aiohttp.ClientSession, base: str, file: Path, asked: dict[str, list[Asked]]
) -> tuple[list[float], list[float]]:
    """Milliseconds of each page, and of its SQL alone just after."""
    ours, bare = [], []
    connection = sqlite3.connect(file)
    try:
        for number in range(REQUESTS):
            query = QUERIES[number % len(QUERIES)]
            ours.append(await _get(http, f"{base}?{query}"))
            bare.append(_bare(connection, asked[query]))
    finally:
        connection.close()
    return ours, bare


async def _get(http: aiohttp.ClientSession, url: str, *, warm: bool = False) -> float:
    began = time.perf_counter()
    async with http.get(url, allow_redirects=False) as response:
        body = await response.text()
        assert response.status == web.HTTPOk.status_code, (response.status, body[:200])
    assert warm or "</html>" in body
    return (time.perf_counter() - began) * 1000


def _bare(connection: sqlite3.Connection, queries: list[Asked]) -> float:
    began = time.perf_counter()
    for query in queries:
        connection.execute(query.sql, query.values).fetchall()
    return (time.perf_counter() - began) * 1000


async def _asked(http: aiohttp.ClientSession, url: str) -> list[Asked]:
    with _listening() as heard:
        await _get(http, url)
    return heard


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
