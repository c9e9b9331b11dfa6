"""The city's own copy of its pack's catalogue, which appeals refer to by slug."""

from dataclasses import asdict

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
            needs_photo=spec.needs_photo,
            checked=spec.checked,
            check_share=spec.check_share,
            pre_alarm_share=spec.pre_alarm_share,
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
            calendar=spec.calendar.values if spec.calendar else None,
            portfolio=spec.portfolio,
            active=True,
        )
        for position, spec in enumerate(pack.executors)
    ]


def templates_of(pack: Pack) -> list[Template]:
    return [
        Template(position=position, active=True, **asdict(spec))
        for position, spec in enumerate(pack.templates, start=1)
    ]


async def _lead(pack: Pack) -> None:
    """Rows that were written before they had a portfolio get their pack's."""
    known = {spec.slug: spec.portfolio for spec in pack.executors}
    rows = await Executor.filter(portfolio="", slug__in=list(known))
    for row in rows:
        row.portfolio = known[row.slug]
    if rows:
        await Executor.bulk_update(rows, fields=["portfolio"])


async def fill(pack: Pack) -> None:
    """Write the rows that are not there, within a transaction; from then on this copy is what counts."""
    await Category.bulk_create(categories_of(pack), ignore_conflicts=True)
    await District.bulk_create(districts_of(pack), ignore_conflicts=True)
    await Executor.bulk_create(executors_of(pack), ignore_conflicts=True)
    await _lead(pack)
    if not await counted(TEMPLATES) and await count_up(TEMPLATES) == 1:  # what the city deletes stays away
        await Template.bulk_create(templates_of(pack))
