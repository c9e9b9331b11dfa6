"""The routing table of a pack: the written rules, then what the catalogue says, then the last resort."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from core.deadlines import Hours
from core.pack.files import Section
from core.pack.specs import CategorySpec, DistrictSpec, ExecutorSpec, RuleSpec
from core.workflow import Kind

LAST_RESORT = "contact_centre"  # the kind of executor that answers what no rule claims
_ANY = RuleSpec(0, None, None, None, "")


def read_rules(
    file: Section,
    categories: Sequence[CategorySpec],
    executors: Sequence[ExecutorSpec],
    districts: Sequence[DistrictSpec],
) -> tuple[RuleSpec, ...]:
    """The whole table in order, every rule naming one executor: a rule for a kind becomes several."""
    groups = {category.slug: category.group for category in categories}
    table: tuple[RuleSpec, ...] = ()
    for section in file.sections("rule"):
        longer = _appended(table, _written(section, groups, executors, districts), groups)
        if len(longer) == len(table):
            raise section.wrong("pack.rule_unreached")
        table = longer
    file.done()
    table = completed(table, categories, executors)
    if table[-1].conditions:
        raise file.wrong("pack.last_resort", kind=LAST_RESORT)
    return table


def completed(
    written: Iterable[RuleSpec], categories: Sequence[CategorySpec], executors: Sequence[ExecutorSpec]
) -> tuple[RuleSpec, ...]:
    """The written rules, and what the catalogue says of categories where no written one has said it."""
    groups = {category.slug: category.group for category in categories}
    table = _appended((), written, groups)
    for category in categories:
        rules = _of_kind(category.executor_kind, replace(_ANY, category=category.slug), executors)
        table = _appended(table, rules, groups)
    return _appended(table, _of_kind(LAST_RESORT, _ANY, executors), groups)


def written_of(
    table: Sequence[RuleSpec], categories: Sequence[CategorySpec], executors: Sequence[ExecutorSpec]
) -> tuple[RuleSpec, ...]:
    """The fewest first rules of a table from which the rest follows: those that people must have written."""
    for length in range(len(table)):
        if completed(table[:length], categories, executors) == table:
            return tuple(table[:length])
    return _appended((), table, {category.slug: category.group for category in categories})


def rules_text(rules: Iterable[RuleSpec]) -> str:
    """The rules as a file that `read_rules` reads."""
    return "\n".join(["# Who answers; the first rule that fits wins.", *map(_rule_text, rules)]) + "\n"


def _rule_text(rule: RuleSpec) -> str:
    values: dict[str, object] = {
        "appeal_kind" if name == "kind" else name: value for name, value in rule.conditions.items()
    }
    values |= {"executor": rule.executor}
    values |= {"co_executors": list(rule.co_executors)} if rule.co_executors else {}
    lines = (f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in values.items())
    return "\n[[rule]]\n" + "\n".join(lines)


def _appended(
    table: tuple[RuleSpec, ...], rules: Iterable[RuleSpec], groups: dict[str, str]
) -> tuple[RuleSpec, ...]:
    """The table with those rules that none above takes everything from."""
    longer = list(table)
    for rule in rules:
        if not any(above.covers(rule, groups) for above in longer):
            longer.append(replace(rule, position=len(longer) + 1))
    return tuple(longer)


def _written(
    section: Section,
    groups: dict[str, str],
    executors: Sequence[ExecutorSpec],
    districts: Sequence[DistrictSpec],
) -> Iterator[RuleSpec]:
    slugs = [executor.slug for executor in executors]
    appeal_kind = section.one_of_or_none("appeal_kind", Kind)
    hours = section.one_of_or_none("hours", Hours)
    rule = RuleSpec(
        position=0,
        category=section.one_of_or_none("category", groups),
        group=section.one_of_or_none("group", dict.fromkeys(groups.values())),
        district=section.one_of_or_none("district", [district.slug for district in districts]),
        executor=section.one_of_or_none("executor", slugs) or "",
        kind=Kind(appeal_kind) if appeal_kind else None,
        urgent=None if section.raw("urgent") is None else section.flag("urgent"),
        hours=Hours(hours) if hours else None,
        co_executors=section.texts("co_executors"),
    )
    kind = section.one_of_or_none("kind", dict.fromkeys(executor.kind for executor in executors))
    section.done()
    if rule.category and rule.group:
        raise section.wrong("pack.rule_category")
    if bool(rule.executor) == bool(kind):
        raise section.wrong("pack.rule_executor")
    if unknown := {slug for slug in rule.co_executors if slug not in slugs}:
        raise section.wrong("pack.unknown_in", name="co_executors", values=", ".join(sorted(unknown)))
    if rule.executor in rule.co_executors or len(set(rule.co_executors)) < len(rule.co_executors):
        raise section.wrong("pack.rule_helpers")
    return iter((rule,)) if rule.executor else _of_kind(str(kind), rule, executors)


def _of_kind(kind: str, rule: RuleSpec, executors: Sequence[ExecutorSpec]) -> Iterator[RuleSpec]:
    """Those that serve one district first, each for its own; then the first that serves the whole city."""
    own = [executor for executor in executors if executor.kind == kind]
    for executor in own:
        if executor.district and rule.district in (None, executor.district):
            yield _to(executor, replace(rule, district=executor.district))
    for executor in [executor for executor in own if not executor.district][:1]:
        yield _to(executor, rule)


def _to(executor: ExecutorSpec, rule: RuleSpec) -> RuleSpec:
    others = tuple(slug for slug in rule.co_executors if slug != executor.slug)
    return replace(rule, executor=executor.slug, co_executors=others)
