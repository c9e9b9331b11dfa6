"""Taking a report back, or no longer following one that goes on for others."""

from bot.conversation import following
from bot.conversation.buttons import MENU
from bot.conversation.state import Step
from bot.conversation.turn import Turn
from bot.conversation.vocabulary import Word, meaning
from bot.messages import Button, line
from core.actions import withdraw as taking_back
from core.actions.join import join
from core.actions.move import look_up
from core.errors import Conflict
from core.models import Appeal
from core.workflow import OPEN, Status


async def ask(turn: Turn, arguments: list[str]) -> None:
    """Whether they really want to; with others there, it goes on for them, and that is said."""
    appeal = await look_up(int(arguments[0]), turn.actor)
    if appeal.status not in OPEN or taking_back.left(turn.actor, appeal):
        await following.show_one(turn, appeal)
        return
    turn.ask_about(Step.WITHDRAW, appeal.id)
    others = appeal.supporters
    sure = Button(line("button.withdraw_sure"), f"take_back:{appeal.id}")
    turn.say(
        line("withdraw.others", number=appeal.number, n=others)
        if others
        else line("withdraw.alone", number=appeal.number, category=appeal.category_id),
        buttons=((sure,), (Button(line("button.withdraw_not"), "back:"),)),
        appeal=appeal.id,
    )


async def words(turn: Turn) -> None:
    """«так» or «ні» to that; other words drop the question before they come here."""
    assert turn.state.about is not None  # noqa: S101 - set with the step
    if meaning(turn.incoming.text) is Word.YES:
        await _do(turn, turn.state.about)
    else:
        turn.rest()
        turn.say("withdraw.kept", buttons=MENU)


async def take_back(turn: Turn, arguments: list[str]) -> None:
    await _do(turn, int(arguments[0]))


async def leave(turn: Turn, arguments: list[str]) -> None:
    """They joined it and no longer want to hear of it; joining again is as easy."""
    await _do(turn, int(arguments[0]))


async def follow(turn: Turn, arguments: list[str]) -> None:
    """They took theirs back while others followed it, and want to hear of it again."""
    appeal = await look_up(int(arguments[0]), turn.actor)
    try:
        appeal = await join(turn.city, turn.account, appeal.id)
    except Conflict:
        await following.show_one(turn, appeal)
    else:
        turn.say(line("withdraw.followed", number=appeal.number), appeal=appeal.id)


async def _do(turn: Turn, appeal_id: int) -> None:
    before = await look_up(appeal_id, turn.actor)
    if turn.state.step is Step.WITHDRAW:
        turn.rest()
    try:
        appeal = await taking_back.withdraw(turn.city, before.id, turn.actor)
    except Conflict:
        await following.show_one(turn, await look_up(before.id, turn.actor))
    else:
        turn.say(line(_said(appeal), number=appeal.number), buttons=MENU, appeal=appeal.id)


def _said(appeal: Appeal) -> str:
    return "withdraw.done" if appeal.status is Status.WITHDRAWN else "withdraw.left"
