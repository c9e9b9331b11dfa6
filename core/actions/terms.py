"""What becomes of a deadline when an appeal comes to its first executor, whose hours may be its own."""

from datetime import datetime

from core import clock, deadlines
from core.city import City
from core.models import Appeal
from core.workflow import STATUTORY


def handed(city: City, appeal: Appeal, executor: str) -> datetime | None:
    """The deadline, counted from filing in the time of who gets it first.

    Where the clock stood meanwhile, or nothing of that time would be left, it keeps the working time that it
    has left. What was theirs or somebody else's before keeps its deadline: who has it is the city's concern,
    not the resident's. So does what is urgent, official, late, or was extended by a person.
    """
    due, was, now = appeal.due_at, city.calendar(appeal.executor_id), clock.now()
    theirs = city.calendar(executor)
    if due is None or due <= now or was == theirs or appeal.executor_id or appeal.declined:
        return due
    if appeal.urgent or appeal.kind in STATUTORY or appeal.extended:
        return due
    category, filed = appeal.category_id, appeal.created_at
    if due == city.deadline(category, filed, urgent=False):
        anew = city.deadline(category, filed, urgent=False, executor=executor)
        if anew > now:
            return anew
    return deadlines.carried(now, was, theirs)(due)
