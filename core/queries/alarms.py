"""Which alarms stand, and whose they are: what is shown of them is what may be acknowledged."""

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from core.actions.actor import Actor
from core.models import Alarm, AlarmState, Appeal
from core.workflow import Role

STANDING = (AlarmState.RINGING, AlarmState.UNANSWERED)


def standing(appeal: Appeal) -> QuerySet[Alarm]:
    """What rings for the appeal itself."""
    return Alarm.filter(appeal_id=appeal.id, incident_id=None, state__in=STANDING)


def theirs(actor: Actor) -> Q:
    """Of an officer: what calls them, until it ends; of their executors' appeals; surges where they lead.

    Its rows repeat where somebody is called twice: whoever asks for many alarms asks for distinct ones.
    """
    if actor.role is not Role.EXECUTOR:
        return Q()
    called = Q(calls__staff_id=actor.staff_id) & ~Q(state=AlarmState.ENDED)
    own = Q(incident_id=None, appeal__executor_id__in=sorted(actor.executors))
    return called | own | Q(appeal__executor_id__in=sorted(actor.leads))
