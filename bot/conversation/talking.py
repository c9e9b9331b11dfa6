"""Words that are about nothing that the city could mend: greetings, thanks, abuse, nonsense."""

from bot.conversation import card, drafting
from bot.conversation.buttons import MENU
from bot.conversation.turn import Turn
from core.understanding.speech import Speech

SMALL = {
    Speech.GREETING: "bot.greeting",
    Speech.THANKS: "bot.welcome",
    Speech.ABUSE: "talk.abuse",
    Speech.NONSENSE: "bad.no_words",
}


async def answer(turn: Turn, speech: Speech) -> bool:
    """A short fitting answer; False for what is more than small talk."""
    if speech not in SMALL:
        return False
    if turn.state.draft is not None:
        if speech in {Speech.ABUSE, Speech.NONSENSE}:
            turn.say(SMALL[speech])
        await go_on(turn)
    else:
        turn.say(SMALL[speech], buttons=MENU)
    return True


async def go_on(turn: Turn) -> None:
    """Something is open: say so, and show it; or ask again for what it lacks."""
    if card.missing(turn.draft(), turn.city) is None and not turn.draft().question:
        turn.say("draft.go_on")
    await drafting.show(turn)
