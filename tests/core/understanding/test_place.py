from pathlib import Path

import pytest

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
        ("яма вул.Соборності12а кв15", "вул. Соборності", "12а", None),
        ("Водоп'янова12", "вул. Водоп'янова", "12", None),
        ("вул. І. Сірка 22", "вул. Івана Сірка", "22", None),
        ("вул В. Матусевича 33", "вул. Віталія Матусевича", "33", None),
        ("44 кв 5 нема води", "44-й квартал", "5", None),
        ("на 95-ке темно", "95-й квартал", None, None),
        ("мкр Сонячний 52 подъезд 3", "мкр Сонячний", "52", "3"),
        ("Доватора 5 під'їзд другий, темно", "вул. Доватора", "5", "2"),
        ("вулиці Просвіти біля будинку 14 яма", "вул. Просвіти", "14", None),
        ("ул Орджоникидзе 28 яма", "вул. Криворіжсталі", "28", None),
        ("карла маркса 22 ночью шумно", "просп. Поштовий", "22", None),
        ("Соборності 32-34 зламали лавки", "вул. Соборності", "32-34", None),
        ("на Мусоргського 5 дітей грається", "вул. Мусоргського", None, None),
        ("prosp Myru 5 pidizd 3", "просп. Миру", "5", "3"),
        ("Нема світла на Карнаватці", "Карнаватка", None, None),
        ("карачуны, нет воды с утра", "Карачуни", None, None),
        ("у Довгинцевому зграя собак", "Довгинцеве", None, None),
        ("вул. Метарлургів 8", "просп. Металургів", "8", None),
        ("30 лет победы 12 нет отопления", "пл. 30-річчя Перемоги", "12", None),
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
        (
            "вул. 40-річчя Незалежності, 15",
            "вул. 40-річчя Незалежності",
            "15",
            "вул. 40-річчя Незалежності, 15",
        ),
        ("світла нема!!! гончарова 26", "гончарова", "26", "гончарова 26"),
        (
            "бульвар маршала василевського 8",
            "бульв. маршала василевського",
            "8",
            "бульвар маршала василевського 8",
        ),
        ("тупик Вишневий 2", "тупик Вишневий", "2", "тупик Вишневий 2"),
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
        "у школі холодно, біля лікарні темно, на ринку бруд",
        "2 школи у районі без тепла",
        "за 5 хвилин до 12 і 3 день без води",
        "Перше травня минуло, з 8 марта нет отопления",
        "Дзвонила Марія Костенко, а пан Гагарін не відповів",
        "дякую Олександру Полю за допомогу",
        "Миру нам усім!",
        "Зелене світло 9 секунд горить",
        "ми приїхали з Маріуполя",
        "річка Інгулець вийшла з берегів",
        "футбольні ворота впали",
        "на нашій вулиці. Молодці!",
        "винесіть сміття біля під'їзду 3",
    ],
)
def test_what_is_no_address_gives_none(gazetteer: Gazetteer, text: str) -> None:
    assert parse_address(text, gazetteer) == ()


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
            if name[0].isdecimal() and street.type in {"microdistrict", "square"}:
                continue  # a bare number needs its type
            words = f"{name} квартал 5" if street.type == "quarter" else f"на {name} 5"
            found = {candidate.street for candidate in parse_address(words, gazetteer)}
            assert street.name in found, words


def test_a_settlement_beside_a_street_only_says_where_it_lies(gazetteer: Gazetteer) -> None:
    (found,) = parse_address("Інгулець, вул. Бджолина, 21: яма", gazetteer)
    assert (found.uk, found.house, found.district) == ("вул. Бджолина", "21", "inhuletskyi")
    assert found.span == "Інгулець, вул. Бджолина, 21"


def test_the_name_of_the_city_belongs_to_the_address(gazetteer: Gazetteer) -> None:
    for city in ("м. Кривий Ріг, ", "Кривой Рог "):
        assert parse_address(f"{city}Костенка 5", gazetteer)[0].span == f"{city}Костенка 5"


def test_addresses_in_residents_words(gazetteer: Gazetteer) -> None:
    """The bar of the issue: nine in ten addresses stand in the span; silence where there is none.

    The first rows were written by others, the rest before the code that they are to measure.
    """
    rows = [line.split("\t") for line in TEST_SET.read_text("utf-8").splitlines()[1:]]
    told = [(span, parse_address(text, gazetteer)) for text, span, *_ in rows if span]
    found = sum(span in readings[0].span for span, readings in told if readings)
    assert found / len(told) >= 0.9
    mute = [parse_address(text, gazetteer) for text, span, *_ in rows if not span]
    assert sum(bool(readings) for readings in mute) / len(mute) <= 0.1
