"""A text made to be slow is understood in a bounded number of steps."""

import pytest

from core.understanding import Understander, house
from core.understanding.normalise import MAX_CHARACTERS
from core.understanding.words import Words

HOSTILE = ["12 під'їзд ", "12 поверх ", "1 до 2 ", "буд. 5 під'їзд 12 "]
LOOKS = 100  # at each number, at most


@pytest.mark.parametrize("piece", HOSTILE)
def test_numbers_are_looked_at_a_bounded_number_of_times(
    understander: Understander, piece: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (piece * 4000)[:4000]
    looks, real = 0, house.counts

    def counted(words: Words, at: int, *ahead: int) -> bool:
        nonlocal looks
        looks += 1
        return real(words, at, *ahead)

    monkeypatch.setattr(house, "counts", counted)
    understander.understand(text)
    numbers = sum(word.isdecimal() for word in text[:MAX_CHARACTERS].split())
    assert looks <= LOOKS * numbers


def test_what_follows_a_number_is_looked_at_a_few_marks_ahead() -> None:
    deepest = 0
    real = Words.is_number

    class Watched(Words):
        def is_number(self, at: int) -> bool:
            nonlocal deepest
            deepest = max(deepest, at)
            return real(self, at)

    house.counts(Watched("12 під'їзд " * 350), 0)
    assert deepest <= 2 * (house.MOST_MARKS + 1)
