"""When one model is better than another, and when corrections break what examples teach."""

import pytest

from core.learning.judging import harmed, judge
from core.understanding.examples import Example

A, B = "water.leak", "roads.pothole"


def rows(number: int, slug: str = A, weight: float = 1.0) -> list[Example]:
    return [Example(slug, f"текст {at}", weight) for at in range(number)]


@pytest.mark.parametrize(
    ("fixed", "broken", "better"),
    [
        pytest.param(4, 0, False, id="four-may-be-chance"),
        pytest.param(5, 0, True, id="five-are-not"),
        pytest.param(0, 0, False, id="as-good-is-not-better"),
        pytest.param(9, 2, True, id="nine-outweigh-two"),
        pytest.param(9, 3, False, id="but-not-three"),
        pytest.param(0, 9, False, id="worse"),
    ],
)
def test_a_model_is_better_where_that_is_no_chance(fixed: int, broken: int, *, better: bool) -> None:
    kept = rows(fixed + broken + 30)
    before = [B] * fixed + [A] * broken + [A] * 30
    after = [A] * fixed + [B] * broken + [A] * 30
    verdict = judge(kept, before, after)
    assert verdict.better is better
    assert verdict.costs == (((A, B, broken),) if broken else ())


def test_accuracy_is_a_share_by_weight() -> None:
    verdict = judge([*rows(1, weight=3), *rows(1, weight=1)], [A, B], [B, A])
    assert (verdict.accuracy_before, verdict.accuracy) == (0.75, 0.25)


def test_nothing_kept_aside_proves_nothing() -> None:
    verdict = judge([], [], [])
    assert (verdict.accuracy, verdict.accuracy_before, verdict.accepted) == (None, None, False)


def test_one_weighty_row_does_not_outweigh_what_many_say() -> None:
    kept = [*rows(1, weight=50), *rows(10)]
    assert not judge(kept, [B] * 11, [A] * 11).better


def test_a_category_whose_examples_are_forgotten_is_named() -> None:
    kept = [*rows(10), *rows(90, B)]
    assert harmed(kept, [A] * 10 + [B] * 90, [B] * 6 + [A] * 4 + [B] * 90) == (A,)
    assert harmed(kept, [A] * 10 + [B] * 90, [B] * 4 + [A] * 6 + [B] * 90) == ()


def test_a_little_harm_everywhere_is_harm() -> None:
    slugs = ["one", "two", "three", "four"]
    kept = [row for slug in slugs for row in rows(10, slug)]
    before = [row.slug for row in kept]
    after = [B if at % 5 == 0 else slug for at, slug in enumerate(before)]
    assert harmed(kept, before, after) == tuple(sorted(slugs))
