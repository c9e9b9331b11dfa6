"""Working hours as a form shows them: a line for each day of the week, the dates that differ, the holidays.

Of an executor an empty line is as the city has it; a dash is nothing at all.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from itertools import pairwise
from typing import Any, Final

from core.deadlines import Shift
from core.errors import Invalid
from core.pack.calendars import UNSAID, WEEKDAYS, CalendarSpec, Shifts, hours_text

Facts = Mapping[str, Any]
DAYS: Final = (*WEEKDAYS, "days_off", "special")
FIELDS: Final = (*DAYS, "public_holidays")
NONE: Final = "-"
CHOICES: Final = {"": None, "yes": True, "no": False}
_SHIFT = re.compile(r"(\d{2}):(\d{2})-(\d{2}):(\d{2})")
_MOST = 400  # dates of one kind: more would be no exceptions


def city_facts(spec: CalendarSpec) -> dict[str, Any]:
    """`spec` says all; what is nothing is shown empty."""
    shown = executor_facts(spec)
    empty = {name: "" if shown[name] == NONE else shown[name] for name in DAYS}
    return empty | {"public_holidays": bool(spec.public_holidays)}


def executor_facts(spec: CalendarSpec) -> dict[str, Any]:
    weekly = {day: _shown(getattr(spec, day), hours_text, ", ") for day in WEEKDAYS}
    return weekly | {
        "days_off": _shown(spec.days_off, date.isoformat, ", "),
        "special": _shown(spec.special, _special_text, "\n"),
        "public_holidays": next(word for word, said in CHOICES.items() if said is spec.public_holidays),
    }


def city_spec(now: Facts) -> tuple[CalendarSpec, dict[str, Invalid]]:
    """What a form says, and what is wrong in it by field; an empty line is nothing."""
    found, errors = executor_spec({**now, "public_holidays": "yes" if now["public_holidays"] else "no"})
    return found.over(UNSAID), errors


def executor_spec(now: Facts) -> tuple[CalendarSpec, dict[str, Invalid]]:
    """As `city_spec`; an empty line is left unsaid."""
    said: dict[str, Any] = {}
    errors: dict[str, Invalid] = {}
    for name in DAYS:
        text = now[name].strip()
        try:
            said[name] = _READ.get(name, _shifts)("" if text in {NONE, "—"} else text) if text else None
        except ValueError:
            errors[name] = Invalid(f"catalogue.{'shift' if name in WEEKDAYS else name}")
    if now["public_holidays"] not in CHOICES:
        errors["public_holidays"] = Invalid("catalogue.choose")
    said["public_holidays"] = CHOICES.get(now["public_holidays"])
    return CalendarSpec(**said), errors


def never_works(spec: CalendarSpec, city: CalendarSpec) -> dict[str, Invalid]:
    """What is wrong with the whole, where no field alone is."""
    try:
        spec.over(city).work("UTC")
    except ValueError:
        return {"calendar": Invalid("catalogue.never_works")}
    return {}


def _shown(said: tuple[Any, ...] | None, text: Callable[[Any], str], between: str) -> str:
    return "" if said is None else between.join(map(text, said)) or NONE


def _special_text(special: tuple[date, Shifts]) -> str:
    return f"{special[0]} {', '.join(map(hours_text, special[1])) or NONE}"


def _shifts(text: str) -> Shifts:
    shifts = []
    for part in _listed(text):
        if not (found := _SHIFT.fullmatch(part)):
            raise ValueError(part)
        hour, minute, last_hour, last_minute = map(int, found.groups())
        if max(minute, last_minute) > 59:  # noqa: PLR2004 - minutes of an hour
            raise ValueError(part)
        shifts.append(Shift(hour * 60 + minute, last_hour * 60 + last_minute))
    if any(late.opens < early.closes for early, late in pairwise(shifts)):
        raise ValueError(text)
    return tuple(shifts)


def _days_off(text: str) -> tuple[date, ...]:
    return _few(tuple(sorted({_day(part) for part in _listed(text)})))


def _special(text: str) -> tuple[tuple[date, Shifts], ...]:
    """A line for each date: the date, then its hours; a dash or nothing where it has none."""
    found: dict[date, Shifts] = {}
    for line in filter(None, map(str.strip, re.split(r"[\n;]", text))):
        day, _, hours = line.partition(" ")
        if _day(day) in found:
            raise ValueError(line)
        found[_day(day)] = () if hours.strip() in {"", NONE, "—"} else _shifts(hours)
    return _few(tuple(sorted(found.items())))


def _day(text: str) -> date:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        raise ValueError(text)
    return date.fromisoformat(text)


def _few(found: tuple[Any, ...]) -> tuple[Any, ...]:
    if len(found) > _MOST:
        raise ValueError(len(found))
    return found


def _listed(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"[,;\n]", text) if part.strip()]


_READ: Final[Mapping[str, Callable[[str], tuple[Any, ...]]]] = {"days_off": _days_off, "special": _special}
