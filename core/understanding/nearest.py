"""The street nearest to a point, for cities whose pack brings the lines of its streets."""

from collections.abc import Sequence
from math import cos, isfinite, radians

from shapely import LineString, Point, STRtree

from core.pack import StreetLine, StreetSpec

REACH = 60.0  # metres from a street's middle line within which a point is on it
METRES = 111_320.0  # of a degree of latitude


class StreetMap:
    """The lines of streets, indexed. Immutable; safe to share between threads.

    Degrees of longitude are scaled to those of latitude at the middle of the city, which over a hundred
    kilometres errs by less than a hundredth.
    """

    def __init__(self, lines: Sequence[StreetLine]) -> None:
        lats = [lat for line in lines for _, lat in line.points]
        self._scale = cos(radians(sum(lats) / len(lats))) if lats else 1.0
        self._streets = tuple(line.street for line in lines)
        self._tree = STRtree(
            [LineString([(lon * self._scale, lat) for lon, lat in line.points]) for line in lines]
        )

    def street_at(self, lat: float, lon: float) -> StreetSpec | None:
        """The street within reach of a point in degrees (WGS 84), the nearest; None where there is none."""
        if not (self._streets and isfinite(lat) and isfinite(lon)):
            return None
        found = self._tree.query_nearest(Point(lon * self._scale, lat), max_distance=REACH / METRES)
        return self._streets[found.min()] if len(found) else None
