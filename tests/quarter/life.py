"""What people do in the quarter, each in their turn: residents, operators, officers, who is on duty.

One calendar of intentions, by the injected clock. Whoever comes to act looks at the appeal as it is then and
does what they are like; what the city refuses them, they leave.
"""

import heapq
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime, timedelta
from itertools import count
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from core import clock
from core.actions import alarms, desk, executor, extend, need_time, poll, resident
from core.actions.actor import Actor
from core.actions.decline import decline
from core.actions.forward import forward
from core.actions.submit import Place, Submission, submit
from core.actions.tasks import finish_check
from core.errors import ZvernysError
from core.models import Alarm, AlarmState, Appeal, Attachment, Event, Task, TaskKind
from core.models.appeals import AttachmentState
from core.workflow import ENDED, Role, Status
from tests.quarter.cast import DISTRICTS, REPORTED, Temper, Town

KYIV = ZoneInfo("Europe/Kyiv")
Deed = Callable[[], Awaitable[object]]


class Life:
    """`lied`: appeals of which the latest report wasn't true."""

    def __init__(self, town: Town, rng: Random) -> None:
        self.town, self.rng = town, rng
        self.did: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.lied: set[int] = set()
        self._plans: list[tuple[datetime, int, Deed]] = []
        self._turns = count()

    def next_at(self) -> datetime | None:
        return self._plans[0][0] if self._plans else None

    async def go_on(self) -> None:
        """The next of what is planned; the clock shows its time already."""
        _, _, deed = heapq.heappop(self._plans)
        await deed()

    def plan_filings(self, appeals: int, begins: datetime, ends: datetime) -> None:
        for _ in range(appeals):
            at = begins + (ends - begins) * self.rng.random()
            self._at(self._awake(at, 7, 23), self._file)

    def answer_alarm(self, alarm: Alarm) -> None:
        """Somebody on duty hears, or doesn't; some hear only when leaders have been told already."""
        minutes = self.rng.choice((2, 4, 7, 13, 40)) if self.rng.random() < 0.7 else None
        if minutes is not None:
            self._at(
                clock.now() + timedelta(minutes=minutes, seconds=11), lambda: self._acknowledge(alarm.id)
            )

    def _at(self, instant: datetime, deed: Deed) -> None:
        heapq.heappush(self._plans, (instant, next(self._turns), deed))

    def _later(self, hours: float, one: int, *, opens: int = 8, closes: int = 19) -> None:
        """The next who has to do with an appeal comes to it after about so many hours, by day."""
        at = clock.now() + timedelta(hours=self.rng.lognormvariate(0, 0.6) * hours, seconds=37)
        self._at(self._awake(at, opens, closes), lambda: self._turn(one))

    def _awake(self, at: datetime, opens: int, closes: int) -> datetime:
        local = at.astimezone(KYIV)
        if local.hour >= closes:
            local = (local + timedelta(days=1)).replace(hour=opens)
        elif local.hour < opens:
            local = local.replace(hour=opens)
        return local.astimezone(at.tzinfo)

    async def _do(self, deed: Coroutine[Any, Any, object]) -> bool:
        name = str(getattr(deed, "__name__", deed))
        try:
            await deed
        except ZvernysError as refused:
            self.refused[f"{name}: {refused.key}"] += 1
            return False
        self.did[name] += 1
        return True

    async def _file(self) -> None:
        rng = self.rng
        account = rng.choice(self.town.residents)
        sure = rng.random() < 0.8
        category = rng.choices(list(REPORTED), list(REPORTED.values()))[0]
        place = Place(
            address=f"вул. Соборності, {rng.randint(1, 200)}",
            district=rng.choice(DISTRICTS),
            lat=47.75 + rng.random() / 2,
            lon=33.2 + rng.random() / 2,
        )
        appeal = await submit(
            self.town.city, account, Submission(text="Не працює", category=category, place=place, sure=sure)
        )
        self.did["submit"] += 1
        self._plan_next(appeal)

    async def _turn(self, one: int) -> None:
        """Somebody looks at an appeal and does what is theirs to do; then the next is planned."""
        appeal = await Appeal.get(id=one)
        deed = {
            Status.REGISTERED: self._triage,
            Status.NEEDS_INFO: self._answer,
            Status.REPORTED: self._verify,
            Status.RESOLVED: self._judge,
            Status.EXPLAINED: self._judge,
        }.get(appeal.status, self._work)
        if appeal.status in ENDED:
            return
        again = await deed(appeal)
        if again:
            self._plan_next(await Appeal.get(id=one))

    def _plan_next(self, appeal: Appeal) -> None:
        rng, one = self.rng, appeal.id
        if appeal.status in (Status.REGISTERED, Status.REPORTED):
            self._later(rng.choice((0.5, 2, 20)), one)
        elif appeal.status is Status.NEEDS_INFO:
            self._later(12, one, opens=7, closes=23)
        elif appeal.status in (Status.RESOLVED, Status.EXPLAINED):
            self._later(30, one, opens=7, closes=23)
        elif appeal.executor_id is not None:
            temper = self.town.tempers.get(appeal.executor_id)
            self._later(temper.hours if temper else 40, one)

    async def _triage(self, appeal: Appeal) -> bool:
        """The desk refuses, passes on, or names the category; what nobody wants, the manager gives away."""
        operator = self.rng.choice(self.town.operators)
        city, rng = self.town.city, self.rng
        seen, chance = {"expected": appeal.version}, rng.random()
        if chance < 0.1:
            return await self._do(desk.reject(city, appeal.id, operator, reason="Це не звернення", **seen))
        if chance < 0.25:
            body, reason = "Обласна рада", "Це вирішує область"
            return await self._do(forward(city, appeal.id, operator, body=body, reason=reason, **seen))
        if appeal.declined == 0 and appeal.triage:
            category = appeal.category_id if rng.random() < 0.7 else rng.choice(list(REPORTED))
            return await self._do(desk.categorise(city, appeal.id, operator, category=category, **seen))
        who = self.town.manager if appeal.declined >= 3 else operator
        to = rng.choice(sorted(self.town.officers))
        return await self._do(desk.assign(city, appeal.id, who, executor=to, **seen))

    async def _work(self, appeal: Appeal) -> bool:
        """The officer's turn, or now and then the operator's, who asks or answers beside it."""
        city, rng, slug = self.town.city, self.rng, appeal.executor_id or ""
        officer, temper = self.town.officers.get(slug), self.town.tempers.get(slug)
        operator, seen = rng.choice(self.town.operators), appeal.version
        if officer is None or temper is None:
            return await self._by_telephone(appeal, operator)
        chance, waits = rng.random(), appeal.status is not Status.IN_PROGRESS
        if chance < temper.declines and waits:
            deed: Coroutine[Any, Any, object] = decline(
                city, appeal.id, officer, expected=seen, reason="Не на нашому балансі"
            )
        elif chance < temper.declines + temper.needs_time and appeal.due_at is not None:
            return await self._ask_for_time(appeal, officer)
        elif chance > 0.93:
            deed = desk.ask(city, appeal.id, operator, expected=seen, question="Який під'їзд?")
        elif chance > 0.90:
            deed = desk.explain(city, appeal.id, operator, expected=seen, reason="Улітку, за планом")
        elif waits and chance > 0.4:
            deed = executor.start(city, appeal.id, officer, expected=seen)
        else:
            return await self._report(appeal, officer, temper)
        return await self._do(deed)

    async def _by_telephone(self, appeal: Appeal, operator: Actor) -> bool:
        """The executor has nobody here: the operator rings them up and writes down what they say."""
        city, seen = self.town.city, appeal.version
        if self.rng.random() < 0.5:
            return await self._do(desk.resolve(city, appeal.id, operator, expected=seen, answer="Усунено"))
        other = self.rng.choice(sorted(self.town.officers))
        return await self._do(
            desk.reassign(city, appeal.id, operator, expected=seen, executor=other, reason="Не їхнє")
        )

    async def _report(self, appeal: Appeal, officer: Actor, temper: Temper) -> bool:
        (self.lied.add if self.rng.random() < temper.lies else self.lied.discard)(appeal.id)
        now = clock.now()
        photo = await Attachment.create(
            role=Role.EXECUTOR,
            state=AttachmentState.STORED,
            draft=executor.upload_mark(officer.staff_id),
            key=f"quarter-{appeal.id}-{appeal.version}",
            created_at=now,
            due_at=now,
        )
        deed = executor.report(
            self.town.city,
            appeal.id,
            officer,
            expected=appeal.version,
            text="Виконано",
            photos=(photo.id,),
        )
        return await self._do(deed)

    async def _ask_for_time(self, appeal: Appeal, officer: Actor) -> bool:
        """A week more, which the desk gives or not."""
        city, rng = self.town.city, self.rng
        until = (max(appeal.due_at or clock.now(), clock.now()) + timedelta(days=7)).astimezone(KYIV).date()
        asked = await self._do(
            need_time.need_time(
                city, appeal.id, officer, expected=appeal.version, until=until, reason="Чекаємо деталь"
            ),
        )
        if asked:
            operator, seen = rng.choice(self.town.operators), {"expected": appeal.version + 1}
            if rng.random() < 0.6:
                gives = extend.extend(
                    city, appeal.id, operator, until=until, reason="Деталь замовлено", **seen
                )
                await self._do(gives)
            else:
                await self._do(need_time.refuse_time(city, appeal.id, operator, reason="Деталь є", **seen))
        return True

    async def _verify(self, appeal: Appeal) -> bool:
        """The desk looks at the report. Who goes and sees finds a lie out; a photo does so at times."""
        city, rng, operator = self.town.city, self.rng, self.rng.choice(self.town.operators)
        lie = appeal.id in self.lied
        task = await Task.filter(appeal_id=appeal.id, kind=TaskKind.CHECK, done_at=None).first()
        caught = lie and rng.random() < 0.3
        if task is not None:
            outcome = "denied" if lie else "confirmed"
            found = finish_check(city, task.id, operator, outcome=outcome, finding="Були на місці")
            await self._do(found)
            caught = lie
            appeal = await Appeal.get(id=appeal.id)
        seen = {"expected": appeal.version}
        if caught or rng.random() < 0.05:
            return await self._do(
                desk.rework(city, appeal.id, operator, reason="На місці не зроблено", **seen)
            )
        return await self._do(desk.resolve(city, appeal.id, operator, expected=appeal.version))

    async def _answer(self, appeal: Appeal) -> bool:
        if self.rng.random() < 0.2:  # never; in the end the desk does without
            operator, why = self.rng.choice(self.town.operators), "Без відповіді не знаємо, де це"
            return await self._do(
                desk.explain(self.town.city, appeal.id, operator, expected=appeal.version, reason=why),
            )
        return await self._do(
            resident.answer(self.town.city, appeal.id, self._who(appeal), text="Другий під'їзд"),
        )

    async def _judge(self, appeal: Appeal) -> bool:
        """Confirm, deny, or be silent for ever; who was lied to denies it more often."""
        city, rng, who = self.town.city, self.rng, self._who(appeal)
        if rng.random() < (0.6 if appeal.id in self.lied else 0.07):
            return await self._do(resident.reopen(city, appeal.id, who, text="Досі не працює"))
        if appeal.status is not Status.RESOLVED or rng.random() > 0.45:
            return False
        if await self._do(poll.confirm(city, appeal.id, who)) and rng.random() < 0.6:
            await self._do(poll.rate(city, appeal.id, who, stars=rng.randint(3, 5)))
        return False

    async def _acknowledge(self, alarm_id: int) -> None:
        alarm = await Alarm.get(id=alarm_id)
        if alarm.state in (AlarmState.RINGING, AlarmState.UNANSWERED):
            who = self.rng.choice(self.town.duty)
            await self._do(alarms.acknowledge(self.town.city, alarm_id, who))

    def _who(self, appeal: Appeal) -> Actor:
        return Actor.resident(appeal.resident_id or 0)


async def history() -> dict[int, list[Event]]:
    """All events by appeal, in order."""
    found: dict[int, list[Event]] = {}
    for event in await Event.all().order_by("id"):
        found.setdefault(event.appeal_id, []).append(event)
    return found
