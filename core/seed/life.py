"""What happens to a made-up appeal, and when: chances and paces as in a real centre."""

from contextlib import suppress
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from core.seed.record import POLL_REMINDER, SILENCE, Filing, Poll, Present, Record, World
from core.workflow import OPEN, Role, Status, Verb

ROUNDS = 2  # how often one appeal is returned or reopened at most
OPENS, CLOSES, FRIDAY = 8, 17, 4  # when executors work, on the city's clock
FORGOTTEN = 0.04  # of each hundred, four are done only after their deadline
STARS = ((5, 4, 3, 2, 1), (50, 24, 13, 7, 6))


def live(world: World, filing: Filing, seed: int) -> Record:
    """The appeal as it stands at `world.until`; the same seed makes the same story."""
    life = _Life(world, filing, seed)
    with suppress(Present):
        life.live()
    return life.record


class _Life:
    def __init__(self, world: World, filing: Filing, seed: int) -> None:
        self.record = Record(world, filing)
        self._world, self._filing = world, filing
        self._rng = Random(seed)  # noqa: S311 - a made-up city, no secret
        self._zone = ZoneInfo(world.city.pack.timezone)

    def live(self) -> None:
        record = self.record
        if record.category.slug == "thanks":
            record.answered(self._in(3), Verb.RESOLVE, self._word("thanks"))
            self._hear()
            return
        self._route()
        while record.status in OPEN:
            self._work()
            if record.status is Status.REPORTED:
                self._verify()
            if record.status not in OPEN and record.closed_at is None:
                self._hear()

    def _route(self) -> None:
        record, city = self.record, self._world.city
        category = record.category
        if not self._filing.sure and self._happens(0.4):
            category = self._rng.choice(
                [each for each in city.categories.values() if each.active and each.group == category.group]
            )
        district, at = self._filing.place.district, self._filing.at
        route = city.route(category.slug, district, urgent=category.urgent, at=at)
        data = route.data if route else {"executor": next(iter(city.executors))}
        if self._filing.sure and route:
            record.assign_at_once(data)
        else:
            record.triaged(self._in(0.4), category, data)

    def _work(self) -> None:
        """From the executor's table to a report, or to a word that it can't be done."""
        record, begun = self.record, self.record.at
        allotted = ((record.due or begun) - record.round_began).total_seconds() / 3600
        span = min(allotted * 0.5, 20 + allotted * 0.06) * self._rng.lognormvariate(0, 0.8)
        if self._happens(FORGOTTEN):
            span += allotted

        def after(share: float) -> datetime:
            return begun + timedelta(hours=span * share)

        if self._happens(0.05):
            record.take(after(0.05), Verb.NOTE, Role.OPERATOR, self._word("notes"))
        if record.status is Status.ASSIGNED and self._happens(0.04):
            self._reassign(after(0.1))
        if self._happens(0.85):
            record.take(self._shift(after(self._rng.uniform(0.1, 0.4))), Verb.START, Role.EXECUTOR)
            record.tell("started")
        if self._happens(0.06):
            text = self._word("messages")
            record.take(after(0.5), Verb.TELL, Role.OPERATOR, text)
            record.tell("message", text)
        if self._happens(0.92) or self._asked(after(0.6)):
            self._finish(after(1))

    def _reassign(self, at: datetime) -> None:
        was = self.record.executor
        executors = self._world.city.executors.values()
        executor = self._rng.choice([each.slug for each in executors if each.active and each.slug != was])
        data = {"executor": executor, "was": was}
        self.record.take(at, Verb.REASSIGN, Role.OPERATOR, self._word("reassign"), data=data)
        self.record.tell("assigned")

    def _asked(self, at: datetime) -> bool:
        """Whether the resident answered; who is silent for a week has the appeal rejected."""
        record, question = self.record, self._word("questions")
        record.take(at, Verb.ASK, Role.OPERATOR, question)
        record.tell("question", question)
        answered = self._in(10)
        if self._happens(0.25) or self._gone(answered):
            record.answered(record.at + SILENCE, Verb.REJECT, self._word("reject"))
            return False
        record.take(answered, Verb.ANSWER, Role.RESIDENT, self._word("answers"), to=record.asked_from)
        return True

    def _finish(self, at: datetime) -> None:
        if self._happens(0.87):
            self._report(at)
        elif self._happens(0.7):
            text = self._world.phrases.explanation(self.record.category, self._rng)
            self.record.answered(at, Verb.EXPLAIN, text)
        else:
            self.record.answered(at, Verb.REJECT, self._word("reject"))

    def _report(self, at: datetime) -> None:
        text = self._world.phrases.report(self.record.category, self._rng)
        self.record.report(self._shift(at), text, photo=self._happens(0.3))

    def _verify(self) -> None:
        record = self.record
        checks = 0.3 if record.urgent else 5.0  # hours
        while record.reworks < ROUNDS and self._happens(0.09):
            record.take(self._in(checks), Verb.REWORK, Role.OPERATOR, self._word("rework"))
            record.reworks += 1
            self._report(self._in(12))
        record.answered(self._in(checks), Verb.RESOLVE, record.answer)

    def _hear(self) -> None:
        """Asked whether it is solved, and once more after a while, the resident says yes, no or nothing."""
        record = self.record
        poll = record.polls[-1] if record.status is Status.RESOLVED else None
        told = record.at
        reply = self._in(5)
        speaks = self._happens(0.55 if poll else 0.1)
        if poll and not (speaks and reply < told + POLL_REMINDER):
            record.remind_of_poll(poll)
            reply, speaks = poll.sent_at + POLL_REMINDER + (reply - told), self._happens(0.25)
        if not speaks or reply >= told + SILENCE or self._gone(reply):
            record.close_silent()
        elif record.executor and record.reopened < ROUNDS and (poll is None or self._happens(0.14)):
            record.reopen(reply, self._word("reopen"))
        elif poll:
            self._confirm(reply, poll)
        else:
            record.close_silent()

    def _confirm(self, at: datetime, poll: Poll) -> None:
        stars = self._rng.choices(*STARS)[0] if self._happens(0.75) else None
        self.record.confirm(at, poll, stars)

    def _happens(self, chance: float) -> bool:
        return self._rng.random() < chance

    def _word(self, what: str) -> str:
        return self._world.phrases.pick(what, self._rng)

    def _in(self, hours: float) -> datetime:
        """Mostly about so many hours from now, sometimes much later."""
        return self.record.at + timedelta(hours=hours * self._rng.lognormvariate(0, 0.9))

    def _gone(self, at: datetime) -> bool:
        return self._filing.gone is not None and at >= self._filing.gone

    def _shift(self, at: datetime) -> datetime:
        """The same instant or the next morning at work; accidents are seen to at night, too."""
        local = at.astimezone(self._zone)
        if self.record.urgent or (local.weekday() <= FRIDAY and OPENS <= local.hour < CLOSES):
            return at
        if local.weekday() > FRIDAY or local.hour >= CLOSES:
            local += timedelta(days=1 if local.weekday() < FRIDAY else 7 - local.weekday())
        morning = local.replace(hour=OPENS) + timedelta(minutes=self._rng.uniform(0, 60))
        return morning.astimezone(at.tzinfo)
