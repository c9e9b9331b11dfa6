"""What words mean where nothing is open, and to a draft; what files and places do."""

from bot.conversation import (
    adding,
    answering,
    attaching,
    card,
    drafting,
    official,
    placing,
    pressing,
    sorting,
    splitting,
    talking,
    withdrawing,
    working,
)
from bot.conversation.buttons import MENU
from bot.conversation.state import WORK, Draft, Lack, Step
from bot.conversation.turn import Turn
from bot.conversation.vocabulary import Word, after_no, after_yes, meaning
from bot.messages import line
from core.actions import locate as locating
from core.errors import Conflict
from core.understanding.speech import Speech, speech_of

MANNERS = frozenset({Word.GREETING, Word.THANKS, Word.NO, Word.NEW, Word.JOIN, Word.APART})


async def idle(turn: Turn) -> None:
    text, word = turn.incoming.text, meaning(turn.incoming.text)
    if word in {Word.GREETING, Word.NEW}:
        turn.say("bot.greeting" if word is Word.GREETING else "bot.ready", buttons=MENU)
    elif word in {Word.YES, Word.NO, Word.LATER, Word.JOIN, Word.APART}:
        turn.say("bot.ready", buttons=MENU)
    elif word is Word.MISTAKE and turn.state.filed is not None and turn.state.filed.urgent:
        await withdrawing.ask(turn, [str(turn.state.filed.appeal)])
    elif not await adding.adds_to_what_was_filed(turn) and not await _says_where(turn, text):
        speech = Speech.THANKS if word is Word.THANKS else speech_of(text)
        if not await talking.answer(turn, speech) and await drafting.add_words(turn, text):
            await drafting.show(turn)


async def _says_where(turn: Turn, text: str) -> bool:
    """An address alone is where it is, or really is, whatever was asked; what happened may be asked next."""
    before = turn.state.draft.spot if turn.state.draft else None
    spot = placing.address_alone(turn, text, before)
    if spot is None:
        return False
    draft = turn.draft()
    draft.spot, draft.spots = spot, []
    await drafting.show(turn)
    return True


async def aside(turn: Turn, draft: Draft) -> bool:
    """What is said beside an open draft and is no part of it."""
    text, word = turn.incoming.text, meaning(turn.incoming.text)
    if word is Word.NEW and draft.offer is None:
        await talking.go_on(turn)
        return True
    if word is not None or (card.missing(draft, turn.city) is None and after_no(text)):
        return False
    return await talking.answer(turn, speech_of(text))


async def whole(turn: Turn, draft: Draft) -> None:
    """Words to a card: «так», «так, але біля школи», or more of what happened."""
    text, word = turn.incoming.text, meaning(turn.incoming.text)
    if word is Word.YES and not draft.typical:
        await drafting.send(turn)
    elif draft.typical and word in {Word.YES, Word.THANKS}:
        turn.say("bot.welcome", buttons=MENU)
        turn.forget_draft()
        await drafting.take_up_next(turn)
    elif word in {Word.OTHER_PLACE, Word.OTHER_TOPIC} and not (draft.question or draft.official):
        await (pressing.place if word is Word.OTHER_PLACE else pressing.topic)(turn, draft, [])
    elif word is Word.NO or (after_no(text) and speech_of(text) is Speech.NONSENSE):
        turn.say("question.not_it" if draft.typical else "draft.what_wrong")
    elif word in MANNERS:
        await talking.go_on(turn)
    elif not (draft.question or draft.official) and await _says_where(turn, after_no(text) or text):
        return
    elif draft.typical and speech_of(text) is Speech.REPORT:
        turn.forget_draft()  # the question was answered, this is something else
        await more(turn, turn.draft())
    elif rest := after_yes(text):  # «так» agrees to a card; before one it is a manner of speech
        if await drafting.add_words(turn, rest):
            await drafting.send(turn)
    else:
        await more(turn, draft)


async def text(turn: Turn, draft: Draft) -> None:
    """What happened there; «так» sends a voice message without words."""
    if meaning(turn.incoming.text) is Word.YES and card.speaks_for_itself(draft):
        await pressing.unsure(turn, draft, [])
    elif not await _says_where(turn, turn.incoming.text):
        await more(turn, draft)


async def topic(turn: Turn, draft: Draft) -> None:
    """What it is about, in more words; nobody has to know."""
    if meaning(turn.incoming.text) is Word.LATER:
        await pressing.unsure(turn, draft, [])
    elif not await _says_where(turn, after_no(turn.incoming.text) or turn.incoming.text):
        await more(turn, draft)


