"""The draft's card, and the questions for what it lacks. Pure: a draft in, a message out."""

from collections.abc import Mapping

from bot.conversation.state import Draft, Spot
from bot.messages import Button, Line, Reply, line
from core import clock
from core.city import City
from core.models import Category
from core.models.appeals import AttachmentKind
from core.workflow import Kind

HERE = 10  # metres nearer than which it is the same place
FILES = (AttachmentKind.PHOTO, AttachmentKind.VIDEO, AttachmentKind.DOCUMENT, AttachmentKind.VOICE)
COMMON = "112"  # the emergency number for whatever it is
MENU = (
    (Button(line("button.my"), "my"), Button(line("button.help"), "help")),
    (Button(line("button.other_language"), "language"),),
)


def greeting() -> Reply:
    return Reply(lines=(line("bot.greeting"),), buttons=MENU)


def slot(draft: Draft) -> str:
    return f"card:{draft.token}"


WHERE = frozenset({"spot", "place", "district"})  # answered by words that name a place


def missing(draft: Draft, city: City) -> str | None:
    """What must be asked before the draft can be sent; None when it is whole.

    Text, category, spot (which of several), place, district, alike (whether it is one reported already).
    """
    if not draft.texts and draft.category is None:
        return "text"
    if draft.category is None or not city.categories[draft.category].active:
        return "category"
    if draft.spots:
        return "spot"
    if draft.spot is None and city.categories[draft.category].needs_place:
        return "place"
    if draft.spot is not None and draft.spot.district is None and _district_matters(draft, city):
        return "district"
    return "alike" if draft.offer is not None else None


def _district_matters(draft: Draft, city: City) -> bool:
    """Whether the districts that the street crosses are answered for by different executors."""
    assert draft.spot is not None and draft.category is not None  # noqa: S101, PT018 - asked in this order
    kind, urgent = Kind.of(draft.category), _urgent(draft, city)
    routes = [city.route(draft.category, each, kind=kind, urgent=urgent) for each in draft.spot.districts]
    return len({route.executor if route else None for route in routes}) > 1


def prompt(draft: Draft, city: City, *, delay: float = 0.0) -> Reply:
    """The card when the draft is whole, otherwise the one question that comes first."""
    ask = {
        "text": ask_text,
        "category": ask_category,
        "spot": ask_spot,
        "place": ask_place,
        "district": ask_district,
        "alike": ask_alike,
    }
    lacking = missing(draft, city)
    reply = ask[lacking](draft) if lacking else card(draft, city)
    return Reply(
        lines=(*alarm(draft, city), *reply.lines),
        buttons=reply.buttons,
        ask_location=reply.ask_location,
        slot=reply.slot,
        delay=delay,
    )


