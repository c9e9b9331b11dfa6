"""The nightly work from end to end: read the corrections, teach, judge, and let the better model read.

One row says how far it is, so that any number of processes do it once: it is asked for, taken for a time,
and done. Killed midway, it is taken again when that time is over; nothing has changed until the last
transaction. The same corrections are the same version, so what was decided on once, by judging or by people
who went back, is not tried again until somebody says something new.
"""

import asyncio
from collections.abc import Awaitable, Callable
from enum import StrEnum
from pathlib import Path
from typing import Any

from core import clock, log
from core.city import City
from core.learning import teaching, versions
from core.learning.active import active_of, base_of, settle
from core.learning.judging import Verdict
from core.learning.lessons import ENOUGH, Lesson, Word, lesson
from core.model_store import ModelLost, ModelStore
from core.models import Correction, Counter, ModelVersion
from core.understanding.examples import read_examples
from core.workflow import Role

NAME = "retraining"  # the row's
IDLE, ASKED, FAILED = 0, 1, 2  # and anything above: taken until that minute since 1970
LEASE = 20  # minutes; a lesson takes one or two
NEWEST = 5000  # corrections that are learnt from: two seasons of a large city
PAGE = 500
_log = log.get(__name__)

Teach = Callable[[Lesson, Path, str], Awaitable[Verdict]]


class Progress(StrEnum):
    IDLE = "idle"
    ASKED = "asked"
    UNDER_WAY = "under_way"
    FAILED = "failed"


async def ask() -> None:
    """Let the workers retrain as soon as they look; asked twice, or while they do, it is done once."""
    await Counter.bulk_create([Counter(name=NAME, value=IDLE)], ignore_conflicts=True)
    await Counter.filter(name=NAME, value__in=[IDLE, FAILED]).update(value=ASKED)


async def progress() -> Progress:
    row = await Counter.get_or_none(name=NAME)
    value = row.value if row else IDLE
    known = {IDLE: Progress.IDLE, ASKED: Progress.ASKED, FAILED: Progress.FAILED}
    return known.get(value, Progress.UNDER_WAY if value > _minute() else Progress.ASKED)


async def retrain_if_asked(city: City, teach: Teach = teaching.teach_apart) -> bool:
    """Do what was asked for, unless another process has taken it; whether anything was done."""
    if not await _take():
        return False
    result = FAILED
    try:
        await retrain(city, teach)
        result = IDLE
    finally:
        await Counter.filter(name=NAME, value__gt=FAILED).update(value=result)
    return True


async def retrain(city: City, teach: Teach) -> ModelVersion | None:
    """Give the lesson of all corrections; None where there is nothing new to learn, or too little."""
    store, base = ModelStore(city.settings), base_of(city.understander.model_version)
    began = clock.now()
    words = await _words({spec.slug for spec in city.pack.categories})
    if len(words) < ENOUGH:
        return None
    examples = read_examples(categories=city.pack.categories)
    task = await asyncio.to_thread(lesson, base, examples, words)  # thousands of texts are looked at
    if await ModelVersion.filter(version=task.version).exists():
        return None
    await settle(base, len(task.examples))
    before = await active_of(base)
    verdict = await teach(task, store.folder, await _readable(store, before, base))
    if verdict.accepted:
        await store.share(task.version)
    row = await versions.write_down(task, verdict, before=before, began=began)
    await city.refresh()
    await versions.tidy(store)
    return row


async def _readable(store: ModelStore, version: str, base: str) -> str:
    """The version, or the shipped one, which reads in its place where its arrays are lost."""
    if version == base:
        return base
    try:
        await store.get(version)
    except ModelLost as lost:
        _log.error("model.lost", version=version, exc_info=lost)
        return base
    return version


async def _take() -> bool:
    lease, minute = _minute() + LEASE, _minute()
    if await Counter.filter(name=NAME, value=ASKED).update(value=lease):
        return True
    return bool(await Counter.filter(name=NAME, value__gt=FAILED, value__lte=minute).update(value=lease))


def _minute() -> int:
    return int(clock.now().timestamp() // 60)


async def _words(slugs: set[str]) -> list[Word]:
    """The newest corrections of what can be guessed, page by page, so that nobody waits for all of them."""
    words: list[Word] = []
    last: dict[str, Any] = {}
    while len(words) < NEWEST:
        page = Correction.filter(**last).exclude(appeal__text="").order_by("-id").limit(PAGE)
        rows = await page.values("id", "category_id", "role", "staff_id", "resident_id", "at", "appeal__text")
        words += [_word(row) for row in rows if row["category_id"] in slugs]
        if len(rows) < PAGE:
            break
        last = {"id__lt": rows[-1]["id"]}
    return words


def _word(row: dict[str, Any]) -> Word:
    desk = row["role"] != Role.RESIDENT
    return Word(
        text=row["appeal__text"],
        slug=row["category_id"],
        person=row["staff_id"] if desk else row["resident_id"],
        desk=desk,
        at=row["at"],
    )
