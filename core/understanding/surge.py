"""Many alike in one area at one time: which reports of one category make a surge. Pure.

An area is a cell of h3 with its six neighbours. At resolution 8 that is some 2.5 km across, as large as one
cell of resolution 7, but it lies around the reports: a surge on the border of two cells isn't halved.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import cast

import h3.api.basic_int as h3

COARSE = 8
TIMES_USUAL = 3  # the busy hours of a day bring some twice its mean; more than that is no usual day


@dataclass(frozen=True, slots=True)
class Report:
    """One appeal. `people` are all who stand behind it; `cell` is a coarse one, None without coordinates."""

    appeal: int
    people: frozenset[int]
    cell: int | None
    district: str | None


@dataclass(frozen=True, slots=True)
class Surge:
    """`area` is the cell around which the most people reported, None where only the district is known."""

    reports: tuple[Report, ...]
    area: int | None
    district: str | None

    @property
    def people(self) -> int:
        return _people(self.reports)

    @property
    def cells(self) -> frozenset[int]:
        return frozenset(report.cell for report in self.reports if report.cell is not None)


def coarse(cell: int | None) -> int | None:
    """The coarse cell in which a finer one lies."""
    return None if cell is None else cast("int", h3.cell_to_parent(cell, COARSE))


def around(cell: int, rings: int = 1) -> frozenset[int]:
    """A coarse cell and those up to so many steps from it."""
    return frozenset(cast("list[int]", h3.grid_disk(cell, rings)))


def surges(reports: Iterable[Report], least: int) -> list[Surge]:
    """Where at least so many different people report; no report is in two, whatever their order.

    Areas that touch are one surge. Reports without coordinates join the largest surge of their district, or
    make one of their own.
    """
    ordered = sorted(reports, key=lambda report: report.appeal)
    here: dict[int, list[Report]] = defaultdict(list)
    anywhere: dict[str, list[Report]] = defaultdict(list)
    for report in ordered:
        if report.cell is not None:
            here[report.cell].append(report)
        elif report.district is not None:
            anywhere[report.district].append(report)
    found = [_in_area(centres, here) for centres in _together(_centres(here, least))]
    for district, unplaced in anywhere.items():
        homes = [surge for surge in found if surge.area is not None and surge.district == district]
        if homes:
            home = max(homes, key=lambda surge: (surge.people, surge.area))
            found[found.index(home)] = Surge(_sorted([*home.reports, *unplaced]), home.area, district)
        elif _people(unplaced) >= least:
            found.append(Surge(_sorted(unplaced), None, district))
    return sorted(found, key=lambda surge: surge.reports[0].appeal)


def unusual(people: int, usual: float) -> bool:
    """Whether so many are clearly more than the mean number of such reports in such a time."""
    return people >= TIMES_USUAL * usual


def _centres(here: dict[int, list[Report]], least: int) -> dict[int, int]:
    """Cells around which enough people reported, and how many."""
    counted = {cell: _people(_within(around(cell), here)) for cell in here}
    return {cell: people for cell, people in counted.items() if people >= least}


def _together(centres: dict[int, int]) -> list[dict[int, int]]:
    """Centres whose areas touch, together: two steps apart they share a neighbour."""
    left, groups = set(centres), []
    while left:
        group, waiting = set[int](), {min(left)}
        while waiting:
            group |= waiting
            left -= waiting
            waiting = left & frozenset[int]().union(*(around(cell, 2) for cell in waiting))
        groups.append({cell: centres[cell] for cell in group})
    return groups


def _in_area(centres: dict[int, int], here: dict[int, list[Report]]) -> Surge:
    reports = _within(frozenset[int]().union(*(around(cell) for cell in centres)), here)
    districts = Counter(report.district for report in reports if report.district is not None)
    district = max(districts, key=lambda slug: (districts[slug], slug), default=None)
    return Surge(_sorted(reports), max(centres, key=lambda cell: (centres[cell], cell)), district)


def _within(cells: Collection[int], here: dict[int, list[Report]]) -> list[Report]:
    return [report for cell in cells for report in here.get(cell, ())]


def _people(reports: Iterable[Report]) -> int:
    return len(frozenset[int]().union(*(report.people for report in reports)))


def _sorted(reports: Iterable[Report]) -> tuple[Report, ...]:
    return tuple(sorted(reports, key=lambda report: report.appeal))
