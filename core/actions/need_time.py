"""An executor asks for a later deadline. Nothing changes by that: the desk extends it or refuses (KR 4.7)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from core import clock, db
from core.actions import notify
from core.actions.actor import Actor
from core.actions.extend import latest
from core.actions.move import look_up, move, words
from core.city import City
from core.errors import Conflict, Invalid
from core.models import Appeal, Event
from core.workflow import OPEN, Role, Verb

# What answers a request, or makes it pointless.
_ENDS = frozenset(
    {Verb.EXTEND, Verb.REFUSE_TIME, Verb.ASSIGN, Verb.REASSIGN, Verb.DECLINE, Verb.REPORT, Verb.CATEGORISE}
    | {Verb.REOPEN, Verb.PRIORITISE}
)


@dataclass(frozen=True, slots=True)
class Request:
    """What an executor asked for: time to the end of a day, by the city's clock, and why."""

    why: str
    until: datetime


async def need_time(
    city: City, appeal_id: int, actor: Actor, *, expected: int, until: date | None, reason: str
) -> Appeal:
    """Ask for time to the end of the day `until`. Invalid while an earlier request waits for its answer.

    Managers hear of it as well where it is more than an operator may give.
    """
    reason = words(reason, key="need_time.needed")
    async with db.transaction():
        before = await look_up(appeal_id, actor)
        end = _later(city, before, until)
        appeal, event = await move(
            city,
            Verb.NEED_TIME,
            appeal_id,
            actor,
            expected=expected,
            text=reason,
            data={"until": end.isoformat()},
        )
        if await _waited(event):
            raise Invalid("need_time.already")
        told: dict[str, Any] = {"text": reason, "until": end.isoformat()}
        await notify.desk(appeal, "need_time", occasion=str(event.id), **told)
        if not grants(city, appeal, Role.OPERATOR, end):
            await notify.managers(appeal, "need_time", occasion=str(event.id), **told)
    return appeal


async def refuse_time(city: City, appeal_id: int, actor: Actor, *, expected: int, reason: str) -> Appeal:
    """The deadline stays; the officers hear why. Conflict where nothing is asked for."""
    reason = words(reason, key="reason.needed")
    async with db.transaction():
        appeal, event = await move(city, Verb.REFUSE_TIME, appeal_id, actor, expected=expected, text=reason)
        if not await _waited(event):
            raise Conflict("need_time.none", appeal=appeal.id)
        await notify.officers(appeal, "time_refused", occasion=str(event.id), text=reason)
    return appeal


def request_in(appeal: Appeal, events: Iterable[Event]) -> Request | None:
    """The request that waits for an answer, of an appeal's events in their order."""
    told = [event for event in events if event.verb in _ENDS or event.verb is Verb.NEED_TIME]
    if appeal.status not in OPEN or not told or told[-1].verb is not Verb.NEED_TIME:
        return None
    return Request(told[-1].text, datetime.fromisoformat(told[-1].data["until"]))


def grants(city: City, appeal: Appeal, role: Role, until: datetime) -> bool:
    """Whether `role` may move the deadline that far."""
    last = latest(city, appeal, role)
    return last is not None and until.date() <= last


async def _waited(event: Event) -> bool:
    """Whether a request waited for its answer when `event` came."""
    told = Event.filter(appeal_id=event.appeal_id, id__lt=event.id, verb__in=[*_ENDS, Verb.NEED_TIME])
    last = await told.order_by("-id").first()
    return last is not None and last.verb is Verb.NEED_TIME


def _later(city: City, appeal: Appeal, until: date | None) -> datetime:
    """The end of that day, if it is later than what they have and not beyond what anybody may give."""
    if until is None:
        raise Invalid("need_time.date")
    end = datetime.combine(until, time(23, 59), ZoneInfo(city.pack.timezone))
    if end <= clock.now() or (appeal.due_at is not None and end <= appeal.due_at):
        raise Invalid("need_time.not_later")
    if appeal.due_at is not None and not grants(city, appeal, Role.MANAGER, end):
        raise Invalid("need_time.too_far")
    return end
