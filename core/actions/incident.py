"""Incidents: many appeals of one thing that happened, put together by a sweep or by hand, and taken apart.

While an incident is only proposed its appeals merely point to it: no version grows and nobody is told. Once
it is open each has that in its history, and who reported hears that they are not alone.
"""

from collections.abc import Sequence
from typing import Any

from tortoise.expressions import F

from core import clock, db
from core.actions import alarms, notify
from core.actions.actor import SYSTEM, Actor
from core.actions.move import look_up, move, step
from core.actions.said import held
from core.city import City
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.models import Appeal, Incident, IncidentState
from core.queries.incidents import people_of
from core.understanding.surge import Surge, coarse
from core.workflow import Verb, may

LIVE = (IncidentState.PROPOSED, IncidentState.OPEN)
WORTH_SAYING = 2  # people


async def propose(city: City, surge: Surge, *, category: str) -> Incident:
    """Put a surge before the operators, within the open transaction."""
    first = await Appeal.get(id=surge.reports[0].appeal)
    incident = await Incident.create(
        key=f"surge:{first.number}:{first.version}",
        category_id=category,
        district_id=surge.district,
        area=surge.area,
        began_at=first.created_at,
        proposed_at=clock.now(),
    )
    ids = [report.appeal for report in surge.reports]
    await Appeal.filter(id__in=ids, incident_id=None).update(incident_id=incident.id)
    await alarms.surge(city, incident, first, people=surge.people)
    return incident


async def attach(city: City, incident_id: int, appeals: Sequence[int]) -> int:
    """Add what was reported since, within the open transaction; nothing where the incident is over."""
    ours = await Incident.filter(id=incident_id, state__in=LIVE).update(version=F("version"))
    if not ours:  # else it stays ours until the end: who decides on it now decides on these as well
        return 0
    incident = await Incident.get(id=incident_id)
    rows = await Appeal.filter(id__in=appeals, incident_id=None, open=True).order_by("id")
    return await _link(city, incident, rows, SYSTEM)


async def group(city: City, appeal_id: int, actor: Actor, *, expected: int) -> Incident:
    """Open an incident by hand, around one appeal; alike ones come to it with the next sweep."""
    async with db.transaction():
        await look_up(appeal_id, actor)
        appeal = await held(appeal_id)  # or two who group it at once would make two incidents of one key
        await _refuse_grouped(appeal)
        now = clock.now()
        incident = await Incident.create(
            key=f"hand:{appeal.number}:{appeal.version}",
            state=IncidentState.OPEN,
            category_id=appeal.category_id,
            district_id=appeal.district_id,
            area=coarse(appeal.cell),
            began_at=appeal.created_at,
            proposed_at=now,
            decided_at=now,
            staff_id=actor.staff_id,
        )
        data = {"incident": incident.id}
        await move(city, Verb.GROUP, appeal_id, actor, expected=expected, data=data, incident_id=incident.id)
    return incident


async def accept(city: City, incident_id: int, actor: Actor, *, expected: int) -> Incident:
    """It is one thing: those who reported it hear so, once. What was answered meanwhile is left out."""
    async with db.transaction():
        incident = await take(
            incident_id, actor, expected, (IncidentState.PROPOSED,), **_decided(IncidentState.OPEN, actor)
        )
        await Appeal.filter(incident_id=incident.id, open=False).update(incident_id=None)
        members = await Appeal.filter(incident_id=incident.id).order_by("id")
        await _link(city, incident, members, actor)
    return incident


async def dismiss(city: City, incident_id: int, actor: Actor, *, expected: int) -> Incident:
    """They only looked alike: each goes its own way again."""
    async with db.transaction():
        before = await Incident.get_or_none(id=incident_id)
        incident = await take(incident_id, actor, expected, LIVE, **_decided(IncidentState.DISMISSED, actor))
        if before is not None and before.state is IncidentState.OPEN:
            for appeal in await Appeal.filter(incident_id=incident.id).order_by("id"):
                await _unlink(city, incident, appeal, actor)
        await Appeal.filter(incident_id=incident.id).update(incident_id=None)
    return incident


