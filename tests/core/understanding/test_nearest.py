import pytest

from core.pack import StreetLine, StreetSpec
from core.understanding.nearest import METRES, REACH, StreetMap

NORTH = StreetSpec("Північна", "street", (), (), (), None, None)
SOUTH = StreetSpec("Південна", "street", (), (), (), None, None)
MAP = StreetMap(
    [
        StreetLine(NORTH, ((33.40, 48.000), (33.42, 48.000))),
        StreetLine(SOUTH, ((33.40, 47.999), (33.42, 47.999))),
    ]
)


@pytest.mark.parametrize(
    ("lat", "lon", "street"),
    [
        (48.0, 33.41, NORTH),
        (47.9998, 33.41, NORTH),
        (47.9992, 33.41, SOUTH),
        (48.0 + (REACH - 1) / METRES, 33.41, NORTH),
        (48.0 + (REACH + 1) / METRES, 33.41, None),
        (48.0, 33.42 + (REACH - 1) / METRES / 0.67, NORTH),  # a degree of longitude is shorter here
        (48.0, 33.42 + (REACH + 1) / METRES / 0.66, None),
        (33.41, 48.0, None),
        (float("nan"), 33.41, None),
        (48.0, float("inf"), None),
    ],
)
def test_the_street_of_a_point(lat: float, lon: float, street: StreetSpec | None) -> None:
    assert MAP.street_at(lat, lon) == street


def test_without_lines_no_street_is_near() -> None:
    assert StreetMap([]).street_at(48.0, 33.4) is None
