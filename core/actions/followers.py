"""Colleagues who see an appeal, and those of them who follow it: told in the panel that it moved on."""

from collections.abc import Collection, Sequence

from tortoise.expressions import Q

from core import clock
from core.actions.notify import mark
from core.models import Appeal, CoExecutor, Event, Follow, Notice, Staff
from core.ready import Ready
from core.workflow import Role

_SEEING = Ready(
    lambda executor: Staff.filter(~Q(role=Role.EXECUTOR) | Q(executor_id=executor), active=True).order_by(
        "id"
    )
)


async def colleagues(appeal: Appeal, helping: Collection[str] | None = None) -> list[Staff]:
    """All who see the appeal, by name: the desk, its executor's officers and those of who helps.

    `helping`: slugs of who helps, where they are known already.
    """
    who = await _helping(appeal) if helping is None else helping
    found = await _SEEING(appeal.executor_id or "")
    if others := set(who) - {appeal.executor_id}:
        found += await Staff.filter(active=True, executor_id__in=others)
    return sorted(found, key=lambda person: (person.name, person.id))


async def tell(appeal: Appeal, event: Event) -> None:
    """Each who follows it and still sees it hears of this step once; who took it knows."""
    await tell_all([(appeal, event)])


async def tell_all(steps: Sequence[tuple[Appeal, Event]]) -> None:
    """The same of steps of many appeals, with as many queries as for one."""
    ids = [appeal.id for appeal, _ in steps]
    following = await Follow.filter(appeal_id__in=ids, staff__active=True).select_related("staff")
    if not following:
        return
    helping = {(row.appeal_id, row.executor_id) for row in await CoExecutor.filter(appeal_id__in=ids)}
    now = clock.now()
    await Notice.bulk_create(
        [
            Notice(
                staff_id=follow.staff_id,
                appeal_id=appeal.id,
                kind="followed",
                dedupe=mark("followed", appeal, str(event.id), follow.staff_id),
                at=now,
            )
            for appeal, event in steps
            for follow in following
            if follow.appeal_id == appeal.id
            and follow.staff_id != event.staff_id
            and _sees(follow.staff, appeal, helping)
        ],
        ignore_conflicts=True,
    )


def _sees(person: Staff, appeal: Appeal, helping: Collection[tuple[int, str]]) -> bool:
    """As `colleagues` has it from the database."""
    if person.role is not Role.EXECUTOR:
        return True
    own = person.executor_id
    return own is not None and (own == appeal.executor_id or (appeal.id, own) in helping)


async def _helping(appeal: Appeal) -> list[str]:
    found = await CoExecutor.filter(appeal_id=appeal.id).values_list("executor_id", flat=True)
    return [str(slug) for slug in found]
