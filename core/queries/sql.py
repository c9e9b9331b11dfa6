"""Hand-written SELECTs for both engines: conditions with their values, and rows back into our types."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from core import db


@dataclass(slots=True)
class Where:
    """Conditions of a SELECT, all of which hold. Values only ever travel as parameters."""

    conditions: list[str] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)

    def value(self, value: object) -> str:
        """The placeholder under which `value` travels."""
        self.values.append(value)
        return db.placeholder(len(self.values))

    def listed(self, values: tuple[object, ...]) -> str:
        return ", ".join(self.value(value) for value in values)

    def add(self, condition: str) -> None:
        self.conditions.append(condition)

    def __str__(self) -> str:
        return f"WHERE {' AND '.join(self.conditions)}" if self.conditions else ""


async def select(sql: str, values: list[Any]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = await db.connection().execute_query_dict(sql, values)
    return rows


def document(value: Any) -> dict[str, Any]:  # noqa: ANN401 - SQLite gives text, PostgreSQL may, too
    """A JSON column that holds an object; it is not to be changed."""
    if value == "{}":
        return {}
    found: dict[str, Any] = json.loads(value) if isinstance(value, str) else value
    return found or {}


def instant(value: Any) -> datetime | None:  # noqa: ANN401 - SQLite gives text, PostgreSQL an instant
    """An aware UTC instant of a column."""
    if value is None or isinstance(value, datetime):
        return value
    found = datetime.fromisoformat(value)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
