"""Looks at a resident's contacts: who may, and that each is kept (Law 2297, art. 10)."""

from datetime import timedelta

from core import clock, db
from core.actions.actor import Actor
from core.actions.move import look_up
from core.actions.said import held
from core.errors import Forbidden
from core.models import Appeal, Look
from core.workflow import AT_EXECUTOR, STATUTORY, Role

LASTS = timedelta(minutes=10)  # then the contacts are covered again, and the next look is another


def may_look(appeal: Appeal, actor: Actor) -> bool:
    """The desk always; an officer while the work is theirs, and never whose complaint it is."""
    if actor.role is not Role.EXECUTOR:
        return actor.role is not Role.RESIDENT
    return actor.sees(appeal) and appeal.status in AT_EXECUTOR and appeal.kind not in STATUTORY


async def look(appeal_id: int, actor: Actor) -> None:
    """Uncover the contacts for this person for a while. Raises NotFound or Forbidden."""
    appeal = await look_up(appeal_id, actor)
    if not may_look(appeal, actor) or actor.staff_id is None:
        raise Forbidden("action.not_yours")
    now = clock.now()
    async with db.transaction():
        await held(appeal.id)  # so that a double click is one look
        lately = Look.filter(appeal_id=appeal.id, staff_id=actor.staff_id, at__gt=now - LASTS)
        if not await lately.exists():
            await Look.create(appeal_id=appeal.id, staff_id=actor.staff_id, at=now)


def uncovered(looks: tuple[Look, ...], staff_id: int | None) -> bool:
    """Whether this person has looked so lately that the contacts stay in view; `looks` has the latest."""
    since = clock.now() - LASTS
    return any(one.staff_id == staff_id and one.at > since for one in looks)
