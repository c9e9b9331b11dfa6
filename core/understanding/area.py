"""Coordinates: in which district they lie, and whether they lie in the city at all."""

from collections.abc import Iterable, Sequence
from math import isfinite

from shapely import MultiPolygon, Point, Polygon, STRtree

from core.pack import DistrictSpec
from core.pack.specs import Ring

MARGIN = 0.01  # degrees, about 1 km, within which an approximate outline may be wrong


def shape_of(polygons: Iterable[tuple[Ring, ...]]) -> MultiPolygon:
    """Each polygon is an outer ring and its holes; in degrees, as (longitude, latitude)."""
    return MultiPolygon([Polygon(outer, holes) for outer, *holes in polygons])


class Area:
    """The districts, indexed. Immutable; safe to share between threads.

    Beside outlines that are only approximate there is a margin, so that nobody who lives at the edge is told
    that they live in another city.
    """

    def __init__(self, districts: Sequence[DistrictSpec]) -> None:
        self._slugs = tuple(district.slug for district in districts)
        self._tree = STRtree([shape_of(district.polygons) for district in districts])
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
