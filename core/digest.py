"""Reminders of deadlines that wait: several for one person as one message, the outdated not at all. Pure."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from core.control import ESCALATED, STEPS, kind_of
from core.holding import Held
from core.privacy import scrub
from core.workflow import CONTROLLED

DIGEST = "staff.digest"
_ORDER = tuple(dict.fromkeys(f"staff.{kind_of(step)}" for step in STEPS))
KINDS = frozenset(_ORDER)
_PASSED_UP = f"staff.{ESCALATED}"
FEW = 5  # of the most pressing, told one by one


class Followed(Protocol):
    """The appeal that is reminded of, as it is now."""

    status: Any
    executor_id: Any
    due_at: Any


def is_past(held: Held, appeal: Followed | None, now: datetime) -> bool:
    """Whether the appeal was given to another executor, has moved since, or got another deadline.

    What was passed up is so until it is done or has time again, whatever its executor presses.
    """
    if appeal is None or appeal.due_at is None:
        return True
    then = held.body
    if appeal.executor_id != then["executor"]:
        return True
    if held.kind == _PASSED_UP:
        return bool(appeal.due_at > now or appeal.status not in CONTROLLED)
    moved = appeal.status != then.get("status", appeal.status)
    return bool(moved or appeal.due_at != datetime.fromisoformat(then["due"]))


def digest(reminders: Sequence[Held]) -> dict[str, Any]:
    """One body of several: how many of each kind, the gravest kind first, and those longest due.

    It is of no appeal, so whoever is forgotten later is not looked for in it: flats are left out.
    """
    counts = Counter(each.kind for each in reminders)
    by_due = sorted(reminders, key=lambda each: (each.body["due"], each.body["number"]))
    return {
        "n": len(reminders),
        "counts": [[kind, counts[kind]] for kind in reversed(_ORDER) if counts[kind]],
        "few": [each.body | {"address": scrub(each.body.get("address", ""))} for each in by_due[:FEW]],
    }
