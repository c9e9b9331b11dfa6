"""What is said right after something was sent, and belongs to it."""

from bot.conversation import answering, card, placing
from bot.conversation.state import Draft, Filed
from bot.conversation.turn import Turn
from core import clock
from core.actions.move import look_up
from core.understanding.speech import Speech, is_addition


async def adds_to_what_was_filed(turn: Turn) -> bool:
    """«і ще двері зламані», a minute after it was sent; of danger, whatever is said next."""
    filed = turn.state.filed
    if filed is None or filed.until < clock.now().isoformat():
        return False
    text = turn.incoming.text
    alone = turn.incoming.file is not None and not text  # a photo of it that was still being taken
    if not (
        alone
        or is_addition(text)
        or (filed.urgent and _is_more_of(turn, filed, text))
        or (placing.address_alone(turn, text) and not (await look_up(filed.appeal, turn.actor)).address)
    ):
        return False
    await answering.take_answer(turn, filed.appeal, text)
    if filed.urgent and (seen := turn.city.understander.understand(text).urgency).number:
        # What is told of now may be worse, and wants other advice: «дім горить».
        turn.say(*card.alarm(Draft("", urgent=seen.urgent, emergency=seen.number), turn.city))
    return True


def _is_more_of(turn: Turn, filed: Filed, text: str) -> bool:
    """Of danger, whatever is said next that is not plainly something else, somewhere else."""
    seen = turn.city.understander.understand(text)
    other = seen.confident and seen.categories[0].slug != filed.category and bool(seen.places)
    return seen.speech is Speech.REPORT and not other
