"""What the dissatisfied say: who answered that it isn't solved, or gave few stars, in their own words."""

from dataclasses import dataclass
from datetime import datetime

from core import db
from core.actions.poll import FEW
from core.periods import Period
from core.privacy import scrub
from core.queries.figures.reading import ALL, Only, of_appeals
from core.queries.panel.filters import midnight
from core.queries.sql import Where, instant, select

PAGE = 20


@dataclass(frozen=True, slots=True)
class Words:
    """`said` is without what tells who: what we know of the one who filed it, and what a machine sees."""

    survey: int
    appeal: int
    number: str
    category: str
    district: str
    executor: str
    said: str
    stars: int | None
    at: datetime | None


async def dissatisfied(
    period: Period, zone: str, only: Only = ALL, *, before: int | None = None, limit: int = PAGE
) -> tuple[list[Words], int | None]:
    """Of those asked within the period, newest first, and before which survey the next page begins.

    By whose the appeal is now.
    """
    where = Where()
    where.add(f"survey.sent_at >= {where.value(midnight(period.since, zone))}")
    where.add(f"survey.sent_at < {where.value(midnight(period.until, zone, days=1))}")
    where.add(f"(NOT survey.solved OR survey.stars <= {where.value(FEW)})")
    where.add("survey.words <> ''")
    if before is not None:
        where.add(f"survey.id < {where.value(before)}")
    aside = "+" if db.is_sqlite() else ""  # left alone, SQLite begins with the appeals, which are far more
    of_appeals(where, only, f"{aside}appeal.")
    rows = await select(
        "SELECT survey.id, appeal.id AS appeal, appeal.number, appeal.category_id, appeal.district_id,"  # noqa: S608
        " appeal.executor_id, survey.words, survey.stars, survey.answered_at, resident.name, resident.phone"
        " FROM survey JOIN appeal ON appeal.id = survey.appeal_id"
        f" LEFT JOIN resident ON resident.id = appeal.resident_id {where}"
        f" ORDER BY survey.id DESC LIMIT {limit + 1}",
        where.values,
    )
    found = [
        Words(
            survey=row["id"],
            appeal=row["appeal"],
            number=row["number"],
            category=row["category_id"],
            district=row["district_id"] or "",
            executor=row["executor_id"] or "",
            said=scrub(row["words"], [row[known] for known in ("name", "phone") if row[known]]),
            stars=row["stars"],
            at=instant(row["answered_at"]),
        )
        for row in rows[:limit]
    ]
    return found, found[-1].survey if len(rows) > limit else None
