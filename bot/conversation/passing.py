"""What is said or sent is passed on to an appeal that is there already."""

from datetime import timedelta

from bot.conversation import attaching
from bot.conversation.state import Album
from bot.conversation.turn import Turn
from bot.messages import Line, line
from core import clock
from core.actions import resident
from core.actions.move import look_up
from core.errors import Conflict
from core.models import Appeal
from core.workflow import Status

ALBUM_LIFE = timedelta(seconds=60)  # for the rest of it to arrive


async def pass_on(turn: Turn, appeal_id: int, text: str, token: str) -> bool:
    """Words, and files that wait under `token`; False, with nothing said, where the appeal has ended."""
    asked = (await look_up(appeal_id, turn.actor)).status is Status.NEEDS_INFO
    try:
        appeal = await resident.answer(turn.city, appeal_id, turn.actor, text=text, draft=token)
    except Conflict:
        return False
    due = appeal.due_at.isoformat() if asked and appeal.due_at else ""
    done(turn, appeal, "answer.passed", *((line("notice.deadline", due=due),) if due else ()))
    return True


async def file_for(turn: Turn, appeal_id: int) -> str | None:
    """Note the file of this turn for the appeal; its token, empty without a file, None where refused.

    The words that came with a refused file go on without it.
    """
    incoming = turn.incoming
    if incoming.file is None:
        return ""
    if not attaching.fits(turn):
        return "" if incoming.text else None
    token = f"to{appeal_id}"
    await attaching.keep_file(turn, token)
    if incoming.album:
        begun = turn.state.album
        said = begun.said if begun and (begun.id, begun.appeal) == (incoming.album, appeal_id) else ""
        turn.state.album = Album(incoming.album, appeal_id, (clock.now() + ALBUM_LIFE).isoformat(), said)
    return token


def done(turn: Turn, appeal: Appeal, key: str, *more: Line) -> None:
    """Say that it was passed on, once for an album, and go back to where they were."""
    turn.rest()
    if turn.incoming.album and turn.state.album is not None:
        key = turn.state.album.said = turn.state.album.said or key
    delay = attaching.ALBUM_PAUSE if turn.incoming.album else 0.0
    slot = f"passed:{appeal.id}" if turn.incoming.album else ""
    turn.say(line(key, number=appeal.number), *more, slot=slot, delay=delay, appeal=appeal.id)
