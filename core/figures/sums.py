"""Facts added up, by every way that figures are sliced. Pure but for the names of the kinds.

Each slice but `kind` leaves out thanks and consultations, which no executor answers and no deadline presses;
the keys of one slice add up to `all`. What nobody had, or lies nowhere, stands under an empty key.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from core.figures.spans import span_of
from core.models.control import FactKind
from core.workflow import Kind, Status

UNCOUNTED = frozenset({Kind.THANKS, Kind.CONSULTATION})
SLICES: dict[str, tuple[str, ...]] = {
    "all": (),
    "executor": ("executor",),
    "category": ("category",),
    "district": ("district",),
    "channel": ("channel",),
    "kind": ("of_kind",),
    "executor+category": ("executor", "category"),
    "executor+district": ("executor", "district"),
    "executor+channel": ("executor", "channel"),
    "category+district": ("category", "district"),
}
JOINS = "+"  # the parts of a key
# Columns of a Rollup that are plain counts.
COUNTS = (
    *("received", "handed", "begun", "answered", "on_time", "solved", "explained", "refused", "forwarded"),
    *("rework", "reopened", "asked", "judged", "confirmed", "starred", "stars"),
)
SPANS = ("to_begin", "to_answer")  # and those that hold lengths of time
_AT = {name: index for index, name in enumerate(COUNTS)}
RESULTS = {  # the column of an answer, by its status
    Status.RESOLVED.value: "solved",
    Status.EXPLAINED.value: "explained",
    Status.REJECTED.value: "refused",
    Status.FORWARDED.value: "forwarded",
}
_PLAIN = {
    kind: _AT[kind.value] for kind in FactKind if kind is not FactKind.JUDGED
}  # the column is called as the kind


@dataclass(slots=True)
class Sums:
    """The counts in the order of COUNTS, and how many took how long, by span."""

    counts: list[int] = field(default_factory=lambda: [0] * len(COUNTS))
    to_begin: Counter[int] = field(default_factory=Counter)
    to_answer: Counter[int] = field(default_factory=Counter)

    def __getitem__(self, name: str) -> int:
        return self.counts[_AT[name]]

    def add(self, other: "Sums", times: int = 1) -> None:
        """`times` -1 takes it away again."""
        self.counts = [mine + times * its for mine, its in zip(self.counts, other.counts, strict=True)]
        for mine, its in ((self.to_begin, other.to_begin), (self.to_answer, other.to_answer)):
            for span, number in its.items():
                mine[span] += times * number
                if not mine[span]:
                    del mine[span]

    @property
    def nothing(self) -> bool:
        return not any(self.counts)


@dataclass(frozen=True, slots=True)
class Counted:
    """A fact with all that it is sliced by."""

    kind: FactKind
    day: date
    executor: str
    category: str
    district: str
    channel: str
    of_kind: str
    result: str
    minutes: int | None
    good: bool | None
    stars: int | None


Key = tuple[str, date, str]  # slice, day, key


def add_up(facts: Iterable[Counted]) -> dict[Key, Sums]:
    """The sums of each day for every slice: first of what is alike in everything, then of what that is in."""
    alike: dict[tuple[date, str, str, str, str, str], Sums] = {}
    for fact in facts:
        key = (fact.day, fact.executor, fact.category, fact.district, fact.channel, fact.of_kind)
        sums = alike.get(key)
        if sums is None:
            sums = alike[key] = Sums()
        _count(sums, fact)
    found: dict[Key, Sums] = {}
    for (day, *values), sums in alike.items():
        of = dict(zip(("executor", "category", "district", "channel", "of_kind"), values, strict=True))
        for name, parts in SLICES.items():
            if name != "kind" and of["of_kind"] in UNCOUNTED:
                continue
            place = (name, day, JOINS.join(of[part] for part in parts))
            if place not in found:
                found[place] = Sums()
            found[place].add(sums)
    return found


def _count(sums: Sums, fact: Counted) -> None:
    counts = sums.counts
    if fact.kind is FactKind.JUDGED:
        counts[_AT["judged"]] += fact.good is not None
        counts[_AT["confirmed"]] += fact.good is True
        counts[_AT["starred"]] += fact.stars is not None
        counts[_AT["stars"]] += fact.stars or 0
        return
    counts[_PLAIN[fact.kind]] += 1
    if fact.kind is FactKind.ANSWERED:
        counts[_AT["on_time"]] += fact.good is True
        counts[_AT[RESULTS[fact.result]]] += 1
    if fact.minutes is not None:
        spans = sums.to_begin if fact.kind is FactKind.BEGUN else sums.to_answer
        spans[span_of(fact.minutes)] += 1
