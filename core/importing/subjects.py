"""What an import compares, subject by subject: the catalogue by its rows, the rest by packs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from shapely import make_valid

from core import routing
from core.importing.compare import Difference, Item, Items, compared
from core.models import Category, District, Executor
from core.pack import Pack, StreetSpec
from core.pack.calendars import WEEKDAYS, hours_text, kept_calendar
from core.phrases import Words, joined, phrase
from core.routing import Table
from core.templates import by_name
from core.understanding.area import shape_of

Row = Category | District | Executor
FACTS: Mapping[type[Row], tuple[str, ...]] = {
    Category: (
        *("uk", "en", "group", "hours", "urgent", "executor_kind", "needs_place"),
        *("needs_photo", "checked", "check_share", "pre_alarm_share"),
    ),
    District: ("uk", "en"),
    Executor: ("uk", "en", "short_uk", "short_en", "kind", "phone", "head", "portfolio", "calendar"),
}


@dataclass(frozen=True, slots=True)
class State:
    """A city as an import finds it, or would leave it; of the rows, those that are in use."""

    pack: Pack
    categories: list[Category]
    districts: list[District]
    executors: list[Executor]
    rules: Table


def changes(before: State, after: State, notes: Mapping[Row, Words]) -> list[Difference]:
    """What would change, by subject; `notes` say what hangs on a row that would go or differ."""
    old, new = before.pack, after.pack
    former = _former(old.streets, new.streets)
    found = [
        compared("city", _city(old), _city(new)),
        compared("day_off", _days(old), _days(new)),
        compared("emergency", _emergency(old), _emergency(new)),
        compared("portfolio", _portfolios(old), _portfolios(new)),
        compared("group", _groups(old), _groups(new)),
        compared("category", _rows(before.categories, notes), _rows(after.categories)),
        compared(
            "district",
            _with(_outlines(old), _rows(before.districts, notes)),
            _with(_outlines(new), _rows(after.districts)),
            say={"outline": _by_area},
        ),
        compared(
            "executor",
            _with(_fields(old), _rows(before.executors, notes)),
            _with(_fields(new), _rows(after.executors)),
        ),
        compared("rule", _rules(before.rules), _rules(after.rules)),
        compared("street", _streets(old.streets), _streets(new.streets), former=former),
        compared("landmark", _landmarks(old), _landmarks(new)),
        compared("line", _lines(old), _lines(new)),
        compared("answer", _answers(old), _answers(new)),
        compared("template", _templates(old), _templates(new)),
    ]
    return [each for each in found if each is not None]


def _rows(rows: Iterable[Row], notes: Mapping[Row, Words] = MappingProxyType({})) -> Items:
    return {
        row.slug: Item(
            f"{row.uk} ({row.slug})",
            {name: _fact(row, name) for name in FACTS[type(row)]},
            notes.get(row, ""),
        )
        for row in rows
    }


def _fact(row: Row, name: str) -> object:
    value = getattr(row, name)
    return kept_calendar(row.slug, value).words if name == "calendar" and value is not None else value


def _with(more: Mapping[str, Mapping[str, object]], items: Items) -> Items:
    """The items with the facts that only the pack has."""
    return {
        slug: Item(item.title, {**item.facts, **more.get(slug, {})}, item.note)
        for slug, item in items.items()
    }


def _outlines(pack: Pack) -> Mapping[str, Mapping[str, object]]:
    return {
        spec.slug: {
            "outline": spec.polygons,
            "old_names": spec.old_names,
            "approximate": spec.approximate,
        }
        for spec in pack.districts
    }


def _by_area(before: object, after: object) -> Words:
    if not before or not after:
        return phrase("import.drawn_anew")
    old, new = (make_valid(shape_of(polygons)) for polygons in (before, after))  # type: ignore[arg-type]
    share = 100 * old.symmetric_difference(new).area / old.area
    return phrase("import.outline", share=f"{share:.1f}")


def _fields(pack: Pack) -> Mapping[str, Mapping[str, object]]:
    return {spec.slug: {"district": spec.district} for spec in pack.executors}


def _city(pack: Pack) -> Items:
    values: dict[str, object] = {
        "slug": pack.slug,
        "uk": pack.uk,
        "en": pack.en,
        "timezone": pack.timezone,
        "centre": pack.centre,
        "bounds": pack.bounds,
    }
    values |= {
        day: tuple(map(hours_text, shifts))
        for day, shifts in zip(WEEKDAYS, pack.calendar.weekly, strict=True)
    }
    values |= {name: getattr(pack.hours, name) for name in ("public_holidays", "holidays")}
    return {name: Item(name, {"": value}) for name, value in values.items()}


def _days(pack: Pack) -> Items:
    """Those that are named one by one: days off, and days with hours of their own."""
    named = dict.fromkeys(pack.hours.days_off or (), "") | {
        day: ", ".join(map(hours_text, shifts)) for day, shifts in pack.hours.special or ()
    }
    return {str(day): Item(str(day), {"": hours}) for day, hours in sorted(named.items())}


def _emergency(pack: Pack) -> Items:
    return {
        each.number: Item(f"{each.number} {each.uk}", {"uk": each.uk, "en": each.en})
        for each in pack.emergency
    }


def _portfolios(pack: Pack) -> Items:
    return {
        each.slug: Item(f"{each.uk} ({each.slug})", {"uk": each.uk, "en": each.en})
        for each in pack.portfolios
    }


def _groups(pack: Pack) -> Items:
    return {
        each.slug: Item(f"{each.uk} ({each.slug})", {"uk": each.uk, "en": each.en}) for each in pack.groups
    }


def _rules(table: Table) -> Items:
    items = {}
    for rule in table:
        when = ", ".join(f"{name} {value}" for name, value in rule.conditions.items())
        helping = (phrase("import.helping", executor=slug) for slug in rule.co_executors)
        items[routing.key(rule)] = Item(
            joined(" → ", when or phrase("import.otherwise"), joined(", ", rule.executor, *helping)),
            {"executor": rule.executor, "co_executors": rule.co_executors},
        )
    return items


def _streets(streets: Iterable[StreetSpec]) -> Items:
    return {
        _street(each): Item(
            _street(each),
            {
                "old_names": each.old_names,
                "also": each.also,
                "districts": each.districts,
                "lat": each.lat,
                "lon": each.lon,
                "ranges": each.ranges,
            },
        )
        for each in streets
    }


def _street(spec: StreetSpec) -> str:
    return f"{spec.type} {spec.name}"


def _former(old: Iterable[StreetSpec], new: Iterable[StreetSpec]) -> dict[str, str]:
    """New streets that name an old one among their old names, and the old one."""
    by_name = {each.name: _street(each) for each in old}
    return {_street(each): by_name[name] for each in new for name in each.old_names if name in by_name}


def _landmarks(pack: Pack) -> Items:
    return {
        each.name: Item(
            each.name,
            {
                "kind": each.kind,
                "also": each.also,
                "district": each.district,
                "lat": each.lat,
                "lon": each.lon,
            },
        )
        for each in pack.landmarks
    }


def _lines(pack: Pack) -> Items:
    drawn: dict[str, list[object]] = {}
    for line in pack.street_lines:
        drawn.setdefault(_street(line.street), []).append(line.points)
    return {title: Item(title, {"coordinates": tuple(points)}) for title, points in drawn.items()}


def _answers(pack: Pack) -> Items:
    return {
        each.slug: Item(
            each.slug,
            {
                "questions": each.questions,
                "uk": each.uk,
                "en": each.en,
                "words": each.words,
                "category": each.category,
                "report": each.report,
            },
        )
        for each in pack.answers
    }


def _templates(pack: Pack) -> Items:
    return {
        name: Item(
            f"{each.title_uk} ({each.verb})" if each.verb else each.title_uk,
            {"title_en": each.title_en, "uk": each.uk, "en": each.en},
        )
        for name, each in by_name(pack.templates).items()
    }
