"""What control should have told of each appeal, reckoned anew from its history by the rules alone.

Nothing of core/control.py, core/deadlines.py or core/actions/controlled.py is called: working time is added
up here from the shifts of each day.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.city import City
from core.deadlines import WorkCalendar
from core.models import Appeal, Event, Post, Staff
from core.workflow import Role, Status, Verb

STEPS = ("half", "pre_alarm", "due", "overdue", "head", "deputy", "mayor")
LEVELS = STEPS[4:]
RUNS = {Status.REGISTERED, Status.ASSIGNED, Status.IN_PROGRESS, Status.REWORK, Status.REOPENED}
_MARKS = {Verb.REMIND, Verb.ESCALATE, Verb.ALARM, Verb.ACKNOWLEDGE}


@dataclass(frozen=True, slots=True)
class Told:
    """One step that was told at a round of the sweeps: of which deadline, and to whom.

    `heard`: also those of the steps between, where a round came late for several.
    """

    at: datetime
    step: str
    due: datetime
    whom: str
    heard: frozenset[str] = field(default=frozenset(), compare=False)


class WorkTime:
    """The working time of one calendar through the quarter, as stretches of the clock."""

    def __init__(self, calendar: WorkCalendar, first: date, last: date) -> None:
        zone = ZoneInfo(calendar.timezone)
        self._begins: list[float] = []
        self._ends: list[float] = []
        self._worked = [0.0]  # before each stretch, in seconds
        day = first
        while day <= last:
            shifts = calendar.weekly[day.weekday()] if day not in calendar.days_off else ()
            for shift in calendar.special.get(day, shifts):
                midnight = datetime.combine(day, time(), zone)
                begins, ends = (
                    midnight.replace(hour=minute // 60 % 24, minute=minute % 60).timestamp()
                    for minute in (shift.opens, shift.closes)
                )
                self._begins.append(begins)
                self._ends.append(ends)
                self._worked.append(self._worked[-1] + ends - begins)
            day += timedelta(days=1)

    def until(self, instant: datetime) -> float:
        """Seconds of work from the beginning of all to an instant."""
        at = instant.timestamp()
        done = bisect_right(self._ends, at)
        inside = max(0.0, at - self._begins[done]) if done < len(self._begins) else 0.0
        return self._worked[done] + inside

    def later(self, instant: datetime, seconds: float) -> datetime:
        """The first instant at which so many seconds have been worked since."""
        if seconds <= 0:
            return instant
        goal = self.until(instant) + seconds
        stretch = bisect_left(self._worked, goal - 1e-6) - 1
        return datetime.fromtimestamp(self._begins[stretch] + goal - self._worked[stretch], UTC)


class Leaders:
    """Who hears of what, from the people as they stand; nobody comes or goes in the quarter."""

    def __init__(self, city: City, people: Sequence[Staff]) -> None:
        self._people, self._city = people, city

    def whom(self, step: str, executor: str | None) -> str:
        officers = [one for one in self._people if executor and one.executor_id == executor]
        portfolio = self._city.executors[executor].portfolio if executor else ""
        held = {
            "officers": any(one.post is not Post.HEAD for one in officers),
            "head": any(one.post is Post.HEAD for one in officers),
            "deputy": any(
                one.post is Post.DEPUTY and portfolio and one.portfolio == portfolio for one in self._people
            ),
            "mayor": bool(executor) and any(one.post is Post.MAYOR for one in self._people),
            "desk": any(one.role is Role.OPERATOR for one in self._people),
            "managers": any(one.role is Role.MANAGER and one.post is Post.NONE for one in self._people),
        }
        if step in LEVELS:
            order = (*LEVELS[LEVELS.index(step) :], "managers")
        else:
            order = ("officers", "head", "desk", "managers")
        return next(each for each in order if held[each])


@dataclass(slots=True)
class _Standing:
    """What the rules look at, as history moves it."""

    status: Status
    due: datetime | None
    executor: str | None
    category: str
    urgent: bool


class Rules:
    """Reckons what was to be told, appeal by appeal."""

    def __init__(self, city: City, people: Sequence[Staff], first: date, last: date) -> None:
        self._city, self._leaders = city, Leaders(city, people)
        self._times = {slug: WorkTime(city.calendar(slug), first, last) for slug in (None, *city.executors)}

    def told(self, appeal: Appeal, events: Sequence[Event], rounds: Sequence[datetime]) -> list[Told]:
        """In order. `rounds`: when the sweeps looked."""
        moves = [event for event in events if event.verb not in _MARKS]
        first = [event for event in moves if event.at == moves[0].at]
        filed = [
            event
            for event in first
            if event.verb is Verb.SUBMIT or (event.verb is Verb.ASSIGN and event.role is Role.SYSTEM)
        ]
        changed = [event.data["deadline"] for event in moves if "deadline" in event.data]
        due = _instant(changed[0][0]) if changed else appeal.due_at
        categories = [event.data for event in moves if event.verb is Verb.CATEGORISE]
        category = categories[0]["was"] if categories else appeal.category_id
        stands = _Standing(Status.REGISTERED, due, None, category, urgent=False)
        for event in filed:
            stands.status = event.to_status
            stands.executor = event.data.get("executor", stands.executor)
        stands.urgent = stands.status is Status.ASSIGNED and self._city.categories[category].urgent
        found: list[Told] = []
        waiting, told = self._begin(stands, appeal.created_at, appeal.created_at, 0)
        others = moves[len(filed) :]
        ends = [*(event.at for event in others), rounds[-1] + timedelta(seconds=1)]
        told = self._tell(stands, waiting, told, _between(rounds, appeal.created_at, ends[0]), found)
        for event, end in zip(others, ends[1:], strict=True):
            waiting, told = self._moved(stands, event, appeal, waiting, told)
            told = self._tell(stands, waiting, told, _between(rounds, event.at, end), found)
        return found

    def _moved(
        self, stands: _Standing, event: Event, appeal: Appeal, waiting: list[tuple[int, datetime]], told: int
    ) -> tuple[list[tuple[int, datetime]], int]:
        was = (stands.due, stands.executor, stands.category, stands.urgent)
        ran = stands.status in RUNS and stands.due is not None
        if "deadline" in event.data:
            stands.due = _instant(event.data["deadline"][1])
        if event.verb in (Verb.ASSIGN, Verb.REASSIGN):
            stands.executor = event.data["executor"]
        elif event.verb is Verb.DECLINE:
            stands.executor = None
        elif event.verb is Verb.CATEGORISE:
            stands.category = event.data["category"]
            stands.urgent = self._city.categories[stands.category].urgent
        stands.status = event.to_status
        if stands.status not in RUNS or stands.due is None:
            return [], told
        if was == (stands.due, stands.executor, stands.category, stands.urgent) and ran:
            return waiting, told
        anew = was[:2] != (stands.due, stands.executor)
        start = appeal.created_at if event.verb is Verb.CATEGORISE else event.at
        return self._begin(stands, event.at, start, 0 if anew else told)

    def _begin(
        self, stands: _Standing, now: datetime, start: datetime, told: int
    ) -> tuple[list[tuple[int, datetime]], int]:
        """The steps that will come. Of what has passed already only the last is told, at the next look."""
        if stands.due is None:
            return [], told
        instants = self._instants(stands, now, start)
        steps = [(index, at) for index, at in enumerate(instants) if index >= told]
        passed = [step for step in steps if step[1] <= now]
        waiting = [*passed[-1:], *(step for step in steps if step[1] > now)]
        return waiting, waiting[0][0] if waiting else len(STEPS)

    def _instants(self, stands: _Standing, now: datetime, start: datetime) -> list[datetime]:
        of, urgent = self._city.settings.control, stands.urgent
        work = self._times[stands.executor]
        since, due = (start, stands.due) if stands.due and now < stands.due else (now, now)
        own = self._city.categories[stands.category].pre_alarm_share
        early = own if own is not None else self._city.schedule.pre_alarm_share
        whole = (due - since).total_seconds() if urgent else work.until(due) - work.until(since)
        hours = (
            (of.urgent_overdue_hours, of.urgent_head_hours, of.urgent_deputy_hours, of.urgent_mayor_hours)
            if urgent
            else (of.overdue_hours, of.head_hours, of.deputy_hours, of.mayor_hours)
        )

        def later(instant: datetime, seconds: float) -> datetime:
            return instant + timedelta(seconds=seconds) if urgent else work.later(instant, seconds)

        shares = (of.half_share, max(of.half_share, early))
        return [
            *(later(since, whole * share) for share in shares),
            due,
            *(later(due, each * 3600) for each in hours),
        ]

    def _tell(
        self,
        stands: _Standing,
        waiting: list[tuple[int, datetime]],
        told: int,
        rounds: Iterable[datetime],
        found: list[Told],
    ) -> int:
        """Take from `waiting` what the rounds of a stretch of history take. Returns which step is next."""
        for now in rounds:
            if not waiting:
                break
            passed = [step for step in waiting if step[1] <= now]
            if not passed or stands.due is None:
                continue
            step = STEPS[passed[-1][0]]
            whom = self._leaders.whom(step, stands.executor)
            heard = {self._leaders.whom(STEPS[index], stands.executor) for index, _ in passed}
            found.append(Told(now, step, stands.due, whom, frozenset(heard)))
            del waiting[: len(passed)]
            while waiting and step in LEVELS:
                level = STEPS[waiting[0][0]]
                if self._leaders.whom(level, stands.executor) != whom:
                    break
                del waiting[0]  # a level that nobody holds was passed to those who have just heard
            told = waiting[0][0] if waiting else len(STEPS)
        return told


def _between(rounds: Sequence[datetime], since: datetime, ends: datetime) -> Sequence[datetime]:
    return rounds[bisect_left(rounds, since) : bisect_left(rounds, ends)]


def _instant(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None


def was_told(events: Iterable[Event]) -> list[Told]:
    """What history says of it."""
    marks: list[Mapping[str, str]] = []
    found = []
    for event in events:
        if event.verb in (Verb.REMIND, Verb.ESCALATE):
            marks.append(event.data)
            due = datetime.fromisoformat(event.data["due"])
            found.append(Told(event.at, event.data["step"], due, event.data["whom"]))
    return found
