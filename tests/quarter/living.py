"""The quarter itself: people's turns and rounds of the sweeps, one after the other by one clock."""

from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime, timedelta

from core import scheduler
from core.jobs import Desk
from core.models import Alarm, AlarmState, Outbox, OutboxState
from tests.core.conftest import Time
from tests.quarter.life import KYIV, Life

Round = Callable[[datetime], Awaitable[None]]
# What nobody waits for in the quarter: there are no files to fetch, and nobody to learn from.
IDLE = frozenset({"retrain", "fetch_media"})
_AFTER_THE_CALL = timedelta(seconds=13)


async def live(life: Life, watch: Time, ends: datetime, sweep: Round) -> list[datetime]:
    """Live until `ends`; when the sweeps looked."""
    rounds: list[datetime] = []
    regular = _hours(watch.now, ends)
    usual, calling, seen = next(regular), None, 0
    while True:
        following = min(usual, calling) if calling else usual
        turn = life.next_at()
        if turn is not None and turn < following:
            watch.now = turn
            await life.go_on()
        elif following >= ends:  # a last look at all that happened since the one before
            watch.now = ends
            await sweep(ends)
            return [*rounds, ends]
        else:
            watch.now = following
            await sweep(following)
            await _deliver(following)
            rounds.append(following)
            if following == usual:
                usual = next(regular, ends)
        for alarm in await Alarm.filter(id__gt=seen).order_by("id"):
            life.answer_alarm(alarm)
            seen = alarm.id
        calling = await _calling(watch.now)


def in_process(desk: Desk) -> Round:
    async def sweep(_now: datetime) -> None:
        for name in scheduler.SWEEPS:
            if name not in IDLE:
                await scheduler.run(name, desk)

    return sweep


def _hours(begins: datetime, ends: datetime) -> Iterator[datetime]:
    """Each hour from six to ten at night, and once in the small hours; never on the stroke."""
    at = begins.replace(minute=16, second=29, microsecond=0)
    while at < ends:
        at += timedelta(hours=1)
        if 6 <= at.astimezone(KYIV).hour <= 22 or at.astimezone(KYIV).hour == 2:
            yield at
    yield ends


async def _calling(now: datetime) -> datetime | None:
    """When the next of a roster is to be called."""
    ringing = await Alarm.filter(state=AlarmState.RINGING).order_by("next_at").first()
    if ringing is None or ringing.next_at is None:
        return None
    return max(ringing.next_at, now) + _AFTER_THE_CALL


async def _deliver(now: datetime) -> None:
    """The messengers take whatever has been let go."""
    leaving = Outbox.filter(state=OutboxState.PENDING)
    await leaving.update(state=OutboxState.SENT, sent_at=now)
