"""What a report counts: sums of a period and of the one before, by each thing that it tells of. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, fields


@dataclass(frozen=True, slots=True)
class Sums:
    """Of one period. `came`: appeals filed; of an executor, or a field of them, appeals handed to them.

    `on_time` of the `answered`; `confirmed` of the `judged`, who are some of the `asked`; `stars` are the sum
    of those that `starred` residents gave. `overdue` counts at the end of the period.
    """

    came: int = 0
    answered: int = 0
    on_time: int = 0
    solved: int = 0
    explained: int = 0
    refused: int = 0
    forwarded: int = 0
    rework: int = 0
    reopened: int = 0
    asked: int = 0
    judged: int = 0
    confirmed: int = 0
    starred: int = 0
    stars: int = 0
    overdue: int = 0

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(*(getattr(self, name) + getattr(other, name) for name in COUNTED))

    @property
    def worth(self) -> bool:
        """Whether there is something to tell."""
        return any((self.came, self.answered, self.overdue, self.reopened))


COUNTED = tuple(each.name for each in fields(Sums))
RESULTS = ("solved", "explained", "refused", "forwarded")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: its slug, and what was counted of it; empty where it is of nobody or nowhere."""

    key: str
    now: Sums = field(default_factory=Sums)
    before: Sums = field(default_factory=Sums)

    @property
    def change(self) -> int:
        return self.now.came - self.before.came

    def __add__(self, other: "Row") -> "Row":
        return Row(self.key, self.now + other.now, self.before + other.before)


Rows = tuple[Row, ...]


def gathered(rows: Iterable[Row], key: Callable[[str], str] = str) -> Rows:
    """Rows of one key together; most appeals first."""
    found: dict[str, Row] = {}
    for row in rows:
        name = key(row.key)
        found[name] = Row(name, row.now, row.before) + found.get(name, Row(name))
    return ordered(found.values())


def ordered(rows: Iterable[Row]) -> Rows:
    """Most appeals first; what had nothing in either period isn't worth a line."""
    worth = (row for row in rows if row.now.worth or row.before.came)
    return tuple(sorted(worth, key=lambda row: (-row.now.came, -row.before.came, row.key)))


def growth(rows: Iterable[Row], few: int) -> Rows:
    """Those that grew most, by how many."""
    grown = sorted((row for row in rows if row.change > 0), key=lambda row: (-row.change, row.key))
    return tuple(grown[:few])
