"""The routing table as administrators change it: one change at a time, the whole table checked, none lost."""

from dataclasses import dataclass
from typing import Any

from core import city as cities
from core import db, log, routing
from core.actions import changes
from core.actions.actor import Actor
from core.city import City
from core.counting import count_up, counted
from core.errors import Conflict, Forbidden
from core.models import Category, District, Executor, RoutingRule
from core.pack import RuleSpec
from core.routing import Change, Known, Table
from core.workflow import Role

VERSION = "rules"  # the counter that grows with each change of the table
_log = log.get(__name__)


@dataclass(frozen=True, slots=True)
class Standing:
    """The table as it stands in the database, and its version."""

    version: int
    table: Table


async def standing() -> Standing:
    version = await counted(VERSION)  # read first: a table changed meanwhile is then a lost race, not a mix
    return Standing(version, await cities.rules_stored())


async def proposed(table: Table, change: Change) -> Table:
    """The table as a change would leave it; Invalid where it could not stand."""
    catalogue = await known()
    out_of_reach = [routing.key(rule) for rule, _ in routing.shadowed(table, catalogue.groups)]
    after = routing.applied(table, change)
    routing.check(after, catalogue, tolerated=out_of_reach)
    return after


async def save(city: City, actor: Actor, change: Change, *, expected: int) -> None:
    """Make a change to the table of the version `expected`.

    Raises Invalid, Forbidden, or Conflict where another administrator was faster. The log keeps what the
    rule was and what it is now.
    """
    if actor.role is not Role.ADMINISTRATOR:
        raise Forbidden("action.not_yours")
    async with db.transaction():
        await cities.changed()  # from here on, who else changes the catalogue waits
        before = await standing()
        if before.version != expected:
            raise Conflict("rules.changed")
        after = await proposed(before.table, change)
        await write(after)
        found = (rule for rule in before.table if change.was is not None and routing.key(rule) == change.was)
        was, now = _logged(next(found, None)), _logged(change.rule)
        name = change.was if change.rule is None else routing.key(change.rule)
        await changes.note(actor.staff_id, "rule", name or "", was, now)
    _log.info("rules.changed", version=expected + 1, by=actor.staff_id, before=was, after=now)
    await city.refresh()


async def write(table: Table) -> None:
    """Put a checked table in the place of the one that stands, within a transaction that said `changed`."""
    await count_up(VERSION)
    await RoutingRule.all().delete()
    await cities.store_rules(table)


async def known() -> Known:
    """What rules may name, as the catalogue stands in the database."""
    categories = await Category.filter(active=True).values_list("slug", "group")
    districts = await District.filter(active=True).values_list("slug", flat=True)
    executors = await Executor.filter(active=True).values_list("slug", flat=True)
    return Known(dict(categories), frozenset(map(str, districts)), frozenset(map(str, executors)))


def _logged(rule: RuleSpec | None) -> dict[str, Any] | None:
    if rule is None:
        return None
    helping = list(rule.co_executors)
    return {"position": rule.position, **rule.conditions, "executor": rule.executor, "co_executors": helping}
