"""What is seen of a call while it is typed: who rings, what it is about, where, who reported it first."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from core import clock
from core.actions import calls, phone
from core.actions.actor import Actor
from core.actions.submit import Place
from core.city import City
from core.errors import Invalid
from core.i18n import t
from core.models import Account, Appeal, Resident, Task, TaskKind
from core.phones import normalised
from core.queries import mine
from core.queries.alike import Alike, alike
from core.understanding import AnswerMatch, Guess, PlaceCandidate, Understanding
from core.workflow import BY_NAME, Kind

SHOWN = 5  # appeals of a caller, the newest
HINT = 0.4  # a score below which the words of a complaint hardly name a place
AS_TYPED = "-"  # chosen instead of a candidate
COMMON = "112"  # the emergency number for whatever it is


@dataclass(frozen=True, slots=True)
class Known:
    """Who was heard of before. `chat`: the messenger in which they can be answered, instead of by a call.

    `joined`: ids of those appeals that somebody else filed. `calls`: what they are still to be told.
    """

    resident: Resident
    chat: Account | None
    appeals: tuple[Appeal, ...]
    joined: frozenset[int]
    calls: tuple[Task, ...]


@dataclass(frozen=True, slots=True)
class Spot:
    """An address that the words may mean; `address` names it, and is what the form sends back."""

    address: str
    place: Place
    exact: bool  # a house, or a corner


@dataclass(frozen=True, slots=True)
class Heard:
    """`number` is None where what was typed is none (yet). `emergency`: whom the caller must ring first."""

    number: str | None
    known: Known | None
    seen: Understanding | None
    guesses: tuple[Guess, ...]
    category: str | None  # chosen, or so plain that it may be taken
    urgent: bool
    emergency: str | None
    spots: tuple[Spot, ...]
    alike: tuple[Alike, ...]
    answers: tuple[AnswerMatch, ...]


async def heard(city: City, *, number: str, text: str, address: str, category: str, kind: Kind) -> Heard:
    """What can be said by now; `category` is the chosen one, empty where none is."""
    seen = city.understander.understand(text) if text.strip() else None
    guesses = tuple(each for each in seen.categories if _active(city, each.slug)) if seen else ()
    best = guesses[0].slug if guesses else None
    plain = best if seen and seen.confident else None
    sure = category if _active(city, category) else plain
    spots = spots_of(city, text, address)
    urgent = bool(seen and seen.urgency.urgent) and kind not in BY_NAME
    known_as = number_of(number)
    known = await _known(known_as) if known_as else None
    own = {appeal.id for appeal in known.appeals} if known else set()
    likely = await _alike(city, sure or best, spots, text, kind)
    return Heard(
        number=known_as,
        known=known,
        seen=seen,
        guesses=guesses,
        category=sure,
        urgent=urgent,
        emergency=_emergency(city, seen) if urgent else None,
        spots=spots,
        alike=tuple(each for each in likely if each.appeal_id not in own),
        answers=city.understander.answers(text) if text.strip() and not urgent else (),
    )


def number_of(text: str) -> str | None:
    try:
        return normalised(text)
    except Invalid:
        return None


def spots_of(city: City, text: str, address: str) -> tuple[Spot, ...]:
    """What the address may mean; without one, what the words themselves name."""
    typed = bool(address.strip())
    places = city.understander.understand(address if typed else text).places
    return tuple(_spot(place) for place in places if place.known and (typed or place.score >= HINT))


def place_of(city: City, text: str, address: str, *, chosen: str, district: str) -> Place:
    """The candidate that was chosen; else the only likely one; else the address as it was typed.

    `district`: the one that was chosen, empty where none was.
    """
    spots = spots_of(city, text, address)
    likely = [spot for spot in spots if spot.exact] or spots
    found = next((spot for spot in spots if spot.address == chosen), None)
    if found is None and chosen != AS_TYPED and len(likely) == 1:
        found = likely[0]
    place = found.place if found else Place(address=address.strip())
    return replace(place, district=district) if district in city.districts else place


def _spot(place: PlaceCandidate) -> Spot:
    """The middle of a street is no place of a problem, so it gives no coordinates."""
    address = place.uk
    if place.house:
        address = t("address.house", "uk", street=address, house=place.house)
    if place.entrance:
        address = t("address.entrance", "uk", address=address, entrance=place.entrance)
    where = Place(address=address, district=place.district, street=place.uk, house=place.house)
    return Spot(address, where, exact=bool(place.house) or place.kind == "corner")


async def _known(number: str) -> Known | None:
    resident = await phone.known(number)
    if resident is None:
        return None
    page = await mine.page(Actor.resident(resident.id))
    appeals = page.appeals[:SHOWN]
    return Known(
        resident=resident,
        chat=await calls.chat_of(resident.id),
        appeals=appeals,
        joined=page.joined,
        calls=await _to_tell(resident, appeals),
    )


async def _to_tell(resident: Resident, appeals: Sequence[Appeal]) -> tuple[Task, ...]:
    own = {account.id for account in await Account.filter(resident_id=resident.id)}
    open_ones = Task.filter(kind=TaskKind.CALL, done_at=None)
    waiting = await open_ones.filter(appeal_id__in=[each.id for each in appeals]).order_by("id")
    return tuple(task for task in waiting if calls.owner(task) in own)


async def _alike(
    city: City, category: str | None, spots: Sequence[Spot], text: str, kind: Kind
) -> tuple[Alike, ...]:
    """Only a house or a corner is a place at which somebody may have been first."""
    spot = next((spot for spot in spots if spot.exact), None)
    if category is None or spot is None or kind in BY_NAME:
        return ()
    where = spot.place
    return await alike(
        city, category=category, lat=where.lat, lon=where.lon, place_key=where.key, text=text, at=clock.now()
    )


def _active(city: City, slug: str) -> bool:
    return slug in city.categories and city.categories[slug].active


def _emergency(city: City, seen: Understanding | None) -> str | None:
    """Of the city's own numbers, the one for this danger or the common one."""
    numbers = {each.number for each in city.pack.emergency}
    wanted = seen.urgency.number if seen else None
    return wanted if wanted in numbers else COMMON if COMMON in numbers else None
