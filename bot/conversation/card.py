"""The draft's card: what was understood, who answers, until when. Pure: a draft in, a message out."""

from collections.abc import Callable, Mapping

from bot.conversation.buttons import of_draft
from bot.conversation.state import Draft, Lack, Spot
from bot.messages import Line, Reply, line
from core import clock
from core.city import City
from core.models import Category
from core.models.appeals import AttachmentKind
from core.workflow import Kind

FILES = (AttachmentKind.PHOTO, AttachmentKind.VIDEO, AttachmentKind.DOCUMENT, AttachmentKind.VOICE)
COMMON = "112"  # the emergency number for whatever it is
ADVISED = frozenset({"101", "103", "104"})  # those for which there is more to say than to call
ESSENCE = 60  # characters, at least, of what an official appeal is about, unless more was said when asked
UNSURE = "other"  # the category of what only an operator can place


def slot(draft: Draft) -> str:
    return f"card:{draft.token}"


def missing(draft: Draft, city: City) -> Lack | None:
    """What must be asked before the draft can be sent; None when it is whole."""
    if draft.again:
        return Lack(draft.again)
    return next((lack for lack, lacks in CHECKS.items() if lacks(draft, city)), None)


def _topic_matters(draft: Draft, city: City) -> bool:
    """An operator finds the topic of what is official or only asked."""
    if draft.official or draft.question:
        return False
    return draft.category is None or not city.categories[draft.category].active


def _place_matters(draft: Draft, city: City) -> bool:
    if draft.official or draft.question or draft.category is None:
        return False
    return draft.spot is None and city.categories[draft.category].needs_place


def _district_matters(draft: Draft, city: City) -> bool:
    """Whether the districts that the street crosses are answered for by different executors."""
    if draft.official or draft.question or draft.category is None:
        return False
    if draft.spot is None or draft.spot.district is not None:
        return False
    kind, urgent = kind_of(draft), is_urgent(draft, city)
    routes = [city.route(draft.category, each, kind=kind, urgent=urgent) for each in draft.spot.districts]
    return len({route.executor if route else None for route in routes}) > 1


# In the order in which they are asked for.
CHECKS: dict[Lack, Callable[[Draft, City], bool]] = {
    Lack.TEXT: lambda draft, _: not draft.texts and draft.category is None,
    Lack.SPLIT: lambda draft, _: bool(draft.parts) and not draft.whole,
    Lack.KIND: lambda draft, _: bool(draft.offered_kind) and not draft.kind_decided,
    Lack.ESSENCE: lambda draft, _: draft.official and len(draft.texts) <= 1 and len(draft.text) < ESSENCE,
    Lack.NAME: lambda draft, _: draft.official and not draft.name,
    Lack.ADDRESS: lambda draft, _: draft.official and not draft.address,
    Lack.CATEGORY: _topic_matters,
    Lack.SPOT: lambda draft, _: bool(draft.spots) and not (draft.official or draft.question),
    Lack.PLACE: _place_matters,
    Lack.DISTRICT: _district_matters,
    Lack.ALIKE: lambda draft, _: draft.offer is not None,
}


def card(draft: Draft, city: City) -> Reply:
    if draft.question:
        return _question(draft, city)
    if draft.official:
        return _official(draft, city)
    category = city.categories[draft.category or ""]
    district, urgent = draft.spot.district if draft.spot else None, is_urgent(draft, city)
    route = city.route(category.slug, district, kind=kind_of(draft), urgent=urgent)
    executor = route.executor if route and draft.sure else None
    return Reply(
        lines=(line("card.title"), *summary(draft), *_terms(executor, category, city, urgent=urgent)),
        buttons=(
            (of_draft("send", draft),),
            (of_draft("topic", draft), of_draft("place", draft)),
            (of_draft("cancel", draft),),
        ),
        slot=slot(draft),
    )


