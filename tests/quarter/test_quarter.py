"""A quarter of a city's life at accelerated time: afterwards each promise is checked from history.

Some weeks by default; ZVERNYS_TEST_QUARTER=5000 lives through a whole quarter with so many appeals.
"""

import logging
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
import structlog

from core import chance, clock
from core.city import City
from core.config import Media
from core.jobs import Desk
from core.media import MediaStore
from tests.core.conftest import Time
from tests.quarter import promises
from tests.quarter.cast import populate, with_calendars
from tests.quarter.chat import chats_heard_of_deadlines
from tests.quarter.crew import crew
from tests.quarter.dailies import daily_lists_were_true
from tests.quarter.deadlines import deadlines_are_those_of_the_rules
from tests.quarter.life import Life
from tests.quarter.living import in_process, live
from tests.quarter.past import Past, past
from tests.quarter.recount import figures_equal_a_recount, lengths_equal_a_recount

APPEALS = int(os.environ.get("ZVERNYS_TEST_QUARTER", "64"))
WHOLE = "ZVERNYS_TEST_QUARTER" in os.environ
KILLS = 40 if WHOLE else 4
# Both have the night in which the clocks change, and a holiday.
BEGINS = datetime(2026, 2, 2, 5, 0, tzinfo=UTC) if WHOLE else datetime(2026, 3, 19, 5, 0, tzinfo=UTC)
FILED, ENDS = (timedelta(days=80), timedelta(days=90)) if WHOLE else (timedelta(days=7), timedelta(days=15))


@pytest.fixture(autouse=True)
def few_words() -> Iterator[None]:
    """What each sweep did would be a hundred thousand lines."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    yield
    structlog.configure(**before)


@pytest.fixture
def rng() -> Iterator[Random]:
    own = Random(20260302)
    with chance.use(Random(7).random):
        yield own


@pytest.fixture
def watch() -> Iterator[Time]:
    time = Time(BEGINS)
    with clock.use(time):
        yield time


async def test_every_promise_is_kept(city: City, watch: Time, rng: Random, tmp_path: Path) -> None:
    city = with_calendars(city)
    life = await _begun(city, rng)
    desk = Desk(city, city.schedule, MediaStore(Media(url=f"file://{tmp_path}/media")), {})
    rounds = await live(life, watch, BEGINS + ENDS, in_process(desk))
    await _kept(await past(life.town, rounds), life)


@pytest.mark.crash
@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_every_promise_is_kept_by_two_processes_of_which_the_leader_is_killed(
    city: City, database: str, watch: Time, rng: Random, folder: Path
) -> None:
    """At random instants of rounds. What happens is the same as if nobody had died."""
    life = await _begun(with_calendars(city), rng)
    deaths = Random(11)
    kills = set(deaths.sample(range(1, int(ENDS.days * 17)), KILLS))
    async with crew(database, folder, kills, deaths) as both:
        rounds = await live(life, watch, BEGINS + ENDS, both.sweep)
        assert both.killed == KILLS
    await _kept(await past(life.town, rounds), life)


async def _begun(city: City, rng: Random) -> Life:
    life = Life(await populate(city, rng, APPEALS // 2), rng)
    life.plan_filings(APPEALS, BEGINS, BEGINS + FILED)
    return life


async def _kept(of: Past, life: Life) -> None:
    """All of them, and that there was something of each kind to keep."""
    assert len(of.appeals) == APPEALS
    found = {
        **await deadlines_are_those_of_the_rules(of),
        "steps": await promises.steps_were_told_once(of),
        **await chats_heard_of_deadlines(of),
        **await daily_lists_were_true(of),
        "asked": await promises.results_were_told_and_asked_once(of),
        "closed": await promises.silence_closed_what_was_answered(of),
        "alarms": await promises.alarms_were_heard_or_passed_on(of),
        **await figures_equal_a_recount(of),
        **await lengths_equal_a_recount(of),
    }
    await promises.no_job_failed()
    print(found, dict(life.did), dict(life.refused))  # noqa: T201 - what the quarter was like
    assert min(found.values()) > 0, found
    happened = ("report", "rework", "reopen", "decline", "need_time", "extend", "confirm", "acknowledge")
    assert all(life.did[each] for each in happened), life.did
