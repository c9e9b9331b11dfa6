"""How many people stand behind the appeals of an incident, and whom a word to all of them reaches."""

from collections.abc import Sequence

from core.queries.sql import Where, select
from core.workflow import Status


async def people_of(incident_id: int) -> int:
    """Different residents who filed its appeals or joined them."""
    return await _count("resident_id", incident_id, tuple(Status))


async def chats_of(incident_id: int, statuses: Sequence[Status]) -> int:
    """Chats in which one of its appeals that stand so is followed."""
    return await _count("account_id", incident_id, statuses)


async def _count(column: str, incident_id: int, statuses: Sequence[Status]) -> int:
    values: list[object] = []
    filed, joined = Where(values=values), Where(values=values)
    for where in (filed, joined):
        where.add(f"appeal.incident_id = {where.value(incident_id)}")
        where.add(f"appeal.status IN ({where.listed(tuple(sorted(statuses)))})")
    filed.add(f"appeal.{column} IS NOT NULL")
    joined.add(f"supporter.{column} IS NOT NULL")
    rows = await select(
        f"SELECT count(*) AS n FROM (SELECT appeal.{column} FROM appeal {filed}"  # noqa: S608 - placeholders
        f" UNION SELECT supporter.{column} FROM supporter"
        f" JOIN appeal ON appeal.id = supporter.appeal_id {joined}) AS everyone",
        values,
    )
    return int(rows[0]["n"])
