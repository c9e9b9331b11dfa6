"""The districts and streets of a pack."""

from collections.abc import Iterator, Sequence

from core.pack.files import Section
from core.pack.specs import DistrictSpec, Ring, StreetSpec

STREET_TYPES = (
    "street",
    "avenue",
    "boulevard",
    "lane",
    "square",
    "highway",
    "descent",
    "quarter",
    "microdistrict",
    "settlement",
)
MAX_LON, MAX_LAT = 180, 90
CLOSED_RING = 4  # points at least: a triangle whose first point stands again at the end


def read_districts(file: Section) -> tuple[DistrictSpec, ...]:
    """A FeatureCollection of Polygons and MultiPolygons; holes are refused, for no district has any."""
    file.one_of("type", ["FeatureCollection"])
    file.optional("note")
    districts: dict[str, DistrictSpec] = {}
    for feature in file.sections("features"):
        feature.one_of("type", ["Feature"])
        properties = feature.section("properties")
        spec = DistrictSpec(
            slug=properties.text("slug"),
            uk=properties.text("uk"),
            en=properties.text("en"),
            old_names=properties.texts("old_names"),
            outline=tuple(_rings(feature.section("geometry"))),
            approximate=properties.flag("approximate"),
        )
        properties.done()
        feature.done()
        if spec.slug in districts:
            raise feature.wrong(f"a slug stands once; {spec.slug!r} stands twice")
        districts[spec.slug] = spec
    file.done()
    return tuple(districts.values())


def _rings(geometry: Section) -> Iterator[Ring]:
    kind = geometry.one_of("type", ["Polygon", "MultiPolygon"])
    coordinates = geometry.raw("coordinates")
    polygons = [coordinates] if kind == "Polygon" else coordinates
    for rings in polygons if isinstance(polygons, list) else [None]:
        outer = rings[0] if isinstance(rings, list) and len(rings) == 1 else None
        if (ring := _ring(outer)) is None:
            raise geometry.wrong("`coordinates` are closed rings of [longitude, latitude], without holes")
        yield ring


def _ring(points: object) -> Ring | None:
    """The points as a ring, or None when they are not one."""
    try:
        ring = tuple((float(lon), float(lat)) for lon, lat in points)  # type: ignore[attr-defined]
    except (TypeError, ValueError):
        return None
    closed = len(ring) >= CLOSED_RING and ring[0] == ring[-1]
    on_earth = all(abs(lon) <= MAX_LON and abs(lat) <= MAX_LAT for lon, lat in ring)
    return ring if closed and on_earth else None


def read_streets(rows: Sequence[Section], districts: Sequence[DistrictSpec]) -> tuple[StreetSpec, ...]:
    streets: dict[tuple[str, str], StreetSpec] = {}
    known = {district.slug for district in districts}
    for row in rows:
        spec = StreetSpec(
            name=row.text("name"),
            type=row.one_of("type", STREET_TYPES),
            old_names=row.texts("old_names"),
            also=row.texts("also"),
            districts=row.texts("districts"),
            lat=row.number_or_none("lat"),
            lon=row.number_or_none("lon"),
        )
        row.done()
        if unknown := set(spec.districts) - known:
            raise row.wrong(f"unknown in `districts`: {', '.join(sorted(unknown))}")
        if (spec.lat is None) != (spec.lon is None):
            raise row.wrong("`lat` and `lon` stand together")
        if (spec.name, spec.type) in streets:
            raise row.wrong(f"a {spec.type} stands once; {spec.name!r} stands twice")
        streets[spec.name, spec.type] = spec
    return tuple(streets.values())
