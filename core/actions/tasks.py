"""An on-site check: somebody goes to see whether what is reported is true, and says what they found (KR 3.4).

A check changes no status: what follows from the finding is for the desk to decide.
"""

from collections.abc import Collection
from datetime import datetime

from core import clock, db
from core.actions import notify
from core.actions.actor import Actor
from core.actions.independent import refuse_own
from core.actions.move import look_up, move, words
from core.city import City
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.models import Appeal, Attachment, Event, Staff, Task, TaskKind
from core.models.appeals import AttachmentState
from core.workflow import MAY, Role, Verb

OUTCOMES = ("confirmed", "denied")


async def ask_check(
    city: City,
    appeal_id: int,
    actor: Actor,
    *,
    expected: int,
    text: str,
    assignee: int | None = None,
    due: datetime | None = None,
) -> Appeal:
    """Ask for a check; whoever is named hears of it, and where nobody is, it is for whoever is free."""
    text = words(text, key="check.needed")
    async with db.transaction():
        if due is not None and due <= clock.now():
            raise Invalid("due.past")
        person = await Staff.get_or_none(id=assignee, active=True) if assignee is not None else None
        if assignee is not None and (person is None or person.role not in MAY[Verb.CHECKED]):
            raise Invalid("assignee.unknown")
        task = await Task.create(
            appeal_id=(await look_up(appeal_id, actor)).id,
            kind=TaskKind.CHECK,
            assignee_id=assignee,
            words=text,
            created_at=clock.now(),
            due_at=due,
        )
        data = {"task": task.id, "assignee": person.name if person else ""}
        appeal, event = await move(
            city, Verb.CHECK, appeal_id, actor, expected=expected, text=text, data=data
        )
        if person is not None and person.id != actor.staff_id:
            await notify.staff([person], appeal, "check", occasion=str(event.id), text=text)
    return appeal


async def finish_check(
    city: City,
    task_id: int,
    actor: Actor,
    *,
    outcome: str,
    finding: str,
    photos: Collection[int] = (),
    uploads: str = "",
) -> Appeal:
    """Say what was found, with photos that were uploaded under the mark `uploads` (see executor.upload_mark).

    Raises NotFound for no such check, Conflict where somebody has done it.
    """
    if actor.role not in MAY[Verb.CHECKED]:
        raise Forbidden("action.not_yours")
    if outcome not in OUTCOMES:
        raise Invalid("outcome.needed")
    finding = words(finding, key="finding.needed")
    async with db.transaction():
        task = await Task.get_or_none(id=task_id, kind=TaskKind.CHECK) if task_id <= db.LARGEST_ID else None
        if task is None:
            raise NotFound("task.gone")
        await refuse_own(await look_up(task.appeal_id, actor), actor)
        taken = await Task.filter(id=task_id, done_at=None).update(
            done_at=clock.now(), done_by_id=actor.staff_id, outcome=outcome, finding=finding
        )
        if not taken:
            raise Conflict("task.done")
        appeal, event = await move(
            city,
            Verb.CHECKED,
            task.appeal_id,
            actor,
            text=finding,
            data={"task": task.id, "outcome": outcome},
        )
        if photos:
            uploaded = Attachment.filter(
                id__in=list(photos), appeal_id=None, draft=uploads, state=AttachmentState.STORED
            )
            await uploaded.update(appeal_id=appeal.id, event_id=event.id, draft="")
        await _tell_who_asked(appeal, task, event)
    return appeal


async def _tell_who_asked(appeal: Appeal, task: Task, event: Event) -> None:
    """What was drawn by lot nobody asked for: then the operators hear."""
    asked = await Event.filter(appeal_id=appeal.id, verb=Verb.CHECK).order_by("-id")
    by = next((each.staff_id for each in asked if each.data.get("task") == task.id), None)
    who = Staff.filter(role=Role.OPERATOR) if by is None else Staff.filter(id=by)
    people = await who.filter(active=True).exclude(id=event.staff_id or 0)
    await notify.staff(people, appeal, "checked", occasion=str(event.id), text=event.text)
