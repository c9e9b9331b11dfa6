"""A complaint taking shape: words, files and places, in any order, until it is sent."""

from bot.conversation import alike, card, placing
from bot.conversation.state import Draft, Filed, Spot, Step
from bot.conversation.turn import Turn
from bot.messages import Line, line
from bot.text import LONGEST
from core.actions.submit import Place, Submission, submit
from core.queries import mine


async def add_words(turn: Turn, text: str) -> bool:
    """Add words to the draft and understand it anew; False, and nothing changed, where they don't fit."""
    draft = turn.draft()
    if len(draft.text) + len(text) > LONGEST:
        turn.say(line("bad.too_long", limit=LONGEST))
        return False
    draft.texts.append([turn.incoming.message_id, text])
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
            await show(turn)
        return True
    for entry in draft.texts:
        if entry[0] == turn.incoming.message_id and turn.incoming.text:
            if len(draft.text) - len(entry[1]) + len(turn.incoming.text) > LONGEST:
                turn.say(line("bad.too_long", limit=LONGEST))
                return True
            entry[1] = turn.incoming.text
            understand(turn, draft)
            await show(turn)
            return True
    return False


def understand(turn: Turn, draft: Draft) -> None:
    """Read the draft's words: category, danger, place. What the resident chose stays."""
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


async def show(turn: Turn, *more: Line, delay: float = 0.0) -> None:
    """Say what the draft lacks, or show its card; and take the next words accordingly."""
    draft = turn.draft()
    if draft.files and turn.incoming.file is None:  # otherwise they were counted just now
        draft.files = await mine.files(draft=draft.token)
    await alike.look(turn, draft)
    turn.state.step = Step.PLACE if card.missing(draft, turn.city) in card.WHERE else Step.DRAFT
    reply = card.prompt(draft, turn.city, delay=delay)
    turn.say(
        *more,
        *reply.lines,
        buttons=reply.buttons,
        ask_location=reply.ask_location,
        slot=reply.slot,
        delay=reply.delay,
    )


async def send(turn: Turn) -> None:
    """File the draft, if it is whole; the card becomes the confirmation."""
    draft = turn.draft()
    if card.missing(draft, turn.city) is not None or draft.category is None:
        await show(turn)
        return
    spot = draft.spot or Spot()
    appeal = await submit(
        turn.city,
        turn.account,
        Submission(
            text=draft.text,
            category=draft.category,
            place=Place(spot.address, spot.lat, spot.lon, spot.district, spot.street, spot.house),
            sure=draft.sure,
            chosen=draft.chosen and draft.sure,
            urgent=draft.urgent,
            guesses=tuple((slug, score) for slug, score in draft.guesses),
            danger_words=tuple(draft.danger_words),
            model_version=draft.model_version,
            draft=draft.token,
        ),
    )
    due = appeal.due_at.isoformat() if appeal.due_at else ""
    key = "filed.executor" if appeal.executor_id else "filed.operator"
    filed = line(key, number=appeal.number, executor=appeal.executor_id or "", due=due)
    alarm = card.alarm(draft, turn.city)
    turn.say(*alarm, filed, *card.summary(draft), "filed.next", slot=card.slot(draft), appeal=appeal.id)
    turn.state.filed = Filed(draft.token, appeal.id)
    turn.forget_draft()
