"""A complaint taking shape: words, files and places, in any order, until it is sent."""

import hashlib
import json

from bot.conversation import alike, asking, card, placing, sending
from bot.conversation.buttons import MENU
from bot.conversation.state import Draft, Step
from bot.conversation.turn import Turn
from bot.messages import Line, Reply, line
from bot.text import LONGEST
from core.queries import mine
from core.understanding import Understanding
from core.understanding.speech import Speech
from core.workflow import Kind


async def add_words(turn: Turn, text: str, *, message: str = "") -> bool:
    """Add words to the draft and understand it anew; False, and nothing changed, where they don't fit.

    `message`: the id of an earlier message that they are from, instead of this turn's.
    """
    draft = turn.draft()
    if len(draft.text) + len(text) > LONGEST:
        turn.say(line("bad.too_long", limit=LONGEST))
        return False
    draft.texts.append([message or turn.incoming.message_id, text])
    understand(turn, draft)
    return True


async def edit_words(turn: Turn) -> bool:
    """Put an edited message in the place of what it was; False where it is not part of the draft."""
    draft = turn.state.draft
    if draft is None:
        return False
    if turn.incoming.message_id in draft.wordless:  # a caption given to a photo afterwards
        draft.wordless.remove(turn.incoming.message_id)
        if await add_words(turn, turn.incoming.text):
            await show(turn, added=True)
        return True
    for entry in draft.texts:
        if entry[0] == turn.incoming.message_id and turn.incoming.text:
            if len(draft.text) - len(entry[1]) + len(turn.incoming.text) > LONGEST:
                turn.say(line("bad.too_long", limit=LONGEST))
                return True
            entry[1] = turn.incoming.text
            understand(turn, draft)
            await show(turn, added=True)
            return True
    return False


def understand(turn: Turn, draft: Draft) -> None:
    """Read the draft's words: category, danger, place, kind. What the resident chose stays."""
    seen = turn.city.understander.understand(draft.text)
    draft.model_version = seen.model_version
    draft.urgent = seen.urgency.urgent
    draft.danger_words = list(seen.urgency.words)
    draft.emergency = seen.urgency.number
    draft.guesses = [[guess.slug, round(guess.score, 4)] for guess in seen.categories]
    if not draft.chosen:
        draft.sure = seen.confident
        draft.category = seen.categories[0].slug if seen.confident else None
    if draft.spot is None and seen.places:
        placing.take_places(draft, seen.places)
    _what_kind(turn, draft, seen)
    _how_many(turn, draft)


def _what_kind(turn: Turn, draft: Draft, seen: Understanding) -> None:
    """Who sends photos or a place reports something, however they put it."""
    if draft.kind_decided:
        return
    draft.offered_kind = seen.statutory.value if seen.statutory else ""
    asks = seen.speech is Speech.QUESTION and not draft.files and (draft.spot is None or draft.question)
    draft.kind = Kind.CONSULTATION.value if asks else Kind.REQUEST.value
    answers = turn.city.understander.answers(draft.text) if asks else ()
    draft.typical = answers[0].answer.slug if answers else ""


def _how_many(turn: Turn, draft: Draft) -> None:
    """Danger waits for no question; nor does what is official or only asked."""
    if draft.whole or draft.emergency or draft.official or draft.offered_kind or draft.question:
        draft.parts = []
    else:
        draft.parts = [problem.text for problem in turn.city.understander.problems(draft.text)]


async def show(turn: Turn, *more: Line, delay: float = 0.0, added: bool = False) -> None:
    """Say what the draft lacks, or show its card; what is dangerous is filed.

    `added`: something was just taken in, which is enough to say where the card is as it was.
    """
    draft = turn.draft()
    if draft.files and turn.incoming.file is None:  # otherwise they were counted just now
        draft.files = await mine.files(draft=draft.token)
    if card.is_danger(draft, turn.city) and not draft.again:
        await sending.send_at_once(turn, draft)
        return
    if draft.official and not (draft.name or draft.again):
        draft.name, draft.address = await mine.known_as(turn.actor)
    await alike.look(turn, draft)
    turn.state.step = Step.DRAFT
    reply = asking.prompt(draft, turn.city, delay=delay)
    mark = _mark(reply)
    whole = card.missing(draft, turn.city) is None
    unchanged, draft.shown = whole and added and mark == draft.shown, mark
    turn.say(
        *more,
        *((line("draft.noted"),) if unchanged else reply.lines),
        buttons=reply.buttons,
        ask_location=reply.ask_location,
        slot=reply.slot,
        delay=reply.delay,
    )


def _mark(reply: Reply) -> str:
    """What tells one card from another; a due that moves with the clock makes no other card."""
    told = [[each.key, {**each.params, "due": ""}, each.n] for each in reply.lines]
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()[:12]


async def send(turn: Turn) -> None:
    """File the draft, if it is whole; otherwise ask for what it lacks."""
    if card.missing(turn.draft(), turn.city) is not None:
        await show(turn)
        return
    await sending.send(turn, turn.draft())
    await take_up_next(turn)


async def give_up(turn: Turn) -> None:
    """Forget the draft unsent; what was split off it comes next."""
    draft = turn.draft()
    turn.say("draft.cancelled", buttons=MENU, slot=card.slot(draft))
    turn.forget_draft()
    await take_up_next(turn)


async def take_up_next(turn: Turn) -> None:
    """Go on with what was split off."""
    if turn.state.draft is None and turn.state.later:
        turn.state.draft = turn.state.later.pop(0)
        await show(turn, line("split.next"))
