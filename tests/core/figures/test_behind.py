"""The appeals behind each figure are those that it counts, and as many, however one asks and pages."""

from datetime import date, timedelta

import pytest

from core.city import City
from core.figures.spans import shortest
from core.figures.sums import UNCOUNTED
from core.models import Fact
from core.models.control import FactKind
from core.periods import Period
from core.queries.figures import Only, by, whole
from core.queries.figures import behind as behind_module
from core.queries.figures.behind import COUNTED, Place, Row, behind, count
from core.queries.figures.reading import ALL
from tests.core.conftest import WATER
from tests.core.figures.conftest import PERIODS, WHOLE


async def everything(name: str, period: Period, only: Only, least: int | None = None) -> list[Row]:
    """All pages together."""
    found: list[Row] = []
    after: Place | None = None
    while True:
        page = await behind(name, period, only, least=least, after=after)
        found += page.rows
        after = page.more
        if after is None:
            return found
        assert page.rows[-1].place == after


@pytest.fixture(autouse=True)
def _short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(behind_module, "PAGE", 7)


async def test_it_is_as_many_as_the_figure_says(past: City) -> None:
    del past
    for name in COUNTED:
        for period in PERIODS:
            found = await everything(name, period, ALL)
            assert len(found) == count(await whole(period), name), name
            assert len({row.place for row in found}) == len(found)
            assert all(period.since <= row.place.day <= period.until for row in found)
            places = [(row.place.day, row.place.appeal, row.place.fact) for row in found]
            assert places == sorted(places, reverse=True)
        page = await behind(name, WHOLE, ALL)
        assert page.figures is not None
        assert page.figures.sums.counts == (await whole(WHOLE)).sums.counts
        assert page.rows or name == "forwarded", f"the past has none: {name}"


async def test_it_is_the_same_of_each_executor_topic_and_district(past: City) -> None:
    del past
    for what in ("executor", "category", "district", "channel"):
        for slug, figures in (await by(what, WHOLE)).items():
            for name in ("handed", "late", "judged"):
                only = Only(**{what: (slug,)})
                assert len(await everything(name, WHOLE, only)) == count(figures, name), (what, slug, name)


async def test_three_things_together_are_found_though_no_sums_are_kept(past: City) -> None:
    del past
    only = Only(executor=(WATER,), channel=("telegram",), of_kind=("request",))
    found = await everything("answered", WHOLE, only)
    facts = Fact.filter(
        kind=FactKind.ANSWERED, executor=WATER, channel="telegram", of_kind="request", day__gte=WHOLE.since
    )
    assert {row.place.fact for row in found} == {fact.id for fact in await facts}
    assert found
    assert (await behind("answered", WHOLE, only)).figures is None


async def test_thanks_and_consultations_stand_behind_their_own_kind_alone(past: City) -> None:
    del past
    aside = {row.place.appeal for row in await everything("received", WHOLE, Only(of_kind=tuple(UNCOUNTED)))}
    assert aside
    assert not aside & {row.place.appeal for row in await everything("received", WHOLE, ALL)}
    of_water = Only(of_kind=tuple(UNCOUNTED), category=("water.leak",), district=("pokrovskyi",))
    assert all(row.category == "water.leak" for row in await everything("received", WHOLE, of_water))


async def test_what_took_longest_is_at_least_the_tenth_beyond_the_ninetieth_percentile(past: City) -> None:
    del past
    figures = await whole(WHOLE)
    assert figures.to_answer_most is not None
    least = shortest(figures.to_answer_most)
    longest = await everything("answered", WHOLE, ALL, least)
    all_of_them = await everything("answered", WHOLE, ALL)
    assert [row for row in all_of_them if (row.minutes or 0) >= least] == longest
    assert figures.answered / 10 <= len(longest) < figures.answered / 4


async def test_a_place_that_is_gone_is_still_a_place(past: City) -> None:
    del past
    found = await everything("answered", WHOLE, ALL)
    gone = Place(found[9].place.day, found[9].place.appeal, found[9].place.fact + 1)
    assert (await behind("answered", WHOLE, ALL, after=gone)).rows[0] == found[9]
    before = Place(WHOLE.since - timedelta(days=1), 1, 1)
    assert (await behind("answered", WHOLE, ALL, after=before)).rows == ()
    nothing = Period(date(2020, 1, 1), date(2020, 1, 2))
    assert (await behind("answered", nothing, ALL)).rows == ()
