"""Who answers an appeal: the first rule of an ordered table that fits. Pure: tables in, routes out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from core.deadlines import Hours
from core.errors import Invalid
from core.pack.specs import RuleSpec
from core.workflow import BY_NAME, Kind

Table = tuple[RuleSpec, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """What rules look at, under the names of their conditions."""

    category: str
    group: str
    district: str | None = None
    kind: Kind = Kind.REQUEST
    urgent: bool = False
    hours: Hours = Hours.WORKING


@dataclass(frozen=True, slots=True)
class Route:
    """`rule` is the position of the rule that decided; `why` are its conditions, none in a last resort."""

    executor: str
    co_executors: tuple[str, ...]
    rule: int
    why: Mapping[str, str | bool]

    @property
    def data(self) -> dict[str, Any]:
        """As history keeps it."""
        helping = {"co_executors": list(self.co_executors)} if self.co_executors else {}
        return {"executor": self.executor, "rule": self.rule, "why": dict(self.why), **helping}


@dataclass(frozen=True, slots=True)
class Known:
    """What a rule may name: what the catalogue has and still uses. `groups` are those of the categories."""

    groups: Mapping[str, str]
    districts: frozenset[str]
    executors: frozenset[str]


@dataclass(frozen=True, slots=True)
class Change:
    """One change to a table: `was` is the key of the rule changed, `rule` what it shall be and where.

    Without `was` a rule is added, without `rule` one is taken away.
    """

    was: str | None
    rule: RuleSpec | None


@dataclass(frozen=True, slots=True)
class Difference:
    """A case, by its index, that a changed table sends elsewhere."""

    index: int
    before: Route | None
    after: Route | None


def route(table: Iterable[RuleSpec], case: Case) -> Route | None:
    """The route of the first rule that fits, or None when the table has no last resort.

    A rule fits when all its conditions hold; one that names a district does not fit an unknown district.
    What is official or only asked goes by rules that name its kind, or to nobody.
    """
    for rule in table:
        why = rule.conditions
        if case.kind in BY_NAME and "kind" not in why:
            continue
        if all(getattr(case, name) == value for name, value in why.items()):
            return Route(rule.executor, rule.co_executors, rule.position, why)
    return None


def key(rule: RuleSpec) -> str:
    """What tells a rule from the others of its table: no two may have the same conditions."""
    return urlencode(rule.conditions)


def applied(table: Sequence[RuleSpec], change: Change) -> Table:
    """The table after a change, numbered anew; Invalid where the rule to change is no longer in it."""
    kept = list(table)
    if change.was is not None:
        found = next((rule for rule in table if key(rule) == change.was), None)
        if found is None:
            raise Invalid("rule.gone")
        kept.remove(found)
    if change.rule is not None:
        kept.insert(max(change.rule.position, 1) - 1, change.rule)
    return tuple(replace(rule, position=position) for position, rule in enumerate(kept, start=1))


def check(table: Sequence[RuleSpec], known: Known, *, tolerated: Iterable[str] = ()) -> None:
    """Raise Invalid for the first rule that can't be: what it names, whom it sends to, what is left for it.

    `tolerated`: keys of rules that were out of reach before, so that they don't forbid every other change.
    """
    for rule in table:
        _check_names(rule, known)
    if not table or table[-1].conditions:
        raise Invalid("rule.no_last_resort")
    allowed = set(tolerated)
    for rule, above in shadowed(table, known.groups):
        if key(rule) not in allowed:
            raise Invalid("rule.shadowed", rule=rule.position, above=above.position)


def shadowed(table: Sequence[RuleSpec], groups: Mapping[str, str]) -> list[tuple[RuleSpec, RuleSpec]]:
    """Rules that nothing ever reaches, each with the first rule above that takes it all."""
    found = []
    for index, rule in enumerate(table):
        above = next((other for other in table[:index] if other.covers(rule, groups)), None)
        if above is not None:
            found.append((rule, above))
    return found


def differences(before: Table, after: Table, cases: Iterable[Case]) -> list[Difference]:
    """The dry run of a change: which cases would go elsewhere, or have others help, and where."""
    seen: dict[Case, tuple[Route | None, Route | None]] = {}
    found = []
    for index, case in enumerate(cases):
        if case not in seen:
            seen[case] = route(before, case), route(after, case)
        old, new = seen[case]
        if _whom(old) != _whom(new):
            found.append(Difference(index, old, new))
    return found


def _check_names(rule: RuleSpec, known: Known) -> None:
    at = rule.position
    if rule.category is not None and rule.group is not None:
        raise Invalid("rule.category_or_group", rule=at)
    if rule.category is not None and rule.category not in known.groups:
        raise Invalid("rule.category", rule=at)
    if rule.group is not None and rule.group not in known.groups.values():
        raise Invalid("rule.group", rule=at)
    if rule.district is not None and rule.district not in known.districts:
        raise Invalid("rule.district", rule=at)
    if rule.executor not in known.executors:
        raise Invalid("rule.executor", rule=at)
    helping = set(rule.co_executors)
    if not helping <= known.executors:
        raise Invalid("rule.co_executor", rule=at)
    if rule.executor in helping or len(helping) < len(rule.co_executors):
        raise Invalid("rule.co_executor_twice", rule=at)


def _whom(found: Route | None) -> tuple[str, frozenset[str]] | None:
    return (found.executor, frozenset(found.co_executors)) if found else None
