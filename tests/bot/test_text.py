"""What residents type, made safe to keep and to show."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.conversation.vocabulary import (
    _WORDS,
    Word,
    after_no,
    after_yes,
    appeal_number,
    meaning,
    says_something,
)
from bot.text import LONGEST, clean, shorten


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  яма\n на дорозі\t", "яма\n на дорозі"),
        ("я\x00ма", "яма"),
        ("\u202eямa\u202c", "ямa"),
        ("я\u200bма\ufeff\u2060", "яма"),
        ("\u2066x\u2069\u061c", "x"),
        ("a\ud800b\udfff", "ab"),
        ("\x07\x1b[31mкрасне\x7f", "[31mкрасне"),
        ("👨‍👩‍👧 сім'я", "👨‍👩‍👧 сім'я"),
        ("❤️", "❤️"),
        ("їжак ґанок І", "їжак ґанок І"),
        ("e\u0301", "e\u0301"),
        ("\ue000приватне", "приватне"),
        ("\r\nрядок\r\n", "рядок"),
        ("\u200b\u202e\x00", ""),
        ("", ""),
    ],
)
def test_clean(typed: str, kept: str) -> None:
    assert clean(typed) == kept


@settings(max_examples=300, derandomize=True)
@given(st.text(st.characters(codec=None)))
def test_what_is_clean_can_be_kept_and_shown(typed: str) -> None:
    kept = clean(typed)
    kept.encode()
    assert clean(kept) == kept == kept.strip()
    assert not [
        char for char in kept if unicodedata.category(char) in {"Cc", "Cs", "Co"} and char not in "\n\t"
    ]
    assert not [
        char for char in kept if unicodedata.bidirectional(char) in {"RLO", "LRO", "RLE", "RLI", "FSI"}
    ]


@settings(max_examples=300, derandomize=True)
@given(st.text(max_size=300), st.integers(5, 200))
def test_shortened_it_fits_and_begins_as_it_did(text: str, limit: int) -> None:
    short = shorten(text, limit)
    assert len(short) <= limit
    assert short == text if len(text) <= limit else short.endswith("…")
    assert text.startswith(short.removesuffix("…").rstrip())


def test_it_is_cut_between_words_where_there_are_words() -> None:
    assert shorten("прорвало трубу на Соборності", 20) == "прорвало трубу на…"
    assert shorten("а" * 30, 20) == "а" * 19 + "…"


def test_a_draft_of_full_length_fits_a_message_with_its_card() -> None:
    assert LONGEST + 500 < 4096


# the vocabulary


@pytest.mark.parametrize(("word", "texts"), list(_WORDS.items()))
def test_every_word_is_known_however_it_is_written(word: Word, texts: str) -> None:
    for text in texts.split("|"):
        for written in (text, text.upper(), f" {text}! ", f"{text}.", f"{text} 👍"):
            assert meaning(written) is word, written


def test_no_word_means_two_things() -> None:
    written = [text for texts in _WORDS.values() for text in texts.split("|")]
    assert len(written) == len(set(written))


@pytest.mark.parametrize(
    "text", ["так холодно в квартирі", "нема води", "не горить ліхтар", "дадуть воду?", "okна", ""]
)
def test_a_complaint_is_no_word(text: str) -> None:
    assert meaning(text) is None


@pytest.mark.parametrize(
    ("text", "yes", "no"),
    [
        ("так але біля школи", "але біля школи", None),
        ("Так, біля школи", "біля школи", None),
        ("ні, у дворі далі тече", None, "у дворі далі тече"),
        ("нет воды", None, "воды"),
        ("такий самий", None, None),
        ("ніхто не прийшов", None, None),
        ("так", None, None),
        ("ні!", None, None),
    ],
)
def test_what_follows_a_yes_or_a_no(text: str, yes: str | None, no: str | None) -> None:
    assert (after_yes(text), after_no(text)) == (yes, no)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("26-001234", "26-001234"),
        ("що з заявкою № 26 – 001234?", "26-001234"),
        ("26—001234", "26-001234"),
        ("0671234567", None),
        ("126-0012345", None),
        ("26-00123", None),
    ],
)
def test_a_number_is_found_in_words(text: str, number: str | None) -> None:
    assert appeal_number(text) == number


@pytest.mark.parametrize(
    ("text", "says"), [("яма", True), ("...", False), ("👍", False), ("12", False), ("_", False)]
)
def test_what_says_something(text: str, says: bool) -> None:  # noqa: FBT001 - a column
    assert says_something(text) is says


@settings(max_examples=300, derandomize=True)
@given(st.text(max_size=60))
def test_no_words_break_the_vocabulary(text: str) -> None:
    meaning(text)
    after_yes(text)
    after_no(text)
    appeal_number(text)
    says_something(text)
