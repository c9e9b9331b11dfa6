"""Which notices wait on purpose, until when and why, and which have become needless. Pure.

A notice may wait for others of its appeal, for the morning, for the resident to write (what Viber sends
outside the 24 hours after a resident's last message is paid for), or for the next month's money. What is
urgent waits for nothing. Whatever waits is looked at again when its time has come: see core/releasing.py.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import Any, Protocol, TypeVar
from zoneinfo import ZoneInfo

from core.config import Schedule, Viber
from core.workflow import OPEN, Status

SESSION = timedelta(hours=24)  # Viber's, from the resident's last message
LONGEST, PHOTOS = 2500, 10  # characters of people's words, and photos, that one message can take
URGENT = frozenset({"staff.urgent", "staff.surge", "staff.alarm", "staff.alarm_unanswered"})
REMINDERS = frozenset({"poll_reminder", "draft_reminder"})
PATIENT = REMINDERS | {"resolved", "reckoned"}  # they may wait for the resident to write
TALK = frozenset({"question", "message"})  # an operator's own words
ASKS = frozenset({"question", "resolved", "poll_reminder", "explained"})  # a short answer is meant for these
PLACES = ("before", "after")  # where a body has the facts of the other notices told in it

_STEPS = frozenset({"assigned", "started", "incident", "seen", "extended", "reckoned"})
_POLLS = frozenset({"resolved", "poll_reminder"})
_EARLY = frozenset({"staff.half", "staff.pre_alarm"})
# What a later notice of the same appeal makes needless.
NEEDLESS: dict[str, frozenset[str]] = {
    "assigned": frozenset({"assigned", "started", "seen"}),
    "started": frozenset({"seen"}),
    "resolved": _STEPS | _POLLS,
    "poll_reminder": frozenset({"poll_reminder"}),
    "explained": _STEPS | _POLLS,
    "rejected": _STEPS | _POLLS,
    "forwarded": _STEPS | _POLLS,
    "extended": frozenset({"extended", "reckoned"}),
    "reckoned": frozenset({"reckoned"}),
    "merged": _STEPS,
    "draft_reminder": frozenset({"draft_reminder"}),
    "staff.assigned": frozenset({"staff.assigned"}),
    "staff.pre_alarm": frozenset({"staff.half"}),
    "staff.due": _EARLY,
    "staff.overdue": _EARLY | {"staff.due"},
    "staff.escalated": _EARLY | {"staff.due", "staff.overdue", "staff.escalated"},
}
# The statuses of the appeal in which it is still worth asking, or true.
_STILL: dict[str, frozenset[Status]] = {
    "resolved": frozenset({Status.RESOLVED, Status.CLOSED}),
    "poll_reminder": frozenset({Status.RESOLVED}),
    "reckoned": OPEN,
}


class Why(StrEnum):
    """What a notice waits for."""

    TOGETHER = "together"  # others of its appeal
    QUIET = "quiet"  # the morning
    SESSION = "session"  # the resident's next message
    BUDGET = "budget"  # the next month's money, or the resident's next message


@dataclass(frozen=True, slots=True)
class Wait:
    until: datetime
    why: Why


class Held(Protocol):
    """A notice that waits, as its row has it."""

    id: Any
    kind: Any
    body: Any
    created_at: Any


H = TypeVar("H", bound=Held)


@dataclass(frozen=True, slots=True)
class Manners:
    """How the city speaks to people."""

    zone: ZoneInfo
    together: timedelta
    quiet: tuple[time, time] | None  # from, to; the end may come after midnight
    session_wait: timedelta
    paid_a_month: int

    @classmethod
    def of(cls, schedule: Schedule, viber: Viber, zone: str) -> "Manners":
        begins, ends = schedule.quiet_from, schedule.quiet_to
        return cls(
            zone=ZoneInfo(zone),
            together=timedelta(seconds=schedule.together_seconds),
            quiet=(time.fromisoformat(begins), time.fromisoformat(ends)) if begins and ends else None,
            session_wait=timedelta(hours=viber.session_wait_hours),
            paid_a_month=viber.paid_a_month,
        )

    def is_quiet(self, now: datetime) -> bool:
        if self.quiet is None:
            return False
        begins, ends = self.quiet
        at = now.astimezone(self.zone).time()
        return begins <= at < ends if begins < ends else at >= begins or at < ends

    def morning(self, now: datetime) -> datetime:
        """The end of the quiet hours in which `now` is; an hour that the clock shows twice is quiet twice."""
        local, ends = now.astimezone(self.zone), self.quiet[1] if self.quiet else time()
        day = local.date() + timedelta(days=local.time() >= ends)
        end = datetime.combine(day, ends, self.zone)
        return max(end.astimezone(UTC), end.replace(fold=1).astimezone(UTC))

    def month(self, now: datetime) -> tuple[datetime, datetime]:
        """When the month of `now` began by the city's clock, and when the next one does."""
        first = now.astimezone(self.zone).replace(day=1, hour=0, minute=0, second=0, microsecond=0, fold=0)
        following = (first + timedelta(days=31)).replace(day=1)
        return first.astimezone(UTC), following.astimezone(UTC)

    def wait(
        self, kind: str, body: Mapping[str, Any], since: datetime, now: datetime, *, paid: bool, left: int
    ) -> Wait | None:
        """What a notice queued at `since` waits for; None where it may go.

        `paid`: sent now, it would cost money; `left`: for how many more there is any this month.
        """
        if is_urgent(kind, body):
            return None
        if self.is_quiet(now):
            return Wait(self.morning(now), Why.QUIET)
        if kind not in TALK and now < since + self.together:
            return Wait(since + self.together, Why.TOGETHER)
        if paid and kind in PATIENT and now < since + self.session_wait:
            return Wait(since + self.session_wait, Why.SESSION)
        if paid and left <= 0:
            return Wait(self.month(now)[1], Why.BUDGET)
        return None


