"""Which actions an appeal offers, the next sensible one first, and what each asks for."""

from dataclasses import dataclass, field
from typing import Final

from core.actions.actor import Actor
from core.models import Appeal, Event
from core.preview import Preview
from core.workflow import Role, Status, Verb, hands_over, verbs

V, S = Verb, Status


@dataclass(frozen=True, slots=True)
class Action:
    """What the form of a verb asks for. `final` is what the resident hears as the end of it."""

    verb: Verb
    choice: str = ""  # category, executor, co_executors, appeal, day, body, check, unchecked or second
    words: str = ""  # "needed", "optional", or none
    photos: bool = False
    final: bool = False


@dataclass(frozen=True, slots=True)
class Tried:
    """A form that was sent and not taken: what was typed, what is wrong, what others did meanwhile."""

    verb: Verb
    values: dict[str, str] = field(default_factory=dict)
    co_executors: tuple[str, ...] = ()
    errors: dict[str, str] = field(default_factory=dict)  # by field; "" is the form as a whole
    photos: tuple[int, ...] = ()  # uploaded and kept
    shown: tuple[int, ...] = ()  # of the appeal's own, ticked
    conflict: str = ""
    preview: Preview | None = None
    meanwhile: tuple[Event, ...] = ()


ACTIONS: Final = {
    action.verb: action
    for action in (
        Action(V.CATEGORISE, choice="category"),
        Action(V.ASSIGN, choice="executor"),
        Action(V.REASSIGN, choice="executor", words="needed"),
        Action(V.HELP, choice="co_executors", words="needed"),
        Action(V.START),
        Action(V.ASK, words="needed"),
        Action(V.TELL, words="needed"),
        Action(V.REPORT, words="needed", photos=True),
        Action(V.NEED_TIME, choice="day", words="needed"),
        Action(V.REFUSE_TIME, words="needed"),
        Action(V.DECLINE, words="needed"),
        Action(V.RESOLVE, choice="unchecked", words="needed", final=True),
        Action(V.REWORK, words="needed"),
        Action(V.EXPLAIN, words="needed", final=True),
        Action(V.REJECT, words="needed", final=True),
        Action(V.FORWARD, choice="body", words="needed", final=True),
        Action(V.EXTEND, choice="day", words="needed"),
        Action(V.CHECK, choice="check", words="needed"),
        Action(V.SPLIT, choice="second", words="needed"),
        Action(V.MERGE, choice="appeal", words="optional"),
        Action(V.UNMERGE),
        Action(V.PRIORITISE, words="optional"),
        Action(V.NOTE, words="needed"),
    )
}

_USUAL = (
    *(V.CATEGORISE, V.ASSIGN, V.REASSIGN, V.TELL, V.ASK, V.RESOLVE),
    *(V.EXPLAIN, V.REJECT, V.MERGE, V.UNMERGE, V.NOTE, V.PRIORITISE, V.HELP, V.REWORK, V.START, V.REPORT),
    *(V.EXTEND, V.CHECK, V.FORWARD, V.SPLIT, V.REFUSE_TIME),
)
# What comes before the usual order, by status, for the desk and for an officer.
_DESK_FIRST: Final[dict[Status, tuple[Verb, ...]]] = {
    S.ASSIGNED: (V.REASSIGN, V.TELL, V.ASK),
    S.IN_PROGRESS: (V.TELL, V.REASSIGN, V.ASK),
    S.NEEDS_INFO: (V.TELL, V.ASK),
    S.REPORTED: (V.RESOLVE, V.REWORK, V.TELL),
    S.REWORK: (V.TELL, V.REASSIGN),
    S.REOPENED: (V.REASSIGN, V.TELL, V.ASK),
}
_OFFICER_FIRST: Final[dict[Status, tuple[Verb, ...]]] = {S.IN_PROGRESS: (V.REPORT,)}
_OFFICER_USUAL = (V.START, V.REPORT, V.NEED_TIME, V.DECLINE, V.NOTE)


def offered(
    appeal: Appeal, actor: Actor, *, time_asked: bool, may_grant: bool, own: bool, refuted: bool
) -> list[Action]:
    """What this person can do now, in the order in which it is likely to be done.

    `time_asked`: the executor waits for an answer to a request for more time; `may_grant`: it is within
    what this person may give. `own`: what is reported is their own work; `refuted`: somebody went to see, and
    it isn't so.
    """
    if not actor.sees(appeal):  # an officer whose executor only helps
        return [ACTIONS[V.NOTE]]
    if actor.role is Role.EXECUTOR:
        order = (*_OFFICER_FIRST.get(appeal.status, ()), *_OFFICER_USUAL)
    else:
        asked = (*((V.EXTEND,) if may_grant else ()), V.REFUSE_TIME) if time_asked else ()
        back = (V.REWORK,) if refuted else ()
        order = (*asked, *back, *_DESK_FIRST.get(appeal.status, ()), *_USUAL)
        if appeal.status is S.REGISTERED and not appeal.triage:
            order = (V.ASSIGN, *order)  # the category is decided; only who is missing
    unfit = {V.NEED_TIME} if time_asked else {V.REFUSE_TIME}
    if not hands_over(actor.role, appeal.declined):
        unfit |= {V.ASSIGN, V.REASSIGN}
    if actor.role is Role.OPERATOR and appeal.extended:
        unfit |= {V.EXTEND}  # see core/actions/extend.py
    if own:
        unfit |= {V.RESOLVE}
    possible = [verb for verb in verbs(appeal.status, actor.role) if verb in ACTIONS and verb not in unfit]
    return [ACTIONS[verb] for verb in sorted(possible, key=order.index)]