def _question(draft: Draft, city: City) -> Reply:
    """What people often ask is answered at once; anything else an operator answers."""
    asks = of_draft("ask_operator", draft)
    if draft.typical:
        return Reply(
            lines=(line("question.answer", answer=draft.typical),),
            buttons=((of_draft("settled", draft),), (asks, of_draft("problem", draft))),
            slot=slot(draft),
        )
    due = city.deadline(draft.category or UNSURE, clock.now(), urgent=False).isoformat()
    return Reply(
        lines=(line("question.card"), line("words", text=draft.text), line("question.who", due=due)),
        buttons=((asks,), (of_draft("problem", draft), of_draft("cancel", draft))),
        slot=slot(draft),
    )


def _official(draft: Draft, city: City) -> Reply:
    due = city.deadline(draft.category or UNSURE, clock.now(), urgent=False, kind=kind_of(draft)).isoformat()
    return Reply(
        lines=(
            line(f"official.card_{draft.kind}"),
            line("words", text=draft.text),
            line("official.from", name=draft.name, address=draft.address),
            *files(draft.files),
            line("official.due", due=due),
        ),
        buttons=(
            (of_draft("send", draft),),
            (of_draft("name", draft), of_draft("request", draft)),
            (of_draft("cancel", draft),),
        ),
        slot=slot(draft),
    )


def summary(draft: Draft) -> tuple[Line, ...]:
    """What was understood: category, place, files."""
    lines = [line("card.category", category=draft.category)]
    if draft.spot is not None:
        lines.append(place_line(draft.spot))
    return (*lines, *files(draft.files))


def files(counts: Mapping[str, int]) -> tuple[Line, ...]:
    """How many files of each kind, a line for each."""
    return tuple(line(f"card.{kind}s", n=n) for kind in FILES if (n := counts.get(kind)))


def speaks_for_itself(draft: Draft) -> bool:
    """Whether an operator may learn from the files alone what happened: somebody says or writes it there."""
    return any(kind != AttachmentKind.PHOTO for kind in draft.files)


def place_line(spot: Spot) -> Line:
    kind = "address" if spot.address else "point"
    if spot.district:
        return line(f"card.{kind}_in", address=spot.address, district=spot.district)
    return line(f"card.{kind}", address=spot.address)


def kind_of(draft: Draft) -> Kind:
    """What it is when it is filed: what it was decided to be, or what its category makes it."""
    decided = Kind(draft.kind)
    return Kind.of(draft.category or "") if decided is Kind.REQUEST else decided


def is_urgent(draft: Draft, city: City) -> bool:
    category = city.categories.get(draft.category or "")
    return draft.urgent or (draft.sure and category is not None and category.urgent)


def is_danger(draft: Draft, city: City) -> bool:
    """Whether nothing may be waited for: the words tell of danger, and the topic is sure and urgent."""
    category = city.categories.get(draft.category or "")
    if draft.official or draft.question or draft.chosen or category is None:
        return False
    return draft.urgent and draft.sure and draft.emergency is not None and category.urgent


def _terms(executor: str | None, category: Category, city: City, *, urgent: bool) -> tuple[Line, ...]:
    if executor is None:
        return (line("card.operator"),)
    if urgent:
        term = line("card.hours", n=round(category.hours))
    else:
        due = city.deadline(category.slug, clock.now(), urgent=False, executor=executor)
        term = line("card.due", due=due.isoformat())
    return (term, line("card.executor", executor=executor))


def alarm(draft: Draft, city: City) -> tuple[Line, ...]:
    """Whom to call at once, of the city's emergency numbers: the one for this danger, or the common one."""
    if draft.official or draft.question:
        return ()
    known = {emergency.number for emergency in city.pack.emergency}
    if draft.emergency in known:
        key = f"card.danger_{draft.emergency}" if draft.emergency in ADVISED else "card.danger_call"
        return (line(key, emergency=draft.emergency),)
    if COMMON in known and (draft.emergency or is_urgent(draft, city)):
        return (line("card.danger", emergency=COMMON),)
    return ()