async def end(incident_id: int, actor: Actor, *, expected: int) -> Incident:
    """It is over: nothing more comes to it. Its appeals stay as they are."""
    return await take(
        incident_id, actor, expected, (IncidentState.OPEN,), **_decided(IncidentState.ENDED, actor)
    )


async def add(city: City, incident_id: int, actor: Actor, *, expected: int, number: str) -> Incident:
    """Add an appeal by its registration number."""
    async with db.transaction():
        incident = await take(incident_id, actor, expected, LIVE)
        appeal = await Appeal.get_or_none(number=number.strip())
        if appeal is None:
            raise Invalid("incident.no_such_number")
        await _refuse_grouped(appeal)
        if not appeal.open:
            raise Invalid("incident.not_open")
        await _link(city, incident, [appeal], actor)
    return incident


async def remove(city: City, incident_id: int, actor: Actor, *, expected: int, appeal_id: int) -> Incident:
    """Take out what doesn't belong; no sweep brings it back."""
    async with db.transaction():
        incident = await take(incident_id, actor, expected, LIVE)
        appeal = await look_up(appeal_id, actor)
        if appeal.incident_id != incident.id:
            raise Invalid("incident.not_in_it")
        await _unlink(city, incident, appeal, actor)
    return incident


async def take(
    incident_id: int,
    actor: Actor,
    expected: int,
    states: Sequence[IncidentState],
    **changes: Any,  # noqa: ANN401 - columns of Incident
) -> Incident:
    """The incident, one version on, if it still is as this person saw it; Conflict otherwise."""
    if not may(Verb.UNGROUP, actor.role):
        raise Forbidden("action.not_yours")
    if not 0 < incident_id <= db.LARGEST_ID:
        raise NotFound("incident.not_found")
    as_seen = Incident.filter(id=incident_id, version=expected, state__in=states)
    taken = await as_seen.update(version=expected + 1, **changes)
    incident = await Incident.get_or_none(id=incident_id)
    if incident is None:
        raise NotFound("incident.not_found")
    if not taken:
        raise Conflict("incident.changed", incident=incident.id)
    return incident


def _decided(state: IncidentState, actor: Actor) -> dict[str, Any]:
    return {"state": state, "decided_at": clock.now(), "staff_id": actor.staff_id}


async def _refuse_grouped(appeal: Appeal) -> None:
    if appeal.incident_id and await Incident.filter(id=appeal.incident_id, state__in=LIVE).exists():
        raise Invalid("incident.in_another", incident=appeal.incident_id)


async def _link(city: City, incident: Incident, appeals: Sequence[Appeal], actor: Actor) -> int:
    """How many were added; one that somebody changes just now is left to the next sweep."""
    if incident.state is IncidentState.PROPOSED:
        ids = [appeal.id for appeal in appeals]
        return await Appeal.filter(id__in=ids).update(incident_id=incident.id) if ids else 0
    untold = await people_of(incident.id) < WORTH_SAYING
    linked = []
    for appeal in appeals:
        try:
            async with db.transaction():
                linked.append(await _grouped(city, incident, appeal, actor))
        except Conflict:
            continue
    people = await people_of(incident.id)
    if people >= WORTH_SAYING:
        standing = Appeal.filter(incident_id=incident.id, open=True)  # who was merged hears with the other
        for appeal in await standing.order_by("id") if untold else linked:
            dedupe = f"incident:{incident.id}:{appeal.id}"
            await notify.resident(appeal, "incident", dedupe=dedupe, n=people)
    return len(linked)


async def _grouped(city: City, incident: Incident, appeal: Appeal, actor: Actor) -> Appeal:
    data = {"incident": incident.id}
    appeal, _ = await step(
        city, Verb.GROUP, appeal, actor, to=appeal.status, data=data, incident_id=incident.id
    )
    return appeal


async def _unlink(city: City, incident: Incident, appeal: Appeal, actor: Actor) -> None:
    data = {"incident": incident.id}
    await move(city, Verb.UNGROUP, appeal.id, actor, expected=appeal.version, data=data, incident_id=None)
