"""The sweep that looks for surges: what is reported just now, what is usual there, what is known already."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from core import clock, db
from core.actions import incident as incidents
from core.city import City
from core.counting import count_up
from core.models import Appeal, Event, Incident, IncidentState, Supporter
from core.queries.sql import Where, instant, select
from core.understanding.surge import Report, Surge, around, coarse, surges, unusual
from core.workflow import Kind, Verb

if TYPE_CHECKING:
    from core.jobs import Desk

USUAL = timedelta(days=28)  # whole weeks, so that each day of the week counts alike
# So long after a dismissal nothing is proposed there, and after so long a silence nothing more comes to it.
QUIET = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Known:
    """An incident, and the coarse cells from which it is reported."""

    incident: Incident
    cells: frozenset[int]

    def draws(self, report: Report) -> bool:
        if report.cell is not None:
            return report.cell in self.cells
        return report.district is not None and report.district == self.incident.district_id

    def touches(self, surge: Surge) -> bool:
        """By where it is; what of it has no coordinates says only the district, which may have two."""
        if surge.area is not None:
            return bool(self.cells & surge.cells)
        return surge.district == self.incident.district_id


@dataclass(frozen=True, slots=True)
class _Step:
    """Reports to add to an incident, or to propose as a new one."""

    category: str
    surge: Surge
    incident: int | None


async def find_surges(desk: "Desk") -> int:
    """Propose an incident for each surge, and add to those that stand what is reported alike.

    Looked at first without holding anybody up; then again by one process at a time, which acts on it.
    """
    if not await _steps(desk.city):
        return 0
    done = 0
    async with db.transaction():
        await count_up("surges")
        for step in await _steps(desk.city):
            if step.incident is None:
                await incidents.propose(desk.city, step.surge, category=step.category)
                done += 1
            else:
                appeals = [report.appeal for report in step.surge.reports]
                done += await incidents.attach(desk.city, step.incident, appeals)
    return done


async def _steps(city: City) -> list[_Step]:
    rows = await _lately(city)
    loose = {row["id"] for row in rows if row["incident_id"] is None}
    if not loose:
        return []
    known = await _known()
    taken_out = await Event.filter(appeal_id__in=loose, verb=Verb.UNGROUP).values_list("appeal_id", flat=True)
    reports: dict[str, list[Report]] = defaultdict(list)
    for report, row in zip(await _reports(rows), rows, strict=True):
        if row["id"] not in taken_out:
            reports[row["category_id"]].append(report)
    found = []
    for category, alike in reports.items():
        found += await _of_category(city, category, alike, loose, known[category])
    return found


async def _of_category(
    city: City, category: str, reports: Sequence[Report], loose: set[int], known: Sequence[_Known]
) -> list[_Step]:
    steps = []
    live = [each for each in known if each.incident.state is not IncidentState.DISMISSED]
    for surge in surges(reports, city.schedule.surge_reports):
        new = replace(surge, reports=tuple(report for report in surge.reports if report.appeal in loose))
        there = [each.incident for each in known if each.touches(surge)]
        homes = [each for each in there if each.state is not IncidentState.DISMISSED]
        if homes and new.reports:
            steps.append(_Step(category, new, homes[0].id))
        elif not there and await _is_surge(city, category, new):
            steps.append(_Step(category, new, None))
    placed = {report.appeal for step in steps for report in step.surge.reports}
    for report in reports:
        home = next((each.incident for each in live if each.draws(report)), None)
        if home and report.appeal in loose - placed:
            steps.append(_Step(category, Surge((report,), home.area, home.district_id), home.id))
    return steps


async def _is_surge(city: City, category: str, surge: Surge) -> bool:
    if surge.people < city.schedule.surge_reports:
        return False
    return unusual(surge.people, await _usual(city, category, surge))


async def _usual(city: City, category: str, surge: Surge) -> float:
    """How many appeals of the category these places bring in so many hours, on the mean of four weeks."""
    window = timedelta(hours=city.schedule.surge_hours)
    until = clock.now() - window
    rows = Appeal.filter(category_id=category, created_at__gte=until - USUAL, created_at__lt=until)
    districts = {report.district for report in surge.reports if report.cell is None}
    there = [
        (district in districts if cell is None else coarse(cell) in surge.cells)
        for cell, district in await rows.values_list("cell", "district_id")
    ]
    return sum(there) * (window / USUAL)


async def _lately(city: City) -> list[dict[str, Any]]:
    """The open appeals of the window, but for those whose incident is over.

    What needs no place has no area, and statutory appeals are answered one by one.
    """
    where = Where()
    placed = sorted(slug for slug, category in city.categories.items() if category.needs_place)
    where.add(f"category_id IN ({where.listed(tuple(placed))})")
    since = clock.now() - timedelta(hours=city.schedule.surge_hours)
    where.add(f"created_at >= {where.value(since)}")
    where.add(f"kind = {where.value(Kind.REQUEST)}")
    standing = f"SELECT id FROM incident WHERE state IN ({where.listed(incidents.LIVE)})"  # noqa: S608
    where.add(f"(incident_id IS NULL OR incident_id IN ({standing}))")
    rows = await select(
        "SELECT id, open, category_id, resident_id, cell, district_id, incident_id, supporters"  # noqa: S608
        f" FROM appeal {where} ORDER BY id",
        where.values,
    )
    return [row for row in rows if row["open"]]  # said in SQL, it would be looked for by another index


async def _reports(rows: Sequence[dict[str, Any]]) -> list[Report]:
    """Each row with all who stand behind it; whom we had to forget is still somebody."""
    joined: dict[int, set[int]] = defaultdict(set)
    supported = [row["id"] for row in rows if row["supporters"]]
    for supporter in await Supporter.filter(appeal_id__in=supported) if supported else []:
        joined[supporter.appeal_id].add(supporter.resident_id)
    return [
        Report(
            row["id"],
            frozenset(joined[row["id"]] | {row["resident_id"] or -row["id"]}),
            coarse(row["cell"]),
            row["district_id"],
        )
        for row in rows
    ]


async def _known() -> dict[str, list[_Known]]:
    """By category, oldest first: the incidents that are still reported, and those dismissed lately."""
    since = clock.now() - QUIET
    known: dict[str, list[_Known]] = defaultdict(list)
    standing = await Incident.filter(state__in=incidents.LIVE).order_by("id")
    places = await _places([incident.id for incident in standing])
    for incident in standing:
        latest = max((instant(row["latest"]) or since for row in places[incident.id]), default=since)
        if latest > since:
            cells = {cell for row in places[incident.id] if (cell := coarse(row["cell"])) is not None}
            known[incident.category_id].append(_Known(incident, _around(incident, 1) | cells))
    for incident in await Incident.filter(state=IncidentState.DISMISSED, decided_at__gt=since):
        known[incident.category_id].append(_Known(incident, _around(incident, 2)))
    return known


async def _places(incident_ids: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    """Of each incident the fine cells of its appeals, each with the time of the latest."""
    where, found = Where(), defaultdict(list)
    if incident_ids:
        where.add(f"incident_id IN ({where.listed(tuple(incident_ids))})")
        for row in await select(
            f"SELECT incident_id, cell, max(created_at) AS latest FROM appeal {where}"  # noqa: S608
            " GROUP BY incident_id, cell",
            where.values,
        ):
            found[row["incident_id"]].append(row)
    return found


def _around(incident: Incident, rings: int) -> frozenset[int]:
    return frozenset() if incident.area is None else around(incident.area, rings)
