"""Changing which model reads: a new one that is better, or an older one that people go back to."""

from datetime import datetime

from core import city as cities
from core import clock, db, log
from core.actions.actor import Actor
from core.city import City
from core.errors import Conflict, Forbidden, NotFound
from core.learning.active import base_of
from core.learning.judging import Verdict
from core.learning.lessons import Lesson
from core.model_store import ModelLost, ModelStore
from core.models import ModelState, ModelVersion
from core.workflow import Role

KEPT = 5  # taught models that one can go back to, the one that reads among them
_log = log.get(__name__)


async def write_down(
    lesson: Lesson, verdict: Verdict, *, before: str, began: datetime
) -> ModelVersion | None:
    """What came of a lesson; an accepted model reads from now on, in place of the one it was judged against.

    None where that one no longer reads, or another process was faster: nothing is changed then.
    """
    row = ModelVersion(
        version=lesson.version,
        state=ModelState.ACTIVE if verdict.accepted else ModelState.REFUSED,
        made_at=began,  # what is said from then on is new
        activated_at=clock.now() if verdict.accepted else None,
        examples=len(lesson.examples),
        corrections=len(lesson.corrections),
        kept_aside=verdict.kept,
        accuracy=verdict.accuracy,
        accuracy_before=verdict.accuracy_before,
    )
    if verdict.better:  # then they are its price or, where it is refused, the reason
        row.confusions = [list(cost) for cost in verdict.costs]
    async with db.transaction():
        await cities.changed()  # first: it lets one transaction after another decide who reads
        if await ModelVersion.filter(version=row.version).exists():
            return None
        if verdict.accepted and not await ModelVersion.filter(version=before, state=ModelState.ACTIVE).update(
            state=ModelState.RETIRED
        ):
            return None
        await row.save(force_create=True)
    _log.info("model.judged", version=row.version, state=row.state, kept=verdict.kept, harmed=verdict.harmed)
    return row


async def go_back(city: City, actor: Actor, version: str) -> None:
    """Let an older model read again; it stays until people say otherwise or a newly taught one is better.

    Raises Forbidden, NotFound, or Conflict where it can't read any more.
    """
    if actor.role is not Role.ADMINISTRATOR:
        raise Forbidden("action.not_yours")
    row = await ModelVersion.get_or_none(version=version)
    if row is None:
        raise NotFound("model.not_found")
    base = base_of(city.understander.model_version)
    if base_of(version) != base:
        raise Conflict("model.outdated")
    if version != base:
        try:
            await ModelStore(city.settings).get(version)
        except ModelLost as lost:
            raise Conflict("model.lost") from lost
    async with db.transaction():
        await cities.changed()  # first, as above
        older = ModelVersion.filter(version=version, state=ModelState.RETIRED)
        if not await older.update(state=ModelState.ACTIVE, activated_at=clock.now()):
            raise Conflict("model.outdated")
        reading = ModelVersion.filter(state=ModelState.ACTIVE).exclude(version=version)
        await reading.update(state=ModelState.RETIRED)
    _log.info("model.gone_back", version=version, staff=actor.staff_id)
    await city.refresh()


async def tidy(store: ModelStore) -> None:
    """Keep the arrays of the last few models taught, and of the one that reads however old; forget others."""
    taught = ModelVersion.filter(version__contains="-", state__in=[ModelState.ACTIVE, ModelState.RETIRED])
    rows = sorted(
        await taught.order_by("-made_at"), key=lambda row: row.state is not ModelState.ACTIVE
    )  # the one that reads first, then the newest
    for row in rows[KEPT:]:
        await ModelVersion.filter(version=row.version, state=ModelState.RETIRED).update(
            state=ModelState.FORGOTTEN
        )
    await store.keep_only({row.version for row in rows[:KEPT]})
