"""Reply templates as administrators keep them: none is deleted, a retired one is only no longer offered."""

import re
from collections.abc import Mapping
from typing import Any

from core import db
from core.actions import changes
from core.actions.actor import Actor
from core.actions.catalogue_checks import Refused
from core.counting import count_up
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.models import Template
from core.preview import SPEAKS
from core.replies import VARIABLES
from core.workflow import Role, Verb

OFFERED = (*sorted(SPEAKS), Verb.REWORK)  # the actions that begin from one
LONGEST = 3000  # characters: with the rest of the message it fits into one
TITLE = 100
FACTS = ("title_uk", "title_en", "verb", "uk", "en", "position", "active")
Facts = Mapping[str, Any]
_BRACES, _BRACKETS = re.compile(r"\{([^{}]*)\}"), re.compile(r"\[([^\[\]]*)\]")


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
        await count_up("templates")  # from here on, who else changes one waits
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


def _check(now: Facts) -> None:
    errors: dict[str, Invalid] = {}
    for name, longest in (("title_uk", TITLE), ("title_en", TITLE), ("uk", LONGEST), ("en", LONGEST)):
        if not now[name].strip():
            errors[name] = Invalid("catalogue.empty")
        elif len(now[name]) > longest:
            errors[name] = Invalid("catalogue.too_long", most=longest)
        elif name in ("uk", "en") and (strange := _unknown(now[name])):
            known = ", ".join(f"{{{each}}}" for each in VARIABLES)
            errors[name] = Invalid("catalogue.unknown_variable", names=", ".join(strange), known=known)
    if now["verb"] not in {"", *OFFERED}:
        errors["verb"] = Invalid("catalogue.choose")
    if not now["position"]:
        errors["position"] = Invalid("catalogue.place")
    if errors:
        raise Refused(errors)


def _unknown(text: str) -> list[str]:
    """What stands in braces but means nothing, and brackets and braces without their other half."""
    found = [name for name in _BRACES.findall(text) if name not in VARIABLES]
    left = _BRACKETS.sub(r"\1", _BRACES.sub("", text))
    return list(
        dict.fromkeys([*(f"{{{name}}}" for name in found), *(mark for mark in "{}[]" if mark in left)])
    )
