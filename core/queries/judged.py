"""What residents said of an executor's latest results, for core/trust.py."""

from itertools import product

from core.queries.sql import Where, select
from core.trust import Record

LOOKED = 250  # newest appeals of each of the four kinds that are looked through: the price stays the same


async def record(executor: str, latest: int) -> Record:
    """Of the `latest` results it reported and the first reporter judged, by when they did.

    A verdict on an appeal that was given to another since is neither's: that one didn't report it, and
    this one no longer has it. One query, whatever the executor has behind it.
    """
    where = Where()
    parts: list[str] = []
    for open_, urgent in product((True, False), repeat=2):
        own = Where(values=where.values)
        own.add(f"executor_id = {own.value(executor)}")
        own.add(f"open = {own.value(open_)}")
        own.add(f"urgent = {own.value(urgent)}")
        newest = f"SELECT id FROM appeal {own} ORDER BY id DESC LIMIT {LOOKED}"  # noqa: S608 - placeholders
        parts.append(f"SELECT id FROM ({newest}) AS part{len(parts)}")  # noqa: S608
    sql = _JUDGED.format(newest=" UNION ALL ".join(parts), latest=where.value(latest))
    (row,) = await select(sql, where.values)
    return Record(judged=int(row["judged"]), denied=int(row["denied"]))


_JUDGED = """
SELECT count(*) AS judged, coalesce(sum(CASE WHEN solved THEN 0 ELSE 1 END), 0) AS denied FROM (
    SELECT survey.solved AS solved FROM ({newest}) AS newest
    JOIN survey ON survey.appeal_id = newest.id
    WHERE survey.solved IS NOT NULL
    AND EXISTS (SELECT 1 FROM event
        WHERE event.appeal_id = newest.id AND event.verb = 'report' AND event.at <= survey.answered_at)
    AND NOT EXISTS (SELECT 1 FROM event
        WHERE event.appeal_id = newest.id AND event.verb IN ('assign', 'reassign', 'undo')
        AND event.at > survey.answered_at)
    ORDER BY survey.answered_at DESC, survey.id DESC LIMIT {latest}) AS judged
"""
