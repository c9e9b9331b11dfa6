"""A resident takes back their report. While others follow the appeal it goes on for them.

Who takes theirs back is told nothing more: who joined is no longer among the supporters; the one who filed
it, or whose own was merged into it, stays known as such (`resident`), but has no chat there (`account`). They
may join again. So an appeal never dies for the five who joined it because the first of six was content.
"""

from core import clock, db
from core.actions import notify
from core.actions.actor import Actor
from core.actions.helping import co_executors_of
from core.actions.move import move
from core.actions.said import as_supporter, meant
from core.city import City
from core.models import Appeal, Supporter
from core.workflow import Status, Verb


async def withdraw(city: City, appeal_id: int, actor: Actor) -> Appeal:
    """The status of what is returned says whether it ended (`withdrawn`) or goes on without this person.

    Raises Conflict where it has ended already.
    """
    async with db.transaction():
        before = await meant(appeal_id, actor)
        first = actor.sees(before)
        if not first or before.supporters:
            others = Supporter.filter(appeal_id=before.id).exclude(resident_id=actor.resident_id)
            appeal, _ = await move(
                city,
                Verb.WITHDRAW,
                before.id,
                actor,
                to=before.status,
                data={"goes_on": True, **as_supporter(before, actor)},
                supporters=await others.count(),
                account_id=None if first else before.account_id,
            )
            await _leave(appeal, actor)
            return appeal
        appeal, event = await move(city, Verb.WITHDRAW, before.id, actor, closed_at=clock.now())
        executors = [each for each in (appeal.executor_id, *await co_executors_of(appeal.id)) if each]
        await notify.officers_of(executors, appeal, "withdrawn", occasion=str(event.id))
        await notify.desk(appeal, "withdrawn", occasion=str(event.id))
    return appeal


def left(actor: Actor, appeal: Appeal) -> bool:
    """Whether this person filed it and then left it to those who joined."""
    return actor.sees(appeal) and appeal.account_id is None and appeal.status is not Status.WITHDRAWN


async def _leave(appeal: Appeal, actor: Actor) -> None:
    """Off the appeal, and off all that was merged into it, or the next merge would bring them back."""
    ids = [appeal.id]
    for each in ids:  # grows while it is walked: what was merged into what was merged
        merged = Appeal.filter(duplicate_of_id=each)
        ids += [int(str(one)) for one in await merged.values_list("id", flat=True)]
    for joined in await Supporter.filter(resident_id=actor.resident_id, appeal_id__in=ids):
        await joined.delete()
        rest = await Supporter.filter(appeal_id=joined.appeal_id).count()
        await Appeal.filter(id=joined.appeal_id).update(supporters=rest)
    await Appeal.filter(id__in=ids[1:], resident_id=actor.resident_id).update(account_id=None)
