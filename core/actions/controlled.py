"""When control next looks at an appeal: the one place that says so, whatever action it follows from.

Its clock runs while the executor, or the desk where nobody has it, must act: not while the resident is asked,
a report is checked, or it has ended. A new deadline and a new executor begin it anew; otherwise what was told
is not told again.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from core import clock, control
from core.city import City
from core.control import STEPS, Pace
from core.models import Appeal
from core.workflow import CONTROLLED, Status


def pace_of(city: City, *, category: str, executor: str | None, urgent: bool) -> Pace:
    own = city.categories[category].pre_alarm_share if category in city.categories else None
    share = city.schedule.pre_alarm_share if own is None else own
    return Pace(city.calendar(executor), city.settings.control, urgent, share)


def columns(
    now: datetime, start: datetime, due: datetime | None, pace: Pace, *, told: int = 0
) -> dict[str, Any]:
    """`remind_at` and `control` for a deadline that is set `now`, or counted anew, for work since `start`."""
    found = control.begin(now, start, due, pace, told=told) if due else None
    if found is None:
        return {"remind_at": None, "control": len(STEPS) if due else 0}
    return {"remind_at": found.at, "control": found.index}


def followed(
    city: City, appeal: Appeal, to: Status, changes: Mapping[str, Any], *, start: datetime
) -> dict[str, Any]:
    """The columns that change with a step of an action which brings it `to` a status with these `changes`."""
    due = changes.get("due_at", appeal.due_at)
    if due is None or to not in CONTROLLED:
        return {"remind_at": None} if appeal.remind_at is not None else {}
    executor = changes.get("executor_id", appeal.executor_id)
    category = changes.get("category_id", appeal.category_id)
    urgent = changes.get("urgent", appeal.urgent)
    anew = due != appeal.due_at or executor != appeal.executor_id
    same = category == appeal.category_id and urgent is appeal.urgent
    if not anew and same and appeal.status in CONTROLLED:
        return {}
    pace = pace_of(city, category=category, executor=executor, urgent=urgent)
    return columns(clock.now(), start, due, pace, told=0 if anew else appeal.control)