def card(draft: Draft, city: City) -> Reply:
    category = city.categories[draft.category or ""]
    district, urgent = draft.spot.district if draft.spot else None, _urgent(draft, city)
    route = city.route(category.slug, district, kind=Kind.of(category.slug), urgent=urgent)
    executor = route.executor if route and draft.sure else None
    return Reply(
        lines=(
            line("card.title"),
            *summary(draft),
            *_terms(executor, category, city, urgent=urgent),
        ),
        buttons=(
            (_button("send", draft),),
            (_button("topic", draft), _button("place", draft)),
            (_button("cancel", draft),),
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


def ask_text(draft: Draft) -> Reply:
    if draft.files:
        told = next((kind for kind in reversed(FILES) if draft.files.get(kind)), AttachmentKind.PHOTO)
        n = sum(draft.files.values())
        return Reply(lines=(line(f"ask.text_{told}", n=n),), buttons=_topics(draft), slot=slot(draft))
    return Reply(lines=(line("ask.text_place"),), buttons=_topics(draft), slot=slot(draft))


def ask_category(draft: Draft) -> Reply:
    return Reply(lines=(line("ask.category"),), buttons=_topics(draft), slot=slot(draft))


def ask_spot(draft: Draft) -> Reply:
    choices = tuple(
        (Button(_spot_label(spot), f"spot:{draft.token}:{index}"),) for index, spot in enumerate(draft.spots)
    )
    other = (Button(line("button.place_other"), f"place:{draft.token}"),)
    return Reply(lines=(line("ask.spot"),), buttons=(*choices, other), slot=slot(draft))


def ask_district(draft: Draft) -> Reply:
    spot = draft.spot or Spot()
    choices = tuple(
        (Button(line("name.district", district=slug), f"district:{draft.token}:{slug}"),)
        for slug in spot.districts
    )
    unsure = (Button(line("button.district_unsure"), f"district:{draft.token}"),)
    return Reply(
        lines=(line("ask.district", address=spot.street or spot.address),),
        buttons=(*choices, unsure),
        slot=slot(draft),
    )


def ask_alike(draft: Draft) -> Reply:
    """Somebody was first: whether it is the same is for the resident to say."""
    offer = draft.offer
    assert offer is not None  # noqa: S101 - nothing is asked without one
    facts = {"number": offer.number, "status": offer.status, "since": offer.since, "metres": offer.metres}
    where = "own" if offer.own else "address" if offer.metres is None else "near"
    if where == "near" and offer.metres is not None and offer.metres < HERE:
        where = "here"
    join, apart = ("add", "new") if offer.own else ("join", "apart")
    return Reply(
        lines=(line(f"alike.{where}", n=offer.people, **facts),),
        buttons=(
            (
                Button(line(f"button.alike_{join}"), f"join:{draft.token}"),
                Button(line(f"button.alike_{apart}"), f"apart:{draft.token}"),
            ),
        ),
        slot=slot(draft),
    )


def ask_place(draft: Draft) -> Reply:
    """Asked anew, never edited in: Telegram's button that sends a place can't be put into an old message."""
    return Reply(
        lines=(line("ask.place", category=draft.category), line("ask.place_how")),
        buttons=((_button("cancel", draft),),),
        ask_location=True,
    )


def ask_new_place(draft: Draft) -> Reply:
    return Reply(lines=(line("ask.place_new"),), buttons=((_button("back", draft),),), ask_location=True)


def groups(draft: Draft, city: City) -> Reply:
    buttons = [
        Button(line("name.group", group=group.slug), f"group:{draft.token}:{group.slug}")
        for group in city.pack.groups
    ]
    return Reply(
        lines=(line("ask.group"),), buttons=(*_pairs(buttons), (_button("unsure", draft),)), slot=slot(draft)
    )


def categories(draft: Draft, city: City, group: str) -> Reply:
    buttons = tuple(
        (_topic(draft, category.slug),)
        for category in city.categories.values()
        if category.active and category.group == group
    )
    return Reply(
        lines=(line("ask.topic"),), buttons=(*buttons, (_button("groups", draft),)), slot=slot(draft)
    )


def topics(draft: Draft) -> Reply:
    return Reply(lines=(line("ask.topic"),), buttons=_topics(draft), slot=slot(draft))


def _topics(draft: Draft) -> tuple[tuple[Button, ...], ...]:
    likely = tuple((_topic(draft, slug),) for slug, _ in draft.guesses)
    undecided = []
    if draft.texts:
        undecided = [_button("unsure", draft)]
    elif speaks_for_itself(draft):
        undecided = [Button(line("button.wordless"), f"unsure:{draft.token}")]
    return (*likely, (_button("groups", draft), *undecided))


def _topic(draft: Draft, slug: str) -> Button:
    return Button(line("name.category", category=slug), f"cat:{draft.token}:{slug}")


def _button(action: str, draft: Draft) -> Button:
    return Button(line(f"button.{action}"), f"{action}:{draft.token}")


def _spot_label(spot: Spot) -> Line:
    if spot.district:
        return line("name.spot_in", address=spot.address, district=spot.district)
    return line("name.spot", address=spot.address)


def _urgent(draft: Draft, city: City) -> bool:
    category = city.categories.get(draft.category or "")
    return draft.urgent or (draft.sure and category is not None and category.urgent)


def _terms(executor: str | None, category: Category, city: City, *, urgent: bool) -> tuple[Line, ...]:
    if executor is None:
        return (line("card.operator"),)
    if urgent:
        term = line("card.hours", n=round(category.hours))
    else:
        term = line("card.due", due=city.deadline(category.slug, clock.now(), urgent=False).isoformat())
    return (term, line("card.executor", executor=executor))


def alarm(draft: Draft, city: City) -> tuple[Line, ...]:
    """Whom to call at once, of the city's emergency numbers: the one for this danger, or the common one."""
    known = {emergency.number for emergency in city.pack.emergency}
    if draft.emergency in known:
        return (line("card.danger_call", emergency=draft.emergency),)
    if COMMON in known and (draft.emergency or _urgent(draft, city)):
        return (line("card.danger", emergency=COMMON),)
    return ()


def _pairs(buttons: list[Button]) -> tuple[tuple[Button, ...], ...]:
    return tuple(tuple(buttons[start : start + 2]) for start in range(0, len(buttons), 2))
