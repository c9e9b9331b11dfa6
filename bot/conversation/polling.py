"""Whether it is really solved, and how well: asked in the chat, answered by button or by words."""

from collections.abc import Awaitable, Callable

from bot.conversation import following, sorting
from bot.conversation.buttons import BACK, Rows, pairs
from bot.conversation.passing import done, file_for, pass_on
from bot.conversation.state import Step
from bot.conversation.turn import Turn
from bot.conversation.vocabulary import Word, after_no, verdict
from bot.messages import Button, Line, line
from core.actions import poll, resident
from core.actions.move import look_up
from core.errors import Conflict, Invalid
from core.models import Appeal
from core.queries import mine
from core.queries.chat import Said
from core.understanding.speech import Speech, speech_of
from core.workflow import Kind, Status

SLOT = "stars:"
TOO_LATE = frozenset({"poll.too_late", "reopen.too_late"})


async def yes(turn: Turn, arguments: list[str]) -> None:
    await confirm(turn, int(arguments[0]))


async def no(turn: Turn, arguments: list[str]) -> None:
    await ask_what_is_wrong(turn, int(arguments[0]))


async def star(turn: Turn, arguments: list[str]) -> None:
    await rate(turn, int(arguments[0]), int(arguments[1]))


async def confirm(turn: Turn, appeal_id: int) -> None:
    """It is solved: how well is asked next."""
    try:
        appeal = await poll.confirm(turn.city, appeal_id, turn.actor)
    except Conflict:
        await following.show_one(turn, await look_up(appeal_id, turn.actor))
        return
    if turn.state.about == appeal_id:
        turn.rest()  # «ні» had been pressed before
    _say(turn, appeal, line("poll.thanks", number=appeal.number), buttons=_stars(appeal))


async def ask_stars(turn: Turn, arguments: list[str]) -> None:
    """From the card of what was closed without them."""
    appeal = await look_up(int(arguments[0]), turn.actor)
    _say(turn, appeal, line("poll.stars"), buttons=_stars(appeal))


async def rate(turn: Turn, appeal_id: int, stars: int) -> None:
    """Keep the stars; of few, ask why."""
    appeal = await poll.rate(turn.city, appeal_id, turn.actor, stars=stars)
    if stars <= poll.FEW:
        _say(turn, appeal, line("poll.few", n=stars), buttons=_reasons(appeal, ()))
    else:
        _say(turn, appeal, line("poll.rated", n=stars), buttons=((_in_words("button.comment", appeal),),))


async def give_reason(turn: Turn, arguments: list[str]) -> None:
    """One of several; those not given yet are still offered."""
    appeal_id, reason = int(arguments[0]), arguments[1]
    if reason not in poll.REASONS:
        raise ValueError(reason)
    appeal, given = await poll.give_reason(turn.city, appeal_id, turn.actor, reason=reason)
    _say(turn, appeal, line(f"poll.reason_{reason}"), buttons=_reasons(appeal, given))


async def ask_comment(turn: Turn, arguments: list[str]) -> None:
    """In their own words."""
    appeal = await look_up(int(arguments[0]), turn.actor)
    turn.ask_about(Step.COMMENT, appeal.id)
    turn.say("poll.ask_comment", buttons=BACK)


async def take_comment(turn: Turn) -> None:
    assert turn.state.about is not None  # noqa: S101 - set with the step
    await comment(turn, turn.state.about)


async def comment(turn: Turn, appeal_id: int) -> None:
    """Words or a photo about the result; where the appeal is in work again, they join it."""
    await _say_of_result(turn, appeal_id, turn.incoming.text, poll.comment, "poll.commented")


async def disagree(turn: Turn, appeal_id: int, text: str) -> None:
    """The appeal goes back to work with these words; where it is there already, they join it."""
    await _say_of_result(turn, appeal_id, text, resident.reopen, "poll.reopened")


async def _say_of_result(
    turn: Turn, appeal_id: int, text: str, action: Callable[..., Awaitable[Appeal]], key: str
) -> None:
    """Said twice, too late, or of what somebody moved meanwhile: the words are never lost."""
    token = await file_for(turn, appeal_id)
    if token is None:
        return
    try:
        appeal = await action(turn.city, appeal_id, turn.actor, text=text, draft=token)
    except Conflict:
        if await pass_on(turn, appeal_id, text, token):
            return
    except Invalid as late:
        if late.key not in TOO_LATE:
            raise
    else:
        done(turn, appeal, key)
        return
    await sorting.keep(turn, await look_up(appeal_id, turn.actor), text, token)


