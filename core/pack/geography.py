"""The outlines of a pack's districts, and shapes as GeoJSON writes them."""

from collections.abc import Iterator

from core.pack.files import Section
from core.pack.specs import DistrictSpec, Ring

MAX_LON, MAX_LAT = 180, 90
WGS_84 = ("CRS84", "EPSG::4326", "EPSG:4326")  # as an older GeoJSON says what is now always so
CLOSED_RING = 4  # points at least: a triangle whose first point stands again at the end


def read_districts(file: Section) -> tuple[DistrictSpec, ...]:
    """A FeatureCollection of Polygons and MultiPolygons."""
    districts: dict[str, DistrictSpec] = {}
    for feature in features_of(file):
        properties = feature.section("properties")
        spec = DistrictSpec(
            slug=properties.text("slug"),
            uk=properties.text("uk"),
            en=properties.text("en"),
            old_names=properties.texts("old_names"),
            polygons=tuple(_polygons(feature.section("geometry"))),
            approximate=properties.flag("approximate"),
        )
        properties.done()
        feature.done()
        if spec.slug in districts:
            raise feature.wrong("pack.twice", name=spec.slug)
        districts[spec.slug] = spec
    return tuple(districts.values())


def features_of(file: Section) -> Iterator[Section]:
    """The features of a FeatureCollection in degrees; what editors of maps add besides is left aside."""
    file.one_of("type", ["FeatureCollection"])
    for aside in ("note", "name", "bbox"):
        file.raw(aside)
    if (crs := file.raw("crs")) and not any(known in str(crs) for known in WGS_84):
        raise file.wrong("pack.crs")
    for feature in file.sections("features"):
        feature.one_of("type", ["Feature"])
        for aside in ("id", "bbox"):
            feature.raw(aside)
        yield feature
    file.done()


def _polygons(geometry: Section) -> Iterator[tuple[Ring, ...]]:
    kind = geometry.one_of("type", ["Polygon", "MultiPolygon"])
    coordinates = geometry.raw("coordinates")
    polygons = [coordinates] if kind == "Polygon" else coordinates
    for polygon in polygons if isinstance(polygons, list) and polygons else [None]:
        rings = [_ring(points) for points in polygon] if isinstance(polygon, list) else []
        whole = tuple(ring for ring in rings if ring)
        if not whole or len(whole) < len(rings):
            raise geometry.wrong("pack.rings")
        yield whole


def _ring(points: object) -> Ring | None:
    """The points as a ring, or None when they are not one."""
    ring = line_of(points)
    return ring if ring and len(ring) >= CLOSED_RING and ring[0] == ring[-1] else None


def line_of(points: object) -> Ring | None:
    """Points [longitude, latitude] on the earth, two at least; None when they are something else."""
    try:
        line = tuple((float(lon), float(lat)) for lon, lat, *_height in points)  # type: ignore[attr-defined]
    except (TypeError, ValueError):
        return None
    on_earth = all(abs(lon) <= MAX_LON and abs(lat) <= MAX_LAT for lon, lat in line)
    return line if len(line) > 1 and on_earth else None
