"""Where it is, told in words: street, house and entrance as people write them, and what the gazetteer knows.

A street with a house is worth most; a corner is one place of two streets; a quarter or settlement beside a
street only says where the street lies; a landmark counts where nothing better is told.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from core.pack import StreetSpec
from core.understanding.corners import Corner, corner_forms, find_corners
from core.understanding.finder import Finder
from core.understanding.gazetteer import Gazetteer, Match
from core.understanding.house import House, read_house, read_house_before
from core.understanding.landmarks import Landmark, find_landmarks
from core.understanding.mention import SURE_SLIP, Mention
from core.understanding.normalise import MAX_CHARACTERS
from core.understanding.street_types import AREAS, street_types
from core.understanding.transliteration import to_latin
from core.understanding.words import Words

MOST = 3  # readings that are offered

# What a reading is worth: the name, and what confirms it. Together they make 1.
NAME, TYPE, HOUSE, PREPOSITION, CAPITAL = 0.45, 0.2, 0.2, 0.1, 0.05
VERBATIM = 0.15  # instead of NAME, for a name nobody knows
WITHOUT_TYPE = 0.5  # share of TYPE for a name without a type, which contradicts nothing
LANDMARK, UNKNOWN_LANDMARK = 0.5, 0.4  # a landmark of the pack or with a number; one that nobody knows
ENOUGH = 0.5  # worth of a street beside which a landmark is no place of its own


@dataclass(frozen=True, slots=True)
class PlaceCandidate:
    """One reading of the address. `known`: it stands in the pack; otherwise it is verbatim.

    `uk` and `en` name the place with its type; `span` is the very words of the text that tell it.
    `district` is a slug, None when unknown or when the street crosses several, which `districts` then lists.
    `score` is 0 to 1, for ordering. `lat` and `lon` are the rough middle of the street, never the house.
    `kind` is "street", "area" (a quarter, a settlement), "corner" or "landmark".
    """

    street: str
    uk: str
    en: str
    house: str | None
    entrance: str | None
    district: str | None
    score: float
    span: str
    known: bool
    lat: float | None = None
    lon: float | None = None
    kind: str = "street"
    districts: tuple[str, ...] = ()


def parse_address(text: str, gazetteer: Gazetteer) -> tuple[PlaceCandidate, ...]:
    """Up to three readings of the address in a text, best first."""
    words = Words(text[:MAX_CHARACTERS])
    landmarks = tuple(find_landmarks(words, gazetteer))
    taken = (at for landmark in landmarks for at in range(landmark.start, landmark.end))
    mentions = sorted(Finder(words, gazetteer, taken).mentions(), key=lambda mention: mention.start)
    reader = _Reader(words, gazetteer, mentions, landmarks)
    streets = _within_areas([*reader.corners(), *reader.streets()])
    if all(street.score < ENOUGH for street in streets):
        streets += map(reader.landmark, landmarks)
    best: dict[tuple[str, str | None], PlaceCandidate] = {}
    for candidate in sorted(streets, key=lambda candidate: -candidate.score):
        best.setdefault((candidate.uk, candidate.house), candidate)
    return tuple(best.values())[:MOST]


def _within_areas(found: list[PlaceCandidate]) -> list[PlaceCandidate]:
    """The readings without areas that only say where a street with a house lies; its district from them."""
    if not any(each.kind == "street" and each.house for each in found):
        return found
    areas = [each for each in found if each.kind == "area" and not each.house]
    told = {each.district for each in areas if each.district}
    district = told.pop() if len(told) == 1 else None
    return [
        replace(each, district=district)
        if each.district is None and district in (each.districts or (district,))
        else each
        for each in found
        if each not in areas
    ]


class _Reader:
    """One text with what was found in it; reads each mention as the places it may mean."""

    def __init__(
        self,
        words: Words,
        gazetteer: Gazetteer,
        mentions: list[Mention],
        landmarks: tuple[Landmark, ...],
    ) -> None:
        self._words = words
        self._gazetteer = gazetteer
        self._district = gazetteer.told_district(words)
        self._mentions = mentions
        self._corners = find_corners(words, mentions, gazetteer)
        self._houses = {mention.start: self._house(mention) for mention in mentions}
        # What may stand right before a street and belong to its address: where it begins, by where it ends.
        self._beside = {landmark.end: landmark.start for landmark in landmarks}
        self._around = {
            mention.end: mention.start - mention.prepared
            for mention in mentions
            if mention.in_area and not self._houses[mention.start].number
        }

    def corners(self) -> Iterator[PlaceCandidate]:
        for corner in self._corners:
            left, right = self._best(corner.left), self._best(corner.right)
            if left and right:
                yield self._corner(corner, left, right)

    def streets(self) -> Iterator[PlaceCandidate]:
        meeting = {each.start for corner in self._corners for each in (corner.left, corner.right)}
        for mention in self._mentions:
            if mention.start not in meeting:
                yield from self._candidates(mention, prepared=mention.prepared)

    def landmark(self, landmark: Landmark) -> PlaceCandidate:
        spec = landmark.spec
        numbered = landmark.uk[-1].isdecimal()
        return PlaceCandidate(
            street=landmark.uk,
            uk=landmark.uk,
            en=landmark.en,
            house=None,
            entrance=None,
            district=(spec.district if spec else None) or self._district,
            score=(LANDMARK if spec or numbered else UNKNOWN_LANDMARK) + PREPOSITION * landmark.prepared,
            span=self._words.written(landmark.start, landmark.end),
            known=spec is not None,
            lat=spec.lat if spec else None,
            lon=spec.lon if spec else None,
            kind="landmark",
        )

    def _house(self, mention: Mention) -> House:
        house = read_house(self._words, mention.end)
        return house if house.number else read_house_before(self._words, mention.start) or house

    def _best(self, mention: Mention) -> PlaceCandidate | None:
        readings = self._candidates(mention, prepared=True)
        return max(readings, key=lambda reading: reading.score, default=None)

    def _corner(self, corner: Corner, left: PlaceCandidate, right: PlaceCandidate) -> PlaceCandidate:
        uk, en = corner_forms()
        common = [each for each in _all_districts(left) if each in _all_districts(right)]
        district = common[0] if len(common) == 1 else self._district
        return PlaceCandidate(
            street=f"{left.street} / {right.street}",
            uk=uk.format(left.uk, right.uk),
            en=en.format(left.en, right.en),
            house=None,
            entrance=None,
            district=district if district in common or not common else None,
            score=(left.score + right.score) / 2,
            span=self._words.written(corner.start, corner.end),
            known=left.known and right.known,
            kind="corner",
            districts=tuple(common) if len(common) > 1 else (),
        )

    def _candidates(self, mention: Mention, *, prepared: bool) -> Iterator[PlaceCandidate]:
        house = self._houses[mention.start]
        blank = PlaceCandidate(
            "", "", "", house.number, house.entrance, self._district, 0.0, self._span(mention), known=True
        )
        confirmed = HOUSE * bool(house.number) + PREPOSITION * prepared + CAPITAL * mention.capital
        likely = [match for match in mention.matches if _is_likely(match, mention, house, prepared=prepared)]
        for match in likely:
            fits = mention.kind is not None and mention.kind.slug == match.street.type
            uk, en = street_types()[match.street.type].shown(match.street.name)
            district = _district(match.street, house.number, self._district)
            yield replace(
                blank,
                street=match.street.name,
                uk=uk,
                en=en,
                district=district,
                score=NAME * match.likeness + TYPE * (fits if mention.kind else WITHOUT_TYPE) + confirmed,
                lat=match.street.lat,
                lon=match.street.lon,
                kind="area" if match.street.type in AREAS else "street",
                districts=match.street.districts if district is None else (),
            )
        if not likely and (mention.kind or not mention.matches):
            kind = mention.kind
            uk, en = kind.shown(mention.name) if kind else (mention.name, to_latin(mention.name))
            score = VERBATIM + TYPE * bool(kind) + confirmed
            area = "area" if mention.in_area else "street"
            yield replace(blank, street=mention.name, uk=uk, en=en, score=score, known=False, kind=area)

    def _span(self, mention: Mention) -> str:
        house = self._houses[mention.start]
        start = min(mention.start - mention.prepared, house.start)
        leading = self._beside if mention.in_area else self._beside | self._around
        if start in leading and self._words.beside(start, " ,.("):
            start = leading[start]
        city = self._gazetteer.city_before(self._words, start)
        return self._words.written(start - city, max(mention.end, house.end))


def _is_likely(match: Match, mention: Mention, house: House, *, prepared: bool) -> bool:
    """Whether enough speaks for a street: a word that only looks like a name, or like a part, is none."""
    told = house.number is not None
    if mention.kind:
        alike = (mention.kind.slug in AREAS) == (match.street.type in AREAS)
        sure = match.likeness == 1 or (told and match.likeness >= SURE_SLIP)
        return mention.kind.slug == match.street.type or (alike and sure)
    if match.likeness == 1:
        return told or prepared or mention.capital or mention.alone
    return told or (prepared and mention.capital)


def _district(street: StreetSpec, house: str | None, told: str | None) -> str | None:
    """The street's only district; of several, the one where the house lies, or the one the text tells."""
    if len(street.districts) == 1:
        return street.districts[0]
    number = int(re.match(r"\d*", house or "")[0] or 0)  # type: ignore[index]
    for part in street.ranges:
        if part.first <= number <= part.last and part.parity in {None, "odd" if number % 2 else "even"}:
            return part.district
    return told if told in street.districts or not street.districts else None


def _all_districts(place: PlaceCandidate) -> Iterable[str]:
    return (place.district,) if place.district else place.districts
