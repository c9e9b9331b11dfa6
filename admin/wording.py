"""Rules in words: what they look at, and whom they name."""

from collections.abc import Iterable, Mapping

from core.city import City
from core.i18n import t


def conditions(city: City, why: Mapping[str, object], language: str) -> str:
    """Conditions of a rule by name and value, as RuleSpec.conditions and Route.why give them."""
    return ", ".join(_condition(city, name, value, language) for name, value in why.items()) or t(
        "panel.rule.any", language
    )


def executors(city: City, slugs: Iterable[object], language: str) -> str:
    return ", ".join(called(city.executors, slug, f"short_{language}") for slug in slugs)


def called(things: Mapping[str, object], slug: object, column: str) -> str:
    """By name, or by slug where the catalogue no longer has it."""
    return str(getattr(things.get(str(slug)), column, slug or "—"))


def portfolios(city: City, language: str) -> dict[str, str]:
    """By slug, those that any executor has; in the order of the city's page, what has no name there last."""
    named = {each.slug: str(getattr(each, language)) for each in city.pack.portfolios}
    others = {row.portfolio for row in city.executors.values() if row.portfolio} - set(named)
    return named | {slug: slug for slug in sorted(others)}


def _condition(city: City, name: str, value: object, language: str) -> str:
    if name == "category":
        return t("panel.rule.category", language, name=called(city.categories, value, language))
    if name == "group":
        groups = {group.slug: group for group in city.pack.groups}
        return t("panel.rule.group", language, name=called(groups, value, language))
    if name == "district":
        return called(city.districts, value, language)
    if name == "kind":
        return t("panel.rule.kind", language, name=t(f"panel.kind.{value}", language))
    if name == "hours":
        return t(f"panel.rule.hours.{value}", language)
    return t("panel.rule.urgent" if value else "panel.rule.calm", language)
