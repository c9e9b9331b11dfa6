"""No executor approves itself (KR 4.7): who reported, or acts for who did the work, leaves it to others."""

from core.actions.absences import acts_for
from core.actions.actor import Actor
from core.errors import Forbidden
from core.models import Appeal, CoExecutor, Event
from core.workflow import Verb


async def refuse_own(appeal: Appeal, actor: Actor) -> None:
    """Forbidden to a person who wrote the latest report, or acts for an executor whose work it is.

    That is the executor that has the appeal, the one that reported, and those who help; whatever role the
    person has, and also where they stand in for an officer today.
    """
    if actor.staff_id is None:
        return
    report = await Event.filter(appeal_id=appeal.id, verb=Verb.REPORT).order_by("-id").first()
    if report is not None and report.staff_id == actor.staff_id:
        raise Forbidden("approve.own_report")
    if own := actor.executors | await acts_for(actor.staff_id):
        theirs = {appeal.executor_id, report.data.get("executor") if report else None}
        helping = CoExecutor.filter(appeal_id=appeal.id, executor_id__in=own)
        if own & theirs or await helping.exists():
            raise Forbidden("approve.own_executor")
