"""How near two places are: as points on the map, and as addresses that two people typed differently. Pure.

Points are found by the h3 cell they lie in. At resolution 9 a cell's edge is some 200 m long, so what is
within the usual 150 m lies in the cell or in one of its six neighbours: seven looks into an index. A finer
resolution reads fewer rows beyond the circle but takes nineteen looks for it, and the rows of one category
and a month are few either way.
"""

import math
import re
from collections.abc import Sequence
from typing import cast

import h3.api.basic_int as h3

from core.understanding.gazetteer import stem
from core.understanding.normalise import LOOKALIKE, visible
from core.understanding.street_types import type_of
from core.understanding.words import Words

RESOLUTION = 9
RING = 150.0  # metres that each ring of cells surely reaches further, wherever on the globe
EARTH = 6_371_008.8  # metres, the mean radius
LONGEST_NAME, LONGEST_HOUSE = 99, 20  # characters of a key

_BLOCK = re.compile(r"корпус|корп|к")
_NOT_SAID = re.compile(r"[^\w/]|_")


def cell_at(lat: float, lon: float) -> int:
    """The h3 cell of a point in degrees (WGS 84)."""
    return cast("int", h3.latlng_to_cell(lat, lon, RESOLUTION))


def cells_within(lat: float, lon: float, metres: float) -> Sequence[int]:
    """Every cell that may hold a point so near."""
    return cast("Sequence[int]", h3.grid_disk(cell_at(lat, lon), math.ceil(metres / RING)))


def metres_between(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Along the great circle."""
    south, north = math.radians(lat), math.radians(other_lat)
    rise = math.sin((north - south) / 2) ** 2
    turn = math.cos(south) * math.cos(north) * math.sin(math.radians(other_lon - lon) / 2) ** 2
    return 2 * EARTH * math.asin(math.sqrt(min(1.0, rise + turn)))


def place_key(street: str, house: str | None) -> str | None:
    """An address as both sides of a comparison spell it; None without a house, for a street is no place.

    A street the gazetteer knows is given by its whole name with the type, for «вулиця» and «провулок» of one
    name are two streets; one it doesn't know, by the name alone.
    """
    words = Words(street)
    name = " ".join(_word(words.folded(at)) for at in range(len(words)))
    number = _house(house or "")
    return f"{name[:LONGEST_NAME]}|{number[:LONGEST_HOUSE]}" if name and number else None


def _word(folded: str) -> str:
    kind = type_of(folded)
    return kind.slug if kind else stem(folded)


def _house(house: str) -> str:
    """Without case, spaces and marks, in Cyrillic letters: "12-A" typed in Latin is "12а"."""
    spelt = visible(house).casefold().translate(LOOKALIKE).replace("\\", "/")
    return _BLOCK.sub("к", _NOT_SAID.sub("", spelt))
