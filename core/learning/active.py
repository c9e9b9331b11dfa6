"""Which model reads.

A taught model goes on from the shipped one and is named after it, `BASE-LESSON`. The base's name stands for
the examples and the code that reads texts; where either has changed, what was taught before can't be read
any more, so the shipped model reads until the next lesson.
"""

from core import clock, db
from core.counting import count_up
from core.models import ModelState, ModelVersion


def base_of(version: str) -> str:
    return version.partition("-")[0]


async def active_of(base: str) -> str:
    """The version that is to read where the shipped model is `base`."""
    row = await ModelVersion.get_or_none(state=ModelState.ACTIVE)
    return row.version if row is not None and base_of(row.version) == base else base


async def settle(base: str, examples: int) -> None:
    """Write the shipped model down, and let it read where a model of other examples did. Safe to repeat.

    Only for a start: if running processes of two releases did this whenever the other changed something,
    they would never end.
    """
    settled = await ModelVersion.filter(version=base).exists()
    if settled and await ModelVersion.filter(state=ModelState.ACTIVE, version__startswith=base).exists():
        return
    now = clock.now()
    async with db.transaction():
        await count_up("settled")  # one start after another: of two at once, both would let theirs read
        await ModelVersion.bulk_create([_row(base, examples)], ignore_conflicts=True)
        await (
            ModelVersion.filter(state=ModelState.ACTIVE)
            .exclude(version__startswith=base)
            .update(state=ModelState.RETIRED)
        )
        if not await ModelVersion.filter(state=ModelState.ACTIVE).exists():
            await ModelVersion.filter(version=base).update(state=ModelState.ACTIVE, activated_at=now)


def _row(base: str, examples: int) -> ModelVersion:
    return ModelVersion(
        version=base,
        state=ModelState.RETIRED,
        made_at=clock.now(),
        examples=examples,
        corrections=0,
        kept_aside=0,
    )
