import pytest

from core.pack import HouseRange, StreetSpec
from core.understanding.gazetteer import Gazetteer
from core.understanding.place import parse_address

LONG = StreetSpec(
    "Довга",
    "street",
    (),
    (),
    ("north", "south", "west"),
    None,
    None,
    (
        HouseRange("north", 1, 45),
        HouseRange("south", 46, 120, "even"),
        HouseRange("west", 47, 121, "odd"),
    ),
)
GAZETTEER = Gazetteer([LONG])


@pytest.mark.parametrize(
    ("house", "district"),
    [
        ("1", "north"),
        ("45а", "north"),
        ("45/2", "north"),
        ("44-48", "north"),
        ("46", "south"),
        ("47", "west"),
        ("120", "south"),
        ("122", None),
        ("", None),
    ],
)
def test_of_a_street_across_districts_the_house_decides(house: str, district: str | None) -> None:
    found = parse_address(f"яма, вул. Довга {house}", GAZETTEER)[0]
    assert found.district == district
    assert found.districts == (LONG.districts if district is None else ())