async def ask_what_is_wrong(turn: Turn, appeal_id: int) -> None:
    """What is still not solved; too late, what to do instead."""
    appeal = await look_up(appeal_id, turn.actor)
    if not resident.reopens(turn.city, appeal):
        if appeal.closed_at is not None and not appeal.open:
            turn.say("poll.late")
        await following.show_one(turn, appeal)
        return
    turn.ask_about(Step.DISAGREE, appeal.id)
    question = appeal.kind is Kind.CONSULTATION
    turn.say(
        line("poll.what_is_missing" if question else "poll.what_is_wrong", number=appeal.number), buttons=BACK
    )


async def take_disagreement(turn: Turn) -> None:
    """What is still wrong; a bare yes or no says nothing of it."""
    assert turn.state.about is not None  # noqa: S101 - set with the step
    if turn.incoming.file is None and verdict(turn.incoming.text) in {Word.YES, Word.LATER}:
        await answered(turn, turn.state.about)
    else:
        await disagree(turn, turn.state.about, turn.incoming.text)


async def answered(turn: Turn, appeal_id: int, *, replied: bool = False) -> bool:
    """Words, or a file with words, to «is it solved?»; False where they say neither yes nor no.

    Without a reply to the message, what names a place is about something else.
    """
    text, file = turn.incoming.text, turn.incoming.file
    word = verdict(text)
    if word is Word.LATER and file is None:
        turn.rest()
        turn.say("poll.later", buttons=_yes_no(appeal_id), appeal=appeal_id)
    elif word is Word.SO_SO:
        await ask_again(turn, appeal_id)
    elif word is Word.YES:
        if file is not None:
            await comment(turn, appeal_id)
        await confirm(turn, appeal_id)
    elif word is Word.NO and file is None and after_no(text) is None and len(text.split()) == 1:
        await ask_what_is_wrong(turn, appeal_id)
    elif word is Word.NO and (replied or after_no(text) is not None or not _names_place(turn)):
        await disagree(turn, appeal_id, after_no(text) or text)
    else:
        return False
    return True


async def ask_again(turn: Turn, appeal_id: int) -> None:
    """A reply that is neither yes nor no is kept with the appeal, and the question stands."""
    await comment(turn, appeal_id)
    if (await look_up(appeal_id, turn.actor)).status is Status.RESOLVED:
        turn.say("poll.unclear", buttons=_yes_no(appeal_id), appeal=appeal_id)


def asks_for_stars(said: Said) -> bool:
    return said.kind == "reply" and said.slot.startswith(SLOT)


async def rated_in_words(turn: Turn, appeal_id: int) -> bool:
    """«5» to the question how well it was done; after few stars, what was wrong."""
    text = turn.incoming.text.strip()
    if text in {str(each) for each in poll.STARS} and turn.incoming.file is None:
        await rate(turn, appeal_id, int(text))
        return True
    given = await mine.stars(turn.actor, await look_up(appeal_id, turn.actor))
    if given is None or given > poll.FEW or speech_of(text) is not Speech.REPORT or _names_place(turn):
        return False
    await comment(turn, appeal_id)
    return True


def _names_place(turn: Turn) -> bool:
    return bool(turn.city.understander.understand(turn.incoming.text).places)


def _stars(appeal: Appeal) -> Rows:
    return (tuple(Button(line("name.star", n=n), f"star:{appeal.id}:{n}") for n in poll.STARS),)


def _reasons(appeal: Appeal, given: tuple[str, ...]) -> Rows:
    left = [each for each in poll.REASONS if each not in given]
    buttons = [Button(line(f"reason.{each}"), f"why:{appeal.id}:{each}") for each in left]
    return (*pairs(buttons), (_in_words("button.in_words", appeal),))


def _in_words(label: str, appeal: Appeal) -> Button:
    return Button(line(label), f"comment:{appeal.id}")


def _yes_no(appeal_id: int) -> Rows:
    return ((Button(line("button.yes"), f"yes:{appeal_id}"), Button(line("button.no"), f"no:{appeal_id}")),)


def _say(turn: Turn, appeal: Appeal, *lines: Line, buttons: Rows) -> None:
    turn.say(*lines, buttons=buttons, slot=f"{SLOT}{appeal.id}", appeal=appeal.id)