async def kind(turn: Turn, draft: Draft) -> None:
    """They asked for an official one, and now know what it takes."""
    word = meaning(turn.incoming.text)
    if word in {Word.YES, Word.OFFICIAL}:
        await official.choose(turn, draft, [draft.offered_kind])
    elif word in {Word.NO, Word.ORDINARY}:
        await official.make_request(turn, draft, [])
    else:
        await more(turn, draft)


async def essence(turn: Turn, draft: Draft) -> None:
    """What an official one is about: «не знаю» is nothing to consider."""
    if meaning(turn.incoming.text) is Word.LATER:
        await drafting.show(turn)
    else:
        await more(turn, draft)


async def split(turn: Turn, draft: Draft) -> None:
    word = meaning(turn.incoming.text)
    if word is Word.YES:
        await splitting.split(turn, draft, [])
    elif word is Word.NO:
        await splitting.keep_whole(turn, draft, [])
    else:
        await more(turn, draft)


async def alike(turn: Turn, draft: Draft) -> None:
    """Whether it is the same."""
    word = meaning(turn.incoming.text)
    if word in {Word.YES, Word.JOIN}:
        await pressing.join(turn, draft, [])
    elif word in {Word.NO, Word.APART, Word.NEW}:
        await pressing.apart(turn, draft, [])
    else:
        await more(turn, draft)


async def place(turn: Turn, draft: Draft) -> None:
    """Where it is: whatever is written is the answer, but for mere manners."""
    word = meaning(turn.incoming.text)
    if word in {*MANNERS, Word.YES, Word.OTHER_PLACE, Word.OTHER_TOPIC}:
        await talking.go_on(turn)
        return
    if word is Word.LATER and card.missing(draft, turn.city) is Lack.DISTRICT:
        await pressing.district(turn, draft, [])
        return
    placing.name_place(turn, turn.incoming.text)
    await drafting.show(turn)


async def more(turn: Turn, _draft: Draft) -> None:
    """More of what happened; mere manners only show the question again."""
    if meaning(turn.incoming.text) in {*MANNERS, Word.YES}:
        await talking.go_on(turn)
    elif await drafting.add_words(turn, turn.incoming.text):
        await drafting.show(turn, added=True)


async def locate(turn: Turn) -> None:
    """Where it is that was filed at once: words or a point."""
    assert turn.state.about is not None  # noqa: S101 - set with the step
    word = meaning(turn.incoming.text)
    if word is Word.MISTAKE:
        await withdrawing.ask(turn, [str(turn.state.about)])
        return
    if word is Word.LATER:
        turn.rest()
        turn.say("danger.more", buttons=MENU)
        return
    if turn.incoming.lat is not None:
        spot = placing.pointed_at(turn, None)
    elif word in {*MANNERS, Word.YES}:
        spot = None
        turn.say("danger.where", ask_location=True)
    else:
        spot = placing.named(turn, turn.incoming.text)
    if spot is None:
        return
    about, place = turn.state.about, placing.place_of(spot)
    turn.rest()
    try:
        appeal = await locating.locate(turn.city, about, turn.actor, place=place)
    except Conflict:  # it has ended: what was said is kept, and they say where it belongs
        await answering.take_answer(
            turn, about, turn.incoming.text or spot.address or f"{spot.lat}, {spot.lon}"
        )
        return
    turn.say(
        line("danger.located", number=appeal.number), card.place_line(spot), "danger.more", appeal=appeal.id
    )


async def file(turn: Turn) -> None:
    """A file of a new complaint or of the draft; one alone, right after sending, is of what was sent."""
    if turn.state.draft is None and await adding.adds_to_what_was_filed(turn):
        return
    text = turn.incoming.text
    taken = await attaching.add_file(turn)
    if text and not await drafting.add_words(turn, text):
        return
    if taken or text:
        await drafting.show(turn, delay=attaching.ALBUM_PAUSE if turn.incoming.album else 0.0)


async def cancel(turn: Turn, _arguments: list[str]) -> None:
    if turn.state.step is Step.WHICH:
        await sorting.give_up(turn)
    elif turn.state.step in WORK:
        working.give_up(turn)
    elif turn.state.step not in {Step.IDLE, Step.DRAFT}:
        turn.rest()
        turn.say("answer.cancelled", buttons=MENU)
    elif turn.state.draft is not None:
        await drafting.give_up(turn)
    else:
        turn.say("bot.ready", buttons=MENU)


async def english(turn: Turn, _arguments: list[str]) -> None:
    await pressing.switch_language(turn, "en")


async def ukrainian(turn: Turn, _arguments: list[str]) -> None:
    await pressing.switch_language(turn, "uk")
