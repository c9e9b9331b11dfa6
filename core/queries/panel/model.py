"""The category model, judged by what people said of its guesses. For the desk: the routes refuse others.

A quarter is looked at: thirteen weeks, by the index of corrections by time.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from core import clock, db
from core.learning.active import base_of
from core.learning.retraining import Progress, progress
from core.models import Correction, ModelState, ModelVersion
from core.queries.sql import Where, instant, select

WEEKS = 13
WEEK = timedelta(days=7)
VERSIONS = 20
CONFUSIONS = 15
SHOWN = 20  # appeals of a list
_EXCERPT = "substr(text, 1, 300) AS excerpt"
LOOKED_AT = 2000  # of the open appeals, in the queue's order: more are never read for twenty of them


@dataclass(frozen=True, slots=True)
class Week:
    """Of the appeals people named the category of, how many the first guess had right."""

    start: datetime
    told: int
    right: int


@dataclass(frozen=True, slots=True)
class Confusion:
    guess: str
    category: str
    times: int


@dataclass(frozen=True, slots=True)
class Doubtful:
    """An appeal, what the machine guessed of it, and how sure it was; None where it only matters what."""

    id: int
    number: str
    guess: str
    category: str
    score: float | None
    excerpt: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ModelPage:
    """`reading`: the version this process reads by; `versions`: newest first."""

    reading: str
    versions: tuple[ModelVersion, ...]
    active: ModelVersion | None
    corrections: int
    fresh: int  # since the last lesson
    progress: Progress
    weeks: tuple[Week, ...]
    confusions: tuple[Confusion, ...]
    doubtful: tuple[Doubtful, ...]

    def may_return(self, row: ModelVersion) -> bool:
        """Whether one can go back to this one: it is kept, and of the same examples as what reads now."""
        return row.state is ModelState.RETIRED and base_of(row.version) == base_of(self.reading)

    @property
    def last(self) -> ModelVersion | None:
        """What came of the last lesson on these examples."""
        same = base_of(self.reading)
        return next((row for row in self.versions if row.corrections and base_of(row.version) == same), None)


async def model_page(reading: str, zone: str) -> ModelPage:
    """`zone`: where the weeks begin on Monday."""
    versions = tuple(await ModelVersion.all().order_by("-made_at").limit(VERSIONS))
    active = await ModelVersion.get_or_none(state=ModelState.ACTIVE)
    same = [row for row in versions if row.corrections and base_of(row.version) == base_of(reading)]
    since = Correction.filter(at__gt=same[0].made_at) if same else Correction.all()
    return ModelPage(
        reading=reading,
        versions=versions,
        active=active,
        corrections=await Correction.all().count(),
        fresh=await since.count(),
        progress=await progress(),
        weeks=await _weeks(zone),
        confusions=await _confusions(),
        doubtful=await _doubtful(),
    )


async def confused(guess: str, category: str) -> tuple[Doubtful, ...]:
    """The newest appeals that were guessed to be the one and are the other."""
    where = Where()
    where.add(f"correction.at >= {where.value(_begun())}")
    where.add(f"correction.guess = {where.value(guess)}")
    where.add(f"correction.category_id = {where.value(category)}")
    rows = await select(
        f"SELECT appeal.id, number, guess, correction.category_id, NULL AS score, {_EXCERPT}, created_at"  # noqa: S608
        f" FROM correction JOIN appeal ON appeal.id = correction.appeal_id {where}"
        f" ORDER BY correction.at DESC LIMIT {SHOWN}",
        where.values,
    )
    return tuple(_doubt(row) for row in rows)


def _begun() -> datetime:
    return clock.now() - WEEKS * WEEK


async def _weeks(zone: str) -> tuple[Week, ...]:
    """The present week last; a week is where it begins on the clocks of today, summer or winter time."""
    now = clock.now().astimezone(ZoneInfo(zone))
    monday = (now - timedelta(days=now.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)
    first = monday - (WEEKS - 1) * WEEK
    second = (
        "CAST(strftime('%s', at) AS INTEGER)" if db.is_sqlite() else "CAST(extract(epoch FROM at) AS BIGINT)"
    )
    week = f"({second} - {int(first.timestamp())}) / {int(WEEK.total_seconds())}"
    where = Where()
    where.add(f"at >= {where.value(first.astimezone(UTC))}")
    where.add("guess <> ''")
    hits = "sum(CASE WHEN guess = category_id THEN 1 ELSE 0 END)"
    rows = await select(
        f"SELECT {week} AS week, count(*) AS told, {hits} AS hits FROM correction {where} GROUP BY 1",  # noqa: S608
        where.values,
    )
    found = {row["week"]: row for row in rows}
    return tuple(
        Week(
            start=first + at * WEEK,
            told=found[at]["told"] if at in found else 0,
            right=found[at]["hits"] if at in found else 0,
        )
        for at in range(WEEKS)
    )


async def _confusions() -> tuple[Confusion, ...]:
    where = Where()
    where.add(f"at >= {where.value(_begun())}")
    where.add("guess <> '' AND guess <> category_id")
    rows = await select(
        f"SELECT guess, category_id, count(*) AS times FROM correction {where}"  # noqa: S608
        f" GROUP BY guess, category_id ORDER BY times DESC, guess, category_id LIMIT {CONFUSIONS}",
        where.values,
    )
    return tuple(Confusion(row["guess"], row["category_id"], row["times"]) for row in rows)


async def _doubtful() -> tuple[Doubtful, ...]:
    """Open appeals the machine was least sure of and nobody has named the category of."""
    guess, score = _first_guess()
    where = Where()
    where.add(f"open = {where.value(True)}")
    newest = (
        f"SELECT id, {score} AS score FROM appeal {where}"  # noqa: S608
        f" ORDER BY open DESC, urgent DESC, id DESC LIMIT {LOOKED_AT}"
    )
    least = (
        f"SELECT id, score FROM ({newest}) AS newest WHERE score IS NOT NULL"  # noqa: S608
        " AND NOT EXISTS (SELECT 1 FROM correction WHERE correction.appeal_id = newest.id)"
        f" ORDER BY score, id DESC LIMIT {SHOWN}"
    )
    rows = await select(
        f"SELECT appeal.id, number, {guess} AS guess, category_id, score, {_EXCERPT}, created_at"  # noqa: S608
        f" FROM ({least}) AS least JOIN appeal ON appeal.id = least.id ORDER BY score, appeal.id DESC",
        where.values,
    )
    return tuple(_doubt(row) for row in rows)


def _first_guess() -> tuple[str, str]:
    """SQL of the slug and the score of an appeal's first guess; both NULL where there is none."""
    if db.is_sqlite():
        return "json_extract(guesses, '$[0][0]')", "json_extract(guesses, '$[0][1]')"
    return "guesses->0->>0", "CAST(guesses->0->>1 AS DOUBLE PRECISION)"


def _doubt(row: dict[str, Any]) -> Doubtful:
    created_at = instant(row["created_at"])
    assert created_at is not None  # noqa: S101 - the column is not null
    return Doubtful(
        id=row["id"],
        number=row["number"],
        guess=row["guess"],
        category=row["category_id"],
        score=row["score"],
        excerpt=row["excerpt"],
        created_at=created_at,
    )
