"""The dialogue as a table: what the resident did, and where the conversation stood → what happens."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.conversation import attaching, buttons, card, drafting, following, placing
from bot.conversation.state import Step
from bot.conversation.turn import Turn
from bot.conversation.vocabulary import Word, after_no, after_yes, appeal_number, meaning, says_something
from bot.messages import Act, Line, line
from core.auth import LINK_PREFIX, claim_link_token
from core.errors import ZvernysError
from core.queries import mine

Handler = Callable[[Turn], Awaitable[None]]


async def advance(turn: Turn) -> None:
    """Answer one thing the resident did. What the core refuses is said in words; nothing is changed by it."""
    step, draft = turn.state.step, turn.state.draft
    try:
        await ACTS[turn.incoming.act](turn)
    except ZvernysError as refusal:
        turn.state.step, turn.state.draft = step, draft
        turn.say(_refused(refusal))
    if not turn.replies and turn.incoming.callback:
        turn.say("bot.ready")
    _offer_next(turn)


def _offer_next(turn: Turn) -> None:
    """The last message offers what can be done next: on Viber, one without a keyboard takes it away."""
    draft = turn.state.draft
    if draft is None or not turn.replies or turn.state.step not in {Step.DRAFT, Step.PLACE}:
        return
    last = turn.replies[-1]
    if not last.buttons and not last.ask_location:
        prompt = card.prompt(draft, turn.city)
        turn.replies[-1] = replace(last, buttons=prompt.buttons, ask_location=prompt.ask_location)


def _refused(refusal: ZvernysError) -> Line:
    params = dict(refusal.params)
    n = params.pop("n", None)
    return Line(refusal.key, params, n if isinstance(n, int) else None)


async def on_start(turn: Turn) -> None:
    payload = turn.incoming.text
    if payload.startswith(LINK_PREFIX):
        staff = await claim_link_token(payload, turn.account)
        turn.say(line("staff.linked", name=staff.name) if staff else line("staff.link_expired"))
        return
    greeting = card.greeting()
    turn.say(*greeting.lines, buttons=greeting.buttons)
    if turn.state.draft is not None:
        await drafting.show(turn)


async def on_text(turn: Turn) -> None:
    text = turn.incoming.text
    word = meaning(text)
    if word in EVERYWHERE:
        await EVERYWHERE[word](turn)
    elif text.startswith("/"):
        turn.say("bad.command", buttons=card.MENU)
    elif not says_something(text) and turn.state.step is not Step.PLACE:
        turn.say("bad.no_words", buttons=card.MENU)
    elif not await _said_to_appeal(turn, text, word):
        await WORDS[turn.state.step](turn)


async def _said_to_appeal(turn: Turn, text: str, word: Word | None) -> bool:
    """Words that answer a message of ours about an appeal: by replying to it, or because it was the last."""
    if turn.incoming.reply_to:
        said = await mine.answered_message(turn.account, turn.incoming.reply_to)
    elif turn.state.step is Step.IDLE:
        if (number := appeal_number(text)) and (appeal := await mine.by_number(turn.actor, number)):
            await following.show_one(turn, appeal)
            return True
        said = await mine.last_said(turn.account)
    else:
        return False
    kind, appeal_id = said or ("", None)
    if appeal_id is None:
        return False
    if kind in {"resolved", "poll_reminder"} and await _answered_poll(turn, appeal_id, text, word):
        return True
    if kind == "question" or turn.incoming.reply_to:
        await following.take_answer(turn, appeal_id, text)
        return True
    return False


async def _answered_poll(turn: Turn, appeal_id: int, text: str, word: Word | None) -> bool:
    if word is Word.YES:
        await following.confirm(turn, appeal_id)
    elif word is Word.NO:
        await following.ask_what_is_wrong(turn, appeal_id)
    elif rest := after_no(text):
        await following.take_disagreement(turn, appeal_id, rest)
    else:
        return False
    return True


async def _idle(turn: Turn) -> None:
    word = meaning(turn.incoming.text)
    if word in {Word.GREETING, Word.NEW}:
        await on_start(turn)
    elif word is Word.THANKS:
        turn.say("bot.welcome")
    elif word in {Word.YES, Word.NO, Word.CANCEL, Word.JOIN, Word.APART}:
        turn.say("bot.ready", buttons=card.MENU)
    elif await drafting.add_words(turn, turn.incoming.text):
        await drafting.show(turn)


async def _draft(turn: Turn) -> None:
    text = turn.incoming.text
    word = meaning(text)
    lacking = card.missing(draft := turn.draft(), turn.city)
    whole = lacking is None
    if lacking == "text" and word is Word.YES and card.speaks_for_itself(draft):
        await buttons.unsure(turn, draft, [])
    elif lacking == "alike" and word in OFFERED:
        await OFFERED[word](turn, draft, [])
    elif word is Word.YES:
        await drafting.send(turn)
    elif word in {Word.GREETING, Word.THANKS, Word.NO, Word.NEW, Word.JOIN, Word.APART}:
        turn.say("draft.go_on")
        await drafting.show(turn)
    elif whole and (rest := after_yes(text)):  # «так» agrees to a card; before one it is a manner of speech
        if await drafting.add_words(turn, rest):
            await drafting.send(turn)
    elif await drafting.add_words(turn, text):
        await drafting.show(turn)


async def _place(turn: Turn) -> None:
    placing.name_place(turn, turn.incoming.text)
    await drafting.show(turn)


async def _answer(turn: Turn) -> None:
    if turn.state.about is None:
        turn.rest()
        await WORDS[turn.state.step](turn)
        return
    await following.take_answer(turn, turn.state.about, turn.incoming.text)


async def _disagree(turn: Turn) -> None:
    if turn.state.about is None:
        turn.rest()
        await WORDS[turn.state.step](turn)
        return
    await following.take_disagreement(turn, turn.state.about, turn.incoming.text)


async def on_edit(turn: Turn) -> None:
    """An edit of the draft's words changes the draft; one of a sent complaint can't be taken back."""
    if not await drafting.edit_words(turn):
        turn.say("bad.edit_late")


async def on_file(turn: Turn) -> None:
    state, text = turn.state, turn.incoming.text
    if await following.more_of_album(turn):
        return
    if state.about is not None and state.step in {Step.ANSWER, Step.DISAGREE}:
        take = following.take_answer if state.step is Step.ANSWER else following.take_disagreement
        await take(turn, state.about, text)
        return
    taken = await attaching.add_file(turn)
    if text and not await drafting.add_words(turn, text):
        return
    if taken or text:
        await drafting.show(turn, delay=attaching.ALBUM_PAUSE if turn.incoming.album else 0.0)


async def on_location(turn: Turn) -> None:
    if placing.add_point(turn):
        await drafting.show(turn)


async def on_moved(turn: Turn) -> None:
    """A live location goes on: nobody takes notice but a draft that has no place at all."""
    draft, lat, lon = turn.state.draft, turn.incoming.lat, turn.incoming.lon
    if draft is None or lat is None or lon is None or card.missing(draft, turn.city) != "place":
        return
    if turn.state.step is Step.PLACE and turn.city.understander.inside(lat, lon):
        await on_location(turn)


async def on_other(turn: Turn) -> None:
    turn.say("bad.type", slot="bad.type")


async def on_left(turn: Turn) -> None:
    """Nobody is there to hear an answer; the account was marked when the update was taken."""


async def _cancel(turn: Turn) -> None:
    if turn.state.step in {Step.ANSWER, Step.DISAGREE}:
        turn.rest()
        turn.say("answer.cancelled")
    elif turn.state.draft is not None:
        turn.say("draft.cancelled", slot=card.slot(turn.state.draft), buttons=card.MENU)
        turn.forget_draft()
    else:
        turn.say("bot.ready", buttons=card.MENU)


async def _back(turn: Turn) -> None:
    await buttons.go_back(turn, [])


async def _mine(turn: Turn) -> None:
    await following.show_list(turn)


async def _help(turn: Turn) -> None:
    turn.say("bot.help", buttons=card.MENU)


async def _english(turn: Turn) -> None:
    await buttons.switch_language(turn, "en")


async def _ukrainian(turn: Turn) -> None:
    await buttons.switch_language(turn, "uk")


ACTS: dict[Act, Handler] = {
    Act.START: on_start,
    Act.TEXT: on_text,
    Act.EDIT: on_edit,
    Act.FILE: on_file,
    Act.LOCATION: on_location,
    Act.MOVED: on_moved,
    Act.BUTTON: buttons.press,
    Act.OTHER: on_other,
    Act.LEFT: on_left,
    Act.CAME_BACK: on_left,
}
WORDS: dict[Step, Handler] = {
    Step.IDLE: _idle,
    Step.DRAFT: _draft,
    Step.PLACE: _place,
    Step.ANSWER: _answer,
    Step.DISAGREE: _disagree,
}
# What answers «is it the same?»
OFFERED: dict[Word | None, buttons.DraftPress] = {
    Word.YES: buttons.join,
    Word.JOIN: buttons.join,
    Word.NO: buttons.apart,
    Word.APART: buttons.apart,
    Word.NEW: buttons.apart,
}
EVERYWHERE: dict[Word | None, Handler] = {
    Word.CANCEL: _cancel,
    Word.BACK: _back,
    Word.MINE: _mine,
    Word.HELP: _help,
    Word.ENGLISH: _english,
    Word.UKRAINIAN: _ukrainian,
}
