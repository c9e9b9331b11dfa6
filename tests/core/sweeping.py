"""Sweeps in tests: what they may have changed, and running them as several processes would."""

import asyncio
from collections.abc import Callable
from typing import Any

from core.actions import desk
from core.city import City
from core.jobs import Desk
from core.models import Appeal, Event, Notice, Outbox, Survey
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


async def resolved(city: City, cast: Cast, **more: Any) -> Appeal:
    appeal = await make_appeal(city, cast.account, **more)
    return await desk.resolve(city, appeal.id, cast.operator, expected=0, answer="Замінено трубу")
