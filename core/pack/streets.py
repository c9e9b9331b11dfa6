"""The streets and landmarks of a pack."""

import re
from collections.abc import Iterable, Iterator, Sequence

from core.pack.files import Section
from core.pack.geography import features_of, line_of
from core.pack.specs import DistrictSpec, HouseRange, LandmarkSpec, Ring, StreetLine, StreetSpec

STREET_TYPES = (
    "street",
    "avenue",
    "boulevard",
    "lane",
    "square",
    "highway",
    "descent",
    "dead_end",
    "quarter",
    "microdistrict",
    "settlement",
)
LANDMARK_KINDS = (
    "park",
    "market",
    "hospital",
    "school",
    "station",
    "mine",
    "mall",
    "culture",
    "office",
    "church",
    "cemetery",
    "plant",
    "bridge",
)
_RANGE = re.compile(r"(\w+):(\d+)-(\d+)(?: (odd|even))?")


def read_streets(rows: Iterable[Section], districts: Sequence[DistrictSpec]) -> tuple[StreetSpec, ...]:
    streets: dict[tuple[str, str], StreetSpec] = {}
    known = {district.slug for district in districts}
    for row in rows:
        lat, lon = _position(row)
        spec = StreetSpec(
            name=row.text("name"),
            type=row.one_of("type", STREET_TYPES),
            old_names=row.texts("old_names"),
            also=row.texts("also"),
            districts=row.texts("districts"),
            lat=lat,
            lon=lon,
            ranges=tuple(_ranges(row)),
        )
        row.done()
        if unknown := set(spec.districts) - known:
            raise row.wrong("pack.unknown_in", name="districts", values=", ".join(sorted(unknown)))
        if unknown := {each.district for each in spec.ranges} - set(spec.districts):
            raise row.wrong("pack.ranges_elsewhere", districts=", ".join(sorted(unknown)))
        if (spec.name, spec.type) in streets:
            raise row.wrong("pack.twice", name=f"{spec.type} {spec.name}")
        streets[spec.name, spec.type] = spec
    return tuple(streets.values())


def _ranges(row: Section) -> Iterator[HouseRange]:
    for text in row.texts("ranges"):
        found = _RANGE.fullmatch(text)
        if found is None or int(found[2]) > int(found[3]):
            raise row.wrong("pack.ranges", text=text)
        yield HouseRange(found[1], int(found[2]), int(found[3]), found[4])


def read_landmarks(rows: Iterable[Section], districts: Sequence[DistrictSpec]) -> tuple[LandmarkSpec, ...]:
    landmarks: dict[str, LandmarkSpec] = {}
    for row in rows:
        lat, lon = _position(row)
        spec = LandmarkSpec(
            name=row.text("name"),
            kind=row.one_of("kind", LANDMARK_KINDS),
            also=row.texts("also"),
            district=row.one_of_or_none("district", (district.slug for district in districts)),
            lat=lat,
            lon=lon,
        )
        row.done()
        if spec.name in landmarks:
            raise row.wrong("pack.twice", name=spec.name)
        landmarks[spec.name] = spec
    return tuple(landmarks.values())


def _position(row: Section) -> tuple[float | None, float | None]:
    lat, lon = row.number_or_none("lat"), row.number_or_none("lon")
    if (lat is None) != (lon is None):
        raise row.wrong("pack.position")
    return lat, lon


def read_lines(file: Section, streets: Sequence[StreetSpec]) -> tuple[StreetLine, ...]:
    """A FeatureCollection of LineStrings and MultiLineStrings, each a street of streets.csv."""
    known = {(street.name, street.type): street for street in streets}
    lines: list[StreetLine] = []
    for feature in features_of(file):
        properties = feature.section("properties")
        key = properties.text("name"), properties.one_of("type", STREET_TYPES)
        properties.done()
        if key not in known:
            raise feature.wrong("pack.no_street", type=key[1], name=key[0])
        lines += [StreetLine(known[key], points) for points in _lines(feature.section("geometry"))]
        feature.done()
    return tuple(lines)


def _lines(geometry: Section) -> Iterator[Ring]:
    kind = geometry.one_of("type", ["LineString", "MultiLineString"])
    coordinates = geometry.raw("coordinates")
    parts = [coordinates] if kind == "LineString" else coordinates
    for part in parts if isinstance(parts, list) else [None]:
        if (line := line_of(part)) is None:
            raise geometry.wrong("pack.lines")
        yield line
