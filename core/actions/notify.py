"""What people are told of a change: queued in the same transaction, so it is told once or not at all.

The core says what (a kind and its facts); the bots know how it looks and in which language. What isn't urgent
is queued held: core/holding.py says how long it waits, and for what.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
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
    "alarm",
    "alarm_unanswered",
    "alarm_taken",
    "assigned",
    "assigned_many",
    "assigned_bulk",
    "helping",
    "triage",
    "reported",
    "answered",
    "reopened",
    "rework",
    "half",
    "pre_alarm",
    "due",
    "overdue",
    "escalated",
    "daily",
    "nudged",
    "withdrawn",
    "declined",
    "handed_up",
    "need_time",
    "time_refused",
    "extended",
    "reckoned",
    "mentioned",
    "check",
    "checked",
    "report",  # of a period: core/subscribing.py
    "job_failed",  # says it to administrators: core/job_records.py
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
    await residents([Told(appeal, more, dedupe)], kind, silent=silent, but=but)


@dataclass(frozen=True, slots=True)
class Told:
    """An appeal whose residents are told something, with what is said of it alone."""

    appeal: Appeal
    more: Mapping[str, object]
    dedupe: str | None = None


async def residents(
    told: Sequence[Told], kind: str, *, silent: bool = False, but: Collection[int] = ()
) -> None:
    """The same of many appeals, with as many queries as for one."""
    joined = await _joined([each.appeal.id for each in told if each.appeal.supporters], silent=silent)
    own = {each.appeal.account_id for each in told} - {None}
    known = {account.id: account for account in await Account.filter(id__in=own)} if own else {}
    addressed, dedupes = [], {}
    for each in told:
        body = facts(each.appeal, **each.more)
        dedupes[each.appeal.id] = each.dedupe
        own_account = known.get(each.appeal.account_id or 0)
        theirs = {account.id: account for account in joined[each.appeal.id]}
        theirs |= {own_account.id: own_account} if own_account else {}
        addressed += [
            calls.Addressed(theirs[one], each.appeal, body) for one in sorted(set(theirs) - set(but))
        ]
    messages = []
    for account, notice in await calls.written(addressed, kind):
        if account.id in but:
            continue
        appeal, dedupe = notice.appeal, dedupes[notice.appeal.id]
        whose = f"{dedupe}:{account.id}" if dedupe and account.id != appeal.account_id else dedupe
        body = dict(notice.body)
        held = not is_urgent(kind, body)
        messages.append(Message(account, kind, body, appeal_id=appeal.id, dedupe=whose, held=held))
    await queue_all(messages)


async def _joined(appeals: Sequence[int], *, silent: bool) -> dict[int, list[Account]]:
    """Who joined each, in which chats."""
    found: dict[int, list[Account]] = defaultdict(list)
    if appeals:
        rows = Supporter.filter(appeal_id__in=appeals, **({"answered_at": None} if silent else {}))
        for row in await rows.select_related("account"):
            if row.account is not None:
                found[row.appeal_id].append(row.account)
    return found


async def one(account: Account, appeal: Appeal, kind: str, *, dedupe: str, **more: object) -> None:
    """Tell one of those who follow it what concerns them alone."""
    body = facts(appeal, **more)
    held = not is_urgent(kind, body)
    for chat in await calls.chats([account], appeal, kind, body):
        await queue(Message(chat, kind, body, appeal_id=appeal.id, dedupe=dedupe, held=held))


async def handed_over(appeal: Appeal, *, occasion: str, chat: bool = True) -> None:
    """Tell the officers that it is theirs now; of what is urgent, all that can be said in one message."""
    if appeal.urgent:
        await officers(appeal, "urgent", occasion=occasion, chat=chat, **danger_of(appeal))
    else:
        await officers(appeal, "assigned", occasion=occasion, chat=chat)


def danger_of(appeal: Appeal) -> dict[str, Any]:
    """All that decides who must run where."""
    return {"address": appeal.address, "district": appeal.district_id, "danger": appeal.danger_words}


async def officers(appeal: Appeal, kind: str, *, occasion: str, chat: bool = True, **more: object) -> None:
    """Tell the executor's officers, in the panel and in the chat where they linked one."""
    if appeal.executor_id is not None:
        await officers_of([appeal.executor_id], appeal, kind, occasion=occasion, chat=chat, **more)


async def officers_of(
    executors: Collection[str],
    appeal: Appeal,
    kind: str,
    *,
    occasion: str,
    chat: bool = True,
    **more: object,
) -> None:
    """Tell the officers of these executors, whoever answers for the appeal."""
    people = await Staff.filter(executor_id__in=executors, active=True) if executors else []
    await staff(people, appeal, kind, occasion=occasion, chat=chat, **more)


async def desk(appeal: Appeal, kind: str, *, occasion: str, chat: bool = True, **more: object) -> None:
    """Tell the operators, in the panel and in the chat where they linked one."""
    people = await Staff.filter(role=Role.OPERATOR, active=True)
    await staff(people, appeal, kind, occasion=occasion, chat=chat, **more)


async def managers(appeal: Appeal, kind: str, *, occasion: str, **more: object) -> None:
    """Tell the managers; in a city that has none, the administrators, so that somebody decides."""
    people = await Staff.filter(role=Role.MANAGER, active=True)
    people = people or await Staff.filter(role=Role.ADMINISTRATOR, active=True)
    await staff(people, appeal, kind, occasion=occasion, chat=True, **more)


async def staff(
    people: list[Staff], appeal: Appeal, kind: str, *, occasion: str, chat: bool = True, **more: object
) -> None:
    """Who stands in for the absent is told as well; without `chat`, in the panel alone.

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
    linked = {person.account_id for person in people if person.account_id is not None and chat}
    in_chat, body = f"staff.{kind}", facts(appeal, **more)
    held = not is_urgent(in_chat, body)
    acting = {person.account_id for person in people if person.role is Role.EXECUTOR}
    for account in await Account.filter(id__in=linked) if linked else []:
        dedupe = f"{key}:account:{account.id}"
        told = body | {"officer": True} if account.id in acting else body  # who may work on it from there
        await queue(Message(account, in_chat, told, appeal_id=appeal.id, dedupe=dedupe, held=held))


def mark(kind: str, appeal: Appeal, occasion: str, staff_id: int) -> str:
    """What makes a notice one: the same of the same occasion is never told twice to a person."""
    return f"{kind}:{appeal.id}:{occasion}:{staff_id}"
