"""How much each word counts, and what is kept aside."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.learning.lessons import DESK_CAP, HALF_LIFE, KEPT, RESIDENT_CAP, Word, kept_aside, lesson, weigh
from core.understanding.examples import Example
from tests.core.learning.conftest import BASE, EXAMPLES, NOW, SAID, TARADAIKA, examples, words

WORD = Word("тече вода", "water.leak", 1, desk=True, at=NOW)
some_words = st.lists(
    st.builds(
        Word,
        text=st.text(min_size=1, max_size=20),
        slug=st.sampled_from(["water.leak", "roads.pothole"]),
        person=st.sampled_from([None, 1, 2, 3]),
        desk=st.booleans(),
        at=st.integers(0, 2000).map(lambda days: NOW - timedelta(days=days)),
    ),
    max_size=60,
)


def weights(*found: Word, examples: float = 1e6) -> list[float]:
    return [row.weight for row in weigh(found, examples)]


def test_recent_words_weigh_more_and_the_desks_more_than_a_residents() -> None:
    old = replace(WORD, at=NOW - HALF_LIFE)
    resident = replace(WORD, desk=False)
    fresh, halved, residents = weights(WORD, old, resident)
    assert halved == pytest.approx(fresh / 2)
    assert 0 < residents < fresh


def test_time_that_passes_alone_changes_nothing() -> None:
    later = [replace(word, at=word.at + timedelta(days=400)) for word in words(TARADAIKA, "water.leak")]
    before = lesson(BASE, examples(), words(TARADAIKA, "water.leak"))
    assert lesson(BASE, examples(), later) == before


@given(some_words)
def test_nobody_weighs_more_than_their_cap(found: list[Word]) -> None:
    rows = weigh(found, 100)
    for desk, cap in ((True, 100 * DESK_CAP), (False, 100 * RESIDENT_CAP)):
        for person in {word.person for word in found}:
            whole = sum(
                row.weight
                for word, row in zip(found, rows, strict=True)
                if (word.desk, word.person) == (desk, person)
            )
            assert whole <= cap + 1e-4
    assert all(row.weight >= 0 for row in rows)


@given(some_words, st.randoms())
def test_a_lesson_is_the_same_in_whatever_order_its_words_come(found: list[Word], random: object) -> None:
    shuffled = list(found)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert lesson(BASE, examples(), shuffled) == lesson(BASE, examples(), found)


@given(some_words)
def test_a_text_is_taught_or_kept_aside_never_both(found: list[Word]) -> None:
    made = lesson(BASE, examples(), found)
    assert not {row.text for row in made.corrections} & {row.text for row in made.kept_corrections}
    assert len(made.corrections) + len(made.kept_corrections) == len(found)


def test_a_text_stays_on_its_side_whatever_else_is_said() -> None:
    few, many = words(TARADAIKA, "water.leak", 10), words(TARADAIKA, "water.leak", 50)
    kept = {row.text for row in lesson(BASE, examples(), few).kept_corrections}
    assert kept == {word.text for word in few if kept_aside(word.text)}
    assert kept <= {row.text for row in lesson(BASE, examples(), many).kept_corrections}
    assert kept_aside("Тече  ВОДА") == kept_aside("тече вода")


def test_about_one_in_five_is_kept_aside() -> None:
    kept = sum(kept_aside(f"скарга номер {number}") for number in range(2000))
    assert abs(kept - 2000 / KEPT) < 100


def test_the_same_share_of_every_category_is_rehearsed_without_but_never_its_names() -> None:
    names = (Example("new.kind", "Нове"), Example("new.kind", "New"))
    made = lesson(BASE, (*examples(), *names), [])
    kept = [row.slug for row in made.kept_examples]
    assert {slug: kept.count(slug) for slug in kept} == dict.fromkeys(SAID, EXAMPLES // KEPT)
    assert set(made.kept_examples) < set(made.examples)


def test_another_word_is_another_version_of_the_same_base() -> None:
    one, two = (lesson(BASE, examples(), [replace(WORD, slug=slug)]) for slug in ("water.leak", "other"))
    assert one.version != two.version
    assert one.version.startswith(f"{BASE}-")
    assert len(one.version) <= 32  # the column of an appeal
