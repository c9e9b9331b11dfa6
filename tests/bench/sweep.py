"""Every sweep among many open appeals: with nothing due, and with a full batch; beside its SELECTs alone.

The filled database is kept in var/bench; each run works on a copy of it.
"""

import argparse
import asyncio
import json
import shutil
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any
from uuid import uuid4

import asyncpg
from rich.console import Console
from rich.progress import Progress

from core import city as cities
from core import clock, config, db, jobs, log, scheduler
from core.config import Settings
from core.jobs import Desk
from core.media import MediaStore
from core.models import Channel, Staff
from core.pieces import More
from core.workflow import Role
from tests.bench import kept, many, queue
from tests.bench.due import DUE, picture
from tests.bench.kept import Bare
from tests.bench.queue import Asked

OPEN, LIMIT = 100_000, 1.0  # appeals; seconds
ROUNDS = 5
# Half of the seeded past is brought back to life: in work, with deadlines through the coming weeks.
_REOPEN = """
UPDATE appeal SET open = true, status = CASE id % 3 WHEN 0 THEN 'assigned' ELSE 'in_progress' END,
    answered_at = NULL, closed_at = NULL, answer = '', urgent = (id % 50 = 0), control = 2,
    due_at = {at}, remind_at = {at}, executor_id = COALESCE(executor_id, 'kryvbasvodokanal')
WHERE id IN (SELECT id FROM appeal WHERE NOT open ORDER BY id DESC LIMIT {rest})
"""


@dataclass(frozen=True, slots=True)
class Found:
    """Of one sweep: with nothing due (and its SELECTs alone), and a batch; None where it has no batches."""

    idle_ms: float
    idle_queries: int
    bare_ms: float | None  # where all it sends are claims, they have no SELECT of their own
    ratio: float | None
    first_s: float  # until nothing was left of what the filled database had due
    pieces: int | None = None
    batch_s: float | None = None
    queries: int | None = None
    queries_of_half: int | None = None

    @property
    def slowest(self) -> float:
        return max(self.idle_ms / 1000, self.batch_s or 0.0)


def run(options: argparse.Namespace) -> str:
    log.configure(style="readable", level="error")
    open_ = options.open or OPEN
    sources = (*many.SOURCES, Path(__file__))
    with (
        kept.database(options.engine, f"sweep_{open_}", sources) as url,
        tempfile.TemporaryDirectory() as own,
    ):
        sweeps = asyncio.run(_run(url, open_, Path(own)))
    within = all(each.slowest <= LIMIT for each in sweeps.values())
    # Each file is fetched, judged and written down by itself.
    of_batches = [each for name, each in sweeps.items() if name != "fetch_media"]
    constant = all((each.queries or 0) <= (each.queries_of_half or 0) for each in of_batches)
    found = {
        "bench": "sweep",
        "engine": options.engine,
        "open": open_,
        "limit_s": LIMIT,
        "within_limit": within,
        "constant_queries": constant,
        "sweeps": {name: asdict(each) for name, each in sweeps.items()},
    }
    return json.dumps(found) if options.json else _shown(found)


def _shown(found: dict[str, Any]) -> str:
    said = (
        f"sweep: {found['open']:,} open appeals on {found['engine']};"
        f" all within {found['limit_s']} s: {found['within_limit']};"
        f" as many queries for half a batch as for a whole one: {found['constant_queries']}"
    )
    lines = [said]
    for name, one in found["sweeps"].items():
        line = (
            f"  {name}: nothing due {one['idle_ms']} ms, {one['idle_queries']} queries,"
            f" its SELECTs alone {one['bare_ms'] or '—'} ms, ratio {one['ratio'] or '—'}"
        )
        if one["pieces"] is not None:
            line += (
                f"; {one['pieces']} due {one['batch_s']} s, {one['queries']} queries"
                f" ({one['queries_of_half']} for half as many)"
            )
        lines.append(line)
    return "\n".join(lines)


