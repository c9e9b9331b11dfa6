import re

import pytest

from core.pack import DATA, DEFAULT_PACK
from core.understanding.gazetteer import Gazetteer
from core.understanding.place import parse_address


@pytest.mark.parametrize(
    ("text", "uk", "span", "district"),
    [
        ("біля ЦУМу прорвало трубу", "ЦУМ", "біля ЦУМу", None),
        ("напроти парку Героїв темно", "парк Героїв", "напроти парку Героїв", "metalurhiinyi"),
        ("парк Правды, не работают фонтаны", "парк Федора Мершавцева", "парк Правды", "tsentralno_miskyi"),
        ("возле цирка яма", "цирк", "возле цирка", "metalurhiinyi"),
        ("біля ТЦ Сонячна галерея світлофор", "Сонячна галерея", "біля ТЦ Сонячна галерея", None),
        ("Центральний ринок весь у смітті", "Центральний ринок", "Центральний ринок", "metalurhiinyi"),
        (
            "на станції Кривий Ріг-Головний брудно",
            "станція Кривий Ріг-Головний",
            "на станції Кривий Ріг-Головний",
            "dovhyntsivskyi",
        ),
    ],
)
def test_landmarks_of_the_pack(
    gazetteer: Gazetteer, text: str, uk: str, span: str, district: str | None
) -> None:
    (found,) = parse_address(text, gazetteer)
    assert (found.uk, found.span, found.district, found.kind) == (uk, span, district, "landmark")
    assert found.known


@pytest.mark.parametrize(
    ("text", "uk", "span"),
    [
        ("школа №35 без тепла", "школа №35", "школа №35"),
        ("коло дитсадка № 112 зламана огорожа", "дитсадок №112", "коло дитсадка № 112"),
        ("у 41-й школі холодно", "школа №41", "у 41-й школі"),
        ("біля 15 школи темно", "школа №15", "біля 15 школи"),
        ("35 школа, холодно", "школа №35", "35 школа"),
        ("8 міська лікарня, собаки", "8 міська лікарня", "8 міська лікарня"),
        ("Зупинка Безіменна розбита", "Зупинка Безіменна", "Зупинка Безіменна"),
    ],
)
def test_landmarks_that_are_not_in_the_pack(gazetteer: Gazetteer, text: str, uk: str, span: str) -> None:
    (found,) = parse_address(text, gazetteer)
    assert (found.uk, found.span, found.kind, found.known) == (uk, span, "landmark", False)


def test_a_hospital_of_the_pack_is_known_by_its_number(gazetteer: Gazetteer) -> None:
    (found,) = parse_address("у лікарні №7 холодно", gazetteer)
    assert (found.uk, found.district, found.known) == ("лікарня №7", "ternivskyi", True)


@pytest.mark.parametrize(
    "text",
    [
        "у школі холодно",
        "дві школи без тепла, 5 школи",
        "це не ремонт, а цирк якийсь",
        "у парку зламали лавки",
        "в школу 5 дітей не пустили",
        "ЗУПИНКА БЕЗ НАВІСУ",
        "звертались у мерію, без відповіді",
    ],
)
def test_a_noun_without_a_name_is_no_landmark(gazetteer: Gazetteer, text: str) -> None:
    assert parse_address(text, gazetteer) == ()


def test_a_street_is_worth_more_than_a_landmark(gazetteer: Gazetteer) -> None:
    (found,) = parse_address("вул. Соборності 12 біля школи №35", gazetteer)
    assert (found.uk, found.house, found.kind) == ("вул. Соборності", "12", "street")


def test_a_landmark_before_a_street_belongs_to_its_address(gazetteer: Gazetteer) -> None:
    (found,) = parse_address("зупинка Безіменна на Мусоргського", gazetteer)
    assert (found.uk, found.span) == ("вул. Мусоргського", "зупинка Безіменна на Мусоргського")


def test_names_are_written_in_one_alphabet() -> None:
    """A Latin letter that looks like a Cyrillic one would never match."""
    for file in (DATA / "landmark_kinds.toml", DEFAULT_PACK / "landmarks.csv", DEFAULT_PACK / "streets.csv"):
        assert not re.findall(
            r"\w*(?:[a-zA-Z][а-яіїєґА-ЯІЇЄҐ]|[а-яіїєґА-ЯІЇЄҐ][a-zA-Z])\w*", file.read_text("utf-8")
        )
