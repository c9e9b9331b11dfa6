"""The kept figures against a full recount in plain SQL; the sweep run twice, late, and by several at once."""

import asyncio
import math
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from core import db
from core.actions import desk as work
from core.actions import executor, poll
from core.actions.resident import reopen
from core.city import City
from core.figures import counting
from core.figures.counting import begin_anew, count_figures
from core.figures.rollups import standing
from core.figures.spans import WIDTH
from core.figures.sums import COUNTS, SLICES, Sums
from core.jobs import Desk, announce_results
from core.models import Event, Fact, Rollup
from core.periods import Period
from core.queries.figures import Only, by, over_time, whole
from core.queries.panel.filters import midnight
from core.queries.sql import select
from core.workflow import Kind, Role, Status, Verb
from tests.builders import make_account, make_appeal
from tests.core.conftest import WATER, Cast, Time
from tests.core.figures.conftest import PERIODS, WHOLE, count
from tests.core.sweeping import counted
from tests.recount import Recount, recount


async def kept() -> dict[str, Any]:
    """All that is counted, but for ids."""
    facts = [{**row, "id": 0} for row in await Fact.all().values()]
    sums = [{**row, "id": 0} for row in await Rollup.all().values()]
    return {"facts": sorted(facts, key=repr), "sums": sorted(sums, key=repr)}


async def truth(period: Period) -> Recount:
    since, until = midnight(period.since, "Europe/Kyiv"), midnight(period.until, "Europe/Kyiv", days=1)
    assert since
    assert until
    return await recount(select, since, until, sqlite=db.is_sqlite())


@pytest.mark.parametrize("period", PERIODS, ids=str)
async def test_figures_equal_a_full_recount(past: City, period: Period) -> None:
    del past
    true = await truth(period)
    found = await whole(period)
    assert {name: found[name] for name in COUNTS} == {name: true.of(name) for name in COUNTS}
    assert found.answered > 20
    assert 0 < found["on_time"] < found.answered
    for divided in ("category", "district", "channel"):
        rows = await by(divided, period)
        for name in COUNTS:
            if name not in ("handed", "begun"):
                true_ones = {
                    key: n
                    for (of, key, what), n in true.counts.items()
                    if (of, what) == (divided, name) and n
                }
                assert {key: row[name] for key, row in rows.items() if row[name]} == true_ones, name
    rows = await by("executor", period)
    for name in ("handed", "answered", "on_time", "rework", "reopened", "solved"):
        true_ones = {
            key: n for (of, key, what), n in true.counts.items() if (of, what) == ("executor", name) and n
        }
        assert {key: row[name] for key, row in rows.items() if row[name]} == true_ones, name


@pytest.mark.parametrize("period", PERIODS, ids=str)
async def test_percentiles_are_those_of_a_full_recount_within_their_width(past: City, period: Period) -> None:
    del past
    true, found = await truth(period), await whole(period)
    for seconds, half, most in (
        (true.to_answer, found.to_answer, found.to_answer_most),
        (true.to_begin, found.to_begin, found.to_begin_most),
    ):
        for share, mine in ((0.5, half), (0.9, most)):
            exact = math.floor(seconds[math.ceil(share * len(seconds)) - 1] / 60 + 1e-6)
            assert mine is not None
            assert exact / WIDTH**0.5 - 1 <= mine <= exact * WIDTH**0.5 + 1


async def test_every_slice_adds_up_to_all(past: City) -> None:
    del past
    everything = await whole(WHOLE)
    for name, parts in SLICES.items():
        if name in ("executor", "category", "district", "channel"):
            sums = Sums()
            for each in (await by(name, WHOLE)).values():
                sums.add(each.sums)
            assert sums == everything.sums
        if len(parts) == 2 and "channel" not in parts:
            first, second = parts
            divided = {key: row.sums for key, row in (await by(first, WHOLE)).items()}
            for key, sums in divided.items():
                rest = await by(second, WHOLE, Only(**{first: (key,)}))
                again = Sums()
                for each in rest.values():
                    again.add(each.sums)
                assert again == sums
    months = await over_time(WHOLE, monthly=True)
    days = await over_time(WHOLE, monthly=False)
    assert list(months) == [date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)]
    assert len(days) == WHOLE.days
    for pieces in (months, days):
        assert sum(row.received for row in pieces.values()) == everything.received


