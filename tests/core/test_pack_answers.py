import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from core.importing.checks import check
from core.importing.reading import laid_over
from core.importing.subjects import State, changes
from core.pack import DEFAULT_PACK, AnswerSpec, PackError, load_pack, pack_texts, read_pack
from core.phrases import said

ONE = """
[[answer]]
slug = "lost_keys"
questions = ["загубив ключі, куди йти?", "потерял ключи"]
words = ["ключ", "загуб|потер"]
uk = "До бюро знахідок."
en = "To the lost property office."
category = "other"
report = "house.entrance"
"""


def test_an_answer_is_read_as_it_is_written() -> None:
    assert read_pack(pack_texts() | {"answers.toml": ONE}).answers == (
        AnswerSpec(
            slug="lost_keys",
            questions=("загубив ключі, куди йти?", "потерял ключи"),
            uk="До бюро знахідок.",
            en="To the lost property office.",
            words=("ключ", "загуб|потер"),
            category="other",
            report="house.entrance",
        ),
    )


def test_a_pack_needs_no_answers(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(DEFAULT_PACK, tmp_path / "pack"))
    (folder / "answers.toml").unlink()
    assert load_pack(folder).answers == ()


@pytest.mark.parametrize(
    ("text", "place", "right"),
    [
        (ONE + ONE, "[[answer]] 2", "'lost_keys' stands twice"),
        (ONE.replace("questions =", "asked ="), "[[answer]] 1", "nothing is called asked here"),
        (re.sub("questions = .*", "", ONE), "[[answer]] 1", "`questions` must hold"),
        (re.sub("uk = .*", "", ONE), "[[answer]] 1", "`uk` must be a text"),
        (ONE.replace("загуб|", "(загуб|"), "[[answer]] 1", "beginnings of words"),
        ("answer = 5", "top", "must be a list of tables"),
    ],
)
def test_what_is_wrong_is_refused_with_its_place(text: str, place: str, right: str) -> None:
    with pytest.raises(PackError) as caught:
        read_pack(pack_texts() | {"answers.toml": text})
    assert str(caught.value).startswith(f"answers.toml: {place}: ")
    assert right in str(caught.value)


def test_slugs_fit_into_buttons() -> None:
    text = ONE.replace("lost_keys", "k" * 41)
    with pytest.raises(PackError, match="at most 40 characters"):
        check(laid_over(pack_texts(), {"answers.toml": text}))


def test_an_answer_about_what_the_catalogue_lacks_is_told_and_kept() -> None:
    pack = load_pack()
    fewer = replace(pack, categories=tuple(c for c in pack.categories if c.slug != "order.noise"))
    told = "answers.toml: noise_hours names no category of the catalogue: order.noise"
    assert [said(each, "en") for each in check(fewer)] == [told]


def test_an_import_says_what_changes_and_an_export_brings_them() -> None:
    assert "answers.toml" in pack_texts()
    before = read_pack(pack_texts() | {"answers.toml": ONE})
    after = read_pack(
        pack_texts() | {"answers.toml": ONE.replace("До бюро", "У бюро") + ONE.replace("lost", "old")}
    )
    old, then = (State(pack, [], [], [], pack.rules) for pack in (before, after))
    (difference,) = changes(old, then, {})
    heading, new, changed = difference.lines("en")
    assert heading == "Typical answers: 1 new, 1 changed"
    assert new == "  + old_keys"
    assert changed == "  ~ lost_keys: uk До бюро знахідок. → У бюро знахідок."


def test_the_answers_that_are_shipped_are_whole() -> None:
    pack = load_pack()
    assert len(pack.answers) >= 25
    emergency = {each.number for each in pack.emergency}
    for answer in pack.answers:
        assert len(answer.questions) >= 4, answer.slug
        assert max(len(answer.uk), len(answer.en)) <= 600, answer.slug
        assert "!" not in answer.uk + answer.en, answer.slug
        for text in (answer.uk, answer.en):
            assert set(re.findall(r"(?<!\d)1\d\d(?!\d)", text)) <= emergency, answer.slug
    assert check(pack) == []
