"""What history keeps of a step that is part of many, so that it can be put back as it was."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import Enum
from typing import Any

from core.models import Appeal, CoExecutor, Event
from core.queries.sql import instant

MARK, AFTER, BEFORE, HELPED, UNDID = "bulk", "version", "before", "helped", "undid"
_NEVER = frozenset({"version", "updated_at", "open"})  # follow by themselves
_INSTANTS = frozenset({"due_at", "remind_at", "answered_at", "closed_at"})


async def bulk_marks(appeal: Appeal, changes: Mapping[str, Any], mark: str) -> dict[str, Any]:
    """The mark, the version after the step, what its columns were, and who helped where that may change."""
    before = {name: _plain(getattr(appeal, name)) for name in changes if name not in _NEVER}
    kept: dict[str, Any] = {MARK: mark, AFTER: appeal.version + 1, BEFORE: before}
    if "executor_id" in changes:
        helping = CoExecutor.filter(appeal_id=appeal.id).order_by("id")
        kept[HELPED] = list(await helping.values_list("executor_id", flat=True))
    return kept


def columns(before: Mapping[str, Any]) -> dict[str, Any]:
    """What `bulk_marks` kept of the columns, as values of an appeal."""
    return {name: instant(value) if name in _INSTANTS else value for name, value in before.items()}


def undone(events: Iterable[Event]) -> frozenset[int]:
    """Ids of the steps that were put back."""
    return frozenset(one for event in events for one in event.data.get(UNDID, ()))


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, datetime) else value
