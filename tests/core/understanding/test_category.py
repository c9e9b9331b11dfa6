import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.pack import CategorySpec, Pack
from core.understanding import training
from core.understanding.category import CategoryModel, load_model, model_of, read_model, write_model
from core.understanding.examples import Example, read_dangers, read_examples

WATER = CategorySpec("water", "g", "Немає води", "No water", 24, urgent=False, executor_kind="k")
LIGHT = CategorySpec(
    "light", "g", "Вуличне освітлення", "Street lighting", 24, urgent=False, executor_kind="k"
)
LIFT = CategorySpec("lift", "g", "Не працює ліфт", "Lift out of order", 24, urgent=False, executor_kind="k")
SMALL = (WATER, LIGHT, LIFT)


@pytest.fixture
def examples(tmp_path: Path) -> Path:
    """Two categories with examples, the third with none."""
    folder = tmp_path / "examples"
    folder.mkdir()
    (folder / "water.txt").write_text(
        "# examples of ours\n\nводи нема з ранку\nнет воды третий день\nкрани сухі\nvody nema\nнапору нема\n",
        "utf-8",
    )
    (folder / "light.txt").write_text(
        "темно на вулиці\nліхтар не горить\nфонари не светят\nlikhtari ne horiat\nлампа блимає\n", "utf-8"
    )
    return folder


def test_examples_are_lines_without_comments_and_names_count(examples: Path) -> None:
    rows = [row.text for row in read_examples(examples, SMALL) if row.slug == "water"]
    assert rows[:3] == ["Немає води", "No water", "води нема з ранку"]
    assert len(rows) == 7


def test_a_category_without_examples_is_known_by_its_names(examples: Path, tmp_path: Path) -> None:
    model = load_model(tmp_path, SMALL, examples)
    assert model.guess("ліфт не працює")[0].slug == "lift"
    assert model.guess("нема води")[0].slug == "water"


def test_a_model_is_trained_once_and_then_read(
    examples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = load_model(tmp_path, SMALL, examples)
    monkeypatch.setattr(training, "train", None)
    again = load_model(tmp_path, SMALL, examples)
    assert again.version == first.version
    np.testing.assert_array_equal(again.scores("темно"), first.scores("темно"))


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 no longer a model", None])
def test_a_damaged_file_is_trained_anew(examples: Path, tmp_path: Path, damage: bytes | None) -> None:
    first = load_model(tmp_path, SMALL, examples)
    (file,) = tmp_path.glob("category-*.npz")
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 2] if damage is None else damage)
    assert load_model(tmp_path, SMALL, examples).version == first.version
    assert file.read_bytes() == content, "training is deterministic"


def test_one_more_example_makes_another_version(examples: Path, tmp_path: Path) -> None:
    before = load_model(tmp_path, SMALL, examples)
    with (examples / "light.txt").open("a", encoding="utf-8") as file:
        file.write("стовп без лампи\n")
    assert load_model(tmp_path, SMALL, examples).version != before.version


def test_what_is_kept_aside_is_not_learned_and_corrections_are(examples: Path, tmp_path: Path) -> None:
    rows = read_examples(examples, SMALL)
    aside = {row for row in rows if "ліхтар" in row.text}
    assert (
        model_of(rows, tmp_path, aside).version
        == model_of([row for row in rows if row not in aside], tmp_path).version
    )
    corrected = model_of([*rows, Example("lift", "кабіна гуде", weight=3.0)], tmp_path)
    assert corrected.guess("кабіна гуде")[0].slug == "lift"


def test_a_failed_write_leaves_nothing_behind(
    examples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = load_model(tmp_path / "one", SMALL, examples)

    def fail(*_: object, **__: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(np, "savez", fail)
    with pytest.raises(OSError, match="no space"):
        write_model(model, tmp_path / "two" / "model.npz")
    assert not list((tmp_path / "two").iterdir())


def test_arrays_that_do_not_fit_are_refused(examples: Path, tmp_path: Path) -> None:
    model = load_model(tmp_path, SMALL, examples)
    (file,) = tmp_path.glob("category-*.npz")
    write_model(replace(model, vocabulary={"ab": 0}), file)
    with pytest.raises(ValueError, match="do not fit"):
        read_model(file)


@pytest.mark.parametrize("text", ["", "   \n", "\u200b\x00"])
def test_a_blank_text_is_about_nothing(model: CategoryModel, text: str) -> None:
    assert model.guess(text) == ()


@given(st.text(min_size=1))
def test_scores_are_probabilities(model: CategoryModel, text: str) -> None:
    scores = model.scores(text)
    assert scores.shape == (len(model.slugs),)
    assert abs(float(scores.sum()) - 1) < 1e-4
    guesses = model.guess(text)
    assert [guess.score for guess in guesses] == sorted((guess.score for guess in guesses), reverse=True)


def test_the_deciding_words_are_those_of_the_text(model: CategoryModel) -> None:
    text = "Добрий день! У під'їзді ЛІФТ застряг, дякую."
    assert model.deciding(text, "house.lift")[0] == "ЛІФТ"
    assert "дякую" in model.deciding(text, "thanks")
    assert all(word in text for slug in model.slugs for word in model.deciding(text, slug))
    assert model.deciding("", "house.lift") == ()


def test_a_vector_has_a_length_of_one(model: CategoryModel) -> None:
    vector = model.vector("прорвало трубу, прорвало!")
    assert sum(value * value for value in vector.values()) == pytest.approx(1, abs=1e-5)
    assert model.vector("") == {}


def test_danger_is_heard_in_other_words_than_the_tables(model: CategoryModel) -> None:
    assert model.read("хлопця придавило воротами, стогне, рятуйте!!")[1] > 0
    assert model.read("коли відкриють басейн, хочемо записати дитину")[1] < -0.4
    assert model.alarming("Добрий день, хлопця придавило воротами, кричить!!")


def test_dangers_are_texts_that_somebody_looked_at() -> None:
    told = read_dangers()
    assert min(sum(told.values()), sum(not value for value in told.values())) > 300
    assert all(text == text.strip() and text for text in told)


def test_every_category_of_the_catalogue_can_be_guessed(model: CategoryModel, pack: Pack) -> None:
    assert model.slugs == tuple(category.slug for category in pack.categories)
    for category in pack.categories:
        assert category.slug in {guess.slug for guess in model.guess(category.uk)}


def test_reading_a_model_needs_no_scikit_learn(model_cache: Path, model: CategoryModel) -> None:
    """Its import costs a second and a hundred megabytes."""
    code = (
        "import sys; from pathlib import Path; from core.pack import load_pack\n"
        "from core.understanding import Understander\n"
        f"found = Understander.load(load_pack(), Path({str(model_cache)!r})).understand('нема води')\n"
        f"assert found.model_version == {model.version!r}\n"
        "sys.exit('sklearn' in sys.modules)"
    )
    root = Path(__file__).parents[3]
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0
