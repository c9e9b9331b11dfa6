"""Numbers that grow by one, without gaps: a rolled-back transaction gives its number back."""

from core import db
from core.models import Counter


async def count_up(name: str) -> int:
    """The next number of a series, the first of which is 1; others wait for this transaction's end."""
    rows = await db.connection().execute_query_dict(
        f"INSERT INTO counter (name, value) VALUES ({db.placeholder(1)}, 1) "  # noqa: S608 - a placeholder
        "ON CONFLICT (name) DO UPDATE SET value = counter.value + 1 RETURNING value",
        [name],
    )
    return int(rows[0]["value"])


async def counted(name: str) -> int:
    """The last number of a series; 0 before the first."""
    row = await Counter.get_or_none(name=name)
    return row.value if row else 0
