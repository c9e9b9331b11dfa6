"""Alarms in the panel: what rings, whom it called and who is next; and what rang before."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from tortoise.queryset import QuerySet

from core.actions.actor import Actor
from core.models import Alarm, AlarmCall, AlarmState
from core.queries.alarms import STANDING, theirs

PAST = 50


@dataclass(frozen=True, slots=True)
class Ringing:
    """An alarm with its `appeal`, its `incident` where it is a surge, and its calls in their order."""

    alarm: Alarm
    calls: tuple[AlarmCall, ...]

    @property
    def waiting(self) -> tuple[AlarmCall, ...]:
        """Who is still to be called."""
        return tuple(call for call in self.calls if call.called_at is None)

    @property
    def called(self) -> tuple[AlarmCall, ...]:
        return tuple(call for call in self.calls if call.called_at is not None)


async def standing(actor: Actor) -> tuple[Ringing, ...]:
    """What nobody has acknowledged: first what the whole roster left unanswered, then what rings longest."""
    rows = await _of(actor, STANDING).order_by("id")
    rows = sorted(
        rows, key=lambda alarm: (alarm.state is not AlarmState.UNANSWERED, alarm.began_at, alarm.id)
    )
    return await _with_calls(rows)


async def past(actor: Actor) -> tuple[Ringing, ...]:
    """The latest that somebody acknowledged or that ended by themselves, newest first."""
    over = (AlarmState.ACKNOWLEDGED, AlarmState.ENDED)
    return await _with_calls(await _of(actor, over).order_by("-id").limit(PAST))


async def count(actor: Actor) -> tuple[int, datetime | None]:
    """How many stand, and when the latest of them began."""
    began = [alarm.began_at for alarm in await _of(actor, STANDING, related=False)]
    return len(began), max(began, default=None)


def _of(actor: Actor, states: Collection[AlarmState], *, related: bool = True) -> QuerySet[Alarm]:
    rows = Alarm.filter(theirs(actor), state__in=states).distinct()
    return rows.select_related("appeal", "incident") if related else rows


async def _with_calls(rows: Collection[Alarm]) -> tuple[Ringing, ...]:
    calls: dict[int, list[AlarmCall]] = {row.id: [] for row in rows}
    found = AlarmCall.filter(alarm_id__in=list(calls)).order_by("position").select_related("ticked_by")
    for call in await found if calls else ():
        calls[call.alarm_id].append(call)
    return tuple(Ringing(row, tuple(calls[row.id])) for row in rows)
