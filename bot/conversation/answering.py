"""Words and files for an appeal that is there already: answers to the desk's questions, and what is added."""

from bot.conversation import following, sorting
from bot.conversation.buttons import BACK
from bot.conversation.passing import done, file_for, pass_on
from bot.conversation.state import Step
from bot.conversation.turn import Turn
from bot.messages import line
from core import clock
from core.actions import poll
from core.actions.move import look_up
from core.errors import Conflict, Invalid
from core.workflow import OPEN, Status


async def ask(turn: Turn, arguments: list[str]) -> None:
    """The next words or photo go to that appeal; an open draft waits untouched."""
    appeal = await look_up(int(arguments[0]), turn.actor)
    if appeal.status not in OPEN:
        await following.show_one(turn, appeal)
        return
    turn.ask_about(Step.ANSWER, appeal.id)
    asked = appeal.status is Status.NEEDS_INFO
    turn.say(line("answer.ask" if asked else "answer.ask_more", number=appeal.number), buttons=BACK)


async def take_words(turn: Turn) -> None:
    """Words or a file, where they are waited for."""
    assert turn.state.about is not None  # noqa: S101 - set with the step
    await take_answer(turn, turn.state.about, turn.incoming.text)


take_file = take_words


async def take_answer(turn: Turn, appeal_id: int, text: str) -> None:
    """Words or a file for an appeal in work; where it has ended they wait, and what can be done is said."""
    token = await file_for(turn, appeal_id)
    if token is not None and not await pass_on(turn, appeal_id, text, token):
        await sorting.keep(turn, await look_up(appeal_id, turn.actor), text, token)


async def more_of_album(turn: Turn) -> bool:
    """A file of an album whose first one went to an appeal goes there too, without another word.

    Also where that first one was said of a result, and nothing is added to what is done with.
    """
    album = turn.state.album
    if album is None or album.id != turn.incoming.album or album.until < clock.now().isoformat():
        return False
    token = await file_for(turn, album.appeal)
    text = turn.incoming.text
    if token is None or await pass_on(turn, album.appeal, text, token):
        return True
    try:
        appeal = await poll.comment(turn.city, album.appeal, turn.actor, text=text, draft=token)
    except (Conflict, Invalid):
        await sorting.keep(turn, await look_up(album.appeal, turn.actor), text, token)
    else:
        done(turn, appeal, "poll.commented")
    return True
