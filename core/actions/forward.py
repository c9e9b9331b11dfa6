"""Sending an appeal on to a body outside the city, whose competence it is."""

from datetime import timedelta
from typing import Any

from core import db
from core.actions import notify
from core.actions.actor import Actor
from core.actions.move import move, words
from core.city import City
from core.clock import now
from core.errors import Invalid
from core.models import Appeal
from core.workflow import STATUTORY, Verb

WITHIN = timedelta(days=5)  # of filing (Law 393/96, art. 7); later is late, but never forbidden
NAME = 300  # characters of a body's name


async def forward(
    city: City, appeal_id: int, actor: Actor, *, expected: int, body: str, reason: str
) -> Appeal:
    """Final for the city: the resident hears to whom it went, and why it isn't the city's to decide."""
    body = " ".join(words(body, key="body.needed").split())
    if len(body) > NAME:
        raise Invalid("body.too_long", limit=NAME)
    reason = words(reason, key="reason.needed")
    async with db.transaction():
        appeal, _ = await move(
            city,
            Verb.FORWARD,
            appeal_id,
            actor,
            expected=expected,
            text=reason,
            data={"body": body},
            answer=reason,
            forwarded_to=body,
            closed_at=now(),
        )
        await notify.resident(appeal, "forwarded", **told(appeal, body, reason))
    return appeal


def told(appeal: Appeal, body: str, reason: str) -> dict[str, Any]:
    """What the resident's message says besides the appeal itself."""
    return {"body": body, "text": reason, "by_law": appeal.kind in STATUTORY}
