"""Coordinates: in which district they lie, and whether they lie in the city at all."""

from collections.abc import Sequence
from math import isfinite

from shapely import MultiPolygon, Point, Polygon, STRtree

from core.pack import DistrictSpec

MARGIN = 0.01  # degrees, about 1 km, within which an approximate outline may be wrong


class Area:
    """The districts, indexed. Immutable; safe to share between threads.

    Beside outlines that are only approximate there is a margin, so that nobody who lives at the edge is told
    that they live in another city.
    """

    def __init__(self, districts: Sequence[DistrictSpec]) -> None:
        self._slugs = tuple(district.slug for district in districts)
        self._tree = STRtree([MultiPolygon([Polygon(ring) for ring in each.outline]) for each in districts])
        self._margin = MARGIN if any(district.approximate for district in districts) else 0.0

    def district_at(self, lat: float, lon: float) -> str | None:
        """The district of a point in degrees (WGS 84); None outside the city.

        Of districts that touch at the point, the one that stands first in the pack.
        """
        if not (isfinite(lat) and isfinite(lon)):
            return None
        point = Point(lon, lat)
        found = self._tree.query(point, predicate="intersects")
        if not len(found) and self._margin:
            found = self._tree.query_nearest(point, max_distance=self._margin)
        return self._slugs[found.min()] if len(found) else None
