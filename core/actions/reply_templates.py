"""Reply templates as administrators keep them: none is deleted, a retired one is only no longer offered."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from core import city as cities
from core import db
from core.actions import changes
from core.actions.actor import Actor
from core.actions.catalogue_checks import Refused
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.models import Template
from core.pack import TemplateSpec
from core.templates import by_name, wrong_in
from core.workflow import Role

FACTS = ("title_uk", "title_en", "verb", "uk", "en", "position", "active")
Facts = Mapping[str, Any]


def facts_of(row: Template) -> dict[str, Any]:
    return {name: getattr(row, name) for name in FACTS}


async def save(actor: Actor, template_id: int | None, was: Facts | None, now: Facts) -> int:
    """Change the template that was seen as `was`, or add one. Its id.

    Raises Refused by field, Conflict where it is no longer as it was seen, NotFound, Forbidden.
    """
    if actor.role is not Role.ADMINISTRATOR:
        raise Forbidden("action.not_yours")
    _check(now)
    async with db.transaction():
        await cities.changed()  # from here on, who else changes the catalogue waits
        row = None
        if template_id is not None:
            row = await Template.get_or_none(id=template_id) if 0 < template_id <= db.LARGEST_ID else None
            if row is None:
                raise NotFound("catalogue.gone")
            if facts_of(row) != was:
                raise Conflict("catalogue.changed")
        others = await Template.all().order_by("position", "id")
        others = [each for each in others if row is None or each.id != row.id]
        row = row or Template(position=0)
        before = facts_of(row) if row.id else None
        row.update_from_dict({name: now[name] for name in FACTS if name != "position"})
        await row.save()
        others.insert(min(int(now["position"]), len(others) + 1) - 1, row)
        for position, each in enumerate(others, start=1):
            if each.position != position:
                each.position = position
                await each.save(update_fields=["position"])
        after = facts_of(row)
        if before != after:
            await changes.note(actor.staff_id, "template", str(row.id), before, after)
    return int(row.id)


async def lay(by: int | None, specs: Iterable[TemplateSpec]) -> None:
    """Put these in place of those that are offered, within a transaction that said the city was `changed`.

    What is not among them is retired; what was retired and is among them comes back as what it was.
    """
    rows = await Template.all().order_by("-active", "position", "id")
    before = {row.id: _told(row) for row in rows}
    standing = by_name(rows)
    table = [
        (standing.get(name) or Template()).update_from_dict({**asdict(spec), "active": True})
        for name, spec in by_name(specs).items()
    ]
    kept = {row.id for row in table}
    table += [row.update_from_dict({"active": False}) for row in rows if row.id not in kept]
    for position, row in enumerate(table, start=1):
        row.position = position
        await row.save()
        was, now = before.get(row.id), _told(row)
        if was != now:
            await changes.note(by, "template", str(row.id), was, now)


def _told(row: Template) -> Facts:
    """Without the position: who moves one moves others, too."""
    return {name: value for name, value in facts_of(row).items() if name != "position"}


def _check(now: Facts) -> None:
    errors = wrong_in(now)
    if not now["position"]:
        errors["position"] = Invalid("catalogue.place")
    if errors:
        raise Refused(errors)
