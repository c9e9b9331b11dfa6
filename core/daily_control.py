"""The day's control (SE II.13), told each morning to those whose work it is, in the panel and in the chat.

To operators of the whole city, to an executor's people of what is theirs, to deputy mayors of their
portfolio; on days on which their calendar has work, and not where there is nothing to tell.
"""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from core import clock, db
from core.actions.absences import reached, standing_in
from core.city import City
from core.daily import day_done, day_due
from core.models import Account, Notice, Staff
from core.models.staff import Post
from core.outbox import Message, queue_all
from core.queries.day import Counts, Executors, added, counts
from core.workflow import Role

if TYPE_CHECKING:
    from core.jobs import Desk

NAME = "daily_control"
KIND = "daily"


async def tell_of_the_day(desk: "Desk") -> int:
    """How many people were told. A day that is over is told to nobody: its list would be of another day."""
    city, zone = desk.city, desk.city.pack.timezone
    control = city.settings.control
    day = await day_due(NAME, control.daily_at, zone)
    if day is None:
        return 0
    async with db.transaction():
        if not await day_done(NAME, day) or day < clock.now().astimezone(ZoneInfo(zone)).date():
            return 0
        people = await Staff.filter(active=True).order_by("id")
        found, away = await counts(zone, control.idle_days), await standing_in()
        told = [
            (person, of)
            for person, executors in _recipients(city, people, away, day)
            if any((of := added(found, executors)).values())
        ]
        await _tell(told, day)
    return len(told)


def scope(city: City, person: Staff, stands_in_for: list[Staff]) -> Executors:
    """The executors whose appeals are theirs to control; None for the whole city."""
    if person.role is Role.EXECUTOR:
        return {one.executor_id for one in (person, *stands_in_for) if one.executor_id}
    portfolios = {one.portfolio for one in (person, *stands_in_for) if one.post is Post.DEPUTY}
    if portfolios:
        return {slug for slug, row in city.executors.items() if row.portfolio in portfolios}
    return None


def _recipients(
    city: City, people: list[Staff], away: list[tuple[int, int]], day: date
) -> Iterator[tuple[Staff, Executors]]:
    by_id = {person.id: person for person in people}
    stands_in = [(substitute, absent) for absent, substitute in away]
    for person in people:
        ids = reached({person.id}, stands_in) - {person.id}
        absent = [by_id[one] for one in ids if one in by_id]
        leads = any(one.post is Post.DEPUTY for one in (person, *absent))
        hears = leads or person.role in (Role.OPERATOR, Role.EXECUTOR)
        if hears and city.calendar(person.executor_id).shifts(day):
            yield person, scope(city, person, absent)


async def _tell(told: list[tuple[Staff, Counts]], day: date) -> None:
    mark, now = f"{KIND}:{day}", clock.now()
    notices = [Notice(staff_id=one.id, kind=KIND, dedupe=f"{mark}:{one.id}", at=now) for one, _ in told]
    await Notice.bulk_create(notices, ignore_conflicts=True)
    linked = {one.account_id for one, _ in told} - {None}
    accounts = {row.id: row for row in await Account.filter(id__in=linked)} if linked else {}
    await queue_all(
        [
            Message(
                accounts[one.account_id],
                f"staff.{KIND}",
                _body(one, of),
                dedupe=f"{mark}:account:{one.account_id}",
                held=True,
            )
            for one, of in told
            if one.account_id is not None
        ]
    )


def _body(person: Staff, of: Counts) -> dict[str, Any]:
    return {"counts": {part.value: n for part, n in of.items()}, "officer": person.role is Role.EXECUTOR}