async def _run(url: str, open_: int, own: Path) -> dict[str, Found]:
    def settings(of: str) -> Settings:
        return config.load(
            server={"data": str(Path("var").absolute())},
            database={"url": of},
            media={"url": f"file://{own}/media"},
            panel={"secret": "s" * 40},
        )

    await db.migrate(url)
    async with db.connect(url):
        city = await cities.load(settings(url))
        await _fill(city, MediaStore(settings(url).media), open_)
    found = {}
    async with _copy(url, own) as copy, db.connect(copy), kept.bare(copy) as bare:
        city = await cities.load(settings(copy))
        schedule = city.schedule.model_copy(update={"quiet_from": "", "quiet_to": "", "together_seconds": 0})
        store = MediaStore(city.settings.media)
        fetchers = dict.fromkeys((Channel.TELEGRAM, Channel.VIBER), picture())
        desk = Desk(replace(city, schedule=schedule), schedule, store, fetchers)
        with Progress(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("sweeping", total=3 * len(scheduler.SWEEPS))
            first, idle = {}, {}
            for name in scheduler.SWEEPS:
                first[name] = await _settle(name, desk)
                bar.advance(task)
            for name in scheduler.SWEEPS:
                idle[name] = await _idle(name, desk, bare, first[name])
                bar.advance(task)
            for name in scheduler.SWEEPS:
                found[name] = await _busy(name, desk, idle[name])
                bar.advance(task)
    return found


async def _fill(city: cities.City, media: MediaStore, open_: int) -> None:
    if await Staff.filter(login="bench-sweep").exists():
        return
    staff = await Staff.create(
        login="bench", name="Bench", role=Role.OPERATOR, password_hash="", created_at=clock.now()
    )
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("filling", total=2 * open_)
        await many.fill(city, media, 2 * open_, staff.id, lambda done: bar.update(task, completed=done))
    standing = await db.connection().execute_query_dict("SELECT count(*) AS n FROM appeal WHERE open")
    at = (
        "strftime('%Y-%m-%d %H:%M:%f', 'now', '+' || (1 + id % 20000) || ' minutes') || '000+00:00'"
        if db.is_sqlite()
        else "now() + (1 + id % 20000) * interval '1 minute'"
    )
    rest = max(0, open_ - standing[0]["n"])
    await db.connection().execute_script(_REOPEN.format(at=at, rest=rest))
    for executor in city.executors:
        await Staff.create(
            login=f"bench-{executor}",
            name=executor,
            role=Role.EXECUTOR,
            executor_id=executor,
            password_hash="",
            created_at=clock.now(),
        )
    await Staff.create(
        login="bench-sweep", name="Done", role=Role.MANAGER, password_hash="", created_at=clock.now()
    )
    await db.connection().execute_script("PRAGMA wal_checkpoint(TRUNCATE)" if db.is_sqlite() else "ANALYZE")


@asynccontextmanager
async def _copy(url: str, own: Path) -> AsyncIterator[str]:
    """The address of a database of its own with all that is in the kept one."""
    if url.startswith("sqlite"):
        shutil.copy(url.removeprefix("sqlite://"), own / "sweep.db")
        yield f"sqlite://{own}/sweep.db"
        return
    name = f"sweep_copy_{uuid4().hex[:8]}"
    parts = db.configuration(url)["connections"]["default"]["credentials"]
    server = await asyncpg.connect(host=parts["host"], user=parts["user"], database="postgres")
    try:
        await server.execute(f'CREATE DATABASE {name} TEMPLATE "{parts["database"]}"')
        yield url.replace(f"/{parts['database']}", f"/{name}", 1)
        await server.execute(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        await server.close()


async def _settle(name: str, desk: Desk) -> float:
    """Seconds until nothing is due of what the past has left over."""
    began = time.perf_counter()
    await _to_the_end(name, desk)
    return time.perf_counter() - began


async def _to_the_end(name: str, desk: Desk) -> list[float]:
    """Seconds of each call, the last of which found nothing."""
    seconds = []
    while True:
        began = time.perf_counter()
        done = await scheduler.SWEEPS[name](desk)
        seconds.append(time.perf_counter() - began)
        if not done and not isinstance(done, More):
            return seconds


async def _idle(name: str, desk: Desk, bare: Bare, first: float) -> Found:
    sweep = scheduler.SWEEPS[name]
    await _to_the_end(name, desk)  # what the sweeps before it have made due
    with queue._listening() as heard:
        await sweep(desk)
    queries = [query for query in heard if query.sql.lstrip().startswith(("SELECT", "WITH"))]
    idle, alone = [], []
    for _ in range(ROUNDS):
        idle.append(await _timed(sweep, desk))
        alone.append(await _bare(bare, queries))
    return Found(
        idle_ms=round(median(idle) * 1000, 2),
        idle_queries=len(heard),
        bare_ms=round(median(alone) * 1000, 2) if queries else None,
        ratio=round(median(idle) / max(median(alone), 1e-6), 2) if queries else None,
        first_s=round(first, 2),
    )


async def _busy(name: str, desk: Desk, idle: Found) -> Found:
    if name not in DUE:
        return idle
    half, _ = await _of_batch(name, desk, jobs.BATCH // 2)
    whole, pieces = await _of_batch(name, desk, jobs.BATCH)
    seconds = []
    for _ in range(ROUNDS):
        await DUE[name](jobs.BATCH)
        seconds += await _to_the_end(name, desk)
    return replace(idle, pieces=pieces, batch_s=round(max(seconds), 3), queries=whole, queries_of_half=half)


async def _of_batch(name: str, desk: Desk, pieces: int) -> tuple[int, int]:
    """How many queries a batch of so many takes, and how many it did."""
    await DUE[name](pieces)
    with queue._listening() as heard:
        done = await scheduler.SWEEPS[name](desk)
    await _to_the_end(name, desk)
    return len(heard), done


async def _timed(sweep: scheduler.Sweep, desk: Desk) -> float:
    began = time.perf_counter()
    await sweep(desk)
    return time.perf_counter() - began


async def _bare(bare: Bare, queries: list[Asked]) -> float:
    began = time.perf_counter()
    for query in queries:
        await bare(query.sql, list(query.values))
    return time.perf_counter() - began
