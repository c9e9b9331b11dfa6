"""Where replies begin: templates, filled with what is known of an appeal. Pure."""

import re
from collections.abc import Mapping, Sequence

from core import i18n
from core.city import City
from core.models import Appeal, Template

VARIABLES = ("number", "category", "address", "executor", "deadline", "name")
_VARIABLE = re.compile(r"\{(\w+)\}")
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")


def offered(templates: Sequence[Template], verb: str) -> list[Template]:
    """Those that fit an action: its own before those for any."""
    return [each for each in templates if each.verb == verb] + [each for each in templates if not each.verb]


def filled(template: Template, city: City, appeal: Appeal, language: str, *, name: str = "") -> str:
    """The template's words of an appeal in a language.

    A part in [brackets] is left out where a variable in it is not known, and so is a variable elsewhere.
    """
    facts = _facts(city, appeal, language, name)
    text = _OPTIONAL.sub(lambda part: part[1] if _known(part[1], facts) else "", getattr(template, language))
    return _VARIABLE.sub(lambda found: facts.get(found[1], ""), text).strip()


def _known(text: str, facts: Mapping[str, str]) -> bool:
    return all(facts.get(name) for name in _VARIABLE.findall(text))


def _facts(city: City, appeal: Appeal, language: str, name: str) -> dict[str, str]:
    category, executor = city.categories.get(appeal.category_id), city.executors.get(appeal.executor_id or "")
    return {
        "number": appeal.number,
        "category": str(getattr(category, language, appeal.category_id)),
        "address": appeal.address,
        "executor": str(getattr(executor, f"short_{language}", "")),
        "deadline": i18n.until(appeal.due_at, language, city.pack.timezone) if appeal.due_at else "",
        "name": name,
    }
