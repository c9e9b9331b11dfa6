"""The routing table of a pack: the written rules, then what the catalogue says, then the last resort."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from core.pack.files import Section
from core.pack.specs import CategorySpec, DistrictSpec, ExecutorSpec, RuleSpec

LAST_RESORT = "contact_centre"  # the kind of executor that answers what no rule claims


@dataclass(frozen=True, slots=True)
class _Condition:
    category: str | None = None
    group: str | None = None
    district: str | None = None

    def to(self, executor: str) -> RuleSpec:
        return RuleSpec(0, self.category, self.group, self.district, executor)


def read_rules(
    file: Section,
    categories: Sequence[CategorySpec],
    executors: Sequence[ExecutorSpec],
    districts: Sequence[DistrictSpec],
) -> tuple[RuleSpec, ...]:
    """The whole table in order, every rule naming one executor: a rule for a kind becomes several."""
    rules: list[RuleSpec] = []
    for section in file.sections("rule"):
        condition = _Condition(
            section.one_of_or_none("category", [category.slug for category in categories]),
            section.one_of_or_none("group", dict.fromkeys(category.group for category in categories)),
            section.one_of_or_none("district", [district.slug for district in districts]),
        )
        executor = section.one_of_or_none("executor", [executor.slug for executor in executors])
        kind = section.one_of_or_none("kind", dict.fromkeys(executor.kind for executor in executors))
        section.done()
        if (executor is None) == (kind is None):
            raise section.wrong("a rule names either an `executor` or a `kind` of executor")
        rules += [condition.to(executor)] if executor else _of_kind(str(kind), condition, executors)
    file.done()
    for category in categories:
        rules += _of_kind(category.executor_kind, _Condition(category=category.slug), executors)
    rules += _of_kind(LAST_RESORT, _Condition(), executors)
    return tuple(replace(rule, position=position) for position, rule in enumerate(rules, start=1))


def _of_kind(kind: str, condition: _Condition, executors: Sequence[ExecutorSpec]) -> Iterator[RuleSpec]:
    """Those that serve one district first, each for its own; then the first that serves the whole city."""
    own = [executor for executor in executors if executor.kind == kind]
    for executor in own:
        if executor.district and condition.district in (None, executor.district):
            yield replace(condition, district=executor.district).to(executor.slug)
    for executor in [executor for executor in own if not executor.district][:1]:
        yield condition.to(executor.slug)
