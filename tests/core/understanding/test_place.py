from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.pack import Pack
from core.understanding.gazetteer import Gazetteer
from core.understanding.place import parse_address

TEST_SET = Path(__file__).parents[2] / "data" / "places.tsv"


@pytest.mark.parametrize(
    ("text", "uk", "house", "entrance"),
    [
        ("прорвало трубу на соборности 12 третій день", "вул. Соборності", "12", None),
        ("95 квартал 14 під 3", "95-й квартал", "14", "3"),
        ("на 95-му кварталі буд. 14-А, 3-й підʼїзд", "95-й квартал", "14а", "3"),
        ("кв-л 44, дом 7", "44-й квартал", "7", None),
        ("не горять ліхтарі на вулиці Мусоргського", "вул. Мусоргського", None, None),
        ("Мусорского 14 б", "вул. Мусоргського", "14б", None),
        ("ул. Мусоргского, 3/2 кв 5 второй подъезд", "вул. Мусоргського", "3/2", "2"),
        ("vul. Sobornosti 14a, pid'izd 3", "вул. Соборності", "14a", "3"),
        ("пр-т Гагаріна 57", "просп. Університетський", "57", None),
        ("просп. Карла Маркса, 1", "просп. Поштовий", "1", None),
        ("на Вільній Ічкерії темно", "вул. Вільної Ічкерії", None, None),
        ("Матусевича 11", "вул. Віталія Матусевича", "11", None),
        ("мкр-н Сонячний 48а", "мкр Сонячний", "48а", None),
        ("на Солнечном нет света", "мкр Сонячний", None, None),
        ("5-й Зарічний 40", "мкр 5-й Зарічний", "40", None),
        ("шоссе Днепровское, 16", "Дніпровське шосе", "16", None),
        ("будинок 7 на Бикова", "вул. Бикова", "7", None),
        ("біля 15 дому по Окружній", "вул. Окружна", "15", None),
        ("Окружна, біля 7 будинку", "вул. Окружна", "7", None),
        ("вул. Соборності 10 корп. 2", "вул. Соборності", "10 корп. 2", None),
    ],
)
def test_known_streets(
    gazetteer: Gazetteer, text: str, uk: str, house: str | None, entrance: str | None
) -> None:
    best = parse_address(text, gazetteer)[0]
    assert best.known
    assert (best.uk, best.house, best.entrance) == (uk, house, entrance)
    assert best.span in text


@pytest.mark.parametrize(
    ("text", "uk", "house", "span"),
    [
        ("нема води, вул. Квіткова, 5", "вул. Квіткова", "5", "вул. Квіткова, 5"),
        ("тече дах Зоряна вулиця 7", "вул. Зоряна", "7", "Зоряна вулиця 7"),
        ("на вулиці 8 Березня 15 темно", "вул. 8 Березня", "15", "на вулиці 8 Березня 15"),
        ("провулок Садовий заливає", "пров. Садовий", None, "провулок Садовий"),
        ("177 квартал 5 без світла", "177 квартал", "5", "177 квартал 5"),
        ("дім 3 на Гуковського, вонь", "Гуковського", "3", "дім 3 на Гуковського"),
    ],
)
def test_unknown_streets_are_kept_as_written(
    gazetteer: Gazetteer, text: str, uk: str, house: str | None, span: str
) -> None:
    best = parse_address(text, gazetteer)[0]
    assert not best.known
    assert (best.uk, best.house, best.span) == (uk, house, span)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "на вулиці 5 днів нема світла",
        "автобус 228 не ходить",
        "чекаємо 40 хвилин, о 18:30 знову нема",
        "школа 41 без тепла",
        "футбольні ворота впали",
        "на нашій вулиці. Молодці!",
        "винесіть сміття біля під'їзду 3",
        "Центральний ринок весь у смітті",
    ],
)
def test_what_is_no_address_gives_none(gazetteer: Gazetteer, text: str) -> None:
    assert parse_address(text, gazetteer) == ()


def test_a_corner_gives_both_streets_and_all_its_words(gazetteer: Gazetteer) -> None:
    found = parse_address("яма на розі Миру і Поштового, обережно", gazetteer)
    assert {candidate.uk for candidate in found} == {"просп. Миру", "просп. Поштовий"}
    assert {candidate.span for candidate in found} == {"розі Миру і Поштового"}


def test_the_district_of_a_street_that_lies_in_one(gazetteer: Gazetteer) -> None:
    assert parse_address("Соборності 12", gazetteer)[0].district == "metalurhiinyi"


def test_of_several_districts_the_text_decides(gazetteer: Gazetteer) -> None:
    assert parse_address("95 квартал 14", gazetteer)[0].district is None
    told = parse_address("95 квартал 14, Саксаганський район", gazetteer)[0]
    assert told.district == "saksahanskyi"


def test_a_name_of_several_streets_gives_each(gazetteer: Gazetteer) -> None:
    found = parse_address("на Зарічному 5 нема води", gazetteer)
    assert len(found) > 1
    assert len({candidate.uk for candidate in found}) == len(found)


def test_every_street_of_the_pack_is_found_by_each_of_its_names(pack: Pack, gazetteer: Gazetteer) -> None:
    for street in pack.streets:
        for name in (street.name, *street.old_names):
            if name[0].isdecimal() and street.type == "microdistrict":
                continue  # a bare number needs its type
            words = f"{name} квартал 5" if street.type == "quarter" else f"на {name} 5"
            found = {candidate.street for candidate in parse_address(words, gazetteer)}
            assert street.name in found, words


def test_addresses_written_by_others(gazetteer: Gazetteer) -> None:
    """The bar of the issue: nine in ten addresses stand in the span; silence where there is none."""
    rows = [line.split("\t") for line in TEST_SET.read_text("utf-8").splitlines()[1:]]
    told = [(span, parse_address(text, gazetteer)) for text, span, *_ in rows if span]
    found = sum(span in readings[0].span for span, readings in told if readings)
    assert found / len(told) >= 0.9
    mute = [parse_address(text, gazetteer) for text, span, *_ in rows if not span]
    assert sum(bool(readings) for readings in mute) / len(mute) <= 0.1


PIECES = ["вул.", "на", "Соборності", "95", "12/3", "квартал", "-", "під'їзд", "3", "і", "Миру", ",", "А"]


@given(st.text() | st.lists(st.sampled_from(PIECES)).map(" ".join))
def test_any_text_gives_at_most_three_readings_of_its_own_words(gazetteer: Gazetteer, text: str) -> None:
    found = parse_address(text, gazetteer)
    assert len(found) <= 3
    assert all(candidate.span in text and 0 < candidate.score <= 1.0001 for candidate in found)
    assert list(found) == sorted(found, key=lambda candidate: -candidate.score)
