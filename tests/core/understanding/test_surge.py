"""Many alike in one area: what is one surge, what is none, whatever order they come in."""

from random import Random

import h3.api.basic_int as h3
from hypothesis import given
from hypothesis import strategies as st

from core.understanding.nearness import cell_at
from core.understanding.surge import Report, Surge, around, coarse, surges, unusual

CENTRE = coarse(cell_at(47.9077, 33.3911))
assert CENTRE is not None
NEAR = sorted(around(CENTRE, 6))


def report(appeal: int, cell: int | None = CENTRE, *people: int, district: str | None = "a") -> Report:
    return Report(appeal, frozenset(people or {appeal}), cell, district)


def steps(count: int) -> int:
    """A cell so many steps away."""
    return int(min(h3.grid_ring(CENTRE, count)))


REPORTS = st.lists(
    st.tuples(
        st.sampled_from(NEAR) | st.none(),
        st.frozensets(st.integers(0, 15), min_size=1, max_size=3),
        st.sampled_from(["a", "b", None]),
    ),
    max_size=40,
).map(lambda rows: [Report(at, people, cell, district) for at, (cell, people, district) in enumerate(rows)])


@given(REPORTS, st.integers(2, 6), st.randoms())
def test_surges_share_nothing_are_large_enough_and_know_no_order(
    reports: list[Report], least: int, chance: Random
) -> None:
    found = surges(reports, least)
    grouped = [one.appeal for surge in found for one in surge.reports]
    assert len(grouped) == len(set(grouped))
    for surge in found:
        assert surge.people >= least
        assert [one.appeal for one in surge.reports] == sorted(one.appeal for one in surge.reports)
        assert surge.area is None or surge.area in surge.cells
    chance.shuffle(reports)
    assert surges(reports, least) == found


@given(REPORTS, st.integers(2, 6))
def test_wherever_enough_report_there_is_a_surge_and_no_second_next_to_it(
    reports: list[Report], least: int
) -> None:
    found = surges(reports, least)
    areas = [surge.cells for surge in found if surge.area is not None]
    for cell in NEAR:
        here = [one for one in reports if one.cell is not None and one.cell in around(cell)]
        if (
            cell in {one.cell for one in here}
            and len(frozenset[int]().union(*(one.people for one in here))) >= least
        ):
            assert any(cell in cells for cells in areas)
    centres = [surge.area for surge in found if surge.area is not None]
    assert not any(other in around(one, 2) for one in centres for other in centres if one != other)


def test_a_surge_on_the_border_of_cells_is_one() -> None:
    beside = steps(1)
    (found,) = surges([report(at, CENTRE if at % 2 else beside) for at in range(8)], 8)
    assert found.people == 8
    assert found.area in {CENTRE, beside}


def test_two_far_apart_are_two() -> None:
    far = [report(at, steps(5)) for at in range(10, 18)]
    found = surges([report(at) for at in range(8)] + far, 8)
    assert [[one.appeal for one in surge.reports] for surge in found] == [[*range(8)], [*range(10, 18)]]


def test_reports_strewn_over_the_city_are_none() -> None:
    assert surges([report(at, cell) for at, cell in enumerate(NEAR[::9])], 8) == []


def test_one_who_reports_many_times_is_one() -> None:
    assert surges([report(at, CENTRE, 7) for at in range(20)], 2) == []
    assert surges([report(at, CENTRE, 7, 8) for at in range(20)], 3) == []


def test_supporters_count_as_much_as_those_who_filed() -> None:
    (found,) = surges([report(1, CENTRE, 1, 2, 3, 4), report(2, CENTRE, 4, 5)], 5)
    assert found.people == 5


def test_without_coordinates_the_district_decides() -> None:
    placed, unplaced = [report(at) for at in range(4)], [report(at, None) for at in range(4, 8)]
    (found,) = surges(placed + unplaced, 4)
    assert len(found.reports) == 8, "the surge in their district takes them in"
    (alone,) = surges(unplaced, 4)
    assert (alone.area, alone.district) == (None, "a")
    assert surges([report(at, None, district="a" if at % 2 else "b") for at in range(6)], 4) == []
    assert surges([report(at, None, district=None) for at in range(6)], 4) == []


def test_the_district_is_where_most_report() -> None:
    reports = [report(at, district="b" if at > 2 else "a") for at in range(8)]
    assert surges(reports, 8) == [Surge(tuple(reports), CENTRE, "b")]


def test_three_times_the_usual_is_unusual() -> None:
    assert unusual(9, 3.0)
    assert not unusual(8, 3.0)
    assert unusual(2, 0.0)
