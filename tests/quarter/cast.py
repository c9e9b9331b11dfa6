"""Who lives and works in the city of the quarter: people of each post, and what each officer is like."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from itertools import count
from random import Random

from core import clock
from core.actions.actor import Actor
from core.calendars import Calendars
from core.city import City
from core.deadlines import Shift, WorkCalendar
from core.models import Account, Channel, Duty, Post, Staff
from core.workflow import Role
from tests.builders import make_account, make_staff

# How often each category is reported, of a hundred; a burst pipe is urgent.
REPORTED = {
    "water.leak": 12,
    "sewer.blocked": 18,
    "roads.pothole": 16,
    "lighting.street": 14,
    "waste.collection": 14,
    "heat.no_heating": 10,
    "yard.amenities": 8,
    "house.entrance": 8,
}
DISTRICTS = ("metalurhiinyi", "saksahanskyi", "inhuletskyi")
HOLIDAY = date(2026, 3, 25)


class Temper(Enum):
    """Shares of what an officer does with an appeal, and the hours it takes on the median."""

    DILIGENT = (0.02, 0.04, 0.02, 6.0)  # lies, declines, asks for time, hours
    SLOW = (0.05, 0.05, 0.12, 60.0)
    LIAR = (0.55, 0.03, 0.03, 12.0)
    SHIRKER = (0.10, 0.30, 0.10, 30.0)

    @property
    def lies(self) -> float:
        return self.value[0]

    @property
    def declines(self) -> float:
        return self.value[1]

    @property
    def needs_time(self) -> float:
        return self.value[2]

    @property
    def hours(self) -> float:
        return self.value[3]


@dataclass(frozen=True, slots=True)
class Town:
    """The city with everybody in it. Officers, heads and the on-duty by executor."""

    city: City
    residents: tuple[Account, ...]
    operators: tuple[Actor, ...]
    manager: Actor
    officers: dict[str, Actor]
    tempers: dict[str, Temper]
    duty: tuple[Actor, ...]


def with_calendars(city: City) -> City:
    """A holiday for all; one executor works at weekends as well, another in the afternoon alone."""
    of_city = city.calendar(None)
    every_day = (Shift(8 * 60, 20 * 60),)
    weekends = WorkCalendar(of_city.timezone, (every_day,) * 7)
    late = WorkCalendar(of_city.timezone, (*((Shift(12 * 60, 18 * 60),),) * 5, (), ()))
    known = sorted(city.executors)
    own = {known[0]: weekends, "kryvbasvodokanal": weekends, known[-1]: late}
    off = replace(of_city, days_off=of_city.days_off | {HOLIDAY})
    return replace(city, calendars=Calendars(off, own))


async def populate(city: City, rng: Random, residents: int) -> Town:
    """Every executor but one has an officer; half have a head; three portfolios of four a deputy; a mayor.

    All but each seventh have linked a chat.
    """
    numbers = count(1)

    async def person(role: Role, executor: str | None = None, **more: object) -> Staff:
        account = await make_account(Channel.TELEGRAM) if next(numbers) % 7 else None
        return await make_staff(role, executor, account_id=account.id if account else None, **more)

    operators = [await person(Role.OPERATOR) for _ in range(3)]
    manager = await person(Role.MANAGER)
    await person(Role.MANAGER, post=Post.MAYOR)
    portfolios = sorted({row.portfolio for row in city.executors.values()} - {""})
    for portfolio in portfolios[: -(-3 * len(portfolios) // 4)]:
        await person(Role.MANAGER, post=Post.DEPUTY, portfolio=portfolio)
    officers, tempers = {}, {}
    without = sorted(city.executors)[1]
    for number, slug in enumerate(sorted(city.executors)):
        if slug == without:
            continue
        officers[slug] = Actor.staff(await person(Role.EXECUTOR, slug))
        tempers[slug] = rng.choice(list(Temper))
        if number % 2:
            await person(Role.EXECUTOR, slug, post=Post.HEAD)
    on_duty = operators[:2]
    for position, staff in enumerate(on_duty):
        await Duty.create(
            position=position,
            staff_id=staff.id,
            name=staff.name,
            begins_at=clock.now() - timedelta(days=1),
            ends_at=datetime(2027, 1, 1, tzinfo=UTC),
        )
    channels = (Channel.TELEGRAM, Channel.TELEGRAM, Channel.VIBER, Channel.PHONE)
    accounts = [await make_account(channels[number % 4]) for number in range(residents)]
    return Town(
        city=city,
        residents=tuple(accounts),
        operators=tuple(Actor.staff(each) for each in operators),
        manager=Actor.staff(manager),
        officers=officers,
        tempers=tempers,
        duty=tuple(Actor.staff(each) for each in on_duty),
    )
