"""What each button does. Its data is `action:argument:…`; a draft's button carries the draft's token."""

from collections.abc import Awaitable, Callable

from bot.conversation import alike, card, drafting, following
from bot.conversation.state import Draft, Step
from bot.conversation.turn import Turn
from bot.messages import Reply
from core.actions.move import look_up

Press = Callable[[Turn, list[str]], Awaitable[None]]
DraftPress = Callable[[Turn, Draft, list[str]], Awaitable[None]]


async def press(turn: Turn) -> None:
    """Do what the button says. One of a finished step, or of another's draft, is answered, not obeyed."""
    action, *arguments = turn.incoming.button.split(":")
    if action in OF_DRAFT:
        draft, filed = turn.state.draft, turn.state.filed
        if filed is not None and [action, *arguments] == ["send", filed.token]:
            await following.show_one(turn, await look_up(filed.appeal, turn.actor))
            return
        if draft is None or arguments[:1] != [draft.token]:
            await _stale(turn)
            return
        await OF_DRAFT[action](turn, draft, arguments[1:])
    elif action in ANYWHERE:
        try:
            await ANYWHERE[action](turn, arguments)
        except (ValueError, IndexError):
            await _stale(turn)
    else:
        await _stale(turn)


async def _stale(turn: Turn) -> None:
    if turn.state.draft is not None:
        turn.say("bad.stale")
        await drafting.show(turn)
    else:
        turn.say("bad.stale_nothing", buttons=card.MENU)


async def _send(turn: Turn, _draft: Draft, _arguments: list[str]) -> None:
    await drafting.send(turn)


async def _cancel(turn: Turn, draft: Draft, _arguments: list[str]) -> None:
    turn.say("draft.cancelled", slot=card.slot(draft), buttons=card.MENU)
    turn.forget_draft()


async def _topic(turn: Turn, draft: Draft, _arguments: list[str]) -> None:
    _say(turn, card.topics(draft))


async def _groups(turn: Turn, draft: Draft, _arguments: list[str]) -> None:
    _say(turn, card.groups(draft, turn.city))


async def _group(turn: Turn, draft: Draft, arguments: list[str]) -> None:
    group = arguments[0] if arguments else ""
    if all(known.slug != group for known in turn.city.pack.groups):
        await _stale(turn)
        return
    _say(turn, card.categories(draft, turn.city, group))


async def _category(turn: Turn, draft: Draft, arguments: list[str]) -> None:
    slug = arguments[0] if arguments else ""
    if slug not in turn.city.categories or not turn.city.categories[slug].active:
        await _stale(turn)
        return
    draft.category, draft.chosen, draft.sure = slug, True, True
    await drafting.show(turn)


async def unsure(turn: Turn, draft: Draft, _arguments: list[str]) -> None:
    """Nobody has to know the city's topics: the operator decides."""
    offered = [slug for slug, _ in draft.guesses if turn.city.categories[slug].active]
    draft.category = offered[0] if offered else "other"
    draft.chosen, draft.sure = True, False
    await drafting.show(turn)


async def _place(turn: Turn, draft: Draft, _arguments: list[str]) -> None:
    turn.state.step = Step.PLACE
    _say(turn, card.ask_new_place(draft))


async def _spot(turn: Turn, draft: Draft, arguments: list[str]) -> None:
    offered = {str(index): spot for index, spot in enumerate(draft.spots)}
    if not arguments or arguments[0] not in offered:
        await _stale(turn)
        return
    draft.spot, draft.spots = offered[arguments[0]], []
    await drafting.show(turn)


async def _district(turn: Turn, draft: Draft, arguments: list[str]) -> None:
    """Which part of a long street; without an argument nobody knows, and the operator finds out."""
    spot = draft.spot
    if spot is None or not spot.districts or arguments[:1] not in [[], *([each] for each in spot.districts)]:
        await _stale(turn)
        return
    spot.district, spot.districts = arguments[0] if arguments else None, []
    await drafting.show(turn)


async def join(turn: Turn, draft: Draft, _arguments: list[str]) -> None:
    if draft.offer is None:
        await _stale(turn)
    elif not await alike.join(turn, draft):
        await drafting.show(turn)


async def apart(turn: Turn, draft: Draft, _arguments: list[str]) -> None:
    """Theirs is another matter: it goes its own way, and that appeal is not asked about again."""
    if draft.offer is not None:
        draft.apart.append(draft.offer.appeal)
    draft.offer = None
    await drafting.show(turn)


async def go_back(turn: Turn, _arguments: list[str]) -> None:
    turn.rest()
    if turn.state.draft is not None:
        await drafting.show(turn)
    else:
        turn.say("bot.ready", buttons=card.MENU)


async def _my(turn: Turn, arguments: list[str]) -> None:
    await following.show_list(turn, int(arguments[0]) if arguments else None)


async def _appeal(turn: Turn, arguments: list[str]) -> None:
    await following.show_one(turn, await look_up(int(arguments[0]), turn.actor))


async def _help(turn: Turn, _arguments: list[str]) -> None:
    turn.say("bot.help", buttons=card.MENU)


async def _language(turn: Turn, _arguments: list[str]) -> None:
    await switch_language(turn, "en" if turn.account.language == "uk" else "uk")


async def switch_language(turn: Turn, language: str) -> None:
    turn.account.language = language
    turn.account.language_chosen = True
    await turn.account.save(update_fields=["language", "language_chosen"])
    turn.say("bot.language")
    if turn.state.draft is not None:
        await drafting.show(turn)


async def _answer(turn: Turn, arguments: list[str]) -> None:
    await following.ask_for_answer(turn, int(arguments[0]))


async def _yes(turn: Turn, arguments: list[str]) -> None:
    await following.confirm(turn, int(arguments[0]))


async def _no(turn: Turn, arguments: list[str]) -> None:
    await following.ask_what_is_wrong(turn, int(arguments[0]))


async def _star(turn: Turn, arguments: list[str]) -> None:
    await following.rate(turn, int(arguments[0]), int(arguments[1]))


def _say(turn: Turn, reply: Reply) -> None:
    turn.say(*reply.lines, buttons=reply.buttons, ask_location=reply.ask_location, slot=reply.slot)


OF_DRAFT: dict[str, DraftPress] = {
    "send": _send,
    "cancel": _cancel,
    "topic": _topic,
    "groups": _groups,
    "group": _group,
    "cat": _category,
    "unsure": unsure,
    "place": _place,
    "spot": _spot,
    "district": _district,
    "join": join,
    "apart": apart,
}
ANYWHERE: dict[str, Press] = {
    "back": go_back,
    "my": _my,
    "appeal": _appeal,
    "help": _help,
    "language": _language,
    "answer": _answer,
    "yes": _yes,
    "no": _no,
    "star": _star,
}
