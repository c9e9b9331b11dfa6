"""The sweep that rings on: who is next of a roster is called, until somebody has heard."""

from datetime import timedelta
from typing import TYPE_CHECKING

from core import clock, db
from core.actions import ringing
from core.models import Alarm
from core.pieces import of_batch

if TYPE_CHECKING:
    from core.jobs import Desk

BATCH = 200


async def ring_alarms(desk: "Desk") -> int:
    """End what is over, and call the next for what nobody has acknowledged in time."""
    now = clock.now()
    patience = timedelta(minutes=desk.city.settings.control.acknowledge_minutes)
    async with db.transaction():
        await db.connection().execute_query(_END)
        places = dict(zip(("next", "now", "still"), map(db.placeholder, (1, 2, 3)), strict=True))
        rows = await db.connection().execute_query_dict(
            _TAKE.format(limit=BATCH, lock=db.skip_locked(), **places), [now + patience, now, now]
        )
        if rows:
            due = Alarm.filter(id__in=[row["id"] for row in rows])
            await ringing.call_next(desk.city, await due.order_by("id"))
    return of_batch(len(rows), BATCH)


# What was answered, merged, withdrawn or is no longer urgent; of a surge, what somebody has decided on.
_END = """
UPDATE alarm SET state = 'ended', next_at = NULL, version = version + 1
WHERE state IN ('ringing', 'unanswered') AND (
    (incident_id IS NULL AND NOT EXISTS (
        SELECT 1 FROM appeal WHERE appeal.id = alarm.appeal_id AND open AND urgent AND status <> 'reported'))
    OR (incident_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM incident WHERE incident.id = alarm.incident_id AND incident.state = 'proposed')))
"""

_TAKE = """
UPDATE alarm SET next_at = {next}, version = version + 1
WHERE state = 'ringing' AND next_at <= {now} AND id IN (
    SELECT id FROM alarm AS due WHERE due.state = 'ringing' AND due.next_at <= {still}
    ORDER BY due.next_at, due.id LIMIT {limit} {lock})
RETURNING id
"""
