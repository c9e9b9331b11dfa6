"""Reading and checking a city pack; what the files mean stands in core/pack/__init__.py."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from core.pack.answers import read_answers
from core.pack.calendars import UNSAID, CalendarSpec, read_calendar
from core.pack.files import Section, Texts, read_csv, read_json, read_toml, texts_of
from core.pack.geography import read_districts
from core.pack.rules import LAST_RESORT, read_rules
from core.pack.specs import (
    CategorySpec,
    DistrictSpec,
    EmergencySpec,
    ExecutorSpec,
    GroupSpec,
    Pack,
    PortfolioSpec,
)
from core.pack.streets import read_landmarks, read_lines, read_streets
from core.pack.templates import read_templates

DATA = Path(__file__).parent.parent / "data"
DEFAULT_PACK = DATA / "kryvyi_rih"
LANDMARKS, LINES, ANSWERS = "landmarks.csv", "streets.geojson", "answers.toml"  # which may be absent
TEMPLATES = "templates.toml"
COMMON = ("taxonomy.toml", TEMPLATES)  # of which there are some for any city
FILES = (
    "city.toml",
    "taxonomy.toml",
    "executors.toml",
    "rules.toml",
    "districts.geojson",
    "streets.csv",
    LANDMARKS,
    LINES,
    ANSWERS,
    TEMPLATES,
)

Named = TypeVar("Named", GroupSpec, CategorySpec, ExecutorSpec, PortfolioSpec)


def load_pack(path: Path | None = None) -> Pack:
    """The pack in the folder `path`, or the one that is shipped. Raises PackError."""
    return read_pack(pack_texts(path))


def pack_texts(path: Path | None = None) -> dict[str, str]:
    """The files of the pack in the folder `path`, or of the one that is shipped, and those for any city."""
    return texts_of(DATA, COMMON) | texts_of(path or DEFAULT_PACK, FILES)


def read_pack(texts: Texts) -> Pack:
    """The pack whose files these are. Raises PackError."""
    city = read_toml(texts, "city.toml")
    groups, categories = _taxonomy(read_toml(texts, "taxonomy.toml"))
    districts = read_districts(read_json(texts, "districts.geojson"))
    streets = read_streets(read_csv(texts, "streets.csv"), districts)
    timezone = _timezone(city)
    hours = read_calendar(city.section("calendar"), timezone=timezone).over(UNSAID)
    executors = _executors(read_toml(texts, "executors.toml"), categories, districts, hours)
    south, west, north, east = city.numbers("bounds", 4)
    lat, lon = city.numbers("centre", 2)
    pack = Pack(
        slug=city.text("slug"),
        uk=city.text("uk"),
        en=city.text("en"),
        timezone=timezone,
        centre=(lat, lon),
        bounds=(south, west, north, east),
        emergency=tuple(_emergency(city.sections("emergency"))),
        hours=hours,
        calendar=hours.work(timezone),
        groups=groups,
        categories=categories,
        executors=executors,
        rules=read_rules(read_toml(texts, "rules.toml"), categories, executors, districts),
        districts=districts,
        streets=streets,
        landmarks=read_landmarks(read_csv(texts, LANDMARKS), districts) if LANDMARKS in texts else (),
        street_lines=read_lines(read_json(texts, LINES), streets) if LINES in texts else (),
        answers=read_answers(read_toml(texts, ANSWERS)) if ANSWERS in texts else (),
        portfolios=_portfolios(city),
        templates=read_templates(read_toml(texts, TEMPLATES)),
    )
    if not (south < lat < north and west < lon < east):
        raise city.wrong("pack.centre")
    city.done()
    return pack


def _timezone(city: Section) -> str:
    name = city.text("timezone")
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise city.wrong("pack.timezone") from error


def _emergency(sections: Iterable[Section]) -> Iterator[EmergencySpec]:
    for section in sections:
        yield EmergencySpec(section.text("number"), section.text("uk"), section.text("en"))
        section.done()


def _portfolios(city: Section) -> tuple[PortfolioSpec, ...]:
    portfolios = []
    for section in city.sections("portfolio"):
        portfolios.append(PortfolioSpec(section.text("slug"), section.text("uk"), section.text("en")))
        section.done()
    return _distinct(city, portfolios)


def _taxonomy(file: Section) -> tuple[tuple[GroupSpec, ...], tuple[CategorySpec, ...]]:
    groups, categories = [], []
    for section in file.sections("group"):
        groups.append(GroupSpec(section.text("slug"), section.text("uk"), section.text("en")))
        section.done()
    for section in file.sections("category"):
        spec = CategorySpec(
            slug=section.text("slug"),
            group=section.one_of("group", (group.slug for group in groups)),
            uk=section.text("uk"),
            en=section.text("en"),
            hours=section.number("hours"),
            urgent=section.flag("urgent"),
            executor_kind=section.text("executor"),
            needs_place=section.flag("place", default=True),
            needs_photo=section.flag("photo"),
            checked=section.flag("checked", default=True),
            check_share=section.number_or_none("check_share") or 0.0,
            pre_alarm_share=section.number_or_none("pre_alarm_share"),
        )
        if spec.hours <= 0:
            raise section.wrong("pack.no_hours")
        if spec.pre_alarm_share is not None and not 0 < spec.pre_alarm_share < 1:
            raise section.wrong("pack.part")
        if not 0 <= spec.check_share <= 1:
            raise section.wrong("pack.share")
        section.done()
        categories.append(spec)
    file.done()
    return _distinct(file, groups), _distinct(file, categories)


def _executors(
    file: Section,
    categories: Iterable[CategorySpec],
    districts: Iterable[DistrictSpec],
    hours: CalendarSpec,
) -> tuple[ExecutorSpec, ...]:
    executors = []
    for section in file.sections("executor"):
        own = section.raw("calendar") is not None
        executors.append(
            ExecutorSpec(
                slug=section.text("slug"),
                kind=section.text("kind"),
                uk=section.text("uk"),
                en=section.text("en"),
                short_uk=section.text("short_uk"),
                short_en=section.text("short_en"),
                district=section.one_of_or_none("district", (district.slug for district in districts)),
                phone=section.optional("phone"),
                portfolio=section.text("portfolio"),
                head=section.optional("head") or "",
                calendar=read_calendar(section.section("calendar"), hours) if own else None,
            )
        )
        section.done()
    file.done()
    needed = {category.executor_kind for category in categories} | {LAST_RESORT}
    if missing := needed - {executor.kind for executor in executors}:
        raise file.wrong("pack.kinds", kinds=", ".join(sorted(missing)))
    return _distinct(file, executors)


def _distinct(file: Section, specs: Iterable[Named]) -> tuple[Named, ...]:
    """The specs, refused when two of them share a slug."""
    found: dict[str, Named] = {}
    for spec in specs:
        if spec.slug in found:
            raise file.wrong("pack.twice", name=spec.slug)
        found[spec.slug] = spec
    return tuple(found.values())
