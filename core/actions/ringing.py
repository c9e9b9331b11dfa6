"""The calls of alarms: who is next, how they are reached, who hears when nobody answered.

For many alarms at once with the same few queries, within the transaction that took them.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from core import clock
from core.actions.hearing import Chain, Whom, chain
from core.actions.notify import danger_of, facts
from core.city import City
from core.log import current_trace
from core.models import Account, Alarm, AlarmCall, AlarmState, Appeal, Event, Notice, Staff
from core.outbox import Message, queue_all
from core.workflow import Role, Verb

CHAT, PANEL, PHONE = "chat", "panel", "phone"  # by what somebody is called
_ABOVE = (Whom.MAYOR, Whom.DEPUTY, Whom.HEAD)


async def call_next(city: City, alarms: Sequence[Alarm]) -> None:
    """Call the next of each roster; of those with nobody left, whoever leads hears."""
    if not alarms:
        return
    waiting = AlarmCall.filter(alarm_id__in=[alarm.id for alarm in alarms], called_at=None)
    following = {call.alarm_id: call for call in await waiting.order_by("-position")}
    await call(alarms, list(following.values()))
    await _unanswered(city, [alarm for alarm in alarms if alarm.id not in following])


async def call(
    alarms: Sequence[Alarm],
    calls: Sequence[AlarmCall],
    *,
    told: Collection[int] = (),
    remembered: bool = True,
) -> None:
    """Call these people; `told`: staff whom another notice in the panel has told already.

    `remembered`: history says whom; not so where all heard, as of everything urgent.
    """
    if not calls:
        return
    now, by_id = clock.now(), {alarm.id: alarm for alarm in alarms}
    appeals = await _appeals(alarms)
    people = await _people(calls)
    means: dict[str, list[AlarmCall]] = {}
    messages, notices = [], []
    for each in calls:
        alarm, person = by_id[each.alarm_id], people.get(each.staff_id or 0)
        appeal = appeals[alarm.appeal_id or 0]
        chat = person.account if person and person.account and person.account.reachable else None
        each.means = CHAT if chat else PHONE if each.phone or person is None else PANEL
        each.called_at = now
        means.setdefault(each.means, []).append(each)
        if chat is not None:
            messages.append(_message(alarm, appeal, chat, "alarm", str(each.position)))
        if person is not None and person.id not in told:
            notices.append(_notice(alarm, person, "alarm"))
    for way, reached in means.items():
        await AlarmCall.filter(id__in=[each.id for each in reached]).update(called_at=now, means=way)
    await Notice.bulk_create(notices, ignore_conflicts=True)
    await queue_all(messages)
    if remembered:
        await _remember(alarms, appeals, calls)


async def _unanswered(city: City, alarms: Sequence[Alarm]) -> None:
    """Nobody of the roster acknowledged: managers hear, and who leads the city or the executor."""
    if not alarms:
        return
    ids = [alarm.id for alarm in alarms]
    await Alarm.filter(id__in=ids).update(state=AlarmState.UNANSWERED, next_at=None)
    appeals = await _appeals(alarms)
    who = await chain(city)
    hearing = {alarm.id: _who_leads(who, appeals[alarm.appeal_id or 0].executor_id) for alarm in alarms}
    linked = {one.account_id for people in hearing.values() for one in people} - {None}
    accounts = {row.id: row for row in await Account.filter(id__in=linked)} if linked else {}
    messages, notices, events = [], [], []
    for alarm in alarms:
        appeal = appeals[alarm.appeal_id or 0]
        for person in hearing[alarm.id]:
            notices.append(_notice(alarm, person, "alarm_unanswered"))
            if person.account_id is not None:
                account = accounts[person.account_id]
                messages.append(_message(alarm, appeal, account, "alarm_unanswered", "up"))
        events.append(_event(alarm, appeal, {"unanswered": True}))
    await Notice.bulk_create(notices, ignore_conflicts=True)
    await queue_all(messages)
    await Event.bulk_create(events)


def _who_leads(who: Chain, executor: str | None) -> list[Staff]:
    """Managers, or administrators where there are none; the mayor, the portfolio's deputy, the head."""
    watching = who.people(Whom.MANAGERS, executor) or who.people(Whom.ADMINISTRATORS, executor)
    above = (person for whom in _ABOVE for person in who.people(whom, executor))
    return list({one.id: one for one in (*watching, *above)}.values())


