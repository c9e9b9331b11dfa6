"""What an import would do to this database; nothing is changed by looking."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tortoise.functions import Count

from core import city as cities
from core.actions.reckon import Foreseen, foresee
from core.calendars import Calendars, calendars_of
from core.catalogue import categories_of, districts_of, executors_of
from core.config import Settings
from core.importing.checks import check, check_templates
from core.importing.compare import Difference
from core.importing.outlines import adopted
from core.importing.reading import laid_over, left_aside, read_folder
from core.importing.standing import DISTRICTS, EXECUTORS, RULES, TAXONOMY, standing
from core.importing.subjects import Row, State, changes
from core.models import Appeal, Category, District, Executor, Staff
from core.pack import TEMPLATES, Pack, RuleSpec, TemplateSpec, Texts, completed, written_of
from core.phrases import Phrase, Words, joined, phrase
from core.routing import Table


@dataclass(frozen=True, slots=True)
class Plan:
    """What must be written; it fits one `revision` alone. `pack` is what the files will say then.

    `files` are those that differ. `rows` hold the whole of each kind that was brought; others of its kind
    are no longer in use then. `differences` say what would change, and are none where nothing would.
    `templates` are None where they stay as they are. `before` and `after` are the calendars.
    """

    revision: int
    files: Mapping[str, str]
    pack: Pack
    rows: Sequence[Sequence[Row]]
    rules: Table
    templates: Sequence[TemplateSpec] | None
    differences: Sequence[Difference]
    warnings: Sequence[Phrase]
    before: Calendars
    after: Calendars

    @property
    def lines(self) -> list[str]:
        """For the command line, which speaks English."""
        return [line for each in self.differences for line in each.lines("en")]

    async def moves(self) -> Foreseen:
        """The open deadlines that would move with the calendars; to be asked only where it is shown."""
        return await foresee(self.before, self.after)


async def prepare(settings: Settings, folder: Path) -> Plan:
    """Read and check everything. Raises PackError, ValueError, OSError."""
    brought, aside = await asyncio.to_thread(lambda: (read_folder(folder), left_aside(folder)))
    return await planned(settings, brought, aside)


async def planned(settings: Settings, brought: Texts, aside: Sequence[str] = ()) -> Plan:
    """The plan for files, by name, that were read already; `aside` are names that are no pack's.

    Raises PackError.
    """
    now = await standing(settings)
    laid = {**now.texts, RULES: now.raw[RULES]}  # the written rules are fitted below, where none came along
    brought, after, warnings = await asyncio.to_thread(_checked, brought, laid, now.pack)
    warnings = [*(phrase("import.aside", name=name) for name in aside), *warnings]
    old = await _state(now.pack)
    new = State(
        after,
        categories_of(after) if TAXONOMY in brought else old.categories,
        districts_of(after) if DISTRICTS in brought else old.districts,
        executors_of(after) if EXECUTORS in brought else old.executors,
        after.rules if RULES in brought or RULES not in now.rewritten else _refitted(old, after),
    )
    if RULES in brought and RULES in now.rewritten and old.rules != after.rules:
        warnings.append(phrase("import.rules_replaced"))
    before, then = _calendars(settings, old), _calendars(settings, new)
    kinds: Mapping[str, Sequence[Row]]
    kinds = {TAXONOMY: new.categories, DISTRICTS: new.districts, EXECUTORS: new.executors}
    files = {name: text for name, text in brought.items() if now.raw.get(name) != text}
    return Plan(
        revision=now.revision,
        files=files,
        pack=replace(after, categories=after.categories if TAXONOMY in files else now.imported.categories),
        rows=[rows for file, rows in kinds.items() if file in brought],
        rules=new.rules,
        templates=after.templates if after.templates != now.pack.templates else None,
        differences=changes(old, new, await _notes(old)),
        warnings=warnings,
        before=before,
        after=then,
    )


def _checked(brought: Texts, standing: Texts, before: Pack) -> tuple[Texts, Pack, list[Phrase]]:
    """The files that were brought, the pack they make, and warnings."""
    if DISTRICTS in brought:
        brought = {**brought, DISTRICTS: adopted(brought[DISTRICTS], before.districts)}
    after = laid_over(standing, brought)
    if TEMPLATES in brought:
        check_templates(after)
    return brought, after, check(after)


async def _state(pack: Pack) -> State:
    return State(
        pack,
        await Category.filter(active=True).order_by("position"),
        await District.filter(active=True).order_by("position"),
        await Executor.filter(active=True).order_by("position"),
        await cities.rules_stored(),
    )


def _calendars(settings: Settings, state: State) -> Calendars:
    timezone = settings.city.timezone or state.pack.timezone
    return calendars_of(state.pack.hours, timezone, {row.slug: row.calendar for row in state.executors})


def _refitted(old: State, pack: Pack) -> Table:
    """The rules that people wrote, but those that name what is gone, and what follows from the catalogue."""
    return refitted(written_of(old.rules, old.pack.categories, old.pack.executors), pack)


def refitted(written: Iterable[RuleSpec], pack: Pack) -> Table:
    """The written rules as far as a pack has what they name, and what follows from its catalogue."""
    groups = {each.slug: each.group for each in pack.categories}
    districts = {each.slug for each in pack.districts}
    executors = {each.slug for each in pack.executors}
    return completed(
        [
            replace(rule, co_executors=tuple(slug for slug in rule.co_executors if slug in executors))
            for rule in written
            if rule.executor in executors
            and rule.district in {None, *districts}
            and rule.category in {None, *groups}
            and rule.group in {None, *groups.values()}
        ],
        pack.categories,
        pack.executors,
    )


async def _notes(state: State) -> dict[Row, Words]:
    """How many appeals hang on each row, and how many officers."""
    notes: dict[Row, Words] = {}
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
            notes[row] = phrase("import.appeals", n=open_ + ended, open=open_) if open_ + ended else ""
    officers = Staff.filter(active=True).group_by("executor_id").annotate(n=Count("id"))
    for slug, n in await officers.values_list("executor_id", "n"):
        for row in state.executors:
            if row.slug == slug:
                notes[row] = joined(", ", notes[row], phrase("import.officers", n=n))
    return notes
