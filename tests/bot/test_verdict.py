"""What words say of a result, and which appeal they name."""

import pytest

from bot.conversation.vocabulary import Word, named_appeal, verdict


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("так", Word.YES),
        ("Так, дякую!", Word.YES),
        ("вирішено", Word.YES),
        ("все зробили, спасибі", Word.YES),
        ("полагодили", Word.YES),
        ("да, починили", Word.YES),
        ("yes, fixed", Word.YES),
        ("ні", Word.NO),
        ("ні, тече далі", Word.NO),
        ("Нет, не сделали", Word.NO),
        ("досі тече", Word.NO),
        ("так, але досі тече", Word.NO),
        ("нічого не зробили", Word.NO),
        ("не вирішено", Word.NO),
        ("невирішено", Word.NO),
        ("знову прорвало", Word.NO),
        ("still leaking", Word.NO),
        ("не знаю", Word.LATER),
        ("ще не бачив", Word.LATER),
        ("Ще не бачила, подивлюсь увечері", Word.LATER),
        ("ещё не видел", Word.LATER),
        ("haven't seen yet", Word.LATER),
        ("на Поштовому 40 яма", None),
        ("а хто приїжджав?", None),
        ("", None),
        ("👍", None),
    ],
)
def test_what_is_said_of_a_result(text: str, expected: Word | None) -> None:
    assert verdict(text) is expected


@pytest.mark.parametrize(
    ("text", "asks", "expected"),
    [
        ("26-001234", False, "26-001234"),
        ("де моя заявка № 26-001234?", True, "26-001234"),
        ("що з 26 - 001234", True, "26-001234"),
        ("де моя заявка 1234?", False, "1234"),
        ("заявка №1234", False, "1234"),
        ("моє звернення номер 34", False, "34"),
        ("где моё обращение 34", False, "34"),
        ("request no. 34", False, "34"),
        ("№1234", False, "1234"),
        ("номер 34", False, "34"),
        ("1234", False, "1234"),
        ("а що там із 1234?", True, "1234"),
        ("у будинку номер 34 тече дах", False, None),
        ("прорвало трубу на Соборності 12", False, None),
        ("ну що там?", True, None),
        ("0671234567", False, None),
    ],
)
def test_how_an_appeal_is_named(text: str, *, asks: bool, expected: str | None) -> None:
    assert named_appeal(text, asks=asks) == expected
