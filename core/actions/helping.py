"""Co-executors: who works on an appeal beside the executor who answers for it (KR 4.5)."""

from collections.abc import Sequence

from core import clock, db
from core.actions import notify
from core.actions.actor import Actor
from core.actions.move import move, words
from core.city import City
from core.errors import Invalid
from core.models import Appeal, CoExecutor
from core.ready import Ready
from core.workflow import Verb

_OF_APPEAL = Ready(lambda appeal: CoExecutor.filter(appeal_id=appeal).order_by("id"))


async def set_co_executors(
    city: City, appeal_id: int, actor: Actor, *, expected: int, executors: Sequence[str], text: str
) -> Appeal:
    """Let these and no others help; the new ones are told, and `text` says in the history what is asked."""
    text = words(text, key="help.needed")
    wanted = list(dict.fromkeys(executors))
    if any(slug not in city.executors or not city.executors[slug].active for slug in wanted):
        raise Invalid("co_executors.unknown")
    async with db.transaction():
        was = await co_executors_of(appeal_id)
        appeal, event = await move(
            city,
            Verb.HELP,
            appeal_id,
            actor,
            expected=expected,
            text=text,
            data={"co_executors": wanted, "was": list(was)},
        )
        if appeal.executor_id in wanted:
            raise Invalid("co_executors.answers")
        if set(wanted) == set(was):
            raise Invalid("co_executors.same")
        await CoExecutor.filter(appeal_id=appeal_id).exclude(executor_id__in=wanted).delete()
        await join(appeal, [slug for slug in wanted if slug not in was], occasion=str(event.id))
    return appeal


async def join(appeal: Appeal, executors: Sequence[str], *, occasion: str) -> None:
    """Write down and tell those who help from now on, within the open transaction."""
    now = clock.now()
    await CoExecutor.bulk_create(
        [CoExecutor(appeal_id=appeal.id, executor_id=slug, at=now) for slug in executors],
        ignore_conflicts=True,
    )
    await notify.officers_of(executors, appeal, "helping", occasion=occasion)


async def leave(appeal: Appeal) -> None:
    """Who answers for an appeal doesn't help with it."""
    await CoExecutor.filter(appeal_id=appeal.id, executor_id=appeal.executor_id).delete()


async def co_executors_of(appeal_id: int) -> tuple[str, ...]:
    """Slugs, in the order in which they joined."""
    return tuple(row.executor_id for row in await _OF_APPEAL(appeal_id))
