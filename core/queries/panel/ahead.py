"""The next step of control with an appeal: which, when, and who would hear of it as things stand."""

from dataclasses import dataclass
from datetime import datetime

from core.actions import hearing
from core.actions.hearing import Whom
from core.city import City
from core.control import STEPS, Step
from core.models import Appeal
from core.workflow import CONTROLLED


@dataclass(frozen=True, slots=True)
class Ahead:
    step: Step
    at: datetime
    whom: Whom | None


async def ahead(city: City, appeal: Appeal) -> Ahead | None:
    """None where nothing more is to come, or its clock stands."""
    if appeal.remind_at is None or appeal.status not in CONTROLLED or appeal.control >= len(STEPS):
        return None
    step = STEPS[appeal.control]
    heard = (await hearing.chain_of(city, appeal.executor_id)).hearing(step, appeal.executor_id)
    return Ahead(step, appeal.remind_at, heard.whom if heard else None)
