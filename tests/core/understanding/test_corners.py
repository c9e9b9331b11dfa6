import pytest

from core.understanding.gazetteer import Gazetteer
from core.understanding.place import parse_address


@pytest.mark.parametrize(
    ("text", "uk", "span"),
    [
        ("яма на розі Миру і Поштового, обережно", "просп. Миру та просп. Поштовий", "розі Миру і Поштового"),
        (
            "ріг вул. Соборності та просп. Миру",
            "вул. Соборності та просп. Миру",
            "ріг вул. Соборності та просп. Миру",
        ),
        (
            "темно на перехресті Соборності та Гагаріна",
            "вул. Соборності та просп. Університетський",
            "перехресті Соборності та Гагаріна",
        ),
        ("перекресток Мира/Соборности", "просп. Миру та вул. Соборності", "перекресток Мира/Соборности"),
        ("угол Соборности и Мира", "вул. Соборності та просп. Миру", "угол Соборности и Мира"),
        ("угол Костенко-Мира", "вул. Костенка та просп. Миру", "угол Костенко-Мира"),
        ("Соборності - Миру (перехрестя)", "вул. Соборності та просп. Миру", "Соборності - Миру"),
        ("Миру/Металургів, світлофор", "просп. Миру та просп. Металургів", "Миру/Металургів"),
        (
            "перехрестя Вигаданської і Соборності",
            "Вигаданської та вул. Соборності",
            "перехрестя Вигаданської і Соборності",
        ),
        ("na rozi Myru i Kostenka", "просп. Миру та вул. Костенка", "rozi Myru i Kostenka"),
    ],
)
def test_a_corner_is_one_place_of_two_streets(gazetteer: Gazetteer, text: str, uk: str, span: str) -> None:
    (found,) = parse_address(text, gazetteer)
    assert (found.uk, found.span, found.kind, found.house) == (f"ріг {uk}", span, "corner", None)
    assert found.en.startswith("corner of ")
    assert found.known is ("Вигаданської" not in text)


def test_a_corner_lies_in_the_district_that_both_streets_share(gazetteer: Gazetteer) -> None:
    def district(text: str) -> str | None:
        return parse_address(text, gazetteer)[0].district

    assert district("ріг Миру і Костенка") == "metalurhiinyi"
    assert district("ріг Соборності та Університетського") == "metalurhiinyi"
    assert district("ріг Миру і Кропивницького") is None, "they do not meet"


def test_of_several_shared_districts_the_text_decides(gazetteer: Gazetteer) -> None:
    text = "ріг Васякіна та просп. Університетського"
    (found,) = parse_address(text, gazetteer)
    assert found.district is None
    assert found.districts == ("metalurhiinyi", "dovhyntsivskyi")
    assert parse_address(f"{text}, Довгинцівський район", gazetteer)[0].district == "dovhyntsivskyi"


@pytest.mark.parametrize(
    "text",
    [
        "на Миру і Соборності темно",
        "від Миру до Соборності",
        "снимаем угол. Миру",
        "м. Кривий Ріг, Миру, Костенка",
    ],
)
def test_two_streets_without_a_corner_are_none(gazetteer: Gazetteer, text: str) -> None:
    assert all(found.kind == "street" for found in parse_address(text, gazetteer))
