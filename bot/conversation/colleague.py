"""Who works at the city and has linked this chat: as whom they act, and how an appeal of theirs stands now.

Asked anew at each press: a chat unlinked, a colleague who left and an appeal handed on end it.
"""

from typing import Any

from bot.conversation.buttons import MENU, Rows, worklist
from bot.conversation.turn import Turn
from bot.messages import Line, line
from core import db
from core.actions.absences import actor_of
from core.actions.actor import Actor
from core.actions.move import look_up
from core.errors import Forbidden, NotFound
from core.models import Account, Appeal, Event, Staff
from core.workflow import Role, Verb, allows, may

# What an officer may do from the chat, in the order in which it is offered.
DEEDS = (Verb.START, Verb.REPORT, Verb.NEED_TIME, Verb.DECLINE)
_HANDS_OVER = frozenset({Verb.ASSIGN, Verb.REASSIGN, Verb.DECLINE})


async def who(account: Account) -> Staff | None:
    return await Staff.filter(account_id=account.id, active=True).first()


async def acting(turn: Turn) -> Actor:
    """As whom they act now, never as a resident. Forbidden where the chat is nobody's who works here."""
    staff = await who(turn.account)
    if staff is None:
        raise Forbidden("work.nobody")
    turn.of_work = True
    return await actor_of(staff)


async def theirs(turn: Turn, appeal_id: int) -> tuple[Actor, Appeal]:
    """The appeal, and who acts. NotFound where it isn't theirs; with its number where it was."""
    actor = await acting(turn)
    try:
        return actor, await look_up(appeal_id, actor)
    except NotFound:
        number = await _was_theirs(appeal_id, actor)
        if number is None:
            raise
        raise NotFound("work.gone", number=number) from None


async def _was_theirs(appeal_id: int, actor: Actor) -> str | None:
    if not actor.executors or not 0 < appeal_id <= db.LARGEST_ID:
        return None
    for event in await Event.filter(appeal_id=appeal_id, verb__in=list(_HANDS_OVER)).select_related("appeal"):
        if {event.data.get("executor"), event.data.get("was")} & actor.executors:
            return str(event.appeal.number)
    return None


def deeds(appeal: Appeal, actor: Actor) -> tuple[Verb, ...]:
    """What they may do to it now."""
    return tuple(verb for verb in DEEDS if can(verb, appeal, actor))


def can(verb: Verb, appeal: Appeal, actor: Actor) -> bool:
    """Officers act from the chat; everybody else looks. Whose executor only helps, looks too."""
    if actor.role is not Role.EXECUTOR or not actor.sees(appeal):
        return False
    return may(verb, actor.role) and allows(verb, appeal.status)


async def now(appeal: Appeal, actor: Actor) -> Line:
    """Where it stands and who brought it there: to whoever was late, or did it already."""
    told: dict[str, Any] = {"number": appeal.number, "stage": appeal.status.value}
    for event in await Event.filter(appeal_id=appeal.id).order_by("-id").limit(50).select_related("staff"):
        if event.from_status is event.to_status:
            continue
        told["at"] = event.at.isoformat()
        if event.staff_id is not None and event.staff_id == actor.staff_id:
            return line("work.now_you", **told)
        if event.staff is not None:
            return line("work.now_by", name=event.staff.name, **told)
        return line("work.now_resident" if event.role is Role.RESIDENT else "work.now", **told)
    return line("work.now", at=appeal.updated_at.isoformat(), **told)


async def menu(turn: Turn) -> Rows:
    """The menu; for who works here, with their work."""
    return MENU if await who(turn.account) is None else (*MENU, (worklist(),))
