"""Which executor answers an appeal: the first rule that matches, in the order of the table."""

from collections.abc import Iterable
from dataclasses import dataclass

from core.pack import RuleSpec


@dataclass(frozen=True, slots=True)
class Route:
    """`rule` is the position of the rule that decided; `why` says what it looked at."""

    executor: str
    rule: int | None
    why: str


def route(rules: Iterable[RuleSpec], *, category: str, group: str, district: str | None) -> Route | None:
    """The route of the first rule that fits, or None when the table has no last resort.

    A rule that names no category, group or district fits any of them; a rule that names a district does
    not fit an appeal whose district is unknown.
    """
    seen = {"category": category, "group": group, "district": district}
    for rule in sorted(rules, key=lambda rule: rule.position):
        asked = {"category": rule.category, "group": rule.group, "district": rule.district}
        named = {name: value for name, value in asked.items() if value is not None}
        if all(seen[name] == value for name, value in named.items()):
            why = ", ".join(f"{name} = {value}" for name, value in named.items()) or "any appeal"
            return Route(rule.executor, rule.position, why)
    return None
