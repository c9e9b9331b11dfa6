"""Urgent by a person's word, or no longer: what a machine makes of words of danger is only a guess."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from core import clock, db
from core.actions import alarms
from core.actions.actor import Actor
from core.actions.bulk_marks import undone
from core.actions.move import look_up, move, words
from core.city import City
from core.errors import Invalid
from core.models import Appeal, Event
from core.workflow import BY_NAME, Verb


async def prioritise(
    city: City,
    appeal_id: int,
    actor: Actor,
    *,
    expected: int,
    urgent: bool | None = None,
    reason: str = "",
) -> Appeal:
    """Make it urgent or not; the other of what it is, unless told. Its deadline follows, who must run hears.

    Invalid where it is so already.
    """
    reason = words(reason, key="reason.needed") if reason.strip() else ""
    async with db.transaction():
        before = await look_up(appeal_id, actor)
        wanted = not before.urgent if urgent is None else urgent
        if wanted is before.urgent and before.version == expected:
            raise Invalid("priority.urgent_already" if wanted else "priority.calm_already")
        due = term(city, before, urgent=wanted)
        changes: dict[str, Any] = {} if due == before.due_at else {"due_at": due}
        appeal, event = await move(
            city,
            Verb.PRIORITISE,
            appeal_id,
            actor,
            expected=expected,
            text=reason,
            data={"urgent": wanted},
            urgent=wanted,
            **changes,
        )
        if wanted:
            await alarms.urgent(city, appeal, occasion=str(event.id))
    return appeal


def term(city: City, appeal: Appeal, *, urgent: bool) -> datetime | None:
    """Until when it must be answered then; as it is while its clock stands.

    What becomes urgent is so from now on, and its deadline never later than it was; one that is no longer has
    the deadline of its category, unless somebody moved that.
    """
    if appeal.due_at is None or (appeal.extended and not urgent):
        return appeal.due_at
    start = clock.now() if urgent else appeal.created_at
    due = city.deadline(
        appeal.category_id, start, urgent=urgent, kind=appeal.kind, executor=appeal.executor_id
    )
    return min(due, appeal.due_at) if urgent else due


def urgent_in(city: City, appeal: Appeal, category: str, *, said: bool | None) -> bool:
    """Whether it is urgent in that category: by what was `said` of it while that stands, else by rule."""
    if said is not None and said is appeal.urgent:  # else something newer made it what it is
        return said
    return bool(appeal.danger_words) or (city.categories[category].urgent and appeal.kind not in BY_NAME)


async def said_of(appeals: Collection[int]) -> dict[int, bool]:
    """What people last said of the urgency of these, where they did and it wasn't put back."""
    found = Event.filter(appeal_id__in=appeals, verb__in=(Verb.PRIORITISE, Verb.UNDO)).order_by("id")
    events = await found if appeals else []
    put_back = undone(events)
    return {
        event.appeal_id: bool(event.data["urgent"])
        for event in events
        if event.verb is Verb.PRIORITISE and event.id not in put_back
    }
