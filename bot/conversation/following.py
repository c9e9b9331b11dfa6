"""After sending: one's appeals, the operator's questions, and whether it was really solved."""

from datetime import timedelta

from bot.conversation import attaching, card
from bot.conversation.state import Album, Step
from bot.conversation.turn import Turn
from bot.messages import Button, Line, line
from core import clock
from core.actions import resident
from core.actions.move import look_up
from core.errors import Conflict
from core.models import Appeal
from core.queries import mine
from core.workflow import ANSWERED, OPEN, Status

STARS = 5
ALBUM_LIFE = timedelta(seconds=60)  # for the rest of it to arrive


async def show_list(turn: Turn, before: int | None = None) -> None:
    """One's appeals, the newest first, a page at a time."""
    page = await mine.page(turn.actor, before=before)
    if not page.appeals:
        turn.say("my.none")
        return
    lines: list[Line] = [line("my.title")]
    lines += [
        line(
            "my.row_joined" if each.id in page.joined else "my.row",
            number=each.number,
            category=each.category_id,
            status=each.status.value,
        )
        for each in page.appeals
    ]
    buttons = [Button(line("name.number", number=each.number), f"appeal:{each.id}") for each in page.appeals]
    rows = tuple(tuple(buttons[start : start + 2]) for start in range(0, len(buttons), 2))
    if page.more:
        rows = (*rows, (Button(line("button.older"), f"my:{page.appeals[-1].id}"),))
    turn.say(*lines, buttons=rows)


async def show_one(turn: Turn, appeal: Appeal) -> None:
    """An appeal's card: what, where, who, until when, and the answer if there is one."""
    lines = [line("my.card", number=appeal.number, status=appeal.status.value)]
    lines.append(line("card.category", category=appeal.category_id))
    if appeal.address and turn.actor.sees(appeal):  # in the words of whoever filed it
        lines.append(line("card.address", address=appeal.address))
    if appeal.photos:
        lines += card.files(await mine.files(appeal_id=appeal.id))
    if appeal.executor_id:
        lines.append(line("card.executor", executor=appeal.executor_id))
    if appeal.due_at and appeal.status in OPEN:
        lines.append(line("notice.deadline", due=appeal.due_at.isoformat()))
    if appeal.answer and appeal.status not in OPEN:
        lines.append(line("my.answer", text=appeal.answer))
    turn.say(*lines, buttons=_choices(appeal), appeal=appeal.id)


def _choices(appeal: Appeal) -> tuple[tuple[Button, ...], ...]:
    if appeal.status is Status.RESOLVED:
        yes, no = Button(line("button.yes"), f"yes:{appeal.id}"), Button(line("button.no"), f"no:{appeal.id}")
        return ((yes, no),)
    if appeal.status in ANSWERED or appeal.status is Status.CLOSED:
        return ((Button(line("button.disagree"), f"no:{appeal.id}"),),)
    if appeal.status in OPEN:
        return ((Button(line("button.add"), f"answer:{appeal.id}"),),)
    return ()


async def ask_for_answer(turn: Turn, appeal_id: int) -> None:
    """The next words or photo go to that appeal; an open draft waits untouched."""
    appeal = await look_up(appeal_id, turn.actor)
    if appeal.status not in OPEN:
        await show_one(turn, appeal)
        return
    turn.state.step, turn.state.about = Step.ANSWER, appeal.id
    turn.say(line("answer.ask", number=appeal.number), buttons=((Button(line("button.back"), "back:"),),))


async def ask_what_is_wrong(turn: Turn, appeal_id: int) -> None:
    appeal = await look_up(appeal_id, turn.actor)
    if appeal.status not in ANSWERED and appeal.status is not Status.CLOSED:
        await show_one(turn, appeal)
        return
    turn.state.step, turn.state.about = Step.DISAGREE, appeal.id
    turn.say(
        line("poll.what_is_wrong", number=appeal.number), buttons=((Button(line("button.back"), "back:"),),)
    )


async def take_answer(turn: Turn, appeal_id: int, text: str) -> None:
    """Words or a file for an appeal in work."""
    token = await _file_for(turn, appeal_id)
    if token is not None:
        await _answer(turn, appeal_id, text, token)


async def _answer(turn: Turn, appeal_id: int, text: str, token: str) -> None:
    try:
        appeal = await resident.answer(turn.city, appeal_id, turn.actor, text=text, draft=token)
    except Conflict:
        turn.rest()
        await show_one(turn, await look_up(appeal_id, turn.actor))
    else:
        _done(turn, appeal, "answer.passed")


async def take_disagreement(turn: Turn, appeal_id: int, text: str) -> None:
    """What is still wrong: the appeal goes back to work with these words."""
    token = await _file_for(turn, appeal_id)
    if token is None:
        return
    try:
        appeal = await resident.reopen(turn.city, appeal_id, turn.actor, text=text, draft=token)
    except Conflict:
        # Said twice, or somebody reopened it meanwhile: the words are not lost, they join the appeal.
        await _answer(turn, appeal_id, text, token)
    else:
        _done(turn, appeal, "poll.reopened")


async def confirm(turn: Turn, appeal_id: int) -> None:
    appeal = await resident.confirm(turn.city, appeal_id, turn.actor)
    stars = tuple(Button(line("name.star", n=n), f"star:{appeal.id}:{n}") for n in range(1, STARS + 1))
    turn.say(line("poll.thanks"), buttons=(stars,), slot=f"stars:{appeal.id}", appeal=appeal.id)


async def rate(turn: Turn, appeal_id: int, stars: int) -> None:
    appeal = await resident.rate(turn.city, appeal_id, turn.actor, stars=stars)
    turn.say(line("poll.rated", n=stars), slot=f"stars:{appeal.id}", appeal=appeal.id)


async def more_of_album(turn: Turn) -> bool:
    """A file of an album whose first one went to an appeal goes there too, without another word."""
    album = turn.state.album
    if album is None or album.id != turn.incoming.album or album.until < clock.now().isoformat():
        return False
    await take_answer(turn, album.appeal, turn.incoming.text)
    return True


async def _file_for(turn: Turn, appeal_id: int) -> str | None:
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
        turn.state.album = Album(incoming.album, appeal_id, (clock.now() + ALBUM_LIFE).isoformat())
    return token


def _done(turn: Turn, appeal: Appeal, key: str) -> None:
    turn.rest()
    delay = attaching.ALBUM_PAUSE if turn.incoming.album else 0.0
    slot = f"passed:{appeal.id}" if turn.incoming.album else ""
    turn.say(line(key, number=appeal.number), slot=slot, delay=delay, appeal=appeal.id)
