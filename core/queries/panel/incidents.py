"""Incidents as the desk sees them: which there are, what is in one, and whom a word to all would reach."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import NotFound
from core.models import Appeal, Incident, IncidentState
from core.queries.incidents import chats_of, people_of
from core.queries.sql import Where, select
from core.workflow import TRANSITIONS, Status, Verb

PAST = 50
SHOWN = 200  # appeals of an incident


@dataclass(frozen=True, slots=True)
class Summary:
    """An incident in the list; `open` of its `appeals` wait for an answer."""

    incident: Incident
    appeals: int
    open: int


@dataclass(frozen=True, slots=True)
class Whole:
    """One incident with the first of its appeals, open ones first; `incident` with its `staff`."""

    incident: Incident
    rows: tuple[Appeal, ...]
    appeals: int
    open: int
    people: int


@dataclass(frozen=True, slots=True)
class Reach:
    """What one action would do: to how many appeals, to how many it can't, and how many chats hear of it."""

    appeals: int
    left: int
    chats: int


async def incidents() -> dict[IncidentState, tuple[Summary, ...]]:
    """By state, newest first; of those that are over the latest."""
    standing = Incident.filter(state__in=(IncidentState.PROPOSED, IncidentState.OPEN)).order_by("-id")
    over = Incident.filter(state__in=(IncidentState.DISMISSED, IncidentState.ENDED)).order_by("-id")
    rows = [*await standing, *await over.limit(PAST)]
    counted = await _counted([row.id for row in rows])
    found: dict[IncidentState, tuple[Summary, ...]] = dict.fromkeys(IncidentState, ())
    for row in rows:
        found[row.state] += (Summary(row, *counted.get(row.id, (0, 0))),)
    return found


async def whole(incident_id: int) -> Whole:
    """Raises NotFound where there is none. For the desk alone: the route refuses others."""
    incident = await Incident.get_or_none(id=incident_id).select_related("staff")
    if incident is None:
        raise NotFound("incident.not_found")
    rows = Appeal.filter(incident_id=incident_id).order_by("-open", "id").limit(SHOWN)
    appeals, still_open = (await _counted([incident_id])).get(incident_id, (0, 0))
    return Whole(incident, tuple(await rows), appeals, still_open, await people_of(incident_id))


async def reach(incident_id: int, *verbs: Verb) -> Reach:
    """Of an action that is one of these verbs, whichever fits an appeal."""
    fitting = set[Status]().union(*(TRANSITIONS[verb][0] for verb in verbs))
    where = Where()
    where.add(f"incident_id = {where.value(incident_id)}")
    rows = await select(
        f"SELECT status, count(*) AS n FROM appeal {where} GROUP BY status",  # noqa: S608 - placeholders
        where.values,
    )
    appeals = sum(row["n"] for row in rows if row["status"] in fitting)
    everything = sum(row["n"] for row in rows)
    return Reach(appeals, everything - appeals, await chats_of(incident_id, sorted(fitting)))


async def _counted(ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    if not ids:
        return {}
    where = Where()
    where.add(f"incident_id IN ({where.listed(tuple(ids))})")
    rows = await select(
        f"SELECT incident_id, count(*) AS n, sum(CASE WHEN open THEN 1 ELSE 0 END) AS open"  # noqa: S608
        f" FROM appeal {where} GROUP BY incident_id",
        where.values,
    )
    return {row["incident_id"]: (row["n"], row["open"]) for row in rows}
