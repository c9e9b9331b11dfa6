"""The catalogue as administrators change it: categories, executors, districts; nothing is ever deleted.

Each change is made to what was seen (`was`), or it is a lost race. What only shows is written into the rows;
what rules hang on goes the way of an import, which fits the rules and the model to it. Appeals in work keep
their category, their deadline and their executor: only what comes later follows the change.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from core import city as cities
from core import db
from core.actions import catalogue_checks as checks
from core.actions import changes, rules
from core.actions.actor import Actor
from core.actions.catalogue_facts import category_facts, district_facts, executor_facts
from core.city import City
from core.counting import counted
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.importing.apply import Guard, apply
from core.importing.plan import Plan, planned, refitted
from core.importing.standing import DISTRICTS, EXECUTORS, RULES, TAXONOMY, Standing, standing
from core.models import Appeal, Category
from core.pack import (
    CategorySpec,
    ExecutorSpec,
    Pack,
    districts_text,
    executors_text,
    rules_text,
    taxonomy_text,
    written_of,
)
from core.workflow import Role

Facts = Mapping[str, Any]  # as a form shows them and as JSON keeps them
Spec = TypeVar("Spec", CategorySpec, ExecutorSpec)
OTHER = "other"  # the category of what nobody could name
# How the truth of a result is made sure of, and when its deadline is called to mind.
POLICY = ("needs_photo", "checked", "check_share", "pre_alarm_share")
FREE = frozenset({"uk", "en", "hours", "urgent", "needs_place", "place", *POLICY})  # nothing hangs on these


async def save_category(city: City, actor: Actor, slug: str, was: Facts | None, now: Facts) -> None:
    """Change what is offered, or offer what is new or was retired (no `was`).

    Raises Refused with what is wrong by field, Conflict, Forbidden, PackError.
    """
    found = await _found(city, actor, was, category_facts, slug)
    checks.category(found.pack, slug, now, new=was is None)
    spec = CategorySpec(
        slug=slug,
        group=now["group"],
        uk=now["uk"],
        en=now["en"],
        hours=now["hours"],
        urgent=now["urgent"],
        executor_kind=now["executor_kind"],
        needs_place=now["needs_place"],
        **{name: now[name] for name in POLICY},
    )
    same_group = [each.slug for each in found.pack.categories if each.group == spec.group]
    specs = _placed(found.pack.categories, spec, same_group, now["place"])
    if was is not None and all(was[name] == now[name] for name in now if name not in FREE):
        await _write_categories(city, actor, found, specs, slug)
    else:
        await _lay(city, actor, found, replace(found.pack, categories=specs))


async def save_hours(city: City, actor: Actor, was: Mapping[str, float], now: Mapping[str, float]) -> None:
    """Deadlines of many categories at once, in hours. Raises as `save_category` does."""
    found = await _found(city, actor, None, category_facts, "")
    standing_hours = {each.slug: each.hours for each in found.pack.categories}
    if any(standing_hours.get(slug) != hours for slug, hours in was.items()):
        raise Conflict("catalogue.changed")
    checks.hours({slug: now[slug] for slug in was})
    specs = tuple(replace(each, hours=now.get(each.slug, each.hours)) for each in found.pack.categories)
    await _write_categories(city, actor, found, specs)


async def save_executor(city: City, actor: Actor, slug: str, was: Facts | None, now: Facts) -> None:
    """As `save_category`; open deadlines follow its hours, see reckon.py."""
    await take(city, actor, await plan_executor(city, actor, slug, was, now))


async def plan_executor(city: City, actor: Actor, slug: str, was: Facts | None, now: Facts) -> Plan:
    """What it means to save; raises as `save_executor` does."""
    found = await _found(city, actor, was, executor_facts, slug)
    hours = checks.executor(found.pack, slug, now, new=was is None)
    known = next((each.calendar for each in found.pack.executors if each.slug == slug), None)
    hours = replace(hours, holidays=known.holidays if known else None)  # which no form shows
    spec = ExecutorSpec(
        slug=slug,
        kind=now["kind"],
        uk=now["uk"],
        en=now["en"],
        short_uk=now["short_uk"],
        short_en=now["short_en"],
        district=now["district"] or None,
        phone=now["phone"] or None,
        portfolio=now["portfolio"],
        head=now["head"],
        calendar=hours if hours.values else None,
    )
    everybody = [each.slug for each in found.pack.executors]
    specs = _placed(found.pack.executors, spec, everybody, now["place"])
    checks.answered(found.pack.categories, specs)
    return await _laid(city, found, replace(found.pack, executors=specs))


async def save_district(city: City, actor: Actor, slug: str, was: Facts, now: Facts) -> None:
    """Its names; outlines and streets come by import. Raises as `save_category` does."""
    found = await _found(city, actor, was, district_facts, slug)
    checks.names(now)
    specs = tuple(
        replace(each, uk=now["uk"], en=now["en"]) if each.slug == slug else each
        for each in found.pack.districts
    )
    await _lay(city, actor, found, replace(found.pack, districts=specs))


async def retire_category(city: City, actor: Actor, slug: str, was: Facts) -> None:
    """No longer offered nor guessed; who has it keeps it."""
    found = await _found(city, actor, was, category_facts, slug)
    await _lay(city, actor, found, without_category(found.pack, slug))


async def retire_executor(city: City, actor: Actor, slug: str, was: Facts) -> None:
    """Nothing goes to them any more. Refused while they have open appeals."""
    found = await _found(city, actor, was, executor_facts, slug)

    async def guard() -> None:
        if waiting := await Appeal.filter(executor_id=slug, open=True).count():
            raise Invalid("catalogue.executor_has_work", count=waiting)

    await _lay(city, actor, found, without_executor(found.pack, slug), guard)


def without_category(pack: Pack, slug: str) -> Pack:
    """Raises Invalid for the one category that no city can be without."""
    if slug == OTHER:
        raise Invalid("catalogue.other_stays")
    return replace(pack, categories=tuple(each for each in pack.categories if each.slug != slug))


def without_executor(pack: Pack, slug: str) -> Pack:
    """Raises Invalid where nobody else of the kind would answer."""
    left = tuple(each for each in pack.executors if each.slug != slug)
    checks.answered(pack.categories, left)
    return replace(pack, executors=left)


async def take(city: City, actor: Actor, plan: Plan, guard: Guard | None = None) -> None:
    """Change the city as planned; Conflict where it was changed since."""
    await apply(city.settings, plan, by=actor.staff_id, guard=guard)
    await city.refresh()


async def plan_for(city: City, found: Standing, after: Pack) -> Plan:
    """What it means to let `after` take the place of the pack that stands."""
    return await planned(city.settings, _files(found, after))


async def _found(city: City, actor: Actor, was: Facts | None, facts: checks.FactsOf, slug: str) -> Standing:
    """The city as it stands, if what was seen of it still does."""
    if actor.role is not Role.ADMINISTRATOR:
        raise Forbidden("action.not_yours")
    found = await standing(city.settings)
    now = facts(found.pack, slug)
    if was is not None and now is None:
        raise NotFound("catalogue.gone")
    if was is not None and now != was:
        raise Conflict("catalogue.changed")
    return found


async def _lay(city: City, actor: Actor, found: Standing, after: Pack, guard: Guard | None = None) -> None:
    await take(city, actor, await _laid(city, found, after), guard)


async def _laid(city: City, found: Standing, after: Pack) -> Plan:
    plan = await plan_for(city, found, after)
    if plan.revision != found.revision:
        raise Conflict("import.overtaken")
    return plan


def _files(found: Standing, after: Pack) -> dict[str, str]:
    """The files that make the pack; the rules with them, where those that stand would not be read."""
    before, files = found.pack, {}
    if after.categories != before.categories:
        files[TAXONOMY] = taxonomy_text(after.groups, after.categories)
    if after.executors != before.executors:
        files[EXECUTORS] = executors_text(after.executors)
    if after.districts != before.districts:
        files[DISTRICTS] = districts_text(found.texts[DISTRICTS], after.districts)
    written = written_of(before.rules, before.categories, before.executors)
    left = written_of(refitted(written, after), after.categories, after.executors)
    if left != written or RULES in found.rewritten:
        files[RULES] = rules_text(left)
    return files


def _placed(specs: Sequence[Spec], spec: Spec, among: Sequence[str], place: int) -> tuple[Spec, ...]:
    """The list with `spec` in it, the `place`th (from 1) of those it is `among`."""
    if spec.slug in among and among.index(spec.slug) == place - 1:
        return tuple(spec if each.slug == spec.slug else each for each in specs)
    moved = [each for each in specs if each.slug != spec.slug]
    peers = [slug for slug in among if slug != spec.slug]
    slugs: list[str] = [each.slug for each in moved]
    following = peers[place - 1 :]
    moved.insert(slugs.index(following[0]) if following else len(moved), spec)
    return tuple(moved)


async def _write_categories(
    city: City, actor: Actor, found: Standing, specs: Sequence[CategorySpec], moved: str = ""
) -> None:
    """Into the rows alone: no rule and no model hangs on what changed."""
    before, after = found.pack, replace(found.pack, categories=tuple(specs))
    table = refitted(written_of(before.rules, before.categories, before.executors), after)
    async with db.transaction():
        await cities.changed()  # from here on, who else changes the city waits
        if await counted(cities.REVISION) != found.revision + 1:
            raise Conflict("import.overtaken")
        if table != before.rules:  # what follows from the catalogue follows in its order
            await rules.write(table)
        for position, spec in enumerate(specs):
            await Category.filter(slug=spec.slug).update(
                position=position,
                uk=spec.uk,
                en=spec.en,
                hours=spec.hours,
                urgent=spec.urgent,
                needs_place=spec.needs_place,
                **{name: getattr(spec, name) for name in POLICY},
            )
        for spec in specs:
            was, now = category_facts(before, spec.slug), category_facts(after, spec.slug)
            if _told(was) != _told(now) or (was != now and spec.slug == moved):
                await changes.note(actor.staff_id, "category", spec.slug, was, now)
    await city.refresh()


def _told(facts: Facts | None) -> Facts:
    """Without the place: who moves one moves others, too."""
    return {name: value for name, value in (facts or {}).items() if name != "place"}
