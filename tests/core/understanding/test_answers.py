import pytest

from core.pack import Pack
from core.understanding import Understander
from core.understanding.category import CategoryModel
from tests.core.understanding.halves import halves, rows_of


def given(understander: Understander, text: str) -> str:
    found = understander.answers(text)
    return found[0].answer.slug if found else "-"


def test_a_question_asked_all_day_is_answered(understander: Understander) -> None:
    best, *others = understander.answers("а коли дадуть опалення?")
    assert best.answer.slug == "heating_start"
    assert "+8 °C" in best.answer.uk
    assert best.answer.report == "heat.no_heating"
    assert 0 < best.score <= 1
    assert all(each.score <= best.score for each in others)


@pytest.mark.parametrize(
    "text", ["", "коли закінчиться війна?", "третій день нема опалення, Лермонтова 5", "👍", "сміття"]
)
def test_what_nobody_has_answered_goes_to_a_person(understander: Understander, text: str) -> None:
    assert understander.answers(text) == ()


def test_every_question_of_an_answer_finds_it(understander: Understander, pack: Pack) -> None:
    missed = [
        (answer.slug, question)
        for answer in pack.answers
        for question in answer.questions
        if answer.slug not in [each.answer.slug for each in understander.answers(question)]
    ]
    assert missed == []


@pytest.mark.parametrize("half", ["tuned", "aside"])
def test_how_often_the_answer_is_right(understander: Understander, half: str) -> None:
    """A wrong answer is worse than none."""
    rows = halves("questions.tsv")[half]
    told = [(right, given(understander, text)) for right, text in rows]
    answered = [right == found for right, found in told if right != "-"]
    wrong = sum(found not in ("-", right) for right, found in told)
    print(half, f"right {sum(answered)} of {len(answered)}, wrong {wrong} of {len(rows)}")  # noqa: T201 - the figures, for who asks with -s
    assert len(rows) > 70
    assert sum(answered) / len(answered) >= 0.8
    assert wrong / len(rows) <= 0.03


def test_complaints_are_not_answered_off_hand(understander: Understander) -> None:
    texts = [text for slug, text in rows_of("categories.tsv")]
    assert sum(bool(understander.answers(text)) for text in texts) / len(texts) < 0.03


def test_another_model_reads_the_same_answers(understander: Understander, model: CategoryModel) -> None:
    question = "як оформити субсидію?"
    assert understander.read_by(model).answers(question) == understander.answers(question)
