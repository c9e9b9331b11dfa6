"""Fifty corrections turn a confusion around; a bad batch of them is refused."""

from pathlib import Path

import pytest

from core.learning.judging import Verdict
from core.learning.lessons import Word, lesson
from core.learning.teaching import guesses, path_of, teach, teach_apart
from core.understanding import training
from core.understanding.category import CategoryModel, read_model
from core.understanding.examples import Example
from tests.core.learning.conftest import BASE, SAID, TARADAIKA, examples, words

TRAMS, ROADS, WATER = "transport.service", "roads.pothole", "water.leak"
ASKED = [Example(TRAMS, f"тарадайка стоїть, колеса об яму, {where}") for where in ("Гданцівка", "Саксагань")]


def taught(models: Path, *found: Word, active: str = BASE) -> tuple[str, Verdict]:
    made = lesson(BASE, examples(), found)
    return made.version, teach(made, models, active)


def test_fifty_corrections_turn_a_confusion_around(models: Path, shipped: CategoryModel) -> None:
    assert set(guesses(shipped, ASKED)) == {ROADS}
    version, verdict = taught(models, *words(TARADAIKA, TRAMS, 50))
    assert verdict.accepted
    assert verdict.accuracy_before is not None
    assert verdict.accuracy is not None
    assert verdict.accuracy_before < 0.2
    assert verdict.accuracy > 0.8
    model = read_model(path_of(models, version))
    assert model.version == version
    assert set(guesses(model, ASKED)) == {TRAMS}
    assert guesses(model, examples()) == tuple(row.slug for row in examples())


def test_a_bad_batch_is_refused_by_what_it_breaks(models: Path) -> None:
    """Ten people say that holes in the road are water: by their own words, it is better."""
    version, verdict = taught(models, *words(SAID[ROADS], WATER, 50, people=10))
    assert verdict.better
    assert verdict.harmed == (ROADS,)
    assert not verdict.accepted
    assert verdict.costs[0][:2] == (ROADS, WATER)
    assert not path_of(models, version).exists()


@pytest.mark.parametrize("people", [1, 3])
def test_a_bad_batch_of_few_people_weighs_too_little(models: Path, people: int) -> None:
    _, verdict = taught(models, *words(SAID[ROADS], WATER, 140, people))
    assert not verdict.accepted


def test_a_bad_batch_is_refused_after_a_good_one_too(models: Path) -> None:
    good = words(TARADAIKA, TRAMS, 50)
    active, _ = taught(models, *good)
    _, verdict = taught(models, *good, *words(SAID[ROADS], WATER, 50, people=10), active=active)
    assert verdict.harmed == (ROADS,)


def test_corrections_that_only_confirm_make_nothing_better(models: Path) -> None:
    version, verdict = taught(models, *words(SAID[WATER], WATER, 50))
    assert not verdict.better
    assert verdict.accuracy == verdict.accuracy_before == 1
    assert not path_of(models, version).exists()


def test_the_same_lesson_makes_the_same_model(models: Path, tmp_path: Path) -> None:
    version, _ = taught(models, *words(TARADAIKA, TRAMS, 50))
    taught(tmp_path / "other", *words(TARADAIKA, TRAMS, 50))  # where nothing lies yet
    name = path_of(models, version).name
    assert (models / name).read_bytes() == (tmp_path / "other" / name).read_bytes()


def test_what_is_kept_aside_is_taught_to_nobody(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = lesson(BASE, examples(), words(TARADAIKA, TRAMS, 50))
    real, seen = training.train, []

    def watched(rows: tuple[Example, ...], version: str) -> CategoryModel:
        seen.append({row.text for row in rows})
        return real(rows, version)

    monkeypatch.setattr(training, "train", watched)
    assert teach(made, models, BASE).accepted
    corrections = {row.text for row in made.kept_corrections}
    kept_examples = {row.text for row in made.kept_examples}
    assert len(seen) == 3
    assert not any(texts & corrections for texts in seen)
    assert [bool(texts & kept_examples) for texts in seen] == [True, False, False]


def test_code_that_was_replaced_meanwhile_teaches_nothing(models: Path) -> None:
    made = lesson("0123456789ab", examples(), words(TARADAIKA, TRAMS, 50))
    with pytest.raises(RuntimeError, match="restart"):
        teach(made, models, BASE)


async def test_it_is_taught_in_a_process_of_its_own(models: Path) -> None:
    made = lesson(BASE, examples(), words(TARADAIKA, TRAMS, 50))
    assert (await teach_apart(made, models, BASE)).accepted
    assert read_model(path_of(models, made.version)).version == made.version
