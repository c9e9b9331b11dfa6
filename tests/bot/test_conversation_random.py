"""The dialogue under whatever residents may do, in any order, with the server killed in the midst of it."""

import os
from datetime import UTC, datetime
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tortoise.backends.sqlite.client import SqliteClient

from bot.conversation.state import Step
from bot.dialogue import Dialogue
from core import db
from core.actions.actor import Actor
from core.actions.submit import Place
from core.city import City
from core.config import Limits, Media, Schedule
from core.jobs import Desk
from core.media import Links, MediaStore
from core.models import Appeal, Channel, Staff
from core.workflow import OPEN, Role
from tests.bot.events import events
from tests.bot.raw_updates import Event
from tests.bot.wandering import PARSE, Fuse, Wanderer, World
from tests.builders import make_account, make_appeal, make_staff
from tests.core.conftest import Time

# One example is a few residents with a sequence of events each. More: ZVERNYS_TEST_SEQUENCES=5000.
PEOPLE = 4
SEQUENCES = int(os.environ.get("ZVERNYS_TEST_SEQUENCES", "200"))
CHATS = st.sampled_from([Channel.TELEGRAM, Channel.VIBER])
SETTINGS = settings(
    max_examples=SEQUENCES // PEOPLE,
    deadline=None,
    derandomize="ZVERNYS_TEST_SEQUENCES" not in os.environ,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
PERSON = st.lists(events(), min_size=6, max_size=20)
BEGINNING = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
LEFT_BEHIND = """attachment event survey supporter notice outbox inbox conversation link_code appeal
account resident counter""".split()  # noqa: SIM905 - read as a list of tables
FOREIGN = "вул. Мусоргського, 77"


@pytest.fixture
def fuse(monkeypatch: pytest.MonkeyPatch) -> Fuse:
    """Burns at each statement; and the database need not survive a power cut: that makes it faster."""
    fuse, careful = Fuse(), db._sqlite

    def careless(url: str, *, foreign_keys: bool) -> dict[str, Any]:
        found = careful(url, foreign_keys=foreign_keys)
        found["credentials"] |= {"synchronous": "OFF", "journal_mode": "MEMORY"}
        return found

    monkeypatch.setattr(db, "_sqlite", careless)
    for name in ("execute_query", "execute_query_dict", "execute_insert", "execute_many"):
        monkeypatch.setattr(SqliteClient, name, _burning(fuse, getattr(SqliteClient, name)))
    return fuse


def _burning(fuse: Fuse, execute: Any) -> Any:
    async def burning(self: SqliteClient, *arguments: Any) -> Any:
        fuse.burn()
        return await execute(self, *arguments)

    return burning


@pytest.fixture
async def world(fuse: Fuse, city: City, time: Time, tmp_path: Path) -> World:
    media = Media(url=f"file://{tmp_path}/media")

    def dialogue() -> Dialogue:
        links = Links("s" * 40, "http://127.0.0.1:1")
        return Dialogue(city, PARSE, media=media, limits=Limits(), links=links, schedule=Schedule())

    operator = Actor.staff(await make_staff())
    return World(city, dialogue, operator, Desk(city, Schedule(), MediaStore(media), {}), time, fuse)


async def _begin(world: World) -> int:
    """Nobody and nothing is there but an appeal that none of the residents has to do with; its id."""
    await db.connection().execute_script(
        "PRAGMA foreign_keys=OFF;" + "".join(f"DELETE FROM {each};" for each in LEFT_BEHIND)
    )
    world.time.now = BEGINNING
    place = Place(address=FOREIGN, district="saksahanskyi")
    return (await make_appeal(world.city, await make_account(), category="roads.pothole", place=place)).id


async def _officer() -> int:
    """Who works on leaks; the one who made the last example is not linked any more."""
    await Staff.filter(role=Role.EXECUTOR).delete()
    return (await make_staff(Role.EXECUTOR, "kryvbasvodokanal")).id


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@SETTINGS
@given(
    people=st.lists(
        st.tuples(st.sampled_from([Channel.TELEGRAM, Channel.VIBER]), PERSON),
        min_size=PEOPLE,
        max_size=PEOPLE,
    )
)
async def test_whatever_is_done_is_answered(world: World, people: list[tuple[Channel, list[Event]]]) -> None:
    foreign = await _begin(world)
    before = await Appeal.filter(id=foreign).values()
    buttons = [
        f"{action}:{foreign}"
        for action in (
            *("appeal", "yes", "no", "answer", "withdraw", "photos", "nudge"),
            *("take", "done", "more_time", "not_ours", "task", "shots"),
        )
    ]
    wanderers = [
        Wanderer(channel, str(number), list(buttons)) for number, (channel, _) in enumerate(people, 1)
    ]
    wanderers[0].works = await _officer()
    for round_ in zip_longest(*(done for _, done in people)):  # one after the other, as they come
        for who, event in zip(wanderers, round_, strict=True):
            if event is not None:
                await world.happens(who, event)
    world.time.passes(minutes=2)
    for who in wanderers:
        await _finds_the_way_out(world, who)
    assert await Appeal.filter(id=foreign).values() == before, "what is another's stays as it is"


async def _finds_the_way_out(world: World, who: Wanderer) -> None:
    """«меню» shows the menu wherever they are; «скасувати» ends what is open, and nothing that was sent."""
    assert "bot.help" in await world.does(who, Event("words", "меню"))
    account = await who.account()
    assert account is not None
    filed = Appeal.filter(resident_id=account.resident_id)
    before = await filed.count(), await filed.filter(status__in=list(OPEN)).count()
    for _ in range(3):
        if (await who.state()).step is not Step.IDLE:
            await world.does(who, Event("words", "скасувати"))
    state = await who.state()
    assert (state.step, state.draft, state.later) == (Step.IDLE, None, [])
    assert (await filed.count(), await filed.filter(status__in=list(OPEN)).count()) == before
