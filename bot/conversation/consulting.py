"""A question, not a complaint: answered at once where many have asked it, else by an operator (SE II.8)."""

from bot.conversation import drafting, sending
from bot.conversation.buttons import MENU
from bot.conversation.state import Draft
from bot.conversation.turn import Turn
from core.workflow import Kind


async def ask_operator(turn: Turn, draft: Draft, _arguments: list[str]) -> None:
    """The typical answer, if there was one, is not what they wanted to know."""
    draft.kind, draft.kind_decided, draft.typical = Kind.CONSULTATION.value, True, ""
    await sending.send(turn, draft)
    await drafting.take_up_next(turn)


async def make_problem(turn: Turn, draft: Draft, _arguments: list[str]) -> None:
    """Something is wrong after all: an ordinary request, of the topic that the answer speaks of."""
    answer = next((each for each in turn.city.pack.answers if each.slug == draft.typical), None)
    draft.kind, draft.kind_decided, draft.typical = Kind.REQUEST.value, True, ""
    drafting.understand(turn, draft)
    if answer is not None and answer.report in turn.city.categories and not draft.sure:
        draft.category, draft.chosen, draft.sure = answer.report, True, True
    await drafting.show(turn)


async def settle(turn: Turn, _draft: Draft, _arguments: list[str]) -> None:
    """The answer was what they wanted to know."""
    turn.say("bot.welcome", buttons=MENU)
    turn.forget_draft()
    await drafting.take_up_next(turn)
