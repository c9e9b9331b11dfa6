"""Which points are near, and which two spellings are one address."""

import math
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.pack import load_pack
from core.understanding.gazetteer import Gazetteer
from core.understanding.nearness import cell_at, cells_within, metres_between, place_key
from core.understanding.place import parse_address

CITY = st.tuples(st.floats(47.6, 48.2), st.floats(33.0, 33.9))
ANYWHERE = st.tuples(st.floats(-60, 70), st.floats(-179, 179))


def moved(lat: float, lon: float, metres: float, bearing: float) -> tuple[float, float]:
    """A point so far away; on a sphere flat enough for a kilometre."""
    north = metres * math.cos(bearing) / 111_195
    return lat + north, lon + metres * math.sin(bearing) / 111_195 / math.cos(math.radians(lat))


@given(ANYWHERE, st.floats(1, 1000), st.floats(0, 1), st.floats(0, 2 * math.pi))
def test_what_is_near_lies_in_one_of_the_cells(
    point: tuple[float, float], reach: float, share: float, bearing: float
) -> None:
    other = moved(*point, reach * share * 0.999, bearing)
    assert cell_at(*other) in cells_within(*point, reach)


def test_the_usual_reach_takes_seven_cells() -> None:
    assert len(cells_within(47.91, 33.39, 150)) == 7


@given(CITY, st.floats(0, 2000), st.floats(0, 2 * math.pi))
def test_metres_are_metres_there_and_back(point: tuple[float, float], metres: float, bearing: float) -> None:
    other = moved(*point, metres, bearing)
    assert metres_between(*point, *other) == pytest.approx(metres, rel=0.002, abs=0.01)
    assert metres_between(*point, *other) == pytest.approx(metres_between(*other, *point))


def test_a_known_distance() -> None:
    """From Kyiv to Kryvyi Rih, as the crow flies."""
    assert metres_between(50.4501, 30.5234, 47.9105, 33.3918) == pytest.approx(351_000, rel=0.01)


@pytest.mark.parametrize(
    "spelt", ["12А", "12 а", "12-а", "12A", "12 a", "12-A", " 12 «А»", "12\u200bа", "12а.", "12_а"]
)
def test_one_house_however_it_is_typed(spelt: str) -> None:
    assert place_key("вулиця Соборності", spelt) == place_key("вулиця Соборності", "12а")


@pytest.mark.parametrize("spelt", ["12 корп. 3", "12 корпус 3", "12К3", "12 k.3", "12к 3"])
def test_a_block_is_part_of_the_house(spelt: str) -> None:
    assert place_key("вулиця Соборності", spelt) == place_key("вулиця Соборності", "12 корп. 3")
    assert place_key("вулиця Соборності", spelt) != place_key("вулиця Соборності", "123")


@pytest.mark.parametrize(("house", "other"), [("12", "12а"), ("1/2", "12"), ("12", "21"), ("12а", "12б")])
def test_other_houses_stay_others(house: str, other: str) -> None:
    assert place_key("вулиця Соборності", house) != place_key("вулиця Соборності", other)


@pytest.mark.parametrize(
    "spelt",
    [
        "вул. Квіткова",
        "вулиця КВІТКОВА",
        "вулиця  Квіткова",
        "ул. Квіткова",
        "вулиця Квитковая",
        "Вулиця Квіткову",
    ],
)
def test_one_street_in_any_case_and_either_language(spelt: str) -> None:
    assert place_key(spelt, "5") == place_key("вулиця Квіткова", "5")


def test_a_street_and_a_lane_of_one_name_are_two() -> None:
    assert place_key("вулиця Шевченка", "5") != place_key("провулок Шевченка", "5")


@pytest.mark.parametrize(
    ("street", "house"), [("вулиця Миру", None), ("вулиця Миру", " "), ("", "5"), ("—", "5")]
)
def test_without_a_house_or_a_name_there_is_no_address(street: str, house: str | None) -> None:
    assert place_key(street, house) is None


@given(st.text(max_size=400), st.text(max_size=40))
def test_whatever_is_typed_the_key_fits_and_is_the_same_again(street: str, house: str) -> None:
    key = place_key(street, house)
    assert key == place_key(street, house)
    assert key is None or 3 <= len(key) <= 120


@cache
def gazetteer() -> Gazetteer:
    pack = load_pack()
    return Gazetteer(pack.streets, pack.districts)


def key_of(typed: str) -> str | None:
    """As a draft's place is kept: a known street by its whole name, another by its name alone."""
    place = parse_address(typed, gazetteer())[0]
    return place_key(place.uk if place.known else place.street, place.house)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("вул. Соборності, 12а", "на Соборності 12-A вода"),
        ("вул. Соборності, 12а", "ул. Соборности д.12 а"),
        ("просп. Університетський 5", "проспект Гагаріна, будинок 5"),
        ("95 квартал 7", "квартал 95, будинок 7"),
        ("вулиця Вигадана 7", "ВУЛ ВИГАДАНА, буд. 7"),
    ],
)
def test_two_who_typed_one_address_differently_meet(one: str, other: str) -> None:
    assert key_of(one) is not None
    assert key_of(one) == key_of(other)
    assert key_of(one) != key_of(one.replace("7", "8").replace("5", "6").replace("12", "13"))
