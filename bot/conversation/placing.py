"""Where it is: from the words, from a point on the map, from what the resident chose."""

from dataclasses import replace

from bot.conversation import card
from bot.conversation.state import Draft, Spot
from bot.conversation.turn import Turn
from bot.messages import line
from core.i18n import t
from core.understanding import PlaceCandidate
from core.understanding.street_types import street_types

ADDRESS = 300  # characters
SHORTEST_PLACE = 3
MORE = 4  # characters beyond the address that say something: «біля школи»
HINT = 0.4  # a score below which the words hardly name a place
CLOSE_CALL = 0.9  # a candidate with this share of the best one's score is worth asking about


def take_places(draft: Draft, places: tuple[PlaceCandidate, ...]) -> None:
    """Take the place the words name, or keep the likely ones to ask about; a mere hint is left alone."""
    likely = [place for place in places if place.score >= max(places[0].score * CLOSE_CALL, HINT)]
    draft.spots = [spot_of(place) for place in likely] if len(likely) > 1 else []
    if len(likely) == 1:
        draft.spot = spot_of(likely[0])


def spot_of(place: PlaceCandidate) -> Spot:
    """The gazetteer's middle of a street is no place of a problem, so it gives no coordinates."""
    address = place.uk
    if place.house:
        address = t("address.house", "uk", street=address, house=place.house)
    if place.entrance:
        address = t("address.entrance", "uk", address=address, entrance=place.entrance)
    street = place.uk if place.known else place.street  # see nearness.place_key
    return Spot(
        address=address[:ADDRESS],
        district=place.district,
        street=street,
        house=place.house,
        districts=list(place.districts),
    )


def add_point(turn: Turn) -> bool:
    """Take a point on the map; False, with the reason said, where it isn't in the city."""
    lat, lon = turn.incoming.lat, turn.incoming.lon
    if lat is None or lon is None or not turn.city.understander.inside(lat, lon):
        turn.say(
            line(
                "bad.outside", city=turn.city.pack.uk if turn.account.language == "uk" else turn.city.pack.en
            )
        )
        return False
    draft = turn.draft()
    understander = turn.city.understander
    named = Spot(address=turn.incoming.text[:ADDRESS]) if turn.incoming.text else draft.spot
    spot = named or Spot(address=_near(turn, lat, lon))
    draft.spot = replace(spot, lat=lat, lon=lon, district=understander.district_at(lat, lon), districts=[])
    draft.spots = []
    return True


def _near(turn: Turn, lat: float, lon: float) -> str:
    """Words for a point: the street it lies at, where the pack knows how streets run."""
    street = turn.city.understander.street_at(lat, lon)
    if street is None:
        return ""
    return t("address.near", "uk", street=street_types()[street.type].shown(street.name)[0])


def name_place(turn: Turn, text: str) -> None:
    """Take words as the answer to «where»: the district asked for, an address we know, or the words."""
    if len(text) < SHORTEST_PLACE:
        return
    draft = turn.draft()
    if draft.spot is not None and card.missing(draft, turn.city) == "district":
        named = turn.city.understander.district_named(text)
        if named in draft.spot.districts:
            draft.spot.district = named
            return
    draft.spot, draft.spots = None, []
    take_places(draft, turn.city.understander.understand(text).places)
    _keep_words(draft, text)


def _keep_words(draft: Draft, text: str) -> None:
    """An address we don't know stays as it was written; so does what was said beside one we do know."""
    if draft.spot is None and not draft.spots:
        draft.spot = Spot(address=text[:ADDRESS])
    elif draft.spot is not None and len(text) > len(draft.spot.address) + MORE:
        draft.spot.address = t("address.more", "uk", address=draft.spot.address, words=text)[:ADDRESS]
