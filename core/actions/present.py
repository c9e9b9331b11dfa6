"""Who of a roster is here: those who stand in for the absent are called in their place."""

from collections.abc import Sequence

from core.actions.absences import reached, standing_in
from core.models import Duty, Staff


async def present(duty: Sequence[Duty]) -> list[Duty | Staff]:
    """The roster, with those who stand in for an absent person before that one."""
    away = await standing_in()
    instead = {one: reached({one}, away) - {one} for one in {each.staff_id for each in duty} if one}
    ids = set[int]().union(*instead.values())
    people = {row.id: row for row in await Staff.filter(id__in=ids, active=True)} if ids else {}
    found: dict[object, Duty | Staff] = {}
    for each in duty:
        for one in sorted(instead.get(each.staff_id or 0, ())):
            if one in people:
                found.setdefault(one, people[one])
        found.setdefault(each.staff_id or ("no account", each.id), each)
    return list(found.values())
