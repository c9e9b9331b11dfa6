"""Colleagues who see an appeal, and those of them who follow it: told in the panel that it moved on."""

from collections.abc import Collection

from tortoise.expressions import Q

from core import clock
from core.actions.notify import mark
from core.models import Appeal, CoExecutor, Event, Notice, Staff
from core.workflow import Role


async def colleagues(appeal: Appeal, helping: Collection[str] | None = None) -> list[Staff]:
    """All who see the appeal, by name: the desk, its executor's officers and those of who helps.

    `helping`: slugs of who helps, where they are known already.
    """
    who = await _helping(appeal) if helping is None else helping
    return await Staff.filter(_seeing(appeal, who)).order_by("name", "id")


async def tell(appeal: Appeal, event: Event) -> None:
    """Each who follows it and still sees it hears of this step once; who took it knows."""
    following = Staff.filter(follows__appeal_id=appeal.id)
    if not await following.exists():
        return
    people = await following.filter(_seeing(appeal, await _helping(appeal))).exclude(id=event.staff_id or 0)
    now = clock.now()
    await Notice.bulk_create(
        [
            Notice(
                staff_id=person.id,
                appeal_id=appeal.id,
                kind="followed",
                dedupe=mark("followed", appeal, str(event.id), person.id),
                at=now,
            )
            for person in people
        ],
        ignore_conflicts=True,
    )


async def _helping(appeal: Appeal) -> list[str]:
    found = await CoExecutor.filter(appeal_id=appeal.id).values_list("executor_id", flat=True)
    return [str(slug) for slug in found]


def _seeing(appeal: Appeal, helping: Collection[str]) -> Q:
    executors = [slug for slug in (appeal.executor_id, *helping) if slug is not None]
    desk = ~Q(role=Role.EXECUTOR)
    return Q(active=True) & (desk | Q(executor_id__in=executors) if executors else desk)
