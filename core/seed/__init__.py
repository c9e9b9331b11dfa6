"""A past that looks like a city's, for the demo, the benches and whoever tries the panel."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from itertools import islice
from random import Random

from core import clock, db
from core.city import City
from core.figures.counting import begin_anew
from core.media import MediaStore
from core.models import Counter
from core.seed.photos import PAINTERS, draw
from core.seed.phrases import load_phrases
from core.seed.places import Places
from core.seed.plan import DAYS, Plan
from core.seed.record import World
from core.seed.rows import Rows

BATCH = 1000  # appeals of one transaction


async def seed(
    city: City,
    media: MediaStore,
    appeals: int,
    *,
    seed: int = 1,
    until: datetime | None = None,
    days: int = DAYS,
    progress: Callable[[int], None] = lambda _done: None,
) -> None:
    """Write `appeals` of the last `days` before `until`, with all that belongs to them; nothing is pending.

    The same seed and `until` make the same past. `progress` hears how many are written so far. Nobody else
    may write to the database meanwhile. Staff found there are who did the work.
    """
    rng = Random(seed)  # noqa: S311 - a made-up city, no secret
    world = World(city, await asyncio.to_thread(load_phrases, city, rng), until or clock.now())
    photos = {name: await media.put(await asyncio.to_thread(draw, name)) for name in PAINTERS}
    plan = await asyncio.to_thread(Plan, world, Places(city, rng), appeals, rng, days=days)
    rows = await Rows.open(photos, city.understander.model_version, rng)
    numbers = {row.name: row.value for row in await Counter.all()}
    stories, done = plan.stories(), 0
    while batch := await asyncio.to_thread(lambda: list(islice(stories, BATCH))):
        for person, record in batch:
            rows.add(person, record, _number(numbers, record.filing.at))
        async with db.transaction():
            await rows.write()
            await Counter.bulk_create(
                [Counter(name=name, value=value) for name, value in numbers.items()],
                on_conflict=["name"],
                update_fields=["value"],
            )
        done += len(batch)
        progress(done)
    async with db.transaction():
        await begin_anew()


def _number(numbers: dict[str, int], at: datetime) -> str:
    """The next of its year's series, as filing gives it."""
    name = f"appeals-{at:%y}"
    numbers[name] = numbers.get(name, 0) + 1
    return f"{at:%y}-{numbers[name]:06d}"
