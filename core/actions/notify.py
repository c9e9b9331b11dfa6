"""What people are told of a change: queued in the same transaction, so it is told once or not at all.

The core says what (a kind and its facts); the bots know how it looks and in which language. What isn't urgent
is queued held: core/holding.py says how long it waits, and for what.
"""

from collections.abc import Collection
from typing import Any

from core import clock
from core.actions import calls
from core.actions.absences import with_substitutes
from core.holding import is_urgent
from core.models import Account, Appeal, Notice, Staff, Supporter
from core.outbox import Message, queue, queue_all
from core.workflow import Role

# What staff are told, in the panel and in the chat where they linked one.
STAFF_KINDS = (
    "urgent",
    "surge",
    "assigned",
    "assigned_many",
    "assigned_bulk",
    "helping",
    "triage",
    "reported",
    "answered",
    "reopened",
    "rework",
    "pre_alarm",
    "overdue",
    "nudged",
    "withdrawn",
    "declined",
    "handed_up",
    "need_time",
    "time_refused",
    "extended",
    "mentioned",
    "check",
    "checked",
)


def facts(appeal: Appeal, **more: object) -> dict[str, Any]:
    """The facts of an appeal that its messages speak of; slugs and instants, formatted when rendered."""
    return {
        "appeal": appeal.id,
        "number": appeal.number,
        "category": appeal.category_id,
        "kind": appeal.kind.value,
        "executor": appeal.executor_id,
        "due": appeal.due_at.isoformat() if appeal.due_at else None,
        "urgent": appeal.urgent,
        **more,
    }


async def resident(
    appeal: Appeal,
    kind: str,
    *,
    dedupe: str | None = None,
    silent: bool = False,
    but: Collection[int] = (),
    **more: object,
) -> None:
    """Tell the one who filed it and all who joined, each in the chat they came from; who rang, by a call.

    `silent`: of those who joined, only who hasn't said yet what they think of the result; `but`: accounts to
    which it is no news.
    """
    chats = {appeal.account_id}
    if appeal.supporters:
        joined = Supporter.filter(appeal_id=appeal.id, **({"answered_at": None} if silent else {}))
        chats |= {supporter.account_id for supporter in await joined}
    body = facts(appeal, **more)
    accounts = await Account.filter(id__in=chats - {None} - set(but)).order_by("id")
    await queue_all(
        [
            Message(
                account,
                kind,
                body,
                appeal_id=appeal.id,
                dedupe=f"{dedupe}:{account.id}" if dedupe and account.id != appeal.account_id else dedupe,
                held=not is_urgent(kind, body),
            )
            for account in await calls.chats(accounts, appeal, kind, body)
            if account.id not in but
        ]
    )


async def one(account: Account, appeal: Appeal, kind: str, *, dedupe: str, **more: object) -> None:
    """Tell one of those who follow it what concerns them alone."""
    body = facts(appeal, **more)
    held = not is_urgent(kind, body)
    for chat in await calls.chats([account], appeal, kind, body):
        await queue(Message(chat, kind, body, appeal_id=appeal.id, dedupe=dedupe, held=held))


async def urgent(appeal: Appeal, *, occasion: str) -> None:
    """Tell who is on duty at once: the operators, and the officers where an executor has it."""
    await desk(appeal, "urgent", occasion=occasion, **_danger(appeal))
    await handed_over(appeal, occasion=occasion)


async def handed_over(appeal: Appeal, *, occasion: str) -> None:
    """Tell the officers that it is theirs now; of what is urgent, all that can be said in one message."""
    if appeal.urgent:
        await officers(appeal, "urgent", occasion=occasion, **_danger(appeal))
    else:
        await officers(appeal, "assigned", occasion=occasion)


def _danger(appeal: Appeal) -> dict[str, Any]:
    return {"address": appeal.address, "district": appeal.district_id, "danger": appeal.danger_words}


async def officers(appeal: Appeal, kind: str, *, occasion: str, **more: object) -> None:
    """Tell the executor's officers, in the panel and in the chat where they linked one."""
    if appeal.executor_id is not None:
        await officers_of([appeal.executor_id], appeal, kind, occasion=occasion, **more)


async def officers_of(
    executors: Collection[str], appeal: Appeal, kind: str, *, occasion: str, **more: object
) -> None:
    """Tell the officers of these executors, whoever answers for the appeal."""
    people = await Staff.filter(executor_id__in=executors, active=True) if executors else []
    await staff(people, appeal, kind, occasion=occasion, **more)


async def desk(appeal: Appeal, kind: str, *, occasion: str, **more: object) -> None:
    """Tell the operators, in the panel and in the chat where they linked one."""
    people = await Staff.filter(role=Role.OPERATOR, active=True)
    await staff(people, appeal, kind, occasion=occasion, **more)


async def managers(appeal: Appeal, kind: str, *, occasion: str, **more: object) -> None:
    """Tell the managers; in a city that has none, the administrators, so that somebody decides."""
    people = await Staff.filter(role=Role.MANAGER, active=True)
    people = people or await Staff.filter(role=Role.ADMINISTRATOR, active=True)
    await staff(people, appeal, kind, occasion=occasion, **more)


async def staff(people: list[Staff], appeal: Appeal, kind: str, *, occasion: str, **more: object) -> None:
    """Who stands in for the absent is told as well.

    `occasion` makes it once: the same kind for the same occasion is never told twice to a person.
    """
    if not people:
        return
    people = await with_substitutes(people)
    key = f"{kind}:{appeal.id}:{occasion}"
    # Who follows it need not hear of the same step twice.
    less = [mark("followed", appeal, occasion, person.id) for person in people]
    if occasion.isdigit():  # an event; at filing nobody follows yet
        await Notice.filter(dedupe__in=less, read_at=None).delete()
    await Notice.bulk_create(
        [
            Notice(
                staff_id=person.id,
                appeal_id=appeal.id,
                kind=kind,
                dedupe=mark(kind, appeal, occasion, person.id),
                at=clock.now(),
            )
            for person in people
        ],
        ignore_conflicts=True,
    )
    linked = {person.account_id for person in people if person.account_id is not None}
    in_chat, body = f"staff.{kind}", facts(appeal, **more)
    held = not is_urgent(in_chat, body)
    for account in await Account.filter(id__in=linked) if linked else []:
        dedupe = f"{key}:account:{account.id}"
        await queue(Message(account, in_chat, body, appeal_id=appeal.id, dedupe=dedupe, held=held))


def mark(kind: str, appeal: Appeal, occasion: str, staff_id: int) -> str:
    """What makes a notice one: the same of the same occasion is never told twice to a person."""
    return f"{kind}:{appeal.id}:{occasion}:{staff_id}"
