"""Where it is, told in words: street, house and entrance as people write them, and what the gazetteer knows.

Three ways lead to a street: its name stands in the text as the gazetteer (declined, old, colloquial) knows
it; a word such as "вул." or a house number stands beside a name that is nearly known; or such a word stands
beside a name nobody knows, which is then kept verbatim for a person to look at.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from core.pack import StreetSpec
from core.understanding.gazetteer import Gazetteer, Match
from core.understanding.house import House, read_house, read_house_before
from core.understanding.mentions import AND, CORNER, Finder, Mention, told_district
from core.understanding.normalise import MAX_CHARACTERS
from core.understanding.street_types import street_types
from core.understanding.transliteration import to_latin
from core.understanding.words import Words

MOST = 3  # readings that are offered

# What a reading is worth: the name, and what confirms it. Together they make 1.
NAME, TYPE, HOUSE, PREPOSITION, CAPITAL = 0.45, 0.2, 0.2, 0.1, 0.05
VERBATIM = 0.15  # instead of NAME, for a name nobody knows
WITHOUT_TYPE = 0.5  # share of TYPE for a name without a type, which contradicts nothing


@dataclass(frozen=True, slots=True)
class PlaceCandidate:
    """One reading of the address. `known`: the street stands in the gazetteer; otherwise it is verbatim.

    `uk` and `en` name the street with its type; `span` is the very words of the text that tell the place.
    `district` is a slug, None when unknown or when the street crosses several. `score` is 0 to 1, for
    ordering. `lat` and `lon` are the rough middle of the street, never the house.
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


def parse_address(text: str, gazetteer: Gazetteer) -> tuple[PlaceCandidate, ...]:
    """Up to three readings of the address in a text, best first; of a corner, one for each street."""
    words = Words(text[:MAX_CHARACTERS])
    district = told_district(words, gazetteer)
    mentions = sorted(Finder(words, gazetteer).mentions(), key=lambda mention: mention.start)
    corners = dict(_corners(words, mentions))
    found: dict[tuple[str, str | None], PlaceCandidate] = {}
    for mention in mentions:
        for candidate in _candidates(words, mention, corners.get(mention.start), district):
            key = candidate.uk, candidate.house
            if key not in found or found[key].score < candidate.score:
                found[key] = candidate
    return tuple(sorted(found.values(), key=lambda candidate: -candidate.score)[:MOST])


def _corners(words: Words, mentions: Sequence[Mention]) -> Iterator[tuple[int, str]]:
    """The words of "ріг Миру і Поштового", for where each of the two mentions starts."""
    for left, right in pairwise(mentions):
        joined = words.is_(AND, left.end) and right.start == left.end + 1
        slash = right.start == left.end and (words.gap(left.end) or "").strip() in {"/", "-"}
        if words.is_(CORNER, left.start - 1) and (joined or slash):
            span = words.written(left.start - 1, right.end)
            yield left.start, span
            yield right.start, span


def _candidates(
    words: Words, mention: Mention, corner: str | None, district: str | None
) -> Iterator[PlaceCandidate]:
    house = read_house(words, mention.end)
    if not house.number:
        house = read_house_before(words, mention.start) or house
    start = min(mention.start - mention.prepared, house.start)
    span = corner or words.written(start, max(mention.end, house.end))
    known = PlaceCandidate("", "", "", house.number, house.entrance, district, 0.0, span, known=True)
    prepared = mention.prepared or corner is not None
    confirmed = HOUSE * bool(house.number) + PREPOSITION * prepared + CAPITAL * mention.capital
    likely = [match for match in mention.matches if _is_likely(match, mention, house)]
    for match in likely:
        fits = mention.kind is not None and mention.kind.slug == match.street.type
        uk, en = street_types()[match.street.type].shown(match.street.name)
        yield replace(
            known,
            street=match.street.name,
            uk=uk,
            en=en,
            district=_district(match.street, district),
            score=NAME * match.likeness + TYPE * (fits if mention.kind else WITHOUT_TYPE) + confirmed,
            lat=match.street.lat,
            lon=match.street.lon,
        )
    if not likely and (mention.kind or not mention.matches):
        uk, en = mention.kind.shown(mention.name) if mention.kind else (mention.name, to_latin(mention.name))
        score = VERBATIM + TYPE * bool(mention.kind) + confirmed
        yield replace(known, street=mention.name, uk=uk, en=en, score=score, known=False)


def _is_likely(match: Match, mention: Mention, house: House) -> bool:
    """Whether enough speaks for a street: a word that only looks like a name, or like a part, is none."""
    if mention.kind:
        return match.likeness == 1 or mention.kind.slug == match.street.type
    if match.likeness == 1:
        return bool(house.number or mention.prepared or mention.capital)
    return bool(house.number or mention.capital)


def _district(street: StreetSpec, told: str | None) -> str | None:
    """The street's only district; of several, the one the text tells."""
    if len(street.districts) == 1:
        return street.districts[0]
    return told if told in street.districts or not street.districts else None
