"""The city as it stands, as the files of a pack: what was changed in the panel is written into them."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from core import city as cities
from core.config import Settings
from core.counting import counted
from core.models import Category, District, Executor, Template
from core.pack import (
    TEMPLATES,
    CategorySpec,
    ExecutorSpec,
    Pack,
    TemplateSpec,
    Texts,
    districts_text,
    executors_text,
    read_pack,
    rules_text,
    taxonomy_text,
    templates_text,
    written_of,
)
from core.pack.calendars import kept_calendar
from core.routing import Table

TAXONOMY, EXECUTORS, RULES = "taxonomy.toml", "executors.toml", "rules.toml"
DISTRICTS = "districts.geojson"


@dataclass(frozen=True, slots=True)
class Standing:
    """The pack of the city at one `revision`, and its files.

    `imported` is what the files say that were configured or imported; those that the rows of the catalogue
    overrule are `rewritten`, and `raw` as they were.
    """

    revision: int
    texts: Mapping[str, str]
    pack: Pack
    raw: Mapping[str, str]
    imported: Pack

    @property
    def rewritten(self) -> frozenset[str]:
        return frozenset(name for name in self.texts if self.texts[name] != self.raw.get(name))


async def standing(settings: Settings) -> Standing:
    revision = await counted(cities.REVISION)  # first: what changes meanwhile is a lost race, not a mix
    texts = await cities.texts(settings)
    categories = await Category.filter(active=True).order_by("position")
    executors = await Executor.filter(active=True).order_by("position")
    districts = await District.filter(active=True).order_by("position")
    rules = await cities.rules_stored()
    templates = await Template.filter(active=True).order_by("position", "id")
    imported = await asyncio.to_thread(read_pack, texts)
    merged = _merged(texts, imported, categories, executors, districts, rules, templates)
    pack = imported if merged == texts else await asyncio.to_thread(read_pack, merged)
    return Standing(revision, merged, pack, texts, imported)


async def export(settings: Settings) -> Mapping[str, str]:
    """The files of the city's pack as it stands in the panel."""
    return (await standing(settings)).texts


def category_spec(row: Category) -> CategorySpec:
    return CategorySpec(
        slug=row.slug,
        group=row.group,
        uk=row.uk,
        en=row.en,
        hours=row.hours,
        urgent=row.urgent,
        executor_kind=row.executor_kind,
        needs_place=row.needs_place,
        needs_photo=row.needs_photo,
        checked=row.checked,
        check_share=row.check_share,
        pre_alarm_share=row.pre_alarm_share,
    )


def executor_spec(row: Executor, known: ExecutorSpec | None) -> ExecutorSpec:
    """`known` tells what only the pack's file does."""
    return ExecutorSpec(
        slug=row.slug,
        kind=row.kind,
        uk=row.uk,
        en=row.en,
        short_uk=row.short_uk,
        short_en=row.short_en,
        district=known.district if known else None,
        phone=row.phone or None,
        portfolio=row.portfolio or (known.portfolio if known else row.kind),
        head=row.head,
        calendar=None if row.calendar is None else kept_calendar(row.slug, row.calendar),
    )


def template_spec(row: Template) -> TemplateSpec:
    return TemplateSpec(row.verb, row.title_uk, row.title_en, row.uk, row.en)


def _merged(
    texts: Texts,
    pack: Pack,
    categories: Sequence[Category],
    executors: Sequence[Executor],
    districts: Sequence[District],
    rules: Table,
    templates: Sequence[Template],
) -> dict[str, str]:
    """A file that says what the rows say stays as it was written, comments and all."""
    found = dict(texts)
    own_categories = tuple(category_spec(row) for row in categories)
    if own_categories != pack.categories:
        found[TAXONOMY] = taxonomy_text(pack.groups, own_categories)
    known = {each.slug: each for each in pack.executors}
    own_executors = tuple(executor_spec(row, known.get(row.slug)) for row in executors)
    if own_executors != pack.executors:
        found[EXECUTORS] = executors_text(own_executors)
    drawn = {each.slug: each for each in pack.districts}
    own_districts = tuple(
        replace(drawn[row.slug], uk=row.uk, en=row.en) for row in districts if row.slug in drawn
    )
    if own_districts != pack.districts:
        found[DISTRICTS] = districts_text(texts[DISTRICTS], own_districts)
    if rules != pack.rules:
        found[RULES] = rules_text(written_of(rules, own_categories, own_executors))
    own_templates = tuple(template_spec(row) for row in templates)
    if own_templates != pack.templates:
        found[TEMPLATES] = templates_text(own_templates)
    return found
