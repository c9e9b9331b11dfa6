"""What is said of a draft: the question that comes first, or its card. Pure: a draft in, a message out."""

from collections.abc import Callable

from bot.conversation import card
from bot.conversation.buttons import BACK, Rows, of_draft, pairs
from bot.conversation.state import Draft, Lack, Spot
from bot.messages import BLANK, Button, Line, Reply, line
from core.city import City
from core.models.appeals import AttachmentKind

HERE = 10  # metres nearer than which it is the same place


def prompt(draft: Draft, city: City, *, delay: float = 0.0) -> Reply:
    """The card when the draft is whole, otherwise the one question that comes first."""
    lacking = card.missing(draft, city)
    reply = card.card(draft, city) if lacking is None else ASKS[lacking](draft, city)
    warning = card.alarm(draft, city)
    return Reply(
        lines=(*warning, *((BLANK,) if warning else ()), *reply.lines),
        buttons=reply.buttons,
        ask_location=reply.ask_location,
        slot=reply.slot,
        delay=delay,
    )


def ask_text(draft: Draft, _city: City) -> Reply:
    if draft.files:
        told = next((kind for kind in reversed(card.FILES) if draft.files.get(kind)), AttachmentKind.PHOTO)
        n = sum(draft.files.values())
        return Reply(lines=(line(f"ask.text_{told}", n=n),), buttons=_or_cancel(draft), slot=card.slot(draft))
    return Reply(lines=(line("ask.text_place"),), buttons=_or_cancel(draft), slot=card.slot(draft))


def ask_split(draft: Draft, _city: City) -> Reply:
    """Two matters go two ways: each to who answers for it."""
    parts = [line("split.part", number=number, text=part) for number, part in enumerate(draft.parts, start=1)]
    return Reply(
        lines=(line("split.ask", n=len(parts)), *parts, line("split.why")),
        buttons=((of_draft("split", draft),), (of_draft("whole", draft),)),
        slot=card.slot(draft),
    )


def ask_kind(draft: Draft, _city: City) -> Reply:
    official = Button(line(f"button.kind_{draft.offered_kind}"), f"kind:{draft.token}:{draft.offered_kind}")
    return Reply(
        lines=(line(f"official.ask_{draft.offered_kind}"),),
        buttons=((official,), (of_draft("request", draft),)),
        slot=card.slot(draft),
    )


def ask_essence(draft: Draft, _city: City) -> Reply:
    return Reply(lines=(line("official.essence"),), buttons=_or_request(draft))


def ask_name(draft: Draft, _city: City) -> Reply:
    return Reply(lines=(line("official.name"),), buttons=_or_request(draft))


def ask_address(draft: Draft, _city: City) -> Reply:
    return Reply(lines=(line("official.address"),), buttons=_or_request(draft))


def _or_request(draft: Draft) -> Rows:
    return ((of_draft("request", draft), of_draft("cancel", draft)),)


def ask_category(draft: Draft, _city: City) -> Reply:
    return Reply(lines=(line("ask.category"),), buttons=_or_cancel(draft), slot=card.slot(draft))


def ask_spot(draft: Draft, _city: City) -> Reply:
    choices = tuple(
        (Button(_spot_label(spot), f"spot:{draft.token}:{index}"),) for index, spot in enumerate(draft.spots)
    )
    other = (Button(line("button.place_other"), f"place:{draft.token}"),)
    return Reply(lines=(line("ask.spot"),), buttons=(*choices, other), slot=card.slot(draft))


def ask_district(draft: Draft, _city: City) -> Reply:
    spot = draft.spot or Spot()
    choices = tuple(
        (Button(line("name.district", district=slug), f"district:{draft.token}:{slug}"),)
        for slug in spot.districts
    )
    unsure = (Button(line("button.district_unsure"), f"district:{draft.token}"),)
    return Reply(
        lines=(line("ask.district", address=spot.street or spot.address),),
        buttons=(*choices, unsure),
        slot=card.slot(draft),
    )


def ask_alike(draft: Draft, _city: City) -> Reply:
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
        slot=card.slot(draft),
    )


def ask_place(draft: Draft, _city: City) -> Reply:
    """Asked anew, never edited in: Telegram's button that sends a place can't be put into an old message."""
    if draft.again or draft.category is None:
        return Reply(lines=(line("ask.place_new"),), buttons=((of_draft("back", draft),),), ask_location=True)
    return Reply(
        lines=(line("ask.place", category=draft.category), line("ask.place_how")),
        buttons=((of_draft("cancel", draft),),),
        ask_location=True,
    )


def groups(draft: Draft, city: City) -> Reply:
    buttons = [
        Button(line("name.group", group=group.slug), f"group:{draft.token}:{group.slug}")
        for group in city.pack.groups
    ]
    return Reply(
        lines=(line("ask.group"),),
        buttons=(*pairs(buttons), (of_draft("unsure", draft),), BACK[0]),
        slot=card.slot(draft),
    )


def categories(draft: Draft, city: City, group: str) -> Reply:
    buttons = tuple(
        (_topic(draft, category.slug),)
        for category in city.categories.values()
        if category.active and category.group == group
    )
    return Reply(
        lines=(line("ask.topic"),),
        buttons=(*buttons, (of_draft("groups", draft), *BACK[0])),
        slot=card.slot(draft),
    )


def topics(draft: Draft) -> Reply:
    return Reply(lines=(line("ask.topic"),), buttons=(*_topics(draft), *BACK), slot=card.slot(draft))


def _or_cancel(draft: Draft) -> Rows:
    return (*_topics(draft), (of_draft("cancel", draft),))


def _topics(draft: Draft) -> Rows:
    likely = tuple((_topic(draft, slug),) for slug, _ in draft.guesses)
    undecided = []
    if draft.texts:
        undecided = [of_draft("unsure", draft)]
    elif card.speaks_for_itself(draft):
        undecided = [Button(line("button.wordless"), f"unsure:{draft.token}")]
    return (*likely, (of_draft("groups", draft), *undecided))


def _topic(draft: Draft, slug: str) -> Button:
    return Button(line("name.category", category=slug), f"cat:{draft.token}:{slug}")


def _spot_label(spot: Spot) -> Line:
    if spot.district:
        return line("name.spot_in", address=spot.address, district=spot.district)
    return line("name.spot", address=spot.address)


ASKS: dict[Lack, Callable[[Draft, City], Reply]] = {
    Lack.TEXT: ask_text,
    Lack.SPLIT: ask_split,
    Lack.KIND: ask_kind,
    Lack.CATEGORY: ask_category,
    Lack.ESSENCE: ask_essence,
    Lack.NAME: ask_name,
    Lack.ADDRESS: ask_address,
    Lack.SPOT: ask_spot,
    Lack.PLACE: ask_place,
    Lack.DISTRICT: ask_district,
    Lack.ALIKE: ask_alike,
}
