"""Finding what reports the same among many appeals: milliseconds from words and a place to candidates.

Beside it the same SQL on a bare connection. In the table lie three years of ten cities: at addresses where
one thing or another is reported again and again, some categories far more often than others. It is kept in
var/bench for the next run.
"""

import argparse
import asyncio
import json
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from random import Random
from statistics import median, quantiles
from typing import Any

from rich.console import Console
from rich.progress import Progress

from core import city as cities
from core import config, db, log
from core.actions.submit import Place
from core.city import City
from core.models import Appeal, Channel
from core.queries.alike import _Place, _query, alike
from core.seed.places import Places
from core.seed.tables import Table
from core.understanding.examples import read_examples
from core.workflow import Status
from tests.bench import kept
from tests.bench.kept import Bare

DATA = Path("var")
SOURCES = (*Path(cities.__file__).parent.joinpath("migrations").glob("*.py"), Path(__file__))
APPEALS, REQUESTS = 1_000_000, 500
BATCH = 20_000  # rows of one transaction
ADDRESSES = 30_000
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
PAST, LASTS = timedelta(days=3 * 365), timedelta(days=40)  # the latter: how long most take to be dealt with
STAYS_OPEN = 0.02  # of what is older


def run(options: argparse.Namespace) -> str:
    log.configure(style="readable", level="warning")
    appeals = options.appeals or APPEALS
    with kept.database(options.engine, f"alike_{appeals}", SOURCES) as url:
        found = asyncio.run(_run(url, appeals))
    found = {"bench": "alike", "engine": options.engine, "appeals": appeals, "requests": REQUESTS, **found}
    if options.json:
        return json.dumps(found)
    return (
        f"alike: p50 {found['p50_ms']} ms, p95 {found['p95_ms']} ms on {options.engine}\n"
        f"  {REQUESTS} searches among {appeals:,} appeals; {found['found']:.0%} found something\n"
        f"  the SQL alone: p50 {found['sql_p50_ms']} ms, p95 {found['sql_p95_ms']} ms"
    )


async def _run(url: str, appeals: int) -> dict[str, Any]:
    await db.migrate(url)
    async with db.connect(url), kept.bare(url) as bare:
        settings = config.load(server={"data": str(DATA)}, database={"url": url})
        city = await cities.load(settings)
        past = Past(city)
        await _filled(past, appeals)
        ours, beside, hits = [], [], 0
        for _ in range(REQUESTS):
            category, place, text = past.draw()
            began = time.perf_counter()
            likely = await alike(
                city,
                category=category,
                lat=place.lat,
                lon=place.lon,
                place_key=place.key,
                text=text,
                at=NOW,
            )
            ours.append((time.perf_counter() - began) * 1000)
            hits += bool(likely)
            beside.append(await _alone(bare, city, category, place))
    return {
        "p50_ms": round(median(ours), 2),
        "p95_ms": round(quantiles(ours, n=20)[-1], 2),
        "sql_p50_ms": round(median(beside), 2),
        "sql_p95_ms": round(quantiles(beside, n=20)[-1], 2),
        "found": round(hits / REQUESTS, 3),
    }


async def _alone(bare: Bare, city: City, category: str, place: Place) -> float:
    reach = _Place(place.lat, place.lon, place.key, city.schedule.alike_metres)
    query = _query(reach, category, NOW - timedelta(days=city.schedule.alike_days))
    began = time.perf_counter()
    if query is not None:
        await bare(*query)
    return (time.perf_counter() - began) * 1000


class Past:
    """What is reported, where, and in which words."""

    def __init__(self, city: City) -> None:
        self._rng = Random(1520)
        self._texts: dict[str, list[str]] = {}
        for example in read_examples():
            if city.categories[example.slug].needs_place:
                self._texts.setdefault(example.slug, []).append(example.text)
        self._slugs = self._rng.sample(sorted(self._texts), len(self._texts))
        self._shares = list(accumulate(1 / rank for rank in range(1, len(self._slugs) + 1)))
        places = Places(city, self._rng)
        self._places = [places.draw(self._rng)[0] for _ in range(ADDRESSES)]

    def draw(self) -> tuple[str, Place, str]:
        (category,) = self._rng.choices(self._slugs, cum_weights=self._shares)
        place = self._rng.choice(self._places)
        if place.lat is not None and place.lon is not None:  # phones are some metres off
            lat, lon = (self._rng.gauss(degrees, 0.0002) for degrees in (place.lat, place.lon))
            place = replace(place, lat=lat, lon=lon)
        return category, place, self._rng.choice(self._texts[category])

    def appeal(self, number: int, at: datetime) -> dict[str, Any]:
        category, place, text = self.draw()
        stays = self._rng.random() < (STAYS_OPEN if at < NOW - LASTS else 0.6)
        return {
            "number": f"{at:%y}-{number}",
            "status": Status.IN_PROGRESS if stays else Status.CLOSED,
            "open": stays,
            "category_id": category,
            "district_id": place.district,
            "channel": Channel.TELEGRAM,
            "text": text,
            "address": place.address,
            "lat": place.lat,
            "lon": place.lon,
            "cell": place.cell,
            "place_key": place.key,
            "created_at": at,
            "updated_at": at,
        }


async def _filled(past: Past, appeals: int) -> None:
    """Write what is missing; a bar shows how far it is when somebody looks."""
    there = await Appeal.all().count()
    if there < appeals and db.is_sqlite():
        await db.connection().execute_script("PRAGMA cache_size = -500000; PRAGMA synchronous = OFF")
    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task("Filling", total=appeals, completed=there)
        table = await Table.of(Appeal)
        for start in range(there, appeals, BATCH):
            for number in range(start, min(start + BATCH, appeals)):
                table.add(**past.appeal(number, NOW - PAST * (1 - number / appeals)))
            async with db.transaction():
                await table.write()
            bar.update(task, completed=start + BATCH)
    if there < appeals:
        await db.connection().execute_script(
            "PRAGMA cache_size = -32000; PRAGMA wal_checkpoint(TRUNCATE)"
            if db.is_sqlite()
            else "VACUUM ANALYZE appeal"
        )
