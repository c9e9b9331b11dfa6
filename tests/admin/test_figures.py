"""Figures in words: lengths of time, what became better or worse, and what is too little to say so."""

import pytest

from admin.figures import MEASURES, Change, length, said
from core.figures.sums import COUNTS, Sums
from core.queries.figures import Figures


def figures(**counts: int) -> Figures:
    return Figures(Sums([counts.get(name, 0) for name in COUNTS]))


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "0 хв"),
        (59, "59 хв"),
        (60, "1 год"),
        (90, "1,5 год"),
        (1440, "24 год"),
        (2 * 1440, "2 дн"),
        (5000, "3,5 дн"),
    ],
)
def test_lengths_are_said_in_their_largest_unit(minutes: float, words: str) -> None:
    assert length(minutes, "uk") == words


@pytest.mark.parametrize(
    ("name", "now", "before", "change"),
    [
        (
            "on_time",
            {"answered": 10, "on_time": 9},
            {"answered": 10, "on_time": 8},
            Change("▲ 10 в. п.", "better"),
        ),
        (
            "on_time",
            {"answered": 10, "on_time": 8},
            {"answered": 10, "on_time": 9},
            Change("▼ 10 в. п.", "worse"),
        ),
        (
            "rework",
            {"answered": 10, "rework": 2},
            {"answered": 10, "rework": 1},
            Change("▲ 10 в. п.", "worse"),
        ),
        ("on_time", {"answered": 9, "on_time": 9}, {"answered": 7, "on_time": 7}, Change("без змін", "same")),
        ("received", {"received": 12}, {"received": 10}, Change("▲ 20%", "")),
        ("received", {"received": 50}, {"received": 10}, Change("▲ ×5", "")),
        ("received", {"received": 5}, {}, None),
        ("on_time", {"answered": 10, "on_time": 9}, {"answered": 4, "on_time": 1}, None),
        ("on_time", {"answered": 4, "on_time": 1}, {"answered": 10, "on_time": 9}, None),
    ],
)
def test_a_change_says_its_way_and_whether_it_is_good(
    name: str, now: dict[str, int], before: dict[str, int], change: Change | None
) -> None:
    assert said(MEASURES[name], figures(**now), "uk", figures(**before)).change == change


def test_a_share_of_few_is_said_as_what_it_is() -> None:
    few = said(MEASURES["on_time"], figures(answered=4, on_time=3), "uk")
    assert (few.words, few.few) == ("3 з 4", True)
    assert said(MEASURES["on_time"], figures(), "uk").words == "—"
