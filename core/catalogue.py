"""The city's own copy of its pack's catalogue, which appeals refer to by slug."""

from core import shipped
from core.counting import count_up, counted
from core.models import Category, District, Executor, Template
from core.pack import Pack

TEMPLATES = "templates"  # the counter that says they were written once


def categories_of(pack: Pack) -> list[Category]:
    return [
        Category(
            slug=spec.slug,
            group=spec.group,
            position=position,
            uk=spec.uk,
            en=spec.en,
            hours=spec.hours,
            urgent=spec.urgent,
            executor_kind=spec.executor_kind,
            needs_place=spec.needs_place,
            active=True,
        )
        for position, spec in enumerate(pack.categories)
    ]


def districts_of(pack: Pack) -> list[District]:
    return [
        District(slug=spec.slug, position=position, uk=spec.uk, en=spec.en, active=True)
        for position, spec in enumerate(pack.districts)
    ]


def executors_of(pack: Pack) -> list[Executor]:
    return [
        Executor(
            slug=spec.slug,
            kind=spec.kind,
            position=position,
            uk=spec.uk,
            en=spec.en,
            short_uk=spec.short_uk,
            short_en=spec.short_en,
            phone=spec.phone or "",
            head=spec.head,
            active=True,
        )
        for position, spec in enumerate(pack.executors)
    ]


async def fill(pack: Pack) -> None:
    """Write the rows that are not there, within a transaction; from then on this copy is what counts."""
    await Category.bulk_create(categories_of(pack), ignore_conflicts=True)
    await District.bulk_create(districts_of(pack), ignore_conflicts=True)
    await Executor.bulk_create(executors_of(pack), ignore_conflicts=True)
    if not await counted(TEMPLATES) and await count_up(TEMPLATES) == 1:  # what the city deletes stays away
        await Template.bulk_create(shipped.templates())
