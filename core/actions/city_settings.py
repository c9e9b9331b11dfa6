"""What the city says of itself, as administrators change it: names, hours, days off, emergency numbers."""

import json
import re
import tomllib
from collections.abc import Mapping
from typing import Any

from core.actions.actor import Actor
from core.actions.catalogue_checks import Refused
from core.city import City
from core.errors import Conflict, Forbidden, Invalid
from core.importing.apply import apply
from core.importing.plan import planned
from core.importing.standing import Standing, standing
from core.importing.subjects import DAYS
from core.pack import PackError, toml_text
from core.workflow import Role

FILE = "city.toml"
NUMBERS = 12  # emergency numbers, at most: who is in danger reads no list
Facts = Mapping[str, Any]
_NUMBER = re.compile(r"[0-9+() -]{2,20}")


def facts_of(found: Standing) -> dict[str, Any]:
    """As the form shows them; `emergency` is a list of number, uk, en."""
    values = tomllib.loads(found.texts[FILE])
    calendar = values.get("calendar", {})
    return {
        "uk": values["uk"],
        "en": values["en"],
        **{day: ", ".join(calendar.get(day, [])) for day in DAYS},
        "days_off": ", ".join(map(str, calendar.get("days_off", []))),
        "public_holidays": bool(calendar.get("public_holidays", False)),
        "emergency": [[each["number"], each["uk"], each["en"]] for each in values.get("emergency", [])],
    }


async def save(city: City, actor: Actor, was: Facts, now: Facts) -> None:
    """Raises Refused by field, Conflict, Forbidden; deadlines that were set already stay."""
    if actor.role is not Role.ADMINISTRATOR:
        raise Forbidden("action.not_yours")
    found = await standing(city.settings)
    if json.loads(json.dumps(facts_of(found))) != was:
        raise Conflict("catalogue.changed")
    _check(now)
    values = tomllib.loads(found.texts[FILE])
    values |= {
        "uk": now["uk"],
        "en": now["en"],
        "emergency": [{"number": n, "uk": uk, "en": en} for n, uk, en in now["emergency"]],
        "calendar": values.get("calendar", {})
        | {day: _listed(now[day]) for day in DAYS}
        | {"days_off": _listed(now["days_off"]), "public_holidays": now["public_holidays"]},
    }
    try:
        plan = await planned(city.settings, {FILE: toml_text(values)})
    except PackError as error:
        field = next((name for name in (*DAYS, "days_off") if f"`{name}`" in error.right), "calendar")
        raise Refused({field: Invalid("pack.broken", **error.params)}) from error
    if plan.revision != found.revision:
        raise Conflict("import.overtaken")
    await apply(city.settings, plan, by=actor.staff_id)
    await city.refresh()


def _check(now: Facts) -> None:
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
    for name in DAYS:
        if any(not re.fullmatch(r"\d{2}:\d{2}-\d{2}:\d{2}", shift) for shift in _listed(now[name])):
            errors[name] = Invalid("catalogue.shift")
    if any(not re.fullmatch(r"\d{4}-\d{2}-\d{2}", each) for each in _listed(now["days_off"])):
        errors["days_off"] = Invalid("catalogue.days_off")
    if errors:
        raise Refused(errors)


def _listed(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"[,;\n]", text) if part.strip()]
