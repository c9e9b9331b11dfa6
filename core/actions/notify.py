"""What people are told of a change: queued in the same transaction, so it is told once or not at all.

The core says what (a kind and its facts); the bots know how it looks and in which language.
"""

from typing import Any

from core import clock
from core.models import Account, Appeal, Notice, Staff
from core.outbox import Message, queue
from core.workflow import Role


def facts(appeal: Appeal, **more: object) -> dict[str, Any]:
    """The facts of an appeal that its messages speak of; slugs and instants, formatted when rendered."""
    return {
        "appeal": appeal.id,
        "number": appeal.number,
        "category": appeal.category_id,
        "executor": appeal.executor_id,
        "due": appeal.due_at.isoformat() if appeal.due_at else None,
        **more,
    }


async def resident(appeal: Appeal, kind: str, *, dedupe: str | None = None, **more: object) -> None:
    """Tell the one who filed it, in the chat it came from."""
    if appeal.account_id is None:
        return
    account = await Account.get(id=appeal.account_id)
    await queue(Message(account, kind, facts(appeal, **more), appeal_id=appeal.id, dedupe=dedupe))


async def officers(appeal: Appeal, kind: str, *, occasion: str) -> None:
    """Tell the executor's officers, in the panel and in the chat where they linked one."""
    if appeal.executor_id is not None:
        await staff(
            await Staff.filter(executor_id=appeal.executor_id, active=True), appeal, kind, occasion=occasion
        )


async def desk(appeal: Appeal, kind: str, *, occasion: str) -> None:
    """Tell the operators, in the panel and in the chat where they linked one."""
    await staff(await Staff.filter(role=Role.OPERATOR, active=True), appeal, kind, occasion=occasion)


async def staff(people: list[Staff], appeal: Appeal, kind: str, *, occasion: str) -> None:
    """`occasion` makes it once: the same kind for the same occasion is never told twice to a person."""
    if not people:
        return
    key = f"{kind}:{appeal.id}:{occasion}"
    await Notice.bulk_create(
        [
            Notice(
                staff_id=person.id,
                appeal_id=appeal.id,
                kind=kind,
                dedupe=f"{key}:{person.id}",
                at=clock.now(),
            )
            for person in people
        ],
        ignore_conflicts=True,
    )
    linked = {person.account_id for person in people if person.account_id is not None}
    for account in await Account.filter(id__in=linked) if linked else []:
        dedupe = f"{key}:account:{account.id}"
        await queue(Message(account, f"staff.{kind}", facts(appeal), appeal_id=appeal.id, dedupe=dedupe))
