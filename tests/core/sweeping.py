"""Sweeps in tests: what they may have changed, and running them as several processes would."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from core import clock
from core.actions import desk
from core.city import City
from core.config import Media, Schedule
from core.following_calendars import WAITS, follow_calendars
from core.jobs import Desk
from core.media import MediaStore
from core.models import Appeal, Event, Notice, Outbox, Survey
from core.pieces import More
from tests.builders import make_appeal
from tests.core.conftest import Cast


async def everything() -> dict[str, Any]:
    """All that a sweep could have changed, but for times at which it looked."""
    return {
        "appeals": await Appeal.all().order_by("id").values(),
        "events": await Event.all().order_by("id").values("appeal_id", "verb", "from_status", "to_status"),
        "messages": await Outbox.all().order_by("id").values("kind", "appeal_id", "account_id"),
        "notices": await Notice.all().order_by("id").values("kind", "appeal_id", "staff_id", "dedupe"),
        "surveys": await Survey.all().order_by("id").values(),
    }


async def once(sweep: Callable[[Desk], Any], sweeps: Desk) -> None:
    """Three processes at once, then one again: as if one had run once."""
    await asyncio.gather(sweep(sweeps), sweep(sweeps), sweep(sweeps))
    after = await everything()
    await sweep(sweeps)
    assert await everything() == after


async def calendars_followed(city: City) -> None:
    """Deadlines have followed the calendars, as they do when every process knows them."""
    sweeps = Desk(city, Schedule(), MediaStore(Media()), {})
    now = clock.now()
    with clock.use(lambda: now + WAITS):
        while isinstance(await follow_calendars(sweeps), More):
            pass


async def resolved(city: City, cast: Cast, **more: Any) -> Appeal:
    appeal = await make_appeal(city, cast.account, **more)
    return await desk.resolve(city, appeal.id, cast.operator, expected=0, answer="Замінено трубу")


@contextmanager
def counted() -> Iterator[list[str]]:
    """The SQL statements sent within the block."""
    sent: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: sent.append(record.getMessage())  # type: ignore[method-assign]  # all it does
    client = logging.getLogger("tortoise.db_client")
    before = client.level
    client.addHandler(handler)
    client.setLevel(logging.DEBUG)
    try:
        yield sent
    finally:
        client.removeHandler(handler)
        client.setLevel(before)
