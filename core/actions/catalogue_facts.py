"""What stands in the forms of the catalogue: of each thing that is offered, its facts as JSON keeps them."""

from typing import Any

from core.actions import calendar_form
from core.pack import Pack
from core.pack.calendars import CalendarSpec


def category_facts(pack: Pack, slug: str) -> dict[str, Any] | None:
    """`place` counts from 1 within the group. None where the city does not offer it."""
    spec = next((each for each in pack.categories if each.slug == slug), None)
    if spec is None:
        return None
    own = [each.slug for each in pack.categories if each.group == spec.group]
    return {
        "uk": spec.uk,
        "en": spec.en,
        "group": spec.group,
        "hours": spec.hours,
        "urgent": spec.urgent,
        "needs_place": spec.needs_place,
        "needs_photo": spec.needs_photo,
        "checked": spec.checked,
        "check_share": spec.check_share,
        "pre_alarm_share": spec.pre_alarm_share,
        "executor_kind": spec.executor_kind,
        "place": own.index(slug) + 1,
    }


def executor_facts(pack: Pack, slug: str) -> dict[str, Any] | None:
    """`place` counts from 1: of one kind, the first without a district is whom its categories go to."""
    at = next((at for at, each in enumerate(pack.executors) if each.slug == slug), None)
    if at is None:
        return None
    spec = pack.executors[at]
    return {
        "uk": spec.uk,
        "en": spec.en,
        "short_uk": spec.short_uk,
        "short_en": spec.short_en,
        "kind": spec.kind,
        "district": spec.district or "",
        "portfolio": spec.portfolio,
        "phone": spec.phone or "",
        "head": spec.head,
        **calendar_form.executor_facts(spec.calendar or CalendarSpec()),
        "place": at + 1,
    }


def district_facts(pack: Pack, slug: str) -> dict[str, Any] | None:
    spec = next((each for each in pack.districts if each.slug == slug), None)
    return None if spec is None else {"uk": spec.uk, "en": spec.en}
