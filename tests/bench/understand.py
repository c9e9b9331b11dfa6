"""Milliseconds from a text to its executor: category, danger, place and route; and the memory that takes.

Beside it a plain scikit-learn pipeline, of the same examples, that guesses the category alone.
"""

import argparse
import asyncio
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import psutil
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

from core import city as cities
from core import config, db, log
from core.city import City
from core.pack import load_pack
from core.understanding import Understander
from core.understanding.evaluate import Row, read_rows
from core.understanding.examples import read_examples
from tests.bench.side_by_side import rates, shown

TEXTS = Path(__file__).parents[1] / "data" / "categories.tsv"
ROUNDS = 7
MEGABYTE = 1024 * 1024


def run(options: argparse.Namespace) -> str:
    log.configure(style="readable", level="warning")
    data = Path("var").absolute()
    rows = read_rows(TEXTS)
    city = asyncio.run(_city(data))
    peer = _peer()
    single, ours, beside, batch = [], [], [], []
    for _ in range(ROUNDS):
        times = [_milliseconds(city, row.text) for row in rows]
        single += times
        ours.append(len(rows) * 1000 / sum(times))
        began = time.perf_counter()
        for row in rows:
            peer.predict([row.text])
        beside.append(len(rows) / (time.perf_counter() - began))
        began = time.perf_counter()
        guessed = peer.predict([row.text for row in rows])
        batch.append(len(rows) / (time.perf_counter() - began))
    found = [city.understander.understand(row.text).categories[0].slug for row in rows]
    return shown(
        "understand",
        rates(ours, beside),
        unit="texts/s",
        beside="scikit-learn's TF-IDF and linear classifier, which guess the category alone",
        as_json=options.json,
        texts=len(rows),
        p50_ms=round(median(single), 2),
        p95_ms=round(quantiles(single, n=20)[-1], 2),
        peer_texts_s_in_one_batch=round(median(batch)),
        top1=_top1(rows, found),
        peer_top1=_top1(rows, guessed),
        memory_mb=_memory(data, [row.text for row in rows]),
    )


async def _city(data: Path) -> City:
    with tempfile.TemporaryDirectory() as folder:
        settings = config.load(server={"data": str(data)}, database={"url": f"sqlite://{folder}/bench.db"})
        await db.migrate(settings.database.url)
        async with db.connect(settings.database.url):
            return await cities.load(settings)


def _milliseconds(city: City, text: str) -> float:
    began = time.perf_counter()
    seen = city.understander.understand(text)
    city.route(seen.categories[0].slug, seen.places[0].district if seen.places else None)
    return (time.perf_counter() - began) * 1000


def _peer() -> Any:
    """What one writes first: pieces of words, weighted, and a linear classifier."""
    examples = read_examples()
    pipeline = make_pipeline(
        TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True), LinearSVC(random_state=0)
    )
    return pipeline.fit([row.text for row in examples], [row.slug for row in examples])


def _top1(rows: tuple[Row, ...], guessed: list[str]) -> float:
    return round(sum(row.category == slug for row, slug in zip(rows, guessed, strict=True)) / len(rows), 3)


def _memory(data: Path, texts: list[str]) -> float:
    """What a process that has read the pack grows by when it loads the understanding and reads the texts."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as fresh:
        return round(fresh.submit(_growth, data, texts).result() / MEGABYTE, 1)


def _growth(data: Path, texts: list[str]) -> int:
    pack, process = load_pack(), psutil.Process()
    before = process.memory_info().rss
    understander = Understander.load(pack, data / "model")
    for text in texts:
        understander.understand(text)
    grown: int = process.memory_info().rss - before
    return grown
