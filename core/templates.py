"""What a reply template may say, in the panel and in a city's file, and by what it is known. Pure."""

import re
from collections.abc import Iterable, Mapping
from itertools import count
from typing import Any, TypeVar

from core.errors import Invalid
from core.models import Template
from core.pack import TemplateSpec
from core.preview import SPEAKS
from core.replies import VARIABLES
from core.workflow import Verb

OFFERED = (*sorted(SPEAKS), Verb.REWORK)  # the actions that begin from one
LONGEST = 3000  # characters: with the rest of the message it fits into one
TITLE = 100
LENGTHS = {"title_uk": TITLE, "title_en": TITLE, "uk": LONGEST, "en": LONGEST}
_BRACES, _BRACKETS = re.compile(r"\{([^{}]*)\}"), re.compile(r"\[([^\[\]]*)\]")
Known = TypeVar("Known", Template, TemplateSpec)


def wrong_in(facts: Mapping[str, Any]) -> dict[str, Invalid]:
    """What is wrong, by field."""
    errors: dict[str, Invalid] = {}
    for name, longest in LENGTHS.items():
        text = facts[name]
        if not text.strip():
            errors[name] = Invalid("catalogue.empty")
        elif len(text) > longest:
            errors[name] = Invalid("catalogue.too_long", most=longest)
        elif longest == TITLE and not text.isprintable():
            errors[name] = Invalid("catalogue.one_line")
        elif longest == LONGEST and (strange := _unknown(text)):
            known = ", ".join(f"{{{each}}}" for each in VARIABLES)
            errors[name] = Invalid("catalogue.unknown_variable", names=", ".join(strange), known=known)
    if facts["verb"] not in {"", *OFFERED}:
        errors["verb"] = Invalid("catalogue.choose")
    return errors


def by_name(templates: Iterable[Known]) -> dict[str, Known]:
    """By action and Ukrainian title, which people tell them by; of the same ones, by which it is of them."""
    found: dict[str, Known] = {}
    for each in templates:
        names = (f"{each.verb}/{each.title_uk}/{number}" for number in count(1))
        found[next(name for name in names if name not in found)] = each
    return found


def _unknown(text: str) -> list[str]:
    """What stands in braces but means nothing, and brackets and braces without their other half."""
    found = [name for name in _BRACES.findall(text) if name not in VARIABLES]
    left = _BRACKETS.sub(r"\1", _BRACES.sub("", text))
    return list(
        dict.fromkeys([*(f"{{{name}}}" for name in found), *(mark for mark in "{}[]" if mark in left)])
    )
