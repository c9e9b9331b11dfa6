"""Where it is, said after what was too urgent to wait for that."""

from typing import Any

from core import db
from core.actions import alarms
from core.actions.actor import SYSTEM, Actor
from core.actions.decline import proposal
from core.actions.move import look_up, move
from core.actions.said import held
from core.actions.submit import Place
from core.city import City
from core.errors import Invalid
from core.models import Appeal
from core.workflow import Status, Verb


async def locate(city: City, appeal_id: int, actor: Actor, *, place: Place) -> Appeal:
    """Give an appeal its place; one that nobody has is routed by it. Who is on duty hears it at once.

    Raises Conflict where the appeal has ended.
    """
    if not place.address and place.lat is None:
        raise Invalid("place.needed")
    async with db.transaction():
        await look_up(appeal_id, actor)
        before = await held(appeal_id)  # or what an operator decides meanwhile would be routed over
        appeal, event = await move(
            city,
            Verb.LOCATE,
            appeal_id,
            actor,
            text=place.address[:300],
            address=place.address[:300],
            lat=place.lat,
            lon=place.lon,
            cell=place.cell,
            place_key=place.key,
            district_id=place.district,
        )
        route = await proposal(city, appeal)
        given = before.status is Status.REGISTERED and route is not None
        if given and route is not None:
            whose: dict[str, Any] = {"executor_id": route.executor, "triage": False}
            appeal, event = await move(city, Verb.ASSIGN, appeal_id, SYSTEM, data=route.data, **whose)
        await alarms.more(city, appeal, occasion=str(event.id), given=given)
    return appeal
