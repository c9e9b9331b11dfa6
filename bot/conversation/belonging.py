"""To which appeal words and files belong that begin none: what they reply to, name, or come right after."""

from bot.conversation import (
    answering,
    colleague,
    deferring,
    following,
    polling,
    reporting,
    sorting,
    worklist,
)
from bot.conversation.state import Step
from bot.conversation.turn import Turn
from bot.conversation.vocabulary import Word, meaning
from core.queries import chat
from core.queries.chat import Said

POLLS = frozenset({"resolved", "poll_reminder"})
RESTING = frozenset({Step.IDLE, Step.DRAFT})
# What an officer says of the appeal that we have just written to them of: as good as its buttons.
DEEDS = {
    Word.TAKE: worklist.take,
    Word.DONE: reporting.ask,
    Word.MORE_TIME: deferring.ask_time,
    Word.NOT_OURS: deferring.ask_why,
    Word.TASK: worklist.card_press,
}
NO_ANSWER = frozenset({Word.GREETING, Word.THANKS, Word.NEW})  # to a question of the desk


async def belongs_elsewhere(turn: Turn) -> bool:
    """Whether they were an answer to a message of ours, or asked after an appeal; all is done then."""
    incoming = turn.incoming
    said = await chat.replied_to(turn.account, incoming.reply_to) if incoming.reply_to else None
    if said is not None and said.appeal is not None:
        return await _replied(turn, said, said.appeal)
    if turn.state.step not in RESTING:
        return False
    if incoming.file is None and (await worklist.asked_about(turn) or await following.asked_about(turn)):
        return True
    if incoming.after:
        said = await chat.on_screen(turn.account, incoming.after)
    else:
        said = await chat.last_said(turn.account)
    return said is not None and said.appeal is not None and await _came_after(turn, said, said.appeal)


async def _came_after(turn: Turn, said: Said, appeal_id: int) -> bool:
    """That was the last thing we said, and words follow it."""
    if said.kind == "question":
        return await _answers_question(turn, appeal_id)
    if _of_work(said):
        return await _does(turn, appeal_id)
    if turn.state.draft is not None:
        return False
    if said.kind in POLLS:
        return await polling.answered(turn, appeal_id)
    return polling.asks_for_stars(said) and await polling.rated_in_words(turn, appeal_id)


async def _replied(turn: Turn, said: Said, appeal_id: int) -> bool:
    """To a message of the messenger itself: nothing is clearer."""
    if _of_work(said) and await colleague.who(turn.account) is not None:
        return await _does(turn, appeal_id) or await reporting.replied(turn, appeal_id)
    if said.kind in POLLS:
        if not await polling.answered(turn, appeal_id, replied=True):
            await polling.ask_again(turn, appeal_id)
    elif polling.asks_for_stars(said):
        if not await polling.rated_in_words(turn, appeal_id):
            await polling.comment(turn, appeal_id)
    elif turn.incoming.file is None and meaning(turn.incoming.text) in NO_ANSWER:
        return False
    else:
        await answering.take_answer(turn, appeal_id, turn.incoming.text)
    return True


async def _answers_question(turn: Turn, appeal_id: int) -> bool:
    """The last thing said was the desk's question. With a draft or another question open nobody can tell."""
    incoming = turn.incoming
    nothing = incoming.file is None and not any(each.isalnum() for each in incoming.text)
    if nothing or meaning(incoming.text) in NO_ANSWER:
        return False
    questions = await chat.questions(turn.actor)
    waits = any(each.appeal.id == appeal_id for each in questions)
    if turn.state.draft is None and (not waits or len(questions) == 1):
        await answering.take_answer(turn, appeal_id, incoming.text)
        return True
    if not waits:
        return False
    await sorting.ask(turn, questions)
    return True


def _of_work(said: Said) -> bool:
    """Whether it was to somebody who works here, as such."""
    return said.kind.startswith("staff.")


async def _does(turn: Turn, appeal_id: int) -> bool:
    """«Беру», «готово», «не наше»: a press of the button in so many words; False for any other words."""
    word = meaning(turn.incoming.text) if turn.incoming.file is None else None
    if word not in DEEDS or await colleague.who(turn.account) is None:
        return False
    await DEEDS[word](turn, [str(appeal_id)])
    return True
