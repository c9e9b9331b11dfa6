"""The seed's past is one that the workflow, the actions and the sweeps could have made."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from bot.notices import compose
from core import clock, commands, config, db, jobs, scheduler
from core import seed as seeding
from core.actions import notify
from core.auth import Browser, sign_in
from core.city import City
from core.media import MediaStore
from core.models import Account, Appeal, Attachment, Event, Outbox, OutboxState, Survey
from core.seed import seed
from core.seed.demo import APPEALS
from core.seed.phrases import Phrases, load_phrases
from core.seed.plan import REACHED
from core.workflow import CLOCK_STOPS, OPEN, TRANSITIONS, Status, Verb, allows, may
from tests.builders import make_appeal, make_staff

one_engine = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # what is told is the same
NOW = datetime(2026, 3, 17, 9, 30, tzinfo=UTC)  # a Tuesday, with a year's end in the ninety days before


@pytest.fixture(scope="session")
def placeless() -> dict[str, bool]:
    """Which of the texts name no place."""
    return {}


@pytest.fixture(autouse=True)
def texts_read_once(monkeypatch: pytest.MonkeyPatch, placeless: dict[str, bool]) -> None:
    """Reading the texts takes most of a small seed's time, and says the same each time."""

    def known(city: City, rng: Random) -> Phrases:
        return replace(load_phrases(city, rng), _placeless=placeless)

    monkeypatch.setattr(seeding, "load_phrases", known)


@pytest.fixture
def media(tmp_path: Path) -> MediaStore:
    return MediaStore(config.Media(url=f"file://{tmp_path}/media"))


@pytest.fixture
async def past(city: City, media: MediaStore) -> City:
    """Two hundred appeals, as the demo has them."""
    await make_staff()
    await seed(city, media, 200, until=NOW)
    return city


@one_engine
async def test_histories_follow_the_workflow(past: City) -> None:
    del past
    appeals = {appeal.id: appeal for appeal in await Appeal.all()}
    assert len(appeals) == 200
    standing: dict[int, Status] = {}
    last: dict[int, Event] = {}
    asked_from: dict[int, Status] = {}
    for event in await Event.all().order_by("id"):
        before = standing.get(event.appeal_id)
        assert may(event.verb, event.role)
        if before is None:
            assert (event.verb, event.to_status) == (Verb.SUBMIT, Status.REGISTERED)
        else:
            assert allows(event.verb, before), (event.verb, before)
            answered = asked_from.get(event.appeal_id, before) if event.verb is Verb.ANSWER else before
            assert event.to_status is (TRANSITIONS[event.verb][1] or answered)
            assert last[event.appeal_id].at <= event.at <= NOW
        assert event.from_status is before
        if event.verb is Verb.ASK and before is not None:
            asked_from[event.appeal_id] = before
        standing[event.appeal_id] = event.to_status
        last[event.appeal_id] = event
    for appeal in appeals.values():
        assert appeal.status is standing[appeal.id]
        assert appeal.open is (appeal.status in OPEN)
        assert appeal.updated_at == last[appeal.id].at
        assert (appeal.due_at is None) is (appeal.status in CLOCK_STOPS)
        assert (appeal.executor_id is None) is (appeal.triage or appeal.category_id == "thanks")


@one_engine
async def test_a_small_city_has_work_in_every_status(past: City) -> None:
    statuses = [appeal.status for appeal in await Appeal.all()]
    assert set(statuses) == set(REACHED)
    assert 45 <= sum(status in OPEN for status in statuses) <= 90
    assert await Appeal.filter(open=True, due_at__lt=NOW).exists()
    assert await Attachment.all().count() > 24
    for appeal in await Appeal.filter(lat__isnull=False):
        assert appeal.lat is not None
        assert appeal.lon is not None
        assert past.understander.district_at(appeal.lat, appeal.lon) == appeal.district_id


async def test_the_sweeps_find_nothing_to_do(past: City, media: MediaStore) -> None:
    desk = jobs.Desk(past, past.schedule, media, {})
    with clock.use(lambda: NOW):
        sweeps = set(scheduler.SWEEPS) - {"daily_control", "count_figures"}  # tell of each day, and count it
        found = {name: await scheduler.run(name, desk) for name in sweeps}
    assert not any(found.values()), found
    assert not await Outbox.filter(state=OutboxState.PENDING).exists()
    told = Outbox.filter(kind="resolved")
    assert await told.count() == await Survey.all().count()
    assert await Survey.filter(stars__isnull=False).exists()
    assert await Survey.filter(solved=False).exclude(words="").exists()


@one_engine
async def test_letters_are_what_the_actions_would_have_queued(past: City) -> None:
    del past
    appeal = await Appeal.all().order_by("-id").first()
    assert appeal is not None
    facts = notify.facts(appeal)
    for letter in await Outbox.all():
        assert facts.keys() <= letter.body.keys()
        assert letter.body["appeal"] == letter.appeal_id
        assert compose(letter.kind, letter.body).lines


@one_engine
async def test_what_was_not_delivered_says_why(city: City, media: MediaStore) -> None:
    await seed(city, media, 700, until=NOW)
    failed = await Outbox.filter(state=OutboxState.FAILED).select_related("account")
    assert 0 < len(failed) < 70
    assert all(letter.error and not letter.account.reachable for letter in failed)
    assert await Account.filter(reachable=False).exclude(unreachable_why="").exists()


async def test_numbers_go_on_without_a_gap(past: City) -> None:
    numbers = sorted(appeal.number for appeal in await Appeal.all())
    for year in ("25", "26"):
        of_year = [number for number in numbers if number.startswith(year)]
        assert of_year == [f"{year}-{position:06d}" for position in range(1, len(of_year) + 1)]
    with clock.use(lambda: NOW + timedelta(minutes=1)):
        appeal = await make_appeal(past)
    assert appeal.number == f"26-{int(numbers[-1][3:]) + 1:06d}"
    assert await Event.filter(appeal_id=appeal.id).count() == 2


@one_engine
async def test_the_same_seed_makes_the_same_past(city: City, media: MediaStore) -> None:
    heard: list[int] = []
    for number in (1, 1, 2):
        await seed(city, media, 60, seed=number, until=NOW, progress=heard.append)
    told = [(row.text, row.status, row.created_at, row.due_at) for row in await Appeal.all().order_by("id")]
    assert told[:60] == told[60:120] != told[120:]
    assert heard == [60, 60, 60]


async def test_the_demo_keeps_what_it_has(database_url: str, folder: Path) -> None:
    settings = config.load(
        server={"data": str(folder)}, database={"url": database_url}, media={"url": f"file://{folder}/media"}
    )
    first = await commands.seed_demo(settings)
    assert first == await commands.seed_demo(settings)
    async with db.connect(database_url):
        assert await Appeal.all().count() == APPEALS
        login, password, what = first[0]
        assert what == "administrator"
        assert (await sign_in(login, password, Browser("127.0.0.1", "a browser"), hours=1)).session
