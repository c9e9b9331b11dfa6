"""Where things happen: streets of the pack, each with a fixed middle, houses scattered around it."""

from dataclasses import dataclass
from random import Random

from core.actions.submit import Place
from core.city import City
from core.pack import DistrictSpec
from core.understanding.street_types import street_types

SCATTER = 0.004  # degrees around the middle of a street, about 400 m
TRIES = 1000
HOUSES = 140


@dataclass(frozen=True, slots=True)
class _Street:
    uk: str
    district: str
    lat: float
    lon: float


class Places:
    def __init__(self, city: City, rng: Random) -> None:
        self._city = city
        outlines = {district.slug: district for district in city.pack.districts}
        self._streets = [
            _Street(
                street_types()[street.type].shown(street.name)[0], slug, *_middle(city, outlines[slug], rng)
            )
            for street in city.pack.streets
            for slug in street.districts
        ]

    def draw(self, rng: Random, *, somewhere: bool = True) -> tuple[Place, str]:
        """A place, and how its words stand in the resident's text (nothing where only a point was sent)."""
        if not self._streets or not somewhere:
            return Place(), ""
        street = rng.choice(self._streets)
        lat, lon = self._near(street, rng)
        kind = rng.random()
        if kind < 0.12:  # noqa: PLR2004 - the share of those who send a point alone
            return Place("", lat, lon, street.district), ""
        house = rng.randint(1, HOUSES)
        address = f"{street.uk}, {house}"
        said = rng.choice(
            (f"{street.uk} {house}", f"{street.uk.partition(' ')[2]} {house}", f"{address}", "")
        )
        if kind < 0.7:  # noqa: PLR2004 - with a point on the map
            return Place(address, lat, lon, street.district, street.uk, str(house)), said
        return Place(address, None, None, street.district, street.uk, str(house)), said

    def _near(self, street: _Street, rng: Random) -> tuple[float, float]:
        for _ in range(10):
            lat = round(street.lat + rng.gauss(0, SCATTER / 2), 6)
            lon = round(street.lon + rng.gauss(0, SCATTER / 2), 6)
            if self._city.understander.district_at(lat, lon) == street.district:
                return lat, lon
        return street.lat, street.lon


def _middle(city: City, district: DistrictSpec, rng: Random) -> tuple[float, float]:
    """A point well inside the district; where its outline is too thin for that, any of its corners."""
    points = [point for ring in district.outline for point in ring]
    west, east = min(lon for lon, _ in points), max(lon for lon, _ in points)
    south, north = min(lat for _, lat in points), max(lat for _, lat in points)
    for _ in range(TRIES):
        lat, lon = rng.uniform(south, north), rng.uniform(west, east)
        around = [(lat + dy, lon + dx) for dx in (-SCATTER, SCATTER) for dy in (-SCATTER, SCATTER)]
        if all(city.understander.district_at(*point) == district.slug for point in around):
            return round(lat, 6), round(lon, 6)
    return points[0][1], points[0][0]