def is_urgent(kind: str, body: Mapping[str, Any]) -> bool:
    """Of what is urgent, everything is, but for being reminded of a question."""
    return kind in URGENT or (bool(body.get("urgent")) and kind not in REMINDERS)


def is_paid(seen_at: datetime, now: datetime) -> bool:
    """Whether a message to a Viber account costs money now."""
    return now - seen_at > SESSION


def is_over(held: Held, status: Status | None, seen_at: datetime) -> bool:
    """Whether what a notice says has passed while it waited.

    `status`: of its appeal, where it has one; `seen_at`: when the person last wrote.
    """
    if held.kind == "draft_reminder":
        return bool(seen_at > held.created_at)
    return status is not None and status not in _STILL.get(held.kind, Status)


def needless(notices: Sequence[Held]) -> set[Any]:
    """Ids of those, of one appeal and in order, that a later one has made needless."""
    return {
        earlier.id
        for index, later in enumerate(notices)
        for earlier in notices[:index]
        if earlier.kind in NEEDLESS.get(later.kind, ())
    }


def bundles(notices: Sequence[H]) -> list[list[H]]:
    """Notices of one appeal, in order, by the message they go in: one, unless it were too long."""
    found: list[list[H]] = []
    words = photos = 0
    for each in notices:
        words += len(str(each.body.get("text", "")))
        photos += len(each.body.get("photos", ()))
        if not found or words > LONGEST or photos > PHOTOS:
            found.append([])
            words, photos = len(str(each.body.get("text", ""))), len(each.body.get("photos", ()))
        found[-1].append(each)
    return found


def together(notices: Sequence[H]) -> tuple[H, dict[str, Any]]:
    """One message of several: the notice it is known by, which is the last that asks something, and its body.

    `before` and `after` it in the body are the others, each as its kind and facts.
    """
    known = max(range(len(notices)), key=lambda index: (notices[index].kind in ASKS, index))
    body = dict(notices[known].body)
    for place, others in zip(PLACES, (notices[:known], notices[known + 1 :]), strict=True):
        if others:
            body[place] = [[each.kind, each.body] for each in others]
    return notices[known], body


def each(body: dict[str, Any], change: Callable[[dict[str, Any]], dict[str, Any]]) -> dict[str, Any]:
    """The body with the facts changed of every notice that is told in it."""
    others = {
        place: [[kind, change(facts)] for kind, facts in body[place]] for place in PLACES if place in body
    }
    return change(body) | others
