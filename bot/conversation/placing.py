"""Where it is: from the words, from a point on the map, from what the resident chose."""

import re
from dataclasses import replace

from bot.conversation import card
from bot.conversation.state import Draft, Lack, Spot
from bot.conversation.turn import Turn
from bot.messages import line
from core.actions.submit import Place
from core.i18n import t
from core.understanding import PlaceCandidate
from core.understanding.street_types import street_types

ADDRESS = 300  # characters
SHORTEST_PLACE = 3
MORE = 4  # characters beyond the address that say something: «біля школи»
HINT = 0.4  # a score below which the words hardly name a place
CLOSE_CALL = 0.9  # a candidate with this share of the best one's score is worth asking about
# What may stand beside an address that is all a message says.
_BESIDE = re.compile(
    r"\b(?:адрес\w*|вірн\w*|правильн\w*|точніше|вернее|це|это|на|в|у|за|по|я|ми|живу|живемо|а|не|ось|вот|там"
    r"|address|it|is|at|on|not)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w")


def place_of(spot: Spot | None) -> Place:
    """As the core takes it; an empty one where there is none."""
    if spot is None:
        return Place()
    return Place(spot.address, spot.lat, spot.lon, spot.district, spot.street, spot.house)


def take_places(draft: Draft, places: tuple[PlaceCandidate, ...]) -> None:
    """Take the place the words name, or keep the likely ones to ask about; a mere hint is left alone."""
    if not places:
        return
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


def pointed_at(turn: Turn, before: Spot | None) -> Spot | None:
    """The point on the map that was sent; None, with the reason said, where it isn't in the city."""
    lat, lon = turn.incoming.lat, turn.incoming.lon
    understander = turn.city.understander
    if lat is None or lon is None or not understander.inside(lat, lon):
        pack = turn.city.pack
        turn.say(line("bad.outside", city=pack.uk if turn.account.language == "uk" else pack.en))
        return None
    named = Spot(address=turn.incoming.text[:ADDRESS]) if turn.incoming.text else before
    spot = named or Spot(address=_near(turn, lat, lon))
    return replace(spot, lat=lat, lon=lon, district=understander.district_at(lat, lon), districts=[])


def add_point(turn: Turn) -> bool:
    """Take a point on the map for the draft; False, with the reason said, where it isn't in the city."""
    spot = pointed_at(turn, turn.state.draft.spot if turn.state.draft else None)
    if spot is None:
        return False
    draft = turn.draft()
    draft.spot, draft.spots = spot, []
    settle(draft)
    return True


def settle(draft: Draft) -> None:
    """The place is known now, if it was asked for anew."""
    if draft.again == Lack.PLACE:
        draft.again = ""


def _near(turn: Turn, lat: float, lon: float) -> str:
    """Words for a point: the street it lies at, where the pack knows how streets run."""
    street = turn.city.understander.street_at(lat, lon)
    if street is None:
        return ""
    return t("address.near", "uk", street=street_types()[street.type].shown(street.name)[0])


def named(turn: Turn, text: str) -> Spot | None:
    """The place that the words name, or the words themselves; None, and asked again, where they are none."""
    if len(text) < SHORTEST_PLACE:
        turn.say("danger.where", ask_location=True)
        return None
    drafted = Draft(token="")
    take_places(drafted, turn.city.understander.understand(text).places)
    _keep_words(drafted, text)
    return drafted.spot or Spot(address=text[:ADDRESS])


def address_alone(turn: Turn, text: str, before: Spot | None = None) -> Spot | None:
    """The address, with a house or a corner, that the text is and nothing else; None where it says more.

    Where `before` is mere words, a street will do.

    Of several, one that is not where `before` is: «не Соборності 12, а Мусоргського 10».
    """
    places = turn.city.understander.understand(text).places
    rest = text
    for each in places:
        rest = rest.replace(each.span, " ", 1)
    if _WORD.search(_BESIDE.sub("", rest)):
        return None
    vague = before is not None and not before.street and before.lat is None
    exact = [
        spot_of(each) for each in places if each.known and (each.house or each.kind == "corner" or vague)
    ]
    others = [each for each in exact if before is None or each.address != before.address]
    return next(iter(others or exact), None)


def name_place(turn: Turn, text: str) -> None:
    """Take words as the answer to «where»: the district asked for, an address we know, or the words."""
    if len(text) < SHORTEST_PLACE:
        return
    draft = turn.draft()
    if draft.spot is not None and card.missing(draft, turn.city) is Lack.DISTRICT:
        named = turn.city.understander.district_named(text)
        if named in draft.spot.districts:
            draft.spot.district = named
            return
    draft.spot, draft.spots = None, []
    take_places(draft, turn.city.understander.understand(text).places)
    _keep_words(draft, text)
    settle(draft)


def _keep_words(draft: Draft, text: str) -> None:
    """An address we don't know stays as it was written; so does what was said beside one we do know."""
    if draft.spot is None and not draft.spots:
        draft.spot = Spot(address=text[:ADDRESS])
    elif draft.spot is not None and len(text) > len(draft.spot.address) + MORE:
        draft.spot.address = t("address.more", "uk", address=draft.spot.address, words=text)[:ADDRESS]
