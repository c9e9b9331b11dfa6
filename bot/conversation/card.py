"""The draft's card, and the questions for what it lacks. Pure: a draft in, a message out."""

from bot.conversation.state import Draft, Spot
from bot.messages import Button, Line, Reply, line
from core import clock
from core.city import City
from core.models import Category

MENU = (
    (Button(line("button.my"), "my"), Button(line("button.help"), "help")),
    (Button(line("button.other_language"), "language"),),
)


def greeting() -> Reply:
    return Reply(lines=(line("bot.greeting"),), buttons=MENU)


def slot(draft: Draft) -> str:
    return f"card:{draft.token}"


def missing(draft: Draft, city: City) -> str | None:
    """What must be asked before the draft can be sent: text, category or place; None when it is whole."""
    if not draft.texts and draft.category is None:
        return "text"
    if draft.category is None:
        return "category"
    if draft.spots:
        return "spot"
    if draft.spot is None and city.categories[draft.category].needs_place:
        return "place"
    return None


def prompt(draft: Draft, city: City, *, delay: float = 0.0) -> Reply:
    """The card when the draft is whole, otherwise the one question that comes first."""
    ask = {"text": ask_text, "category": ask_category, "spot": ask_spot, "place": ask_place}
    lacking = missing(draft, city)
    reply = ask[lacking](draft) if lacking else card(draft, city)
    return Reply(
        lines=(*_alarm(draft), *reply.lines),
        buttons=reply.buttons,
        ask_location=reply.ask_location,
        slot=reply.slot,
        delay=delay,
    )


def card(draft: Draft, city: City) -> Reply:
    category = city.categories[draft.category or ""]
    executor = city.route(category.slug, draft.spot.district if draft.spot else None) if draft.sure else None
    return Reply(
        lines=(
            line("card.title"),
            *summary(draft),
            *_terms(executor, category, city, urgent=_urgent(draft, city)),
        ),
        buttons=(
            (_button("send", draft),),
            (_button("topic", draft), _button("place", draft)),
            (_button("cancel", draft),),
        ),
        slot=slot(draft),
    )


def summary(draft: Draft) -> tuple[Line, ...]:
    """What was understood: category, place, photos."""
    lines = [line("card.category", category=draft.category)]
    if draft.spot is not None:
        lines.append(place_line(draft.spot))
    if draft.photos:
        lines.append(line("card.photos", n=draft.photos))
    return tuple(lines)


def place_line(spot: Spot) -> Line:
    kind = "address" if spot.address else "point"
    if spot.district:
        return line(f"card.{kind}_in", address=spot.address, district=spot.district)
    return line(f"card.{kind}", address=spot.address)


def ask_text(draft: Draft) -> Reply:
    if draft.photos:
        return Reply(
            lines=(line("ask.text_photo", n=draft.photos),), buttons=_topics(draft), slot=slot(draft)
        )
    return Reply(lines=(line("ask.text_place"),), buttons=_topics(draft), slot=slot(draft))


def ask_category(draft: Draft) -> Reply:
    return Reply(lines=(line("ask.category"),), buttons=_topics(draft), slot=slot(draft))


def ask_spot(draft: Draft) -> Reply:
    choices = tuple(
        (Button(_spot_label(spot), f"spot:{draft.token}:{index}"),) for index, spot in enumerate(draft.spots)
    )
    other = (Button(line("button.place_other"), f"place:{draft.token}"),)
    return Reply(lines=(line("ask.spot"),), buttons=(*choices, other), slot=slot(draft))


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
        (_topic(draft, category.slug),) for category in city.categories.values() if category.group == group
    )
    return Reply(
        lines=(line("ask.topic"),), buttons=(*buttons, (_button("groups", draft),)), slot=slot(draft)
    )


def topics(draft: Draft) -> Reply:
    return Reply(lines=(line("ask.topic"),), buttons=_topics(draft), slot=slot(draft))


def _topics(draft: Draft) -> tuple[tuple[Button, ...], ...]:
    likely = tuple((_topic(draft, slug),) for slug, _ in draft.guesses)
    return (
        *likely,
        (_button("groups", draft), _button("unsure", draft)) if draft.texts else (_button("groups", draft),),
    )


def _topic(draft: Draft, slug: str) -> Button:
    return Button(line("name.category", category=slug), f"cat:{draft.token}:{slug}")


def _button(action: str, draft: Draft) -> Button:
    return Button(line(f"button.{action}"), f"{action}:{draft.token}")


def _spot_label(spot: Spot) -> Line:
    if spot.district:
        return line("name.spot_in", address=spot.address, district=spot.district)
    return line("name.spot", address=spot.address)


def _urgent(draft: Draft, city: City) -> bool:
    return draft.urgent or (draft.sure and city.categories[draft.category or ""].urgent)


def _terms(executor: str | None, category: Category, city: City, *, urgent: bool) -> tuple[Line, ...]:
    if executor is None:
        return (line("card.operator"),)
    if urgent:
        term = line("card.hours", n=round(category.hours))
    else:
        term = line("card.due", due=city.deadline(category.slug, clock.now(), urgent=False).isoformat())
    return (term, line("card.executor", executor=executor))


def _alarm(draft: Draft) -> tuple[Line, ...]:
    if draft.emergency:
        return (line("card.danger_call", number=draft.emergency),)
    return (line("card.danger"),) if draft.urgent else ()


def _pairs(buttons: list[Button]) -> tuple[tuple[Button, ...], ...]:
    return tuple(tuple(buttons[start : start + 2]) for start in range(0, len(buttons), 2))
