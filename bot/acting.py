"""Which buttons a notice to staff carries: what may be said of the appeal where they read of it. Pure."""

from typing import Any

from bot.conversation.buttons import Rows, of_work, shown, worklist
from core.workflow import Verb

# What only officers are told; what is theirs to take on; what is of many appeals.
TO_OFFICERS = frozenset({"assigned", "rework", "half", "pre_alarm", "due", "overdue", "time_refused"})
NEW = frozenset({"assigned", "urgent", "reopened", "rework"})
MANY = frozenset({"assigned_many", "assigned_bulk", "reckoned"})


def offered(kind: str, facts: dict[str, Any]) -> Rows:
    """What its officer may say of it; whether they still may is seen when they press."""
    if kind in MANY:
        return ((worklist(),),)
    made = of_work(facts["appeal"])
    take, done = made[Verb.START], made[Verb.REPORT]
    look = ((shown(facts["appeal"]),),)
    if not facts.get("officer", kind in TO_OFFICERS) or kind not in NEW | TO_OFFICERS:
        return look
    if kind in NEW:
        return ((take, done), (made[Verb.NEED_TIME], made[Verb.DECLINE]), *look)
    return ((done, made[Verb.NEED_TIME]), *look)
