"""The sweep that follows deadlines: reminds who works on an appeal, then passes it up level by level.

Each step is one mark in the history, whoever hears of it. An appeal is not changed by it: nobody's open form
is lost.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from core import clock, control, db
from core.actions import hearing
from core.actions.controlled import pace_of
from core.actions.hearing import Chain, Hearing, Whom
from core.actions.notify import facts
from core.city import City
from core.control import LEVELS, STEPS, Next, Step, kind_of
from core.holding import is_urgent
from core.log import current_trace
from core.models import Account, Appeal, Event, Notice, Staff
from core.outbox import Message, queue_all
from core.pieces import of_batch
from core.workflow import CONTROLLED, Role, Verb

if TYPE_CHECKING:
    from core.jobs import Desk

BATCH = 200


@dataclass(frozen=True, slots=True)
class _Told:
    """One step of an appeal and who hears of it."""

    appeal: Appeal
    step: Step
    planned_at: datetime  # the step that was planned: who is late by several tells of the latest alone
    due: datetime
    hearing: Hearing
    people: Sequence[Staff]  # who hears, and who would have heard of the levels that were passed over

    @property
    def mark(self) -> str:
        """Never told twice to a person: a step of one plan; another executor has a plan of its own."""
        return f"{self.step}:{self.appeal.id}:{self.planned_at:%Y%m%d%H%M%S}"


async def remind_of_deadlines(desk: "Desk") -> int:
    """Take the next step of control where it is due; how many appeals were looked at.

    The rows are held until the end, and other processes pass over them. Late, it takes the latest step alone,
    of which those of the steps between hear as well: only they can act.
    """
    now = clock.now()
    async with db.transaction():
        due = Appeal.filter(remind_at__lte=now).order_by("remind_at").limit(BATCH)
        rows = await due.select_for_update(skip_locked=True)
        if not rows:
            return 0
        chain = await hearing.chain(desk.city)
        told = [each for row in rows if (each := _take(desk.city, chain, row, now)) is not None]
        await _keep(rows)
        await Event.bulk_create([_event(each, now) for each in told])
        await _tell(told, now)
    return of_batch(len(rows), BATCH)


def _take(city: City, chain: Chain, appeal: Appeal, now: datetime) -> _Told | None:
    """Set when control looks at it again; what is to be told now, if anything."""
    at, due, appeal.remind_at = appeal.remind_at, appeal.due_at, None
    if at is None or due is None or appeal.status not in CONTROLLED:
        return None
    planned = Next(min(appeal.control, len(STEPS) - 1), at)
    pace = pace_of(city, category=appeal.category_id, executor=appeal.executor_id, urgent=appeal.urgent)
    step = control.holds(now, planned, due, pace)
    heard = chain.hearing(step.step, appeal.executor_id)
    following = control.after(planned, step.index, due, pace)
    while following and _heard_already(chain, appeal.executor_id, step.step, following.step):
        following = control.after(planned, following.index, due, pace)
    appeal.control = following.index if following else len(STEPS)
    appeal.remind_at = following.at if following else None
    if heard is None:
        return None
    passed = [chain.hearing(each, appeal.executor_id) for each in STEPS[planned.index : step.index]]
    everybody = {person.id: person for each in (*passed, heard) if each for person in each.people}
    return _Told(appeal, step.step, at, due, heard, tuple(everybody.values()))


def _heard_already(chain: Chain, executor: str | None, told: Step, level: Step) -> bool:
    """Whether a level passes to those who have just been told of the one before it."""
    if told not in LEVELS:
        return False
    heard, then = chain.hearing(told, executor), chain.hearing(level, executor)
    return heard is not None and then is not None and then.whom is heard.whom


async def _keep(rows: Sequence[Appeal]) -> None:
    sql = _KEEP.format(*(db.placeholder(position) for position in range(1, 4)))
    await db.connection().execute_many(sql, [[row.remind_at, row.control, row.id] for row in rows])


_KEEP = "UPDATE appeal SET remind_at = {}, control = {} WHERE id = {}"


def _event(told: _Told, now: datetime) -> Event:
    return Event(
        appeal_id=told.appeal.id,
        at=now,
        verb=Verb.ESCALATE if told.step in LEVELS else Verb.REMIND,
        role=Role.SYSTEM,
        from_status=told.appeal.status,
        to_status=told.appeal.status,
        data={"step": told.step, "due": told.due.isoformat(), "whom": told.hearing.whom},
        trace=current_trace(),
    )


async def _tell(told: Sequence[_Told], now: datetime) -> None:
    """In the panel, and in the chat of those who linked one, where core/releasing.py makes one of many."""
    notices = [
        Notice(
            staff_id=person.id,
            appeal_id=each.appeal.id,
            kind=kind_of(each.step),
            dedupe=f"{each.mark}:{person.id}",
            at=now,
        )
        for each in told
        for person in each.people
    ]
    await Notice.bulk_create(notices, ignore_conflicts=True)
    linked = {person.account_id for each in told for person in each.people} - {None}
    accounts = {row.id: row for row in await Account.filter(id__in=linked)} if linked else {}
    messages = []
    for each in told:
        kind, body = f"staff.{kind_of(each.step)}", _body(each)
        held = not is_urgent(kind, body)
        for account in dict.fromkeys(person.account_id for person in each.people):
            if account is None:
                continue
            messages.append(
                Message(
                    accounts[account],
                    kind,
                    body,
                    appeal_id=each.appeal.id,
                    dedupe=f"{each.mark}:account:{account}",
                    held=held,
                )
            )
    await queue_all(messages)


def _body(told: _Told) -> dict[str, Any]:
    """What the message says, and what it is dropped by where it waits too long (see core/digest.py)."""
    appeal = told.appeal
    return facts(
        appeal,
        address=appeal.address,
        status=appeal.status.value,
        step=told.step.value,
        officer=told.hearing.whom in (Whom.OFFICERS, Whom.HEAD),
    )
