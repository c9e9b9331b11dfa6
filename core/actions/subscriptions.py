"""Who gets which report on schedule: chosen by each for themselves, by administrators for anybody."""

from typing import Final

from core import db, log
from core.actions.actor import Actor
from core.city import City
from core.errors import Forbidden, Invalid, NotFound
from core.models import Staff, Subscription
from core.periods import Span
from core.workflow import Role

EVERY: Final = (Span.WEEK.value, Span.MONTH.value)
READERS: Final = frozenset({Role.OPERATOR, Role.MANAGER, Role.ADMINISTRATOR})  # who may open a report
_log = log.get(__name__)


async def subscribe(city: City, actor: Actor, staff_id: int, every: str, portfolio: str = "") -> None:
    """From the next one on, of the whole city or of one deputy mayor's field; said twice, it is one.

    Raises Forbidden for somebody else's, NotFound where nobody is, Invalid for what there is no report of.
    """
    _may(actor, staff_id)
    if every not in EVERY:
        raise Invalid("subscription.every")
    named = {each.slug for each in city.pack.portfolios}
    if portfolio and portfolio not in named | {one.portfolio for one in city.executors.values()}:
        raise Invalid("subscription.portfolio")
    staff = await Staff.get_or_none(id=staff_id, active=True) if staff_id <= db.LARGEST_ID else None
    if staff is None:
        raise NotFound("subscription.nobody")
    if staff.role not in READERS:
        raise Invalid("subscription.officer")
    chosen = Subscription(staff_id=staff.id, every=every, portfolio=portfolio)
    await Subscription.bulk_create([chosen], ignore_conflicts=True)
    _log.info("report.subscribed", staff=staff.id, every=every, portfolio=portfolio, by=actor.staff_id)


async def unsubscribe(actor: Actor, subscription_id: int) -> None:
    """No more of it. NotFound where there is none, or it is not this person's to end."""
    found = await Subscription.get_or_none(id=subscription_id) if subscription_id <= db.LARGEST_ID else None
    if found is None or (actor.role is not Role.ADMINISTRATOR and found.staff_id != actor.staff_id):
        raise NotFound("subscription.gone")
    await found.delete()
    _log.info("report.unsubscribed", staff=found.staff_id, by=actor.staff_id)


def _may(actor: Actor, staff_id: int) -> None:
    if actor.role is not Role.ADMINISTRATOR and staff_id != actor.staff_id:
        raise Forbidden("action.not_yours")
