"""Changing the city by a plan: all of it or nothing."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from tortoise.models import Model

from core import city as cities
from core import clock, db, following_calendars
from core.actions import changes, reply_templates, rules
from core.config import Settings
from core.counting import counted
from core.errors import Conflict
from core.importing.plan import Plan
from core.learning.active import settle
from core.models import PackFile
from core.understanding import Understander
from core.understanding.examples import read_examples

Guard = Callable[[], Awaitable[None]]


async def apply(settings: Settings, plan: Plan, *, by: int | None = None, guard: Guard | None = None) -> None:
    """Raises Conflict where the city was changed since the plan was made; processes that run follow it.

    What changes is kept with who (`by`, of the staff) changed it; `guard` may refuse in the transaction.

    Where categories changed, the model that tells them apart is made first, so that who follows finds it;
    what people taught the one before is learnt anew in the next retraining.
    """
    model_folder = (Path(settings.server.data) / "model").resolve()
    model = (await asyncio.to_thread(Understander.load, plan.pack, model_folder)).model_version
    async with db.transaction():
        await cities.changed()  # from here on, who else changes the city waits
        if await counted(cities.REVISION) != plan.revision + 1:
            raise Conflict("import.overtaken")
        if guard is not None:
            await guard()
        for rows in plan.rows:
            await _put(rows)
        if plan.rules != await cities.rules_stored():
            await rules.write(plan.rules)
        if plan.templates is not None:
            await reply_templates.lay(by, plan.templates)
        files = [PackFile(name=name, content=text, at=clock.now()) for name, text in plan.files.items()]
        await PackFile.bulk_create(files, on_conflict=["name"], update_fields=["content", "at"])
        await following_calendars.note(plan.before, plan.after, revision=plan.revision + 1, by=by)
        others = [each for each in plan.differences if each.subject != "template"]  # of which `lay` has told
        await changes.record(by, others)
        await settle(model, len(read_examples(categories=plan.pack.categories)))


async def _put(rows: Sequence[Model]) -> None:
    """Write the rows in place of those of the same slugs; others of the kind stay for what refers to them."""
    model = type(rows[0])
    columns = [column["name"] for column in model.describe()["data_fields"]]
    await model.bulk_create(rows, on_conflict=["slug"], update_fields=columns)
    await model.filter(active=True).exclude(slug__in=[row.pk for row in rows]).update(active=False)
