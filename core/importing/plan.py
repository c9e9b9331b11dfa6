"""What an import would do to this database; nothing is changed by looking."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tortoise.functions import Count

from core import city as cities
from core.catalogue import categories_of, districts_of, executors_of
from core.config import Settings
from core.counting import counted
from core.importing.checks import check
from core.importing.outlines import adopted
from core.importing.reading import laid_over, left_aside, read_folder
from core.importing.subjects import Row, State, changes
from core.models import Appeal, Category, District, Executor, Staff
from core.pack import Pack, Texts, completed, read_pack, rules_text, written_of
from core.routing import Table

TAXONOMY, DISTRICTS, EXECUTORS, RULES = "taxonomy.toml", "districts.geojson", "executors.toml", "rules.toml"


@dataclass(frozen=True, slots=True)
class Plan:
    """The city as it would be, and what must be written for that; it fits one `revision` alone.

    `files` are those that differ. `rows` hold the whole of each kind that was brought; others of its kind
    are no longer in use then. `lines` say what would change, and are none where nothing would.
    """

    revision: int
    files: Mapping[str, str]
    pack: Pack
    rows: Sequence[Sequence[Row]]
    rules: Table
    lines: Sequence[str]
    warnings: Sequence[str]


async def prepare(settings: Settings, folder: Path) -> Plan:
    """Read and check everything. Raises PackError, ValueError, OSError."""
    revision = await counted(cities.REVISION)  # first: what changes meanwhile makes the plan void
    standing = await cities.texts(settings)
    before = read_pack(standing)
    brought, after, warnings = await asyncio.to_thread(_read, folder, standing, before)
    old = await _state(before)
    new = State(
        after,
        categories_of(after) if TAXONOMY in brought else old.categories,
        districts_of(after) if DISTRICTS in brought else old.districts,
        executors_of(after) if EXECUTORS in brought else old.executors,
        after.rules if RULES in brought or old.rules == before.rules else _refitted(old, after),
    )
    if RULES in brought and old.rules not in (before.rules, after.rules):
        warnings.append("rules.toml takes the place of the rules as they were changed in the panel")
    kinds: Mapping[str, Sequence[Row]]
    kinds = {TAXONOMY: new.categories, DISTRICTS: new.districts, EXECUTORS: new.executors}
    return Plan(
        revision=revision,
        files={name: text for name, text in brought.items() if standing.get(name) != text},
        pack=after,
        rows=[rows for file, rows in kinds.items() if file in brought],
        rules=new.rules,
        lines=changes(old, new, await _notes(old)),
        warnings=warnings,
    )


async def export(settings: Settings) -> dict[str, str]:
    """The files of the city's pack, its rules as they stand in the panel."""
    texts = await cities.texts(settings)
    pack, rules = read_pack(texts), await cities.rules_stored()
    if rules != pack.rules:
        texts[RULES] = rules_text(written_of(rules, pack.categories, pack.executors))
    return texts


def _read(folder: Path, standing: Texts, before: Pack) -> tuple[Texts, Pack, list[str]]:
    """The files that were brought, the pack they make, and warnings."""
    brought = read_folder(folder)
    if DISTRICTS in brought:
        brought[DISTRICTS] = adopted(brought[DISTRICTS], before.districts)
    after = laid_over(standing, brought)
    aside = [f"left aside, for no file of a pack is called so: {name}" for name in left_aside(folder)]
    return brought, after, [*aside, *check(after)]


async def _state(pack: Pack) -> State:
    return State(
        pack,
        await Category.filter(active=True).order_by("position"),
        await District.filter(active=True).order_by("position"),
        await Executor.filter(active=True).order_by("position"),
        await cities.rules_stored(),
    )


def _refitted(old: State, pack: Pack) -> Table:
    """The rules that people wrote, but those that name what is gone, and what follows from the catalogue."""
    groups = {each.slug: each.group for each in pack.categories}
    districts = {each.slug for each in pack.districts}
    executors = {each.slug for each in pack.executors}
    return completed(
        [
            replace(rule, co_executors=tuple(slug for slug in rule.co_executors if slug in executors))
            for rule in written_of(old.rules, old.pack.categories, old.pack.executors)
            if rule.executor in executors
            and rule.district in {None, *districts}
            and rule.category in {None, *groups}
            and rule.group in {None, *groups.values()}
        ],
        pack.categories,
        pack.executors,
    )


async def _notes(state: State) -> dict[Row, str]:
    """How many appeals hang on each row, and how many officers."""
    notes: dict[Row, str] = {}
    kinds: Sequence[tuple[str, Sequence[Row]]] = (
        ("category_id", state.categories),
        ("district_id", state.districts),
        ("executor_id", state.executors),
    )
    for column, rows in kinds:
        found = Appeal.all().group_by(column, "open").annotate(n=Count("id"))
        counts = {(slug, is_open): n for slug, is_open, n in await found.values_list(column, "open", "n")}
        for row in rows:
            open_, ended = counts.get((row.slug, True), 0), counts.get((row.slug, False), 0)
            notes[row] = f"appeals {open_ + ended} (open {open_})" if open_ + ended else ""
    officers = Staff.filter(active=True).group_by("executor_id").annotate(n=Count("id"))
    for slug, n in await officers.values_list("executor_id", "n"):
        for row in state.executors:
            if row.slug == slug:
                notes[row] = ", ".join(filter(None, (notes[row], f"officers {n}")))
    return notes
