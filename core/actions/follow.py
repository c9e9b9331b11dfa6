"""To hear of an appeal without answering for it: by following it, or called by @login in a note."""

import re

from core import clock, db
from core.actions import notify
from core.actions.actor import Actor
from core.actions.followers import colleagues
from core.actions.move import look_up
from core.models import Appeal, Event, Follow

_CALLED = re.compile(r"(?<![\w@.])@([\w.@+-]*\w)")


async def follow(appeal_id: int, actor: Actor) -> None:
    """Hear in the panel of each step it takes. NotFound where it doesn't exist for this person."""
    async with db.transaction():
        await look_up(appeal_id, actor)
        row = Follow(staff_id=actor.staff_id, appeal_id=appeal_id, created_at=clock.now())
        await Follow.bulk_create([row], ignore_conflicts=True)


async def unfollow(appeal_id: int, actor: Actor) -> None:
    """Hear no more of it."""
    await Follow.filter(appeal_id=appeal_id, staff_id=actor.staff_id).delete()


async def call(appeal: Appeal, event: Event) -> None:
    """Tell those whom the words of a note call by @login, as far as they see the appeal."""
    called = {login.casefold() for login in _CALLED.findall(event.text)}
    if not called:
        return
    people = [one for one in await colleagues(appeal) if one.login in called and one.id != event.staff_id]
    await notify.staff(people, appeal, "mentioned", occasion=str(event.id), text=event.text)
