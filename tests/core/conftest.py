"""What the core's tests share: a clock of their own, a cast, and short looks at what was queued."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import structlog

from core import clock
from core.actions import executor
from core.actions.actor import Actor
from core.city import City
from core.config import Media, Schedule
from core.jobs import Desk
from core.media import MediaStore
from core.models import Account, Appeal, Event, Notice, Outbox, Staff
from core.workflow import Role
from tests.builders import make_account, make_appeal, make_staff

WATER, GAS = "kryvbasvodokanal", "gas_networks"
WORDS = "Замінено 4 м труби"


@pytest.fixture(autouse=True, scope="session")
def plain_log() -> None:
    """Without the pictures of tracebacks that structlog draws by default: they take a second each."""
    structlog.configure(
        processors=[structlog.processors.format_exc_info, structlog.processors.KeyValueRenderer()]
    )


class Time:
    """A clock that stands still until it is told to go on."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **amount: float) -> datetime:
        self.now += timedelta(**amount)
        return self.now


@pytest.fixture
def time() -> Iterator[Time]:
    """A Monday morning, ten o'clock in Kyiv, in winter time."""
    watch = Time(datetime(2026, 3, 2, 8, 0, tzinfo=UTC))
    with clock.use(watch):
        yield watch


@dataclass(frozen=True)
class Cast:
    """Людмила files, Олена is at the desk, Іван is the water utility's officer, Ганна the gas network's."""

    account: Account
    resident: Actor
    stranger: Actor
    operator: Actor
    officer: Actor
    other_officer: Actor
    desk: Staff
    water: Staff
    gas: Staff


@pytest.fixture
async def cast(city: City) -> Cast:
    del city  # officers belong to its executors
    account, stranger = await make_account(), await make_account()
    desk = await make_staff(Role.OPERATOR)
    water, gas = await make_staff(Role.EXECUTOR, WATER), await make_staff(Role.EXECUTOR, GAS)
    return Cast(
        account=account,
        resident=Actor.resident(account.resident_id),
        stranger=Actor.resident(stranger.resident_id),
        operator=Actor.staff(desk),
        officer=Actor.staff(water),
        other_officer=Actor.staff(gas),
        desk=desk,
        water=water,
        gas=gas,
    )


async def last_event(appeal: Appeal) -> Event:
    event = await Event.filter(appeal_id=appeal.id).order_by("-id").first()
    assert event is not None
    return event


async def reported(city: City, cast: Cast) -> Appeal:
    """An appeal that waits for the desk's check."""
    appeal = await make_appeal(city, cast.account)
    return await executor.report(city, appeal.id, cast.officer, expected=0, text=WORDS)


async def queued(appeal_id: int | None = None) -> list[str]:
    """Kinds of the messages queued, in order."""
    rows = Outbox.all() if appeal_id is None else Outbox.filter(appeal_id=appeal_id)
    return [row.kind for row in await rows.order_by("id")]


async def noticed(staff: Staff) -> list[str]:
    """Kinds of what a member of staff is told in the panel, in order."""
    return [row.kind for row in await Notice.filter(staff_id=staff.id).order_by("id")]


@pytest.fixture
def sweeps(city: City, tmp_path: Path) -> Desk:
    schedule = Schedule(close_after_days=7, poll_reminder_days=2, draft_days=7, pre_alarm_share=0.8)
    return Desk(
        city=replace(city, schedule=schedule),
        schedule=schedule,
        media=MediaStore(Media(url=f"file://{tmp_path}/media")),
        fetchers={},
    )
