"""What the city says of itself, as administrators change it: names, hours, days off, emergency numbers."""

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from core.actions import calendar_form
from core.actions.actor import Actor
from core.actions.catalogue import take
from core.actions.catalogue_checks import Refused
from core.city import City
from core.errors import Conflict, Forbidden, Invalid
from core.importing.checks import SLUG
from core.importing.plan import Plan, planned
from core.importing.standing import Standing, standing
from core.pack import PackError, toml_text
from core.pack.calendars import CalendarSpec
from core.workflow import Role

FILE = "city.toml"
NUMBERS = 12  # emergency numbers, at most: who is in danger reads no list
Facts = Mapping[str, Any]
_NUMBER = re.compile(r"[0-9+() -]{2,20}")


def facts_of(found: Standing) -> dict[str, Any]:
    """As the form shows them; `emergency` is a list of number, uk, en."""
    values = tomllib.loads(found.texts[FILE])
    return {
        "uk": values["uk"],
        "en": values["en"],
        **calendar_form.city_facts(found.pack.hours),
        "emergency": [[each["number"], each["uk"], each["en"]] for each in values.get("emergency", [])],
        "portfolios": [[each["slug"], each["uk"], each["en"]] for each in values.get("portfolio", [])],
    }


async def save(city: City, actor: Actor, was: Facts, now: Facts) -> None:
    """Raises Refused by field, Conflict, Forbidden; open deadlines follow the hours, see reckon.py."""
    await take(city, actor, await plan_for(city, actor, was, now))


async def plan_for(city: City, actor: Actor, was: Facts, now: Facts) -> Plan:
    """What it means to save; raises as `save` does."""
    if actor.role is not Role.ADMINISTRATOR:
        raise Forbidden("action.not_yours")
    found = await standing(city.settings)
    if json.loads(json.dumps(facts_of(found))) != was:
        raise Conflict("catalogue.changed")
    hours = _checked(now)
    values = tomllib.loads(found.texts[FILE])
    values |= {
        "uk": now["uk"],
        "en": now["en"],
        "emergency": [{"number": n, "uk": uk, "en": en} for n, uk, en in now["emergency"]],
        "portfolio": [{"slug": slug, "uk": uk, "en": en} for slug, uk, en in now["portfolios"]],
        "calendar": replace(hours, holidays=found.pack.hours.holidays).values,
    }
    try:
        plan = await planned(city.settings, {FILE: toml_text(values)})
    except PackError as error:
        raise Refused({"calendar": Invalid("pack.broken", **error.params)}) from error
    if plan.revision != found.revision:
        raise Conflict("import.overtaken")
    return plan


def _checked(now: Facts) -> CalendarSpec:
    """The hours."""
    errors = {
        name: Invalid("catalogue.empty" if not now[name] else "catalogue.too_long", most=100)
        for name in ("uk", "en")
        if not now[name] or len(now[name]) > 100  # noqa: PLR2004 - said in the error
    }
    numbers = now["emergency"]
    if not numbers or len(numbers) > NUMBERS or len({n for n, _, _ in numbers}) < len(numbers):
        errors["emergency"] = Invalid("catalogue.emergency", most=NUMBERS)
    elif not all(_NUMBER.fullmatch(n) and uk and en and len(uk + en) <= 200 for n, uk, en in numbers):  # noqa: PLR2004
        errors["emergency"] = Invalid("catalogue.emergency_line")
    slugs = [slug for slug, _, _ in now["portfolios"]]
    if len(set(slugs)) < len(slugs) or not all(
        SLUG.fullmatch(slug) and len(slug) <= 64 and uk and en and len(uk + en) <= 200  # noqa: PLR2004
        for slug, uk, en in now["portfolios"]
    ):
        errors["portfolios"] = Invalid("catalogue.portfolio_line")
    hours, wrong = calendar_form.city_spec(now)
    errors |= wrong or calendar_form.never_works(hours, hours)
    if errors:
        raise Refused(errors)
    return hours
