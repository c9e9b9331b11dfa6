"""What a city pack holds. Slugs are stable identifiers; `uk` and `en` are shown to people."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.deadlines import Hours, WorkCalendar
from core.pack.calendars import CalendarSpec
from core.workflow import BY_NAME, Kind

Ring = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class GroupSpec:
    slug: str
    uk: str
    en: str


@dataclass(frozen=True, slots=True)
class CategorySpec:
    """`hours` to answer in: on the clock when `urgent`, of working time otherwise.

    `needs_place`: whether a resident must say where, because nobody could act without it. How the truth of a
    result is made sure of: `needs_photo`: a report without one is refused; `checked`: an operator decides on
    it, otherwise the resident is asked at once; `check_share`: of reports, 0 to 1, drawn for a check on the
    spot. `pre_alarm_share`: of the period, after which the officer hears that it ends; the city's, if None.
    """

    slug: str
    group: str
    uk: str
    en: str
    hours: float
    urgent: bool
    executor_kind: str
    needs_place: bool = True
    needs_photo: bool = False
    checked: bool = True
    check_share: float = 0.0
    pre_alarm_share: float | None = None


@dataclass(frozen=True, slots=True)
class ExecutorSpec:
    """`district` for those that serve one alone; `portfolio` groups executors under a deputy mayor.

    `head`: who leads it, by name. `calendar`: where it works at other times than the city does.
    """

    slug: str
    kind: str
    uk: str
    en: str
    short_uk: str
    short_en: str
    district: str | None
    phone: str | None
    portfolio: str
    head: str = ""
    calendar: CalendarSpec | None = None


CONDITIONS = ("category", "group", "district", "kind", "urgent", "hours")


@dataclass(frozen=True, slots=True)
class RuleSpec:
    """Who answers when every condition that is not None holds; `position` numbers the table from 1."""

    position: int
    category: str | None
    group: str | None
    district: str | None
    executor: str
    kind: Kind | None = None
    urgent: bool | None = None
    hours: Hours | None = None
    co_executors: tuple[str, ...] = ()

    @property
    def conditions(self) -> dict[str, str | bool]:
        """Those that are set, by name."""
        found = {name: getattr(self, name) for name in CONDITIONS}
        return {name: value for name, value in found.items() if value is not None}

    def covers(self, other: "RuleSpec", groups: Mapping[str, str]) -> bool:
        """Whether this rule fits all that `other` fits; `groups` are those of the categories."""
        if other.kind in BY_NAME and self.kind is None:
            return False
        implied = other.conditions
        if other.category is not None and other.category in groups:
            implied["group"] = groups[other.category]
        return self.conditions.items() <= implied.items()


@dataclass(frozen=True, slots=True)
class DistrictSpec:
    """`polygons`: each an outer ring of (longitude, latitude) and those of its holes, as in GeoJSON."""

    slug: str
    uk: str
    en: str
    old_names: tuple[str, ...]
    polygons: tuple[tuple[Ring, ...], ...]
    approximate: bool

    @property
    def outline(self) -> tuple[Ring, ...]:
        """The outer rings."""
        return tuple(rings[0] for rings in self.polygons)


@dataclass(frozen=True, slots=True)
class HouseRange:
    """Houses `first` to `last` lie in a district: all of them, or only the odd or the even ones."""

    district: str
    first: int
    last: int
    parity: str | None = None


@dataclass(frozen=True, slots=True)
class StreetSpec:
    """`name` without its type; `also` are colloquial or Russian names. The position is a rough middle.

    `ranges` say for a street that crosses districts which houses lie where, as far as that is known.
    """

    name: str
    type: str
    old_names: tuple[str, ...]
    also: tuple[str, ...]
    districts: tuple[str, ...]
    lat: float | None
    lon: float | None
    ranges: tuple[HouseRange, ...] = ()


@dataclass(frozen=True, slots=True)
class StreetLine:
    """A stretch of a street: points (longitude, latitude), as in GeoJSON."""

    street: StreetSpec
    points: Ring


@dataclass(frozen=True, slots=True)
class LandmarkSpec:
    """A place people name instead of an address; `name` is whole ("парк Героїв"), `also` as in streets."""

    name: str
    kind: str
    also: tuple[str, ...]
    district: str | None
    lat: float | None
    lon: float | None


@dataclass(frozen=True, slots=True)
class AnswerSpec:
    """What is always answered to a question (SE II.8).

    `questions`: some ways to ask it, in any language. `words`: beginnings of words, with `|` between those of
    which one is enough; a question holds one of each. `category`: what it is about. `report`: the category
    of an appeal, where the question may turn out a problem. A catalogue that was changed may lack either.
    """

    slug: str
    questions: tuple[str, ...]
    uk: str
    en: str
    words: tuple[str, ...] = ()
    category: str | None = None
    report: str | None = None


@dataclass(frozen=True, slots=True)
class TemplateSpec:
    """A reply to begin from; `verb` is the action it is offered for, empty for all that speak."""

    verb: str
    title_uk: str
    title_en: str
    uk: str
    en: str


@dataclass(frozen=True, slots=True)
class PortfolioSpec:
    """The field of one deputy mayor, by which executors name it."""

    slug: str
    uk: str
    en: str


@dataclass(frozen=True, slots=True)
class EmergencySpec:
    number: str
    uk: str
    en: str


@dataclass(frozen=True, slots=True)
class Pack:
    """`centre` is (latitude, longitude); `bounds` is (south, west, north, east).

    `hours` is what is said of the city's working time, `calendar` what comes of it.
    """

    slug: str
    uk: str
    en: str
    timezone: str
    centre: tuple[float, float]
    bounds: tuple[float, float, float, float]
    emergency: tuple[EmergencySpec, ...]
    hours: CalendarSpec
    calendar: WorkCalendar
    groups: tuple[GroupSpec, ...]
    categories: tuple[CategorySpec, ...]
    executors: tuple[ExecutorSpec, ...]
    rules: tuple[RuleSpec, ...]
    districts: tuple[DistrictSpec, ...]
    streets: tuple[StreetSpec, ...]
    landmarks: tuple[LandmarkSpec, ...] = ()
    street_lines: tuple[StreetLine, ...] = ()
    answers: tuple[AnswerSpec, ...] = ()
    portfolios: tuple[PortfolioSpec, ...] = ()
    templates: tuple[TemplateSpec, ...] = ()
