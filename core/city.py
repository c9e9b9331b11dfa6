"""What is loaded once and asked all day: the pack, the catalogue as the city keeps it, the understanding."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from core import deadlines, routing
from core.config import Schedule, Settings
from core.db import transaction
from core.models import Category, District, Executor, RoutingRule
from core.pack import Pack, RuleSpec, load_pack
from core.understanding import Understander


@dataclass(frozen=True, slots=True)
class City:
    """Immutable; a changed catalogue is a new City."""

    pack: Pack
    understander: Understander
    categories: dict[str, Category]
    districts: dict[str, District]
    executors: dict[str, Executor]
    rules: tuple[RuleSpec, ...]
    schedule: Schedule

    def route(self, category: str, district: str | None) -> str | None:
        """Slug of the executor who answers, by the ordered rules; None where no rule fits."""
        found = routing.route(
            self.rules, category=category, group=self.categories[category].group, district=district
        )
        return found.executor if found else None

    def deadline(self, category: str, start: datetime, *, urgent: bool) -> datetime:
        return deadlines.deadline(
            start, self.categories[category].hours, self.pack.calendar, around_clock=urgent
        )

    def reminder(self, start: datetime, due: datetime, *, urgent: bool) -> datetime:
        """When the officer hears that the deadline is near."""
        return deadlines.share(
            start, due, self.pack.calendar, self.schedule.pre_alarm_share, around_clock=urgent
        )


async def load(settings: Settings) -> City:
    """Load the pack, fill an empty catalogue from it, and read the catalogue as it stands."""
    pack, understander = _loaded(settings.city.pack, (Path(settings.server.data) / "model").resolve())
    if settings.city.timezone:
        calendar = replace(pack.calendar, timezone=settings.city.timezone)
        pack = replace(pack, timezone=settings.city.timezone, calendar=calendar)
    if not await Category.exists():
        await _fill(pack)
    return City(
        pack=pack,
        understander=understander,
        categories={row.slug: row for row in await Category.all().order_by("position")},
        districts={row.slug: row for row in await District.all().order_by("position")},
        executors={row.slug: row for row in await Executor.all().order_by("position")},
        rules=tuple(
            RuleSpec(
                position=row.position,
                category=row.category_id,
                group=row.group,
                district=row.district_id,
                executor=row.executor_id,
            )
            for row in await RoutingRule.all().order_by("position")
        ),
        schedule=settings.schedule,
    )


@lru_cache(maxsize=1)
def _loaded(pack_path: str, model_folder: Path) -> tuple[Pack, Understander]:
    """Both are immutable and large: one process holds them once, however many cities it opens in a test."""
    pack = load_pack(Path(pack_path) if pack_path else None)
    return pack, Understander.load(pack, model_folder)


async def _fill(pack: Pack) -> None:
    """Copy the pack's catalogue into the city's own; from then on the city's copy is what counts."""
    async with transaction():
        await Category.bulk_create(
            [
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
                )
                for position, spec in enumerate(pack.categories)
            ],
            ignore_conflicts=True,
        )
        await District.bulk_create(
            [
                District(slug=spec.slug, position=position, uk=spec.uk, en=spec.en)
                for position, spec in enumerate(pack.districts)
            ],
            ignore_conflicts=True,
        )
        await Executor.bulk_create(
            [
                Executor(
                    slug=spec.slug,
                    kind=spec.kind,
                    position=position,
                    uk=spec.uk,
                    en=spec.en,
                    short_uk=spec.short_uk,
                    short_en=spec.short_en,
                    phone=spec.phone or "",
                )
                for position, spec in enumerate(pack.executors)
            ],
            ignore_conflicts=True,
        )
        await RoutingRule.bulk_create(
            [
                RoutingRule(
                    id=position + 1,
                    position=spec.position,
                    category_id=spec.category,
                    group=spec.group,
                    district_id=spec.district,
                    executor_id=spec.executor,
                )
                for position, spec in enumerate(pack.rules)
            ],
            ignore_conflicts=True,
        )