async def taken(
    city: City, alarm: Alarm, appeal: Appeal, *, by: str, staff_id: int | None, unanswered: bool
) -> None:
    """Those called in the chat hear who has it, but for that person: they needn't set out, nor press.

    `unanswered`: those who lead have been told that nobody did, and hear as well.
    """
    calls = await AlarmCall.filter(alarm_id=alarm.id, means=CHAT)
    people = await _people([each for each in calls if each.staff_id != staff_id])
    if unanswered:
        above = [one.id for one in _who_leads(await chain(city), appeal.executor_id) if one.id != staff_id]
        led = await Staff.filter(id__in=above, active=True).select_related("account")
        people |= {person.id: person for person in led}
    body = facts(appeal, by=by, incident=alarm.incident_id) | {"appeal": None}  # there is nothing to press
    await queue_all(
        [
            Message(
                person.account,
                "staff.alarm_taken",
                body,
                appeal_id=appeal.id,
                dedupe=f"alarm_taken:{alarm.id}:account:{person.account.id}",
            )
            for person in people.values()
            if person.account is not None and person.account.reachable
        ]
    )


async def _remember(
    alarms: Sequence[Alarm], appeals: Mapping[int, Appeal], calls: Sequence[AlarmCall]
) -> None:
    called: dict[int, list[list[str]]] = {}
    for each in sorted(calls, key=lambda one: one.position):
        called.setdefault(each.alarm_id, []).append([each.name, each.means])
    await Event.bulk_create(
        [
            _event(alarm, appeals[alarm.appeal_id or 0], {"called": called[alarm.id]})
            for alarm in alarms
            if alarm.id in called
        ]
    )


def _event(alarm: Alarm, appeal: Appeal, data: dict[str, Any]) -> Event:
    """A mark in the history of the appeal that no open form is lost by: its version stays."""
    return mark(Verb.ALARM, alarm, appeal, data, role=Role.SYSTEM)


def mark(
    verb: Verb,
    alarm: Alarm,
    appeal: Appeal,
    data: dict[str, Any],
    *,
    role: Role,
    staff_id: int | None = None,
) -> Event:
    return Event(
        appeal_id=appeal.id,
        at=clock.now(),
        verb=verb,
        role=role,
        staff_id=staff_id,
        from_status=appeal.status,
        to_status=appeal.status,
        data={"alarm": alarm.id, **data} | ({"incident": alarm.incident_id} if alarm.incident_id else {}),
        trace=current_trace(),
    )


def _notice(alarm: Alarm, person: Staff, kind: str) -> Notice:
    return Notice(
        staff_id=person.id,
        appeal_id=alarm.appeal_id,
        kind=kind,
        dedupe=f"{kind}:{alarm.id}:{person.id}",
        at=clock.now(),
    )


def _message(alarm: Alarm, appeal: Appeal, account: Account, kind: str, turn: str) -> Message:
    body = facts(appeal, **danger_of(appeal), alarm=alarm.id, incident=alarm.incident_id)
    dedupe = f"{kind}:{alarm.id}:{turn}:account:{account.id}"
    return Message(account, f"staff.{kind}", body, appeal_id=appeal.id, dedupe=dedupe)


async def _appeals(alarms: Sequence[Alarm]) -> dict[int, Appeal]:
    rows = await Appeal.filter(id__in={alarm.appeal_id for alarm in alarms if alarm.appeal_id})
    return {row.id: row for row in rows}


async def _people(calls: Sequence[AlarmCall]) -> dict[int, Staff]:
    """By id, each with the `account` linked; who left meanwhile is only rung up."""
    ids = {each.staff_id for each in calls if each.staff_id is not None}
    found = await Staff.filter(id__in=ids, active=True).select_related("account") if ids else []
    return {person.id: person for person in found}