async def test_two_filters_are_one_key(past: City) -> None:
    del past
    rows = await by("category", WHOLE, Only(executor=(WATER,)))
    slug = max(rows, key=lambda each: rows[each].answered)
    both = await whole(WHOLE, Only(executor=(WATER,), category=(slug,)))
    assert both.sums == rows[slug].sums
    assert both.received == both["handed"] > 0
    with pytest.raises(ValueError, match="no sums"):
        await by("district", WHOLE, Only(executor=(WATER,), category=(slug,)))


async def test_thanks_and_consultations_are_only_among_the_kinds(past: City) -> None:
    del past
    kinds = await by("kind", WHOLE)
    assert kinds[Kind.CONSULTATION].received > 0
    rest = sum(row.received for kind, row in kinds.items() if kind not in (Kind.THANKS, Kind.CONSULTATION))
    assert rest == (await whole(WHOLE)).received


async def test_months_are_the_sums_of_their_days(past: City) -> None:
    del past
    _, days = await standing("d", [date(2026, 2, day) for day in range(1, 29)])
    _, months = await standing("m", [date(2026, 2, 1)])
    sums: dict[Any, Sums] = {}
    for (name, _, key), its in days.items():
        sums.setdefault((name, date(2026, 2, 1), key), Sums()).add(its)
    assert sums == months


async def test_counted_again_or_anew_it_is_the_same(past: City, sweeps: Desk, time: Time) -> None:
    del past
    before = await kept()
    assert await count_figures(sweeps) == 0
    time.passes(minutes=1)
    assert await count_figures(sweeps) == 0
    async with db.transaction():
        await begin_anew()
    await count(sweeps)
    assert await kept() == before


