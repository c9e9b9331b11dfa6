from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.understanding.normalise import fold, is_transliterated, normalise, tokens

TEXTS = st.text(
    st.characters(codec="utf-8", categories=None) | st.sampled_from("абвгґєіїйщьюяёыэ'’ʼ\u200b\u202e\x00 ")
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  Під’їзд\n№ 3 ", "під'їзд № 3"),
        ("підʼїзд під`їзд під‘їзд", "під'їзд під'їзд під'їзд"),
        ("прор\u200bва\u202eло\x00", "прорвало"),
        ("алооооо ааа!!!", "ало а!!!"),
        ("1000 і 5555", "1000 і 5555"),
        ("и\u0306од", "йод"),
    ],
)
def test_what_was_not_said_is_dropped(text: str, expected: str) -> None:
    assert normalise(text) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("під'їзд", "подъезд"[:0] + "підїзд"),
        ("мусорський", "мусорский"),
        ("водій", "водий"),
        ("ліхтарі", "likhtari"),
        ("чому не працює", "4omu ne pratsyuye"),
        ("пiдвал", "підвал"),  # a Latin i
        ("вулиця", "vulytsia"),
        ("щодня", "shchodnya"),
    ],
)
def test_spellings_of_one_word_fall_together(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("vody nema", True), ("вода techе", False), ("нема wi-fi", False), ("12 / 3", False), ("", False)],
)
def test_transliteration_is_a_matter_of_the_whole_text(text: str, *, expected: bool) -> None:
    assert is_transliterated(text) is expected


def test_tokens_keep_their_places() -> None:
    text = "На «Соборності», 12\u200b-а!"
    assert [text[token.start : token.end] for token in tokens(text)] == ["На", "Соборності", "12\u200b", "а"]
    assert [token.folded for token in tokens(text)] == ["на", "соборности", "12", "а"]


@given(TEXTS)
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(TEXTS)
def test_any_text_has_tokens_within_it(text: str) -> None:
    found = tokens(text)
    assert all(0 <= token.start < token.end <= len(text) and token.folded for token in found)
    assert all(left.end <= right.start for left, right in pairwise(found))
