"""What a city pack holds. Slugs are stable identifiers; `uk` and `en` are shown to people."""

from dataclasses import dataclass

from core.deadlines import WorkCalendar

Ring = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class GroupSpec:
    slug: str
    uk: str
    en: str


@dataclass(frozen=True, slots=True)
class CategorySpec:
    """`hours` to answer in: on the clock when `urgent`, of working time otherwise.

    `needs_place`: whether a resident must say where, because nobody could act without it.
    """

    slug: str
    group: str
    uk: str
    en: str
    hours: float
    urgent: bool
    executor_kind: str
    needs_place: bool = True


@dataclass(frozen=True, slots=True)
class ExecutorSpec:
    """`district` for those that serve one alone; `portfolio` groups executors under a deputy mayor."""

    slug: str
    kind: str
    uk: str
    en: str
    short_uk: str
    short_en: str
    district: str | None
    phone: str | None
    portfolio: str


@dataclass(frozen=True, slots=True)
class RuleSpec:
    """None fits anything. `position` orders the table from 1."""

    position: int
    category: str | None
    group: str | None
    district: str | None
    executor: str


@dataclass(frozen=True, slots=True)
class DistrictSpec:
    """`outline`: outer rings of (longitude, latitude), as in GeoJSON; no holes."""

    slug: str
    uk: str
    en: str
    old_names: tuple[str, ...]
    outline: tuple[Ring, ...]
    approximate: bool


@dataclass(frozen=True, slots=True)
class StreetSpec:
    """`name` without its type; `also` are colloquial or Russian names. The position is a rough middle."""

    name: str
    type: str
    old_names: tuple[str, ...]
    also: tuple[str, ...]
    districts: tuple[str, ...]
    lat: float | None
    lon: float | None


@dataclass(frozen=True, slots=True)
class EmergencySpec:
    number: str
    uk: str
    en: str


@dataclass(frozen=True, slots=True)
class Pack:
    """`centre` is (latitude, longitude); `bounds` is (south, west, north, east)."""

    slug: str
    uk: str
    en: str
    timezone: str
    centre: tuple[float, float]
    bounds: tuple[float, float, float, float]
    emergency: tuple[EmergencySpec, ...]
    calendar: WorkCalendar
    groups: tuple[GroupSpec, ...]
    categories: tuple[CategorySpec, ...]
    executors: tuple[ExecutorSpec, ...]
    rules: tuple[RuleSpec, ...]
    districts: tuple[DistrictSpec, ...]
    streets: tuple[StreetSpec, ...]
