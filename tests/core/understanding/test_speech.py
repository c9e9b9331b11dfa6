import re
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.understanding import Speech, Understander, is_addition, speech_of, statutory_of
from core.understanding.speech import TABLE
from core.workflow import STATUTORY, Kind
from tests.core.understanding.halves import halves, rows_of, texts_of


@pytest.mark.parametrize(
    ("text", "speech"),
    [
        ("чому нема води на Соборності 12?", Speech.REPORT),
        ("коли полагодите ліфт?", Speech.REPORT),
        ("скільки можна терпіти ями?", Speech.REPORT),
        ("козли, третій день без води сидимо", Speech.REPORT),
        ("скаржуся на яму біля дому 7", Speech.REPORT),
        ("Дякую слюсарям водоканалу, швидко полагодили трубу", Speech.REPORT),
        ("дякую, але ліфт знову стоїть", Speech.REPORT),
        ("привіт, ліфт знову стоїть", Speech.REPORT),
        ("Соборності 12", Speech.REPORT),
        ("а коли дадуть опалення?", Speech.QUESTION),
        ("де найближче укриття?", Speech.QUESTION),
        ("как оформить субсидию", Speech.QUESTION),
        ("хто відповідає за ліфти?", Speech.QUESTION),
        ("how do I apply for a subsidy?", Speech.QUESTION),
        ("де моя заявка?", Speech.STATUS),
        ("ну що там?", Speech.STATUS),
        ("коли вже?", Speech.STATUS),
        ("вітаю вас, шановні!", Speech.GREETING),
        ("спасибо большое", Speech.THANKS),
        ("тупий бот", Speech.ABUSE),
        ("asdf", Speech.NONSENSE),
        ("😀", Speech.NONSENSE),
        ("12345", Speech.NONSENSE),
        ("", Speech.NONSENSE),
        ("хочу офіційну скаргу на роботу ЖЕКу", Speech.STATUTORY),
    ],
)
def test_what_a_message_is(text: str, speech: Speech) -> None:
    assert speech_of(text) is speech


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("хочу офіційну скаргу на роботу ЖЕКу", Kind.COMPLAINT),
        ("заява на ім'я міського голови", Kind.STATEMENT),
        ("официальное обращение в горсовет", Kind.STATEMENT),
        ("пропозиція: зробіть велодоріжку", Kind.PROPOSAL),
        ("скарга на сусідів, шумлять вночі", None),
        ("хочу подати заявку на обрізку дерева", None),
        ("як подати заяву на субсидію?", None),
    ],
)
def test_only_official_wording_is_by_the_law(text: str, kind: Kind | None) -> None:
    assert statutory_of(text) is kind


@pytest.mark.parametrize(
    "text",
    ["і ще двері зламані", "забув сказати: третій під'їзд", "уточнюю: з двору", "также нет света", "+ ліфт"],
)
def test_an_addition_to_what_was_said(text: str) -> None:
    assert is_addition(text)


@pytest.mark.parametrize(
    "text", ["нема води", "ще не полагодили ліфт", "Ще раз пишу про яму", "цеглу вкрали", ""]
)
def test_no_addition(text: str) -> None:
    assert not is_addition(text)


@pytest.mark.parametrize("half", ["tuned", "aside"])
def test_how_often_it_is_right(half: str) -> None:
    """A complaint must hardly ever be taken for anything else; of the rest little may be."""
    rows = halves("speech.tsv")[half]
    shares = {}
    for label in dict.fromkeys(label for label, _ in rows):
        own = [text for told, text in rows if told == label]
        shares[label] = sum(_label(text) == label for text in own) / len(own)
    print(half, {label: round(share, 3) for label, share in shares.items()})  # noqa: T201 - the figures, for who asks with -s
    assert len(rows) > 200
    assert shares.pop("report") >= 0.98
    assert shares.pop("question") >= 0.85
    assert min(shares.values()) >= 0.9


def test_complaints_stay_complaints() -> None:
    """Among the texts of other files are true questions as well, which were filed under a category."""
    labelled = [text for slug, text in rows_of("categories.tsv") if slug != "thanks"]
    urgent = [text for told, text in rows_of("urgency.tsv") if told == "1"]
    for texts, least in ((labelled, 0.98), (urgent, 0.98), (texts_of("residents.tsv"), 0.985)):
        assert sum(speech_of(text) is Speech.REPORT for text in texts) / len(texts) >= least


def test_danger_is_a_report_in_whatever_form(understander: Understander) -> None:
    text = "що робити, якщо сильно пахне газом у під'їзді?"
    assert speech_of(text) is Speech.QUESTION
    assert understander.understand(text).speech is Speech.REPORT


def test_understanding_says_what_a_message_is(understander: Understander) -> None:
    seen = understander.understand("письмова скарга на дії посадовців")
    assert (seen.speech, seen.statutory) == (Speech.STATUTORY, Kind.COMPLAINT)
    assert understander.understand("нема води").statutory is None


def test_patterns_are_sound() -> None:
    """A Latin letter among Cyrillic ones would never match."""
    read = tomllib.loads(TABLE.read_text("utf-8"))
    phrases = [entry for name in ("status", "statutory", "question") for entry in read[name]]
    lists = [words for entry in phrases for words in (*entry["words"], entry.get("unless", ""))]
    for words in [*lists, *(line for lines in read["words"].values() for line in lines)]:
        assert not re.search(r"[a-z][а-яіїєґ]|[а-яіїєґ][a-z]", words), words


@given(st.text())
def test_any_text_is_something(text: str) -> None:
    speech, kind = speech_of(text), statutory_of(text)
    assert (speech is Speech.STATUTORY) == (kind in STATUTORY)
    is_addition(text)


def _label(text: str) -> str:
    kind = statutory_of(text)
    return f"{speech_of(text)}.{kind}" if kind else speech_of(text)
