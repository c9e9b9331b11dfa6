"""What narrows the queue, each as a word that can be taken off."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from admin import format as say
from admin import wording
from core.city import City
from core.i18n import t
from core.queries.panel.filters import Filters


@dataclass(frozen=True, slots=True)
class Chip:
    """`without`: the filters when it is taken off."""

    words: str
    without: Filters


def chips(filters: Filters, city: City, language: str) -> list[Chip]:
    found = []
    if filters.words:
        words = t("panel.chip.words", language, words=filters.words)
        found.append(Chip(words, filters.without("words")))
    for name, value in filters.chosen.items():
        found.append(Chip(_words(name, value, city, language), filters.without(name)))
    return found


def _words(name: str, value: object, city: City, language: str) -> str:
    catalogues: dict[str, Mapping[str, object]] = {
        "category": city.categories,
        "district": city.districts,
        "group": {group.slug: group for group in city.pack.groups},
    }
    if name in catalogues:
        return wording.called(catalogues[name], value, language)
    if name == "executor":
        return wording.executors(city, [value], language)
    if name in ("status", "kind", "channel"):
        return t(f"panel.{name}.{value}", language)
    facts: dict[str, Any] = {}
    if isinstance(value, date):
        facts = {"day": say.date_of(value, language)}
    elif name == "idle":
        return t("panel.chip.idle", language, n=int(str(value)))
    elif name == "urgent" and not value:
        name = "not_urgent"
    elif name == "incident" and value:
        name, facts = "incident_one", {"incident": value}
    return t(f"panel.chip.{name}", language, **facts)
