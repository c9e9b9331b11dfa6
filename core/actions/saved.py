"""To keep a state of the queue under a name, for oneself or for everybody."""

from tortoise.exceptions import IntegrityError

from core import clock, db
from core.actions.actor import Actor
from core.errors import Forbidden, Invalid, NotFound
from core.models import SavedFilter
from core.workflow import Role

LONGEST = 60  # characters of a name
LONGEST_QUERY = 1000
MOST = 30  # of one person
_SHARE = frozenset({Role.OPERATOR, Role.ADMINISTRATOR})


def may_share(role: Role) -> bool:
    return role in _SHARE


def may_delete(actor: Actor, owner: int, *, shared: bool) -> bool:
    """One's own; administrators any that are shared."""
    return owner == actor.staff_id or (actor.role is Role.ADMINISTRATOR and shared)


async def save(actor: Actor, name: str, query: str, *, shared: bool) -> SavedFilter:
    """`query`: of the queue's address, as it gives it itself. Invalid for a name that is none or taken."""
    name = " ".join(name.split())
    if shared and not may_share(actor.role):
        raise Forbidden("action.not_yours")
    if not name or len(name) > LONGEST:
        raise Invalid("saved.name", longest=LONGEST)
    if not query or len(query) > LONGEST_QUERY:
        raise Invalid("saved.nothing")
    async with db.transaction():
        if await SavedFilter.filter(staff_id=actor.staff_id).count() >= MOST:
            raise Invalid("saved.too_many", most=MOST)
        own = await SavedFilter.filter(staff_id=actor.staff_id).values_list("name", flat=True)
        others = await SavedFilter.filter(shared=True).values_list("name", flat=True) if shared else []
        if name.casefold() in {str(one).casefold() for one in (*own, *others)}:
            raise Invalid("saved.taken", name=name)
        try:
            return await SavedFilter.create(
                staff_id=actor.staff_id, name=name, query=query, shared=shared, created_at=clock.now()
            )
        except IntegrityError as error:  # saved twice at once
            raise Invalid("saved.taken", name=name) from error


async def delete(actor: Actor, saved_id: int) -> SavedFilter:
    """NotFound for what isn't there or is none of this person's business."""
    row = await SavedFilter.get_or_none(id=saved_id)
    if row is None or not may_delete(actor, row.staff_id, shared=row.shared):
        raise NotFound("saved.gone")
    await row.delete()
    return row
