"""Who makes sure that a report is true (KR 4.7): somebody who goes to see, an operator, or the resident."""

from tortoise.queryset import QuerySet

from core import chance, clock, trust
from core.actions.actor import SYSTEM, Actor
from core.actions.move import move, step, words
from core.city import City
from core.models import Appeal, Attachment, Event, Task, TaskKind
from core.models.appeals import AttachmentKind, AttachmentState
from core.queries.judged import record
from core.workflow import STATUTORY, Kind, Status, Verb

SKIPPED = "skipped"  # the outcome of a check that nobody went for
_DRAWN = "drawn:"  # with the report's event: a report is drawn once
_DECIDED = STATUTORY | {Kind.DEPUTY}  # by people, whatever the category


def open_checks(appeal_id: int) -> QuerySet[Task]:
    return Task.filter(appeal_id=appeal_id, kind=TaskKind.CHECK, done_at=None)


def left_to_resident(city: City, appeal: Appeal) -> bool:
    """Whether a report is accepted without an operator, unless a check waits: never where it came back."""
    came_back = appeal.rework_count or appeal.reopen_count
    of_people = came_back or appeal.urgent or appeal.kind in _DECIDED
    return not (of_people or city.categories[appeal.category_id].checked)


async def after_report(city: City, appeal: Appeal, report: Event) -> Appeal:
    """Within the transaction of the report: draw lots, and accept it where nobody shall look at it first.

    A check that waits already serves for this report, too.
    """
    waits = await open_checks(appeal.id).exists()
    if not waits:
        appeal, waits = await _drawn(city, appeal, report)
    if waits or not left_to_resident(city, appeal) or not await _shown(city, appeal, report):
        return appeal
    accepted, _ = await step(
        city,
        Verb.RESOLVE,
        appeal,
        SYSTEM,
        to=Status.RESOLVED,
        text=appeal.answer,
        data={"policy": "unchecked", "category": appeal.category_id},
        answered_at=clock.now(),
    )
    return accepted


async def skip(city: City, appeal: Appeal, actor: Actor, *, expected: int, reason: str) -> int:
    """Decide without the checks that wait, for a reason that history keeps; the version that comes of it.

    Raises Invalid where one waits and no reason is given.
    """
    waiting = await open_checks(appeal.id).order_by("id")
    if not waiting or appeal.version != expected:  # which the decision itself refuses
        return expected
    reason = words(reason, key="check.open")
    for task in waiting:
        data = {"task": task.id, "outcome": SKIPPED}
        moved, _ = await move(city, Verb.CHECKED, appeal.id, actor, expected=expected, text=reason, data=data)
        expected = moved.version
    await _close(open_checks(appeal.id), actor, reason)
    return expected


async def drop_drawn(appeal: Appeal, actor: Actor) -> None:
    """What was drawn for a report needs no check once that is returned; the next report is drawn anew."""
    await _close(open_checks(appeal.id).filter(dedupe__startswith=_DRAWN), actor, "")


async def _close(tasks: QuerySet[Task], actor: Actor, finding: str) -> None:
    await tasks.update(done_at=clock.now(), done_by_id=actor.staff_id, outcome=SKIPPED, finding=finding)


async def _shown(city: City, appeal: Appeal, report: Event) -> bool:
    """Whether a photo that is needed is here; one from a chat may still turn out to be none.

    Where nobody said a word, it is all there is.
    """
    if not city.categories[appeal.category_id].needs_photo and "wordless" not in report.data:
        return True
    photos = Attachment.filter(event_id=report.id, kind=AttachmentKind.PHOTO)
    return await photos.filter(state=AttachmentState.STORED).exists()


async def _drawn(city: City, appeal: Appeal, report: Event) -> tuple[Appeal, bool]:
    policy = city.categories[appeal.category_id].check_share
    known = trust.Record()
    if appeal.executor_id is not None:
        known = await record(appeal.executor_id, city.settings.control.denied_reports)
    share = trust.share(policy, known)
    if not chance.drawn(share):
        return appeal, False
    task = await Task.create(
        appeal_id=appeal.id, kind=TaskKind.CHECK, created_at=clock.now(), dedupe=f"{_DRAWN}{report.id}"
    )
    why = {"share": share, "policy": policy, "judged": known.judged, "denied": known.denied}
    data = {"task": task.id, "assignee": "", "drawn": why}
    appeal, _ = await step(city, Verb.CHECK, appeal, SYSTEM, to=appeal.status, data=data)
    return appeal, True
