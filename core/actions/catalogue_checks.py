"""What a form of the catalogue may say, field by field, so that each error stands beside its field."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from core.actions import calendar_form
from core.errors import Invalid
from core.importing.checks import LONGEST, SLUG
from core.pack import CategorySpec, ExecutorSpec, Pack
from core.pack.calendars import CalendarSpec
from core.pack.rules import LAST_RESORT

Facts = Mapping[str, Any]
FactsOf = Callable[[Pack, str], dict[str, Any] | None]
LENGTHS = {"uk": 200, "en": 200, "short_uk": 100, "short_en": 100, "kind": 64, "phone": 64, "head": 200}
EXECUTOR_NAME = 300
LONGEST_DEADLINE = 24 * 366.0  # hours; a longer one is a slip of the pen
MAY_LACK = frozenset({"phone", "head"})


class Refused(Invalid):
    """Several things at once: what is wrong, by field."""

    def __init__(self, errors: Mapping[str, Invalid]) -> None:
        super().__init__("catalogue.refused")
        self.errors = errors


def category(pack: Pack, slug: str, now: Facts, *, new: bool) -> None:
    errors = _texts(now, ("uk", "en")) | (_slug(slug, LONGEST["category"]) if new else {})
    if new and any(each.slug == slug for each in pack.categories):
        errors["slug"] = Invalid("catalogue.slug_taken")
    if now["group"] not in {each.slug for each in pack.groups}:
        errors["group"] = Invalid("catalogue.choose")
    if now["executor_kind"] not in {each.kind for each in pack.executors}:
        errors["executor_kind"] = Invalid("catalogue.choose")
    found = {
        "hours": _hours(now["hours"]),
        "check_share": _share(now["check_share"]),
        "pre_alarm_share": _part(now["pre_alarm_share"]),
    }
    errors |= {name: error for name, error in found.items() if error}
    _refuse(errors | _place(now))


def executor(pack: Pack, slug: str, now: Facts, *, new: bool) -> CalendarSpec:
    """Its hours, as far as they are its own."""
    names = ("uk", "en", "short_uk", "short_en", "kind", "phone", "head", "portfolio")
    errors = _texts(now, names, longest=EXECUTOR_NAME) | (_slug(slug, 64) if new else {})
    if new and any(each.slug == slug for each in pack.executors):
        errors["slug"] = Invalid("catalogue.slug_taken")
    for name in ("kind", "portfolio"):
        if name not in errors and not SLUG.fullmatch(now[name]):
            errors[name] = Invalid("catalogue.slug")
    if now["district"] and now["district"] not in {each.slug for each in pack.districts}:
        errors["district"] = Invalid("catalogue.choose")
    hours, wrong = calendar_form.executor_spec(now)
    _refuse(errors | (wrong or calendar_form.never_works(hours, pack.hours)) | _place(now))
    return hours


def names(now: Facts) -> None:
    _refuse(_texts(now, ("uk", "en")))


def hours(now: Mapping[str, float | None]) -> None:
    _refuse({slug: error for slug, value in now.items() if (error := _hours(value))})


def answered(categories: Iterable[CategorySpec], executors: Iterable[ExecutorSpec]) -> None:
    """Invalid where a category's kind of executor has nobody, or nobody takes what is left."""
    executors = list(executors)
    kinds = {each.kind for each in executors}
    lost = [each for each in categories if each.executor_kind not in kinds]
    if lost:
        raise Invalid("catalogue.nobody_answers", kind=lost[0].executor_kind, count=len(lost))
    if not any(each.kind == LAST_RESORT and each.district is None for each in executors):
        raise Invalid("catalogue.no_last_resort", kind=LAST_RESORT)


def _texts(now: Facts, fields: Iterable[str], *, longest: int = 200) -> dict[str, Invalid]:
    errors = {}
    for name in fields:
        value, most = now[name], longest if name in ("uk", "en") else LENGTHS.get(name, 64)
        if not value and name not in MAY_LACK:
            errors[name] = Invalid("catalogue.empty")
        elif len(value) > most:
            errors[name] = Invalid("catalogue.too_long", most=most)
        elif not value.isprintable():
            errors[name] = Invalid("catalogue.one_line")
    return errors


def _slug(slug: str, longest: int) -> dict[str, Invalid]:
    return {} if SLUG.fullmatch(slug) and len(slug) <= longest else {"slug": Invalid("catalogue.slug")}


def _hours(value: float | None) -> Invalid | None:
    fits = value is not None and 0 < value <= LONGEST_DEADLINE
    return None if fits else Invalid("catalogue.hours", most=int(LONGEST_DEADLINE))


def _share(value: float | None) -> Invalid | None:
    return None if value is not None and 0 <= value <= 1 else Invalid("catalogue.share")


def _part(value: float | None) -> Invalid | None:
    """None is the city's own."""
    return None if value is None or 0 < value < 1 else Invalid("catalogue.part")


def _place(now: Facts) -> dict[str, Invalid]:
    return {} if now["place"] else {"place": Invalid("catalogue.place")}


def _refuse(errors: Mapping[str, Invalid]) -> None:
    if errors:
        raise Refused(errors)
