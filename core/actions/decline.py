"""An executor says that an appeal isn't theirs: it goes back to triage, and in the end to a manager.

The deadline keeps running: whose it is is the city's concern, not the resident's.
"""

from core import db
from core.actions import alarms, notify
from core.actions.actor import Actor
from core.actions.move import look_up, move, words
from core.city import City
from core.errors import Forbidden
from core.models import Appeal, Event
from core.routing import Route
from core.workflow import LAST_DECLINE, Role, Verb, hands_over


async def decline(city: City, appeal_id: int, actor: Actor, *, expected: int, reason: str) -> Appeal:
    """Give it back with the reason; the desk is told, and managers when they are to decide."""
    reason = words(reason, key="decline.needed")
    async with db.transaction():
        before = await look_up(appeal_id, actor)
        was = before.executor_id
        appeal, event = await move(
            city,
            Verb.DECLINE,
            appeal_id,
            actor,
            expected=expected,
            text=reason,
            data={"executor": was},
            executor_id=None,
            declined=before.declined + 1,
        )
        occasion = str(event.id)
        await notify.desk(appeal, "declined", occasion=occasion, executor=was, text=reason)
        if appeal.declined >= LAST_DECLINE:
            await notify.managers(appeal, "handed_up", occasion=occasion, n=appeal.declined)
        await alarms.handed_over(city, appeal, occasion=occasion)
    return appeal


async def proposal(city: City, appeal: Appeal) -> Route | None:
    """Whom the rules give it to by themselves: not who declined it, and nobody once a manager decides."""
    route = city.route(appeal.category_id, appeal.district_id, kind=appeal.kind, urgent=appeal.urgent)
    if route is None or not hands_over(Role.SYSTEM, appeal.declined):
        return None
    return None if route.executor in await declined_by(appeal) else route


async def declined_by(appeal: Appeal) -> frozenset[str]:
    """Slugs of the executors who said that it isn't theirs."""
    if not appeal.declined:
        return frozenset()
    events = await Event.filter(appeal_id=appeal.id, verb=Verb.DECLINE)
    return frozenset(str(event.data.get("executor")) for event in events)


def refuse_hand_over(appeal: Appeal, actor: Actor) -> None:
    """Forbidden to the desk where it is a manager's to hand over, and to managers anywhere else."""
    if not hands_over(actor.role, appeal.declined):
        raise Forbidden("action.of_desk" if actor.role is Role.MANAGER else "action.of_manager")
