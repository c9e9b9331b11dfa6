"""The shipped outlines beside the real ones, which are not ours to ship: where those are at hand."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from shapely import Point
from shapely.geometry import shape

from core.pack import Pack
from core.understanding import Understander

REAL = Path(__file__).parents[4] / "shared" / "data" / "kryvyi_rih_districts.geojson"
STEPS = 30  # points along each side of a district's bounds

pytestmark = pytest.mark.skipif(not REAL.exists(), reason="the real outlines are not at hand")


def points(geometry: Any) -> Iterator[Point]:
    """A grid of points that lie in a district."""
    west, south, east, north = geometry.bounds
    for row in range(STEPS):
        for column in range(STEPS):
            point = Point(
                west + (east - west) * (column + 0.5) / STEPS, south + (north - south) * (row + 0.5) / STEPS
            )
            if geometry.contains(point):
                yield point


def test_nine_in_ten_places_of_each_district_are_told_right(pack: Pack, understander: Understander) -> None:
    slugs = {district.uk: district.slug for district in pack.districts}
    features = json.loads(REAL.read_text("utf-8"))["features"]
    assert {feature["properties"]["name:uk"] for feature in features} == set(slugs)
    for feature in features:
        name = feature["properties"]["name:uk"]
        told = [understander.district_at(point.y, point.x) for point in points(shape(feature["geometry"]))]
        assert told.count(slugs[name]) >= 0.9 * len(told), name
        assert told.count(None) <= 0.02 * len(told), name