async def test_batches_of_any_size_and_several_processes_count_once(
    past: City, sweeps: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    del past
    before = await kept()
    await Fact.all().delete()
    await Rollup.all().delete()
    async with db.transaction():
        await begin_anew()
    monkeypatch.setattr(counting, "BATCH", 37)
    monkeypatch.setattr(counting, "DAYS", 3)
    await asyncio.gather(count(sweeps), count(sweeps), count(sweeps))
    await count(sweeps)
    assert await kept() == before


async def test_many_of_one_day_are_taken_piece_by_piece(
    city: City, cast: Cast, sweeps: Desk, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A piece is written also where the days that it changes wait to be added up already."""
    await count(sweeps)
    monkeypatch.setattr(counting, "BATCH", 2)
    appeals = [await make_appeal(city, cast.account) for _ in range(7)]
    assert await count(sweeps) >= len(appeals)
    assert (await whole(Period(time.now.date(), time.now.date()))).received == len(appeals)


async def test_what_is_known_is_not_reckoned_again(city: City, cast: Cast, sweeps: Desk, time: Time) -> None:
    """The last minutes are looked at again and again, for what was committed late alone."""
    await make_appeal(city, cast.account)
    await count(sweeps)
    time.passes(minutes=1)
    with counted() as sent:
        assert await count(sweeps) == 0
    assert not [sql for sql in sent if "FROM fact" in sql]


async def test_a_long_past_is_followed_in_parts(
    past: City, sweeps: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a standstill: what happened meanwhile is more than one look takes."""
    del past
    before = await kept()
    state = await counting.read_state()
    await Fact.filter(day__gte=date(2026, 2, 1)).delete()
    await counting._keep(replace(state, seen="2026-01-31T12:00:00+00:00"))
    days = [date(2026, 1, 31) + timedelta(days=day) for day in range(60)]
    await Rollup.filter(begins__in=days).delete()
    monkeypatch.setattr(counting, "EVENTS", 40)
    await count(sweeps)
    assert (await kept())["facts"] == before["facts"]


async def test_what_happens_is_counted_by_the_next_sweep(
    city: City, cast: Cast, sweeps: Desk, time: Time
) -> None:
    today = Period(time.now.date(), time.now.date())
    await count(sweeps)
    appeal = await make_appeal(city, cast.account)
    await count(sweeps)
    assert ((await whole(today)).received, (await whole(today)).answered) == (1, 0)
    time.passes(hours=1)
    appeal = await executor.report(city, appeal.id, cast.officer, expected=appeal.version, text="Замінено")
    appeal = await work.resolve(city, appeal.id, cast.operator, expected=appeal.version)
    await announce_results(sweeps)
    await count(sweeps)
    water = (await by("executor", today))[WATER]
    assert (water.received, water.answered, water["asked"], water["judged"]) == (1, 1, 1, 0)
    assert 58 <= (water.to_begin or 0) <= 62
    await poll.confirm(city, appeal.id, cast.resident)
    await poll.rate(city, appeal.id, cast.resident, stars=5)
    await count(sweeps)
    water = (await by("executor", today))[WATER]
    assert (water.confirmed, water.stars, water.response) == (1, 5, 1)
    appeal = await reopen(city, appeal.id, cast.resident, text="Знову тече")
    await count(sweeps)
    water = (await by("executor", today))[WATER]
    assert (water["reopened"], water.confirmed, water.reopening) == (1, 0, 1)


async def test_a_word_said_after_silence_closed_it_is_heard(
    city: City, cast: Cast, sweeps: Desk, time: Time
) -> None:
    today = Period(time.now.date(), time.now.date())
    appeal = await make_appeal(city, cast.account)
    appeal = await work.resolve(city, appeal.id, cast.operator, expected=0, answer="Замінено")
    await announce_results(sweeps)
    time.passes(days=8)
    async with db.transaction():
        await poll.close_silent([appeal])
    await count(sweeps)
    assert (await whole(today))["judged"] == 0
    time.passes(hours=1)
    await poll.confirm(city, appeal.id, cast.resident)
    await count(sweeps)
    assert (await whole(today))["confirmed"] == 1


async def test_another_category_moves_all_that_it_was_counted_under(
    city: City, cast: Cast, sweeps: Desk, time: Time
) -> None:
    today = Period(time.now.date(), time.now.date())
    appeal = await make_appeal(city, cast.account)
    await count(sweeps)
    await work.categorise(city, appeal.id, cast.operator, expected=0, category="roads.pothole")
    await count(sweeps)
    assert list(await by("category", today)) == ["roads.pothole"]
    assert not await Rollup.filter(slice="category", key="water.leak").exists()


async def test_an_event_that_commits_late_is_counted_all_the_same(
    city: City, cast: Cast, sweeps: Desk, time: Time
) -> None:
    """On PostgreSQL a transaction that began before a sweep's look may commit after it."""
    appeal = await make_appeal(city, cast.account)
    happened = time.passes(minutes=1)
    time.passes(minutes=5)
    await count(sweeps)
    late: dict[str, Any] = {
        "role": Role.EXECUTOR,
        "verb": Verb.START,
        "to_status": Status.IN_PROGRESS,
        "data": {},
    }
    await Event.create(appeal_id=appeal.id, at=happened, from_status=Status.ASSIGNED, text="", **late)
    time.passes(minutes=1)
    await count(sweeps)
    assert await Fact.filter(kind="begun").count() == 1


async def test_queries_of_a_batch_are_as_many_however_much_there_is(
    city: City, cast: Cast, sweeps: Desk, time: Time
) -> None:
    del cast
    await count(sweeps)

    async def queries(appeals: int) -> int:
        time.passes(minutes=1)
        for _ in range(appeals):
            await make_appeal(city, await make_account())
        with counted() as heard:
            await count(sweeps)
        return len(heard)

    assert await queries(2) == await queries(20)
