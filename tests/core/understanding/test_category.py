import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.pack import CategorySpec, Pack
from core.understanding import training
from core.understanding.category import CategoryModel, load_model, read_model, write_model
from core.understanding.examples import read_examples

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
    broken = CategoryModel(
        model.version, model.slugs, {"ab": 0}, model.idf, model.weights, model.bias, model.confident
    )
    write_model(broken, file)
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
