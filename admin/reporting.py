"""The tables of a report, as the page and the files show them alike."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from babel.numbers import format_decimal, format_percent

from admin import periods
from admin.wording import called
from core.city import City
from core.i18n import t
from core.periods import Period
from core.queries.reports.digest import ENOUGH
from core.queries.reports.report import Report
from core.queries.reports.sums import RESULTS, Row, Rows, Sums

LEAST: Final = 0.005  # what would be rounded to nothing
WORKED: Final = ("answered", "on_time", "overdue")
BEHIND: Final = "/admin/indicators/appeals"
NOBODY: Final = "-"  # in an address: what nobody had, or lies nowhere
TABLES: Final = ("groups", "topics", "districts", "executors", "channels", "kinds", "results")


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table by the name of what it is about; `scope` asks for it, None where that can't be."""

    name: str
    row: Row
    scope: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """`counts`: what its first column counts, came, handed or answers; `more`: the columns after those."""

    name: str
    counts: str
    lines: tuple[Line, ...]
    more: tuple[str, ...] = ()

    @property
    def total(self) -> Row:
        return sum((line.row for line in self.lines), Row(""))


def tables(report: Report, city: City, language: str) -> list[Table]:
    """In the order of reading; those with nothing in them are left out."""
    say = Names(city, language)

    def table(name: str, rows: Rows, named: Callable[[str], str], asked: str, more: tuple[str, ...]) -> Table:
        lines = tuple(Line(named(row.key), row, _scope(asked, row.key)) for row in rows)
        handed = report.portfolio or name == "executors"
        return Table(name, "handed" if handed else "came", lines, more)

    found = (
        table("groups", report.groups, say.group, "group", WORKED),
        table("topics", report.topics, say.topic, "category", WORKED),
        table("districts", report.districts, say.district, "district", WORKED),
        table("executors", report.executors, say.executor, "executor", WORKED),
        table("channels", report.channels, say.channel, "channel", WORKED[:2]),
        table("kinds", report.kinds, say.kind, "kind", ()),
        Table("results", "answers", _results(report, language)),
    )
    return [each for each in found if each.lines]


@dataclass(frozen=True, slots=True)
class Names:
    """What slugs are called in the reader's language; an empty one is nobody, or nowhere."""

    city: City
    language: str

    def topic(self, slug: str) -> str:
        return called(self.city.categories, slug, self.language)

    def group(self, slug: str) -> str:
        groups: Mapping[str, object] = {group.slug: group for group in self.city.pack.groups}
        return called(groups, slug, self.language)

    def district(self, slug: str | None) -> str:
        if not slug or slug == NOBODY:
            return t("panel.report.nowhere", self.language)
        return called(self.city.districts, slug, self.language)

    def executor(self, slug: str | None) -> str:
        if not slug or slug == NOBODY:
            return t("panel.report.nobody", self.language)
        return called(self.city.executors, slug, f"short_{self.language}")

    def channel(self, slug: str) -> str:
        return t(f"panel.channel.{slug}", self.language)

    def kind(self, slug: str) -> str:
        name = t(f"panel.kind.{slug}", self.language)
        return name[:1].upper() + name[1:]

    def problem(self, key: str) -> tuple[str, str]:
        """The topic and the district of «topic+district»."""
        topic, _, district = key.partition("+")
        return self.topic(topic), self.district(district)


def share(part: int, whole: int, language: str) -> str:
    """A share as people can trust it: of few, how many of them; of none, a dash."""
    if not whole:
        return "—"
    if whole < ENOUGH:
        return t("panel.report.of", language, part=part, whole=whole)
    if 0 < part < whole * LEAST:
        return f"<{format_percent(0.01, locale=language)}"
    return str(format_percent(part / whole, locale=language))


def change(number: int) -> str:
    """With its sign: +12, −5, or 0."""
    return f"+{number}" if number > 0 else f"−{-number}" if number < 0 else "0"


def mean(sums: Sums, language: str) -> str:
    """Stars of those who gave any, with one decimal."""
    return str(format_decimal(round(sums.stars / sums.starred, 1), locale=language)) if sums.starred else "—"


def _results(report: Report, language: str) -> tuple[Line, ...]:
    now, before = report.total.now, report.total.before
    rows = (Row(name, Sums(came=getattr(now, name)), Sums(came=getattr(before, name))) for name in RESULTS)
    found = (Line(t(f"panel.report.result.{row.key}", language), row, {}) for row in rows)
    return tuple(line for line in found if line.row.now.came or line.row.before.came)


def _scope(asked: str, slug: str) -> Mapping[str, str] | None:
    if not slug and asked not in ("district", "executor"):
        return None
    return {asked: slug or NOBODY}


def problem(key: str) -> Mapping[str, str]:
    """The scope of «topic+district»."""
    topic, _, district = key.partition("+")
    return {"category": topic, "district": district or NOBODY}


def behind(period: Period, figure: str, **scope: str) -> str:
    """Of the page with the appeals that a figure counts, of what `scope` says."""
    return periods.address(BEHIND, period, {"of": figure, **scope})
