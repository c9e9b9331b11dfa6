"""What stands overdue now: no figure of a period, but what the queue shows under the same filter."""

from core import clock, db
from core.queries.figures.reading import ALL, OF_APPEAL, Only, of_appeals
from core.queries.sql import Where, select


async def overdue(what: str = "all", only: Only = ALL) -> dict[str, int]:
    """How many open appeals are past their deadline, by executor, category or district; `all` in one number.

    That, what nobody has, and what lies nowhere is under an empty key.
    """
    where = Where()
    column = OF_APPEAL.get(what)
    where.add("open")
    where.add(f"due_at < {where.value(clock.now())}")
    of_appeals(where, only)
    aside = (
        "+" if db.is_sqlite() else ""
    )  # left alone, SQLite would go through all appeals as they are grouped
    key, grouped = (column, f"GROUP BY {aside}{column}") if column else ("''", "")
    rows = await select(
        f"SELECT {key} AS key, count(*) AS n FROM appeal {where} {grouped}",  # noqa: S608
        where.values,
    )
    return {row["key"] or "": row["n"] for row in rows}
