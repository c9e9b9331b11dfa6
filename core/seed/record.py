"""What became of one made-up appeal, moved as the workflow, the actions and the sweeps would move it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from core import deadlines
from core.actions.controlled import pace_of
from core.actions.move import moved
from core.actions.submit import Place
from core.city import City
from core.control import plan
from core.models import Category
from core.seed.phrases import Phrases
from core.workflow import CLOCK_STOPS, CONTROLLED, TRANSITIONS, Role, Status, Verb

ANNOUNCED = timedelta(seconds=10)  # a sweep finds what was resolved
POLL_REMINDER = timedelta(days=2)
SILENCE = timedelta(days=7)  # closes what was answered


@dataclass(frozen=True, slots=True)
class World:
    """What all appeals of a seed share; nothing happens after `until`."""

    city: City
    phrases: Phrases
    until: datetime


@dataclass(frozen=True, slots=True)
class Filing:
    """What the resident sent. `gone`: when they leave the chat; they act no more from then on."""

    at: datetime
    category: Category
    place: Place
    text: str
    sure: bool
    gone: datetime | None


@dataclass(frozen=True, slots=True)
class Step:
    at: datetime
    verb: Verb
    role: Role
    came_from: Status | None
    went_to: Status
    executor: str | None
    text: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    photo: bool = False


@dataclass(frozen=True, slots=True)
class Letter:
    """A notice to the resident; `round` where it is told once for each answer of the city."""

    at: datetime
    kind: str
    due: datetime | None
    executor: str | None
    text: str | None = None
    round: int | None = None


@dataclass(slots=True)
class Poll:
    round: int
    sent_at: datetime
    reminded_at: datetime | None = None
    solved: bool | None = None
    stars: int | None = None
    words: str = ""
    answered_at: datetime | None = None


class Present(Exception):
    """The story has reached the present."""


class Record:
    """The columns of the appeal as they stand, and all that was written along the way."""

    def __init__(self, world: World, filing: Filing) -> None:
        self.world, self.city, self.filing = world, world.city, filing
        self.at = self.round_began = filing.at
        self.category = filing.category
        self.status = Status.REGISTERED
        self.urgent = filing.category.urgent and filing.sure
        self.due: datetime | None = self._due(self.category, filing.at, None)
        self.executor: str | None = None
        self.time_left: float | None = None
        self.asked_from: Status | None = None
        self.answer = ""
        self.answered_at: datetime | None = None
        self.closed_at: datetime | None = None
        self.reworks = self.reopened = self.version = 0
        self.steps = [Step(self.at, Verb.SUBMIT, Role.RESIDENT, None, self.status, None, text=filing.text)]
        self.letters: list[Letter] = []
        self.polls: list[Poll] = []

    @property
    def control(self) -> dict[str, Any]:
        """As the sweep has left it: nobody is reminded of what has passed."""
        until, due = self.world.until, self.due
        if self.status not in CONTROLLED or due is None:
            return {}
        pace = pace_of(self.city, category=self.category.slug, executor=self.executor, urgent=self.urgent)
        share = pace.pre_alarm_share
        steps = plan(self.round_began, due, pace.calendar, pace.settings, pace.urgent, share)
        told = sum(at <= until for at in steps)
        return {"remind_at": steps[told] if told < len(steps) else None, "control": told}

    def take(
        self,
        at: datetime,
        verb: Verb,
        role: Role,
        text: str = "",
        *,
        to: Status | None = None,
        data: dict[str, Any] | None = None,
        photo: bool = False,
        due: datetime | None = None,
    ) -> None:
        """One step, not before the last one; Present where it is yet to come. `due`: a new deadline."""
        at = max(at, self.at)
        if at > self.world.until:
            raise Present
        target = to or TRANSITIONS[verb][1] or self.status
        if data and "executor" in data:
            self.executor = data["executor"]
        was = self.due
        self._run_clock(at, target)
        self.due = due or self.due
        data = (data or {}) | moved(was, self.due)
        self.steps.append(Step(at, verb, role, self.status, target, self.executor, text, data, photo))
        self.at, self.status = at, target
        self.version += 1

    def tell(self, kind: str, text: str | None = None) -> None:
        self.letters.append(Letter(self.at, kind, self.due, self.executor, text))

    def assign_at_once(self, data: dict[str, Any]) -> None:
        """Filed and assigned are one change."""
        self.due = self._due(self.category, self.at, data["executor"])
        self.take(self.at, Verb.ASSIGN, Role.SYSTEM, data=data)
        self.version = 0

    def triaged(self, at: datetime, category: Category, data: dict[str, Any]) -> None:
        words = {"category": category.slug, "was": self.category.slug}
        self.urgent = category.urgent
        due = self._due(category, self.filing.at, None)
        self.take(at, Verb.CATEGORISE, Role.OPERATOR, data=words, due=due)
        self.category = category
        theirs = self._due(category, self.filing.at, data["executor"])
        self.take(at, Verb.ASSIGN, Role.OPERATOR, data=data, due=theirs if theirs > at else None)
        self.tell("assigned")

    def report(self, at: datetime, text: str, *, photo: bool) -> None:
        self.take(at, Verb.REPORT, Role.EXECUTOR, text, photo=photo)
        self.answer = text

    def answered(self, at: datetime, verb: Verb, text: str) -> None:
        """Resolved, explained or rejected, and the resident told; of what is resolved they are asked."""
        self.take(at, verb, Role.OPERATOR, text)
        self.answer = text
        if verb is Verb.REJECT:
            self.closed_at = self.at
            self.tell("rejected", text)
            return
        self.answered_at = self.at
        if verb is Verb.EXPLAIN:
            self.tell("explained", text)
            return
        sent = min(self.at + ANNOUNCED, self.world.until)
        self.polls.append(Poll(self.reopened, sent))
        self.letters.append(Letter(sent, "resolved", self.due, self.executor, text, self.reopened))

    def remind_of_poll(self, poll: Poll) -> None:
        at = poll.sent_at + POLL_REMINDER
        if at > self.world.until:
            raise Present
        poll.reminded_at = at
        self.letters.append(Letter(at, "poll_reminder", self.due, self.executor, round=poll.round))

    def confirm(self, at: datetime, poll: Poll, stars: int | None) -> None:
        self.take(at, Verb.CLOSE, Role.RESIDENT)
        self.closed_at = poll.answered_at = self.at
        poll.solved = True
        if stars:
            self.take(self.at + timedelta(seconds=20), Verb.RATE, Role.RESIDENT, data={"stars": stars})
            poll.stars, poll.answered_at = stars, self.at

    def reopen(self, at: datetime, words: str) -> None:
        poll = self.polls[-1] if self.status is Status.RESOLVED else None
        due = self._due(self.category, max(at, self.at), self.executor)
        self.take(at, Verb.REOPEN, Role.RESIDENT, words, due=due)
        self.round_began, self.answered_at = self.at, None
        self.reopened += 1
        if poll:
            poll.solved, poll.words, poll.answered_at = False, words, self.at

    def close_silent(self) -> None:
        self.take((self.answered_at or self.at) + SILENCE, Verb.CLOSE, Role.SYSTEM)
        self.closed_at = self.at

    def _due(self, category: Category, start: datetime, executor: str | None) -> datetime:
        return self.city.deadline(category.slug, start, urgent=self.urgent, executor=executor)

    def _run_clock(self, at: datetime, target: Status) -> None:
        """Stop the deadline while the resident is asked; let it run again with what was left."""
        calendar = self.city.calendar(self.executor)
        if target in CLOCK_STOPS and self.due is not None:
            left = deadlines.remaining(at, self.due, calendar, around_clock=self.urgent)
            self.due, self.time_left, self.asked_from = None, left.total_seconds(), self.status
        elif target not in CLOCK_STOPS and self.time_left is not None:
            left = timedelta(seconds=self.time_left)
            self.due = deadlines.resume(at, left, calendar, around_clock=self.urgent)
            self.time_left = self.asked_from = None
