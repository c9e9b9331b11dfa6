"""What no single file of a pack shows: whether its parts fit each other, the columns and the buttons."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from itertools import combinations

from shapely import MultiPolygon, Polygon, box, is_valid_reason, union_all
from tortoise.models import Model

from core.catalogue import categories_of, districts_of, executors_of
from core.pack import TEMPLATES, DistrictSpec, Pack, PackError
from core.phrases import Phrase, phrase
from core.templates import OFFERED, wrong_in
from core.understanding.area import shape_of

SLUG = re.compile(r"[A-Za-z0-9_]+(\.[A-Za-z0-9_]+)*")
LONGEST = {
    "group": 32,
    "category": 50,
    "answer": 40,
}  # of a slug: a button holds 64 bytes, what it does among them
FEWEST = 3  # categories between which a model can choose
OTHER = "other"  # where what nobody could name goes
OVERLAP, GAP = 0.01, 0.001  # shares of the smaller district's area and of the city's that are worth a word

Shapes = Mapping[str, MultiPolygon]


def check(pack: Pack) -> list[Phrase]:
    """Warnings. Raises PackError for what can't be imported."""
    _check_slugs(pack)
    _check_lengths("taxonomy.toml", categories_of(pack))
    _check_lengths("districts.geojson", districts_of(pack))
    _check_lengths("executors.toml", executors_of(pack))
    if len(pack.categories) < FEWEST or all(each.slug != OTHER for each in pack.categories):
        right = phrase("pack.fewest", fewest=FEWEST, other=OTHER)
        raise PackError("taxonomy.toml", "[[category]]", right)
    if not pack.districts:
        raise PackError("districts.geojson", "features", phrase("pack.no_district"))
    shapes = {district.slug: _sound(district) for district in pack.districts}
    _check_positions(pack)
    return [*_beyond(pack, shapes), *_overlapping(shapes), *_gaps(shapes), *_unknown(pack)]


def check_templates(pack: Pack) -> None:
    """Only of those that were brought: what stands is the panel's own. Raises PackError."""
    for number, spec in enumerate(pack.templates, start=1):
        place = f"[[template]] {number}"
        if spec.verb not in ("", *OFFERED):
            right = phrase("pack.unknown_value", name="verb", value=spec.verb, known=", ".join(OFFERED))
            raise PackError(TEMPLATES, place, right)
        for name, error in wrong_in(asdict(spec)).items():
            right = phrase("pack.field", name=name, why=phrase(error.key, **error.params))
            raise PackError(TEMPLATES, place, right)


def _check_slugs(pack: Pack) -> None:
    for file, kind, specs in (
        ("taxonomy.toml", "group", pack.groups),
        ("taxonomy.toml", "category", pack.categories),
        ("executors.toml", "executor", pack.executors),
        ("districts.geojson", "district", pack.districts),
        ("answers.toml", "answer", pack.answers),
    ):
        for spec in specs:
            if not SLUG.fullmatch(spec.slug):
                raise PackError(file, spec.slug, phrase("pack.slug"))
            if len(spec.slug) > (longest := LONGEST.get(kind, 64)):
                raise PackError(file, spec.slug, phrase("pack.long", name="slug", n=longest))


def _check_lengths(file: str, rows: Iterable[Model]) -> None:
    for row in rows:
        for column in type(row).describe()["data_fields"]:
            name, longest = column["name"], column["constraints"].get("max_length")
            if longest and len(getattr(row, name)) > longest:
                raise PackError(file, str(row.pk), phrase("pack.long", name=name, n=longest))


def _sound(district: DistrictSpec) -> MultiPolygon:
    shape = shape_of(district.polygons)
    if not shape.is_valid:
        right = phrase("pack.outline", why=is_valid_reason(shape))
        raise PackError("districts.geojson", district.slug, right)
    return shape


def _check_positions(pack: Pack) -> None:
    south, west, north, east = pack.bounds
    for file, specs in (("streets.csv", pack.streets), ("landmarks.csv", pack.landmarks)):
        for spec in specs:
            lat, lon = spec.lat, spec.lon
            if lat is not None and lon is not None and not (south <= lat <= north and west <= lon <= east):
                right = phrase("pack.beyond", lat=lat, lon=lon)
                raise PackError(file, spec.name, right)


def _beyond(pack: Pack, shapes: Shapes) -> Iterator[Phrase]:
    """Outlines and lines that reach out of the city's bounds; wholly outside, they are refused."""
    south, west, north, east = pack.bounds
    city, out = box(west, south, east, north), []
    for slug, shape in shapes.items():
        if not city.intersects(shape):
            right = phrase("pack.outside", span=shape.bounds)
            raise PackError("districts.geojson", slug, right)
        out += [slug] if not city.contains(shape) else []
    if out:
        w, s, e, n = union_all(list(shapes.values())).bounds
        yield phrase("import.beyond", names=", ".join(out), span=[s, w, n, e])
    for line in pack.street_lines:
        if not any(west <= lon <= east and south <= lat <= north for lon, lat in line.points):
            right = phrase("pack.line_outside", point=line.points[0])
            raise PackError("streets.geojson", line.street.name, right)


def _overlapping(shapes: Shapes) -> Iterator[Phrase]:
    for (one, shape), (other, another) in combinations(shapes.items(), 2):
        share = shape.intersection(another).area / min(shape.area, another.area)
        if share > OVERLAP:
            yield phrase("import.overlap", one=one, other=other, share=f"{100 * share:.0f}")


def _gaps(shapes: Shapes) -> Iterator[Phrase]:
    """Holes between districts: who writes from there lives in no district."""
    whole = union_all(list(shapes.values()))
    parts = [part for part in getattr(whole, "geoms", [whole]) if isinstance(part, Polygon)]
    for hole in (Polygon(ring) for part in parts for ring in part.interiors):
        if hole.area > GAP * whole.area:
            at = hole.representative_point()
            share = 100 * hole.area / whole.area
            yield phrase("import.gap", share=f"{share:.1f}", lat=f"{at.y:.4f}", lon=f"{at.x:.4f}")


def _unknown(pack: Pack) -> Iterator[Phrase]:
    """Answers about what the catalogue does not have; they are given all the same."""
    known = {None, *(category.slug for category in pack.categories)}
    for answer in pack.answers:
        for slug in {answer.category, answer.report} - known:
            yield phrase("import.no_category", answer=answer.slug, category=slug)
