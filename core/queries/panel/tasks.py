"""What members of staff are to do beside the panel: one's own, everybody's, and what was done."""

from enum import StrEnum

from tortoise.expressions import Q

from core import db
from core.models import Task

SHOWN = 100


class Shown(StrEnum):
    MINE = "mine"  # named to them, or to nobody
    OPEN = "open"
    DONE = "done"


async def tasks(shown: Shown, staff_id: int) -> list[Task]:
    """Each with its appeal and people: the open ones by when they are due, those done newest first."""
    rows = Task.filter(done_at__isnull=shown is not Shown.DONE)
    if shown is Shown.MINE:
        rows = rows.filter(Q(assignee_id=staff_id) | Q(assignee_id=None))
    rows = rows.select_related("appeal", "assignee", "done_by")
    if shown is Shown.DONE:
        return await rows.order_by("-done_at", "-id").limit(SHOWN)
    found = await rows.order_by("id").limit(10 * SHOWN)
    # What has no date comes last; the engines disagree on where nothing stands.
    return sorted(found, key=lambda task: (task.due_at is None, task.due_at or task.created_at))[:SHOWN]


async def task(task_id: int) -> Task | None:
    """One of them, with the same."""
    if task_id > db.LARGEST_ID:
        return None
    return await Task.get_or_none(id=task_id).select_related("appeal", "assignee", "done_by")
