"""What is understood of a text and why, in words: for whoever asks why an appeal went where it went."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from core import clock
from core.city import City
from core.understanding import PlaceCandidate, Understanding
from core.workflow import Kind

Point = tuple[float, float]  # latitude and longitude in degrees, WGS 84


def explain(city: City, text: str, at: Point | None = None) -> Iterator[str]:
    """Lines for a terminal; `at` is a point sent with the text, whose district counts before the words'."""
    seen = city.understander.understand(text)
    yield from _categories(city, text, seen)
    yield from _speech(city, text, seen)
    yield from _danger(city, seen)
    yield from _places(city, seen)
    district = seen.places[0].district if seen.places else None
    if at:
        district = city.understander.district_at(*at)
        yield f"point: {at[0]}, {at[1]} is {_district(city, district) if district else 'outside the city'}"
    if seen.categories:
        yield from _route(city, seen, district)
    yield f"model: {seen.model_version}"


def _categories(city: City, text: str, seen: Understanding) -> Iterator[str]:
    if not seen.categories:
        yield "category: none, the text is blank"
        return
    best, needed = seen.categories[0], city.understander.needed(text)
    for guess in seen.categories:
        category = city.categories[guess.slug]
        yield f"category: {guess.slug}, {guess.score:.1%}: {category.uk} / {category.en}"
        if words := city.understander.deciding(text, guess.slug):
            yield f"  since it says {_quoted(words)}"
    if seen.confident:
        yield f"  taken without asking: {best.score:.1%} is at least the {needed:.1%} that is needed"
    else:
        yield f"  the resident would be asked: {best.score:.1%} is less than the {needed:.1%} that is needed"


def _speech(city: City, text: str, seen: Understanding) -> Iterator[str]:
    yield f"speech: {seen.speech}{f', a {seen.statutory} by the law' if seen.statutory else ''}"
    for match in city.understander.answers(text):
        yield f"typical answer: {match.answer.slug}, worth {match.score:.2f}: {match.answer.uk}"
    for number, part in enumerate(city.understander.problems(text), start=1):
        places = f", at {_address(part.places[0])}" if part.places else ""
        yield f"problem {number}: {part.category}{places}: «{part.text}»"


def _danger(city: City, seen: Understanding) -> Iterator[str]:
    if seen.urgency.urgent:
        call = f"; call {seen.urgency.number} first" if seen.urgency.number else ""
        yield f"danger: {_quoted(seen.urgency.words)} together tell one{call}"
    elif seen.confident and city.categories[seen.categories[0].slug].urgent:
        yield "danger: the words tell none, but the category is an urgent one"
    else:
        yield "danger: none told"


def _places(city: City, seen: Understanding) -> Iterator[str]:
    if not seen.places:
        yield "place: none told"
    for place in seen.places:
        yield f"place: {_address(place)}, worth {place.score:.2f}, read from «{place.span}»"
        street = "in the list of streets" if place.known else "no street that is known, kept as written"
        yield f"  {street}; {_district(city, place.district) if place.district else 'district unknown'}"


def _address(place: PlaceCandidate) -> str:
    entrance = f"entrance {place.entrance}" if place.entrance else None
    return ", ".join(part for part in (place.uk, place.house, entrance) if part)


def _route(city: City, seen: Understanding, district: str | None) -> Iterator[str]:
    category = city.categories[seen.categories[0].slug]
    urgent = seen.urgency.urgent or (seen.confident and category.urgent)
    found = city.route(category.slug, district, kind=Kind.of(category.slug), urgent=urgent)
    if found is None:
        yield "executor: none, an operator decides: no rule fits"
    else:
        why = ", ".join(f"{name} = {value}" for name, value in found.why.items())
        yield f"executor: {found.executor} ({city.executors[found.executor].uk})"
        yield f"  by rule {found.rule}: {why or 'no condition, the last resort'}"
    executor = found.executor if found else None
    due = city.deadline(category.slug, clock.now(), urgent=urgent, executor=executor)
    local = due.astimezone(ZoneInfo(city.pack.timezone))
    pace = "around the clock" if urgent else "of working time"
    yield f"deadline: {local:%d.%m.%Y %H:%M}, {category.hours} hours {pace} from now"


def _district(city: City, slug: str) -> str:
    return f"{city.districts[slug].uk} / {city.districts[slug].en}"


def _quoted(words: tuple[str, ...]) -> str:
    return ", ".join(f"«{word}»" for word in words)
