"""Giving a lesson: train, judge, and write the model down if it is better. Takes some seconds of one core.

Two questions, both asked of rows that neither of the models compared has seen:

- Is it better? The new model and the one that reads, just as they are or would be deployed, on the
  corrections kept aside, which no model is ever taught.
- Do the corrections break what the examples teach? Two rehearsals that leave the kept-aside examples out,
  one with the corrections and one without. A batch of wrong corrections looks right to its own kept-aside
  part, but not to the examples. The rehearsal without corrections stands in for the shipped model, so that
  harm can't add up unseen over many nights.

So corrections sharpen what the examples say and don't overrule it: a city whose categories mean something
else says so in the examples of its pack.

It runs in a process of its own: the server goes on answering meanwhile, and scikit-learn's memory goes
with the process.
"""

import asyncio
import multiprocessing
import os
import signal
import threading
import zipfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path

from core.learning.judging import Verdict, costs_of, harmed, judge
from core.learning.lessons import Lesson
from core.understanding.category import CategoryModel, model_of, read_model, version_of, write_model
from core.understanding.examples import Example

NICE = 10  # whoever writes to the bot goes first
BROKEN = (OSError, EOFError, KeyError, ValueError, zipfile.BadZipFile)  # what reading such a file may raise


async def teach_apart(lesson: Lesson, folder: Path, active: str) -> Verdict:
    """`teach`, in a process of its own."""
    pool = ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"), initializer=_stand_back)
    try:
        return await asyncio.get_running_loop().run_in_executor(pool, teach, lesson, folder, active)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def teach(lesson: Lesson, folder: Path, active: str) -> Verdict:
    """Learn and judge; what is accepted lies in `folder` afterwards, where that of `active` lies already."""
    from core.understanding.training import train  # noqa: PLC0415 - scikit-learn takes seconds to import

    if version_of(lesson.examples) != lesson.base:
        raise RuntimeError("the code was replaced under the running server: restart it before it learns")
    kept = lesson.kept_corrections
    model = train((*lesson.examples, *lesson.corrections), lesson.version)
    shipped = active == lesson.base
    reading = model_of(lesson.examples, folder) if shipped else read_model(path_of(folder, active))
    verdict = judge(kept, guesses(reading, kept), guesses(model, kept))
    if verdict.better:
        aside = frozenset(lesson.kept_examples)
        left = tuple(row for row in lesson.examples if row not in aside)
        before = guesses(model_of(lesson.examples, folder, aside), lesson.kept_examples)
        after = guesses(train((*left, *lesson.corrections), lesson.version), lesson.kept_examples)
        worse = harmed(lesson.kept_examples, before, after)
        if worse:
            costs = costs_of(lesson.kept_examples, before, after, worse)
            return replace(verdict, harmed=worse, costs=costs)
        write_model(model, path_of(folder, lesson.version))
    return verdict


def _stand_back() -> None:
    """Let those who write to the bot go first, and never outlive the server or end it.

    A terminal's Ctrl-C reaches this process as well. As a KeyboardInterrupt it would travel back with the
    result and tear the server down in the midst of its work; so it just ends this process, which the server
    takes as a failed lesson. And a server that was killed can't end us: a pool's process waits for ever.
    """
    os.nice(NICE)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    threading.Thread(target=_follow_the_server, daemon=True).start()


def _follow_the_server() -> None:
    if (server := multiprocessing.parent_process()) is not None:
        server.join()
        os._exit(1)


def path_of(folder: Path, version: str) -> Path:
    return folder / f"category-{version}.npz"


def guesses(model: CategoryModel, rows: Sequence[Example]) -> tuple[str, ...]:
    """The best guess of each text; blank ones have none."""
    return tuple(next((guess.slug for guess in model.guess(row.text, top=1)), "") for row in rows)
