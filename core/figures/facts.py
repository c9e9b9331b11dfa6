"""What happened to an appeal, as figures count it, from its history. Pure but for the names of the kinds.

What counts as what:

- RECEIVED: it was filed. Nobody has it yet, so its executor is empty; what an executor got is HANDED.
- HANDED: an executor got it, first or from another. Rework and reopening hand nothing over.
- BEGUN: the first thing done by that executor or in its name: taken into work, reported, declined, or more
  time asked for. Notes are no work, and who only helps writes them, too. Minutes since the hand-over.
- ANSWERED: resolved, explained, rejected or forwarded; again after each reopening. Minutes since it was
  filed, or reopened, without those in which the resident was asked. `good`: by the deadline as it stood.
- REWORK, REOPENED: as often as it happened, under the executor who had it.
- ASKED, JUDGED: the question «is it solved?» and what was said to it, both on the day of the question: so no
  more are ever heard than were asked. `good` is None where there are only stars.

An appeal that was merged into another, or withdrawn, was received, and keeps what happened before; its end is
no answer. What was put back at once (UNDO) never happened. Thanks and consultations have facts like the rest;
that figures leave them out is said in sums.py.

The deadline of a moment is in history as what the next change of it says it was; after the last, it is the
appeal's own. One that stood still while the resident was asked counts by whether it had passed before.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from core.models.control import FactKind
from core.workflow import Status, Verb

_HANDS = frozenset({Verb.ASSIGN, Verb.REASSIGN})
_BEGINS = frozenset({Verb.START, Verb.REPORT, Verb.DECLINE, Verb.NEED_TIME})
_ANSWERS = frozenset({Verb.RESOLVE, Verb.EXPLAIN, Verb.REJECT, Verb.FORWARD})
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Step:
    """An event; `data` as history keeps it."""

    id: int
    at: datetime
    verb: Verb
    to: Status
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """A survey."""

    round: int
    at: datetime
    solved: bool | None
    stars: int | None


@dataclass(frozen=True, slots=True)
class Story:
    """The history of an appeal; `due` and `executor` as they stand now."""

    filed: datetime
    executor: str
    due: datetime | None
    steps: Sequence[Step]
    asked: Sequence[Asked] = ()


@dataclass(frozen=True, slots=True)
class Happened:
    """A fact without what is the appeal's own."""

    kind: FactKind
    day: date
    executor: str = ""
    result: str = ""
    minutes: int | None = None
    good: bool | None = None
    stars: int | None = None


def facts_of(story: Story, zone: ZoneInfo) -> list[Happened]:
    """In the order in which it happened, surveys last; days by the clock of `zone`."""
    walk = _Walk(story, zone)
    put_back = {one for step in story.steps for one in step.data.get("undid", ())}
    steps = [step for step in story.steps if step.id not in put_back and step.verb is not Verb.UNDO]
    for step, (before, after) in zip(steps, _deadlines(steps, story.due), strict=True):
        walk.take(step, before, after)
    for asked in story.asked:
        walk.hear(asked)
    return walk.facts


class _Walk:
    def __init__(self, story: Story, zone: ZoneInfo) -> None:
        self._zone, self._present = zone, story.executor
        self._executor = ""
        self._handed_at: datetime | None = None
        self._since, self._waited, self._round = story.filed, timedelta(), 0
        self._asked_at: datetime | None = None
        self._late_when_asked = False
        self._resolved_by: dict[int, str] = {}
        self.facts = [Happened(FactKind.RECEIVED, self._day(story.filed))]

    def take(self, step: Step, due_before: datetime | None, due_after: datetime | None) -> None:
        """One step; the deadline as it stood before and after it."""
        straight = self._asked_at is not None
        self._wait(step, due_before)
        verb = step.verb
        if verb in _BEGINS and self._handed_at is not None:
            self._add(FactKind.BEGUN, step, minutes=_minutes(step.at - self._handed_at))
            self._handed_at = None
        if verb in _HANDS:
            self._executor, self._handed_at = str(step.data.get("executor") or self._present), step.at
            self._add(FactKind.HANDED, step)
        elif verb is Verb.DECLINE:
            self._executor = ""
        elif verb is Verb.REWORK:
            self._add(FactKind.REWORK, step)
        elif verb is Verb.REOPEN:
            self._add(FactKind.REOPENED, step)
            self._since, self._waited, self._round = step.at, timedelta(), self._round + 1
        elif verb in _ANSWERS:
            in_time = not self._late_when_asked if straight else due_after is None or step.at <= due_after
            minutes = _minutes(step.at - self._since - self._waited)
            self._add(FactKind.ANSWERED, step, result=step.to.value, minutes=minutes, good=in_time)
            self._resolved_by[self._round] = self._executor

    def hear(self, asked: Asked) -> None:
        who, day = self._resolved_by.get(asked.round, self._present), self._day(asked.at)
        self.facts.append(Happened(FactKind.ASKED, day, who))
        if asked.solved is not None or asked.stars is not None:
            self.facts.append(Happened(FactKind.JUDGED, day, who, good=asked.solved, stars=asked.stars))

    def _wait(self, step: Step, due: datetime | None) -> None:
        """Note when the resident is asked, and until when."""
        if step.to is Status.NEEDS_INFO and self._asked_at is None:
            self._asked_at = step.at
            self._late_when_asked = due is not None and step.at > due
        elif step.to is not Status.NEEDS_INFO and self._asked_at is not None:
            self._waited += step.at - self._asked_at
            self._asked_at = None

    def _add(self, kind: FactKind, step: Step, **more: Any) -> None:  # noqa: ANN401 - fields of Happened
        self.facts.append(Happened(kind, self._day(step.at), self._executor, **more))

    def _day(self, at: datetime) -> date:
        return at.astimezone(self._zone).date()


def _deadlines(
    steps: Sequence[Step], due: datetime | None
) -> Iterable[tuple[datetime | None, datetime | None]]:
    """Of each step the deadline before and after it, read backwards from the present one."""
    found = []
    for step in reversed(steps):
        after, moved = due, step.data.get("deadline")
        if moved:
            due = datetime.fromisoformat(moved[0]) if moved[0] else None
        found.append((due, after))
    return reversed(found)


def _minutes(length: timedelta) -> int:
    return max(0, length // _MINUTE)
