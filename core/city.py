"""What is loaded once and asked all day: the pack, the catalogue as the city keeps it, the understanding."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from core import catalogue, clock, deadlines, log, routing
from core.calendars import Calendars, calendars_of
from core.config import Schedule, Settings
from core.counting import count_up, counted
from core.db import transaction
from core.deadlines import WorkCalendar
from core.learning.active import active_of, settle
from core.model_store import ModelLost, ModelStore
from core.models import Category, District, Executor, PackFile, RoutingRule
from core.pack import Pack, RuleSpec, pack_texts, read_pack
from core.routing import Case, Route
from core.understanding import Understander
from core.understanding.examples import read_examples
from core.workflow import STATUTORY, Kind

_log = log.get(__name__)
REVISION = "city"  # the counter that grows with each change of what stands below
Imported = tuple[tuple[str, str], ...]  # names and contents of files
LOOKS = 5.0  # seconds between looks at whether another process changed it


@dataclass(slots=True)
class City:
    """One a process; what its parts hold is immutable, and `refresh` puts new parts in their place."""

    settings: Settings
    revision: int
    pack: Pack
    understander: Understander
    categories: dict[str, Category]
    districts: dict[str, District]
    executors: dict[str, Executor]
    rules: tuple[RuleSpec, ...]
    schedule: Schedule
    calendars: Calendars

    def calendar(self, executor: str | None) -> WorkCalendar:
        """By which time is reckoned for what this executor has, or nobody."""
        return self.calendars.of(executor)

    async def refresh(self) -> bool:
        """Take over what was changed since this was loaded, here or by another process."""
        if await counted(REVISION) == self.revision:
            return False
        fresh = await _read(self.settings)
        while await counted(REVISION) != fresh.revision:  # whose deadlines are these, would nobody know
            fresh = await _read(self.settings)
        for field in fields(self):
            setattr(self, field.name, getattr(fresh, field.name))
        return True

    def route(
        self,
        category: str,
        district: str | None,
        *,
        kind: Kind = Kind.REQUEST,
        urgent: bool = False,
        at: datetime | None = None,
    ) -> Route | None:
        """Who answers what comes in `at` an instant (now), by the ordered rules; None where no rule fits.

        Rules for working hours mean the city's: whose else is what they are to say.
        """
        hours = deadlines.hours_at(at or clock.now(), self.calendar(None))
        group = self.categories[category].group
        return routing.route(self.rules, Case(category, group, district, kind, urgent, hours))

    def deadline(
        self,
        category: str,
        start: datetime,
        *,
        urgent: bool,
        kind: Kind = Kind.REQUEST,
        executor: str | None = None,
    ) -> datetime:
        """Until when it must be answered: by its category, in the time of the executor who has it.

        Or by law where it is official: that term is the city's own.
        """
        if kind in STATUTORY:
            return deadlines.statutory(start, self.calendar(None))
        hours = self.categories[category].hours
        return deadlines.deadline(start, hours, self.calendar(executor), around_clock=urgent)


async def changed() -> None:
    """To be said within every transaction that changes the catalogue, the pack or the model."""
    await count_up(REVISION)


async def keep_fresh(city: City, stopping: asyncio.Event) -> None:
    """Follow the changes of other processes until `stopping`."""
    while not stopping.is_set():
        with suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), LOOKS)
        try:
            await city.refresh()
        except Exception as error:  # noqa: BLE001 - what was loaded still serves, and the next look may do
            _log.warning("city.not_refreshed", exc_info=error)


async def rules_stored() -> routing.Table:
    """The routing table as it stands in the database."""
    return tuple(
        RuleSpec(
            position=row.position,
            category=row.category_id,
            group=row.group,
            district=row.district_id,
            executor=row.executor_id,
            kind=row.kind,
            urgent=row.urgent,
            hours=row.hours,
            co_executors=tuple(row.co_executors or ()),
        )
        for row in await RoutingRule.all().order_by("position")
    )


async def store_rules(table: Iterable[RuleSpec]) -> None:
    """Write a routing table where none stands."""
    await RoutingRule.bulk_create(
        [
            RoutingRule(
                id=rule.position,
                position=rule.position,
                category_id=rule.category,
                group=rule.group,
                district_id=rule.district,
                executor_id=rule.executor,
                kind=rule.kind,
                urgent=rule.urgent,
                hours=rule.hours,
                co_executors=list(rule.co_executors) or None,
            )
            for rule in table
        ],
        ignore_conflicts=True,
    )


async def load(settings: Settings) -> City:
    """Load the pack, fill an empty catalogue from it, and read the catalogue as it stands."""
    pack, understander = await _standing(settings)
    if await Category.exists():
        async with transaction():
            await catalogue.fill(pack)  # what a new release brings; the city's own rows stay as they are
    else:
        await _fill(pack)
    await settle(understander.model_version, len(read_examples(categories=pack.categories)))
    return await _read(settings)


async def _read(settings: Settings) -> City:
    revision = await counted(REVISION)  # read first: what changes meanwhile is seen by the next look
    pack, understander = await _standing(settings)
    if settings.city.timezone:
        calendar = replace(pack.calendar, timezone=settings.city.timezone)
        pack = replace(pack, timezone=settings.city.timezone, calendar=calendar)
    executors = {row.slug: row for row in await Executor.all().order_by("position")}
    own = {slug: row.calendar for slug, row in executors.items() if row.active}
    return City(
        settings=settings,
        revision=revision,
        pack=pack,
        understander=await _taught(settings, understander),
        categories={row.slug: row for row in await Category.all().order_by("position")},
        districts={row.slug: row for row in await District.all().order_by("position")},
        executors=executors,
        rules=await rules_stored(),
        schedule=settings.schedule,
        calendars=calendars_of(pack.hours, pack.timezone, own),
    )


async def texts(settings: Settings) -> dict[str, str]:
    """The files of the city's pack: those that were imported, over those of the configured folder."""
    return _texts(settings.city.pack, await _imported())


async def _imported() -> Imported:
    return tuple([(row.name, row.content) for row in await PackFile.all().order_by("name")])


async def _standing(settings: Settings) -> tuple[Pack, Understander]:
    """The pack and its reader, loaded beside the event loop: where categories are new, that takes seconds."""
    model_folder = (Path(settings.server.data) / "model").resolve()
    return await asyncio.to_thread(_loaded, settings.city.pack, await _imported(), model_folder)


@lru_cache(maxsize=1)
def _loaded(pack_path: str, imported: Imported, model_folder: Path) -> tuple[Pack, Understander]:
    """Both are immutable and large: one process holds them once, however many cities it opens in a test."""
    pack = read_pack(_texts(pack_path, imported))
    return pack, Understander.load(pack, model_folder)


def _texts(pack_path: str, imported: Imported) -> dict[str, str]:
    return pack_texts(Path(pack_path) if pack_path else None) | dict(imported)


async def _taught(settings: Settings, shipped: Understander) -> Understander:
    """Reading by the model that is active; by the shipped one where that is lost."""
    version = await active_of(shipped.model_version)
    if version == shipped.model_version:
        return shipped
    try:
        return shipped.read_by(await ModelStore(settings).get(version))
    except ModelLost as lost:
        _log.error("model.lost", version=version, exc_info=lost)
        return shipped


async def _fill(pack: Pack) -> None:
    """Copy the pack's catalogue and rules into the city's own."""
    async with transaction():
        await catalogue.fill(pack)
        await store_rules(pack.rules)
