"""What the buttons of a draft do, and those of the menu."""

from bot.conversation import alike, asking, colleague, drafting, sorting, working
from bot.conversation.buttons import MENU
from bot.conversation.state import WORK, Draft, Lack, Step
from bot.conversation.turn import Turn
from bot.messages import Reply

LIKELY = 0.1  # a guess below that is none


async def stale(turn: Turn) -> None:
    """A button of what is over, or of another's: answered, not obeyed."""
    if turn.state.draft is not None:
        turn.say("bad.stale")
        await drafting.show(turn)
    else:
        turn.say("bad.stale_nothing", buttons=MENU)


async def send(turn: Turn, _draft: Draft, _arguments: list[str]) -> None:
    await drafting.send(turn)


async def cancel(turn: Turn, _draft: Draft, _arguments: list[str]) -> None:
    await drafting.give_up(turn)


async def topic(turn: Turn, draft: Draft, _arguments: list[str]) -> None:
    _say(turn, asking.topics(draft))


async def groups(turn: Turn, draft: Draft, _arguments: list[str]) -> None:
    _say(turn, asking.groups(draft, turn.city))


async def group(turn: Turn, draft: Draft, arguments: list[str]) -> None:
    chosen = arguments[0]
    if all(known.slug != chosen for known in turn.city.pack.groups):
        raise ValueError(chosen)
    _say(turn, asking.categories(draft, turn.city, chosen))


async def category(turn: Turn, draft: Draft, arguments: list[str]) -> None:
    slug = arguments[0]
    if slug not in turn.city.categories or not turn.city.categories[slug].active:
        raise ValueError(slug)
    draft.category, draft.chosen, draft.sure = slug, True, True
    await drafting.show(turn)


async def unsure(turn: Turn, draft: Draft, _arguments: list[str]) -> None:
    """Nobody has to know the city's topics: the operator decides."""
    offered = [slug for slug, score in draft.guesses if score >= LIKELY and turn.city.categories[slug].active]
    draft.category = offered[0] if offered else "other"
    draft.chosen, draft.sure = True, False
    await drafting.show(turn)


async def place(turn: Turn, draft: Draft, _arguments: list[str]) -> None:
    draft.again = Lack.PLACE.value
    await drafting.show(turn)


async def spot(turn: Turn, draft: Draft, arguments: list[str]) -> None:
    offered = {str(index): each for index, each in enumerate(draft.spots)}
    if arguments[0] not in offered:
        raise ValueError(arguments[0])
    draft.spot, draft.spots = offered[arguments[0]], []
    await drafting.show(turn)


async def district(turn: Turn, draft: Draft, arguments: list[str]) -> None:
    """Which part of a long street; without an argument nobody knows, and the operator finds out."""
    chosen = draft.spot
    if chosen is None or not chosen.districts or (arguments and arguments[0] not in chosen.districts):
        raise ValueError(arguments)
    chosen.district, chosen.districts = arguments[0] if arguments else None, []
    await drafting.show(turn)


async def join(turn: Turn, draft: Draft, _arguments: list[str]) -> None:
    if draft.offer is None:
        raise ValueError("nothing is offered")
    if await alike.join(turn, draft):
        await drafting.take_up_next(turn)
    else:
        await drafting.show(turn)


async def apart(turn: Turn, draft: Draft, _arguments: list[str]) -> None:
    """Theirs is another matter: it goes its own way, and that appeal is not asked about again."""
    if draft.offer is not None:
        draft.apart.append(draft.offer.appeal)
    draft.offer = None
    await drafting.show(turn)


async def show_draft(turn: Turn, _arguments: list[str]) -> None:
    """Asked to look at the draft that waits; a question about it is asked no more."""
    if turn.state.draft is None:
        turn.say("draft.gone", buttons=MENU)
        return
    turn.state.draft.again = ""
    turn.rest()
    await drafting.show(turn)


async def go_back(turn: Turn, _arguments: list[str]) -> None:
    if turn.state.step is Step.WHICH:
        await sorting.give_up(turn)
        return
    turn.rest()
    if turn.state.step in WORK:
        await working.show(turn, working.waiting(turn))
    elif turn.state.draft is not None:
        turn.state.draft.again = ""
        await drafting.show(turn)
    else:
        turn.say("bot.ready", buttons=MENU)


async def menu(turn: Turn, _arguments: list[str]) -> None:
    turn.say("bot.help", buttons=await colleague.menu(turn))


async def human(turn: Turn, _arguments: list[str]) -> None:
    """Whoever wants a person hears how people are reached here; what is open stays open."""
    turn.say("bot.human", buttons=MENU)


async def language(turn: Turn, _arguments: list[str]) -> None:
    await switch_language(turn, "en" if turn.account.language == "uk" else "uk")


async def switch_language(turn: Turn, chosen: str) -> None:
    turn.account.language = chosen
    turn.account.language_chosen = True
    await turn.account.save(update_fields=["language", "language_chosen"])
    turn.say("bot.language")
    if turn.state.draft is not None:
        turn.rest()
    if turn.state.step is Step.DRAFT:
        await drafting.show(turn)
    else:
        turn.say(buttons=MENU)


def _say(turn: Turn, reply: Reply) -> None:
    turn.say(*reply.lines, buttons=reply.buttons, ask_location=reply.ask_location, slot=reply.slot)
