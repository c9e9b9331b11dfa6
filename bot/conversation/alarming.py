"""Danger in the midst of something else: filed at once, and what was begun waits."""

from bot.conversation import answering, card, drafting, sending
from bot.conversation.state import Draft, Step, new_draft
from bot.conversation.turn import Turn
from bot.messages import line
from core import clock
from core.understanding.speech import is_addition


async def heard(turn: Turn, draft: Draft) -> bool:
    """Whether the words tell of a danger that is no part of the draft, or more of one just filed."""
    text = turn.incoming.text
    if not turn.city.understander.understand(text).urgency.urgent:
        return False
    if is_addition(text) and await _more(turn):
        return True
    alone = new_draft()
    alone.texts = [[turn.incoming.message_id, text]]
    drafting.understand(turn, alone)
    if not card.is_danger(alone, turn.city) or alone.category == draft.category:
        return False
    await sending.send_at_once(turn, alone)
    await _go_on(turn, draft)
    return True


async def _go_on(turn: Turn, draft: Draft) -> None:
    """Where it is comes first; otherwise the draft is shown again below."""
    turn.state.draft = draft
    if turn.state.step is Step.IDLE:
        await drafting.show(turn, line("draft.waits"))


async def _more(turn: Turn) -> bool:
    filed = turn.state.filed
    if filed is None or not filed.urgent or filed.until < clock.now().isoformat():
        return False
    await answering.take_answer(turn, filed.appeal, turn.incoming.text)
    return True
