import pytest

from core.pack import DistrictSpec, Pack
from core.understanding.area import MARGIN, Area

SQUARE = ((33.0, 48.0), (34.0, 48.0), (34.0, 49.0), (33.0, 49.0), (33.0, 48.0))
EAST = tuple((lon + 1, lat) for lon, lat in SQUARE)


def area(*, approximate: bool) -> Area:
    return Area(
        [
            DistrictSpec("west", "Захід", "West", (), ((SQUARE,),), approximate),
            DistrictSpec("east", "Схід", "East", (), ((EAST,),), approximate),
        ]
    )


@pytest.mark.parametrize(
    ("lat", "lon", "district"),
    [
        (48.5, 33.5, "west"),
        (48.5, 34.5, "east"),
        (48.5, 34.0, "west"),  # on the border
        (49.5, 33.5, None),
        (33.5, 48.5, None),  # the wrong way round
        (0.0, 0.0, None),  # what a phone sends for "unknown"
        (float("nan"), 33.5, None),
        (float("inf"), 33.5, None),
        (1e300, -1e300, None),
    ],
)
def test_district_of_a_point(lat: float, lon: float, district: str | None) -> None:
    assert area(approximate=False).district_at(lat, lon) == district
    assert area(approximate=True).district_at(lat, lon) == district


def test_beside_an_approximate_outline_there_is_a_margin() -> None:
    just_outside = 49.0 + MARGIN / 2
    assert area(approximate=False).district_at(just_outside, 33.5) is None
    assert area(approximate=True).district_at(just_outside, 33.5) == "west"
    assert area(approximate=True).district_at(49.0 + MARGIN * 2, 33.5) is None


@pytest.mark.parametrize(
    ("lat", "lon", "district"),
    [
        (47.900, 33.400, "metalurhiinyi"),
        (47.955, 33.448, "saksahanskyi"),
        (47.905, 33.340, "tsentralno_miskyi"),
        (47.680, 33.200, "inhuletskyi"),
        (48.130, 33.560, "ternivskyi"),
        (50.450, 30.520, None),  # Kyiv
    ],
)
def test_the_default_city(pack: Pack, lat: float, lon: float, district: str | None) -> None:
    assert Area(pack.districts).district_at(lat, lon) == district
