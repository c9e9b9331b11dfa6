"""What happened to an appeal as its resident is told it: no names of staff, no notes, no rules. Pure."""

from collections.abc import Iterable

from bot.messages import Line, line
from core.actions.actor import Actor
from core.actions.bulk_marks import undone
from core.models import Appeal, Event
from core.workflow import Verb

LINES = 8  # the first, and the newest of the rest
# What is told in one word; ASSIGN, MERGE and WITHDRAW depend on more, and the rest is the city's own affair.
TOLD = frozenset(
    {Verb.SUBMIT, Verb.START, Verb.ASK, Verb.ANSWER, Verb.ADD, Verb.TELL, Verb.REPORT, Verb.REWORK}
    | {Verb.RESOLVE, Verb.EXPLAIN, Verb.REJECT, Verb.REOPEN, Verb.SEE, Verb.CLOSE, Verb.NUDGE, Verb.LOCATE}
    | {Verb.FORWARD, Verb.EXTEND}
)


def story(appeal: Appeal, events: Iterable[Event], actor: Actor) -> list[Line]:
    """A line for each step, the newest last; of the same said again and again, the last."""
    events = list(events)
    put_back = undone(events)  # a slip of the desk's, which is as if it weren't
    lines: list[Line] = []
    for event in events:
        told = _told(appeal, event, actor) if event.id not in put_back else None
        if told is None:
            continue
        if lines and lines[-1].key == told.key and "executor" not in told.params:
            lines.pop()
        lines.append(told)
    return lines if len(lines) <= LINES else [lines[0], *lines[1 - LINES :]]


def _told(appeal: Appeal, event: Event, actor: Actor) -> Line | None:
    at = event.at.isoformat()
    if event.verb in {Verb.ASSIGN, Verb.REASSIGN}:
        executor = event.data.get("executor")
        return line("story.assign", at=at, executor=executor) if executor else None
    if event.verb in {Verb.MERGE, Verb.UNMERGE}:
        into = "into" in event.data
        return line(f"story.{event.verb}", at=at, number=event.data["number"]) if into else None
    if event.verb is Verb.SPLIT:
        key = "story.split_of" if "of" in event.data else "story.split"
        return line(key, at=at, number=event.data["number"])
    if event.verb is Verb.WITHDRAW and event.data.get("goes_on"):
        theirs = event.data.get("supporter") == actor.resident_id if "supporter" in event.data else None
        left = actor.sees(appeal) if theirs is None else theirs
        return line("story.left", at=at) if left else None
    return line(f"story.{event.verb}", at=at) if event.verb in {*TOLD, Verb.WITHDRAW} else None
