"""Words and files of which nobody can tell to which appeal they belong: kept, and the resident says where.

They wait like a draft does, whatever else is done meanwhile, until they are sorted or given up.
"""

import secrets

from bot.conversation import attaching, drafting
from bot.conversation.buttons import MENU, Rows, pairs
from bot.conversation.passing import done, pass_on
from bot.conversation.state import Step, Unsorted
from bot.conversation.turn import Turn
from bot.conversation.vocabulary import Word, meaning, named_appeal
from bot.messages import Button, Line, line
from bot.text import LONGEST
from core.actions import resident
from core.actions.move import look_up
from core.errors import Conflict
from core.models import Appeal
from core.queries import mine
from core.queries.chat import Question

SHOWN = 150  # characters of a question
NAMING = 5  # words, at most, of a text that only names where the others belong
TO = "to:"


async def ask(turn: Turn, questions: list[Question]) -> None:
    """Keep what was just said or sent, and ask where it belongs."""
    incoming = turn.incoming
    if len(incoming.text) > LONGEST:
        turn.say(line("bad.too_long", limit=LONGEST))
        return
    turn.state.unsorted = Unsorted(
        text=incoming.text,
        message=incoming.message_id,
        token=_new_token(),
        appeals={each.appeal.number: each.appeal.id for each in questions},
    )
    turn.state.step, turn.state.about = Step.WHICH, None
    if not await _keep_file(turn, turn.state.unsorted) and not incoming.text:
        turn.state.unsorted = None
        turn.rest()
        return
    asked = [
        line("which.question", number=each.appeal.number, text=_short(each.text))
        for each in questions
        if each.text
    ]
    _say(turn, line("which.ask"), *asked)


async def keep(turn: Turn, appeal: Appeal, text: str, token: str) -> None:
    """What came for an appeal that has ended: it can be returned with that, in time, or a new one filed.

    Of an album, all that comes is kept together.
    """
    waiting = turn.state.unsorted
    if waiting is None:
        waiting = Unsorted(text="", message=turn.incoming.message_id, token=token or _new_token())
    elif token and waiting.token != token:
        await attaching.hand_over(turn, token, waiting.token)
    together = f"{waiting.text}\n{text}".strip()
    if len(together) > LONGEST:
        turn.say(line("bad.too_long", limit=LONGEST))
        if waiting is not turn.state.unsorted and not token:
            return  # nothing waits
    else:
        waiting.text = together
    returns = resident.reopens(turn.city, appeal)
    if returns:
        waiting.appeals[appeal.number] = appeal.id
    turn.state.unsorted = waiting
    turn.rest()
    _say(turn, line("answer.ended_returns" if returns else "answer.ended", number=appeal.number))


async def words(turn: Turn) -> None:
    """Where it belongs, by number or by the button's words; anything else is more of the same."""
    unsorted, text = _waiting(turn), turn.incoming.text
    place = _named(unsorted, text)
    if place is not None:
        await _put(turn, unsorted, place)
    elif not any(each.isalnum() for each in text):
        _say(turn, line("bad.no_words"))
    elif len(unsorted.text) + len(text) > LONGEST:
        _say(turn, line("bad.too_long", limit=LONGEST))
    else:
        unsorted.text = f"{unsorted.text}\n{text}".strip()
        _say(turn, line("which.more"))


async def file(turn: Turn) -> None:
    """More of the same; its caption too."""
    unsorted, text = _waiting(turn), turn.incoming.text
    kept = await _keep_file(turn, unsorted)
    if text and len(unsorted.text) + len(text) <= LONGEST:
        unsorted.text = f"{unsorted.text}\n{text}".strip()
    if kept or text:
        _say(turn, line("which.more"))


async def put(turn: Turn, arguments: list[str]) -> None:
    """A button that says where."""
    unsorted = turn.state.unsorted
    if unsorted is None:
        raise ValueError(arguments)
    place = None if arguments[0] == "draft" else int(arguments[0])
    if place is not None and place not in unsorted.appeals.values():
        raise ValueError(arguments)
    await _put(turn, unsorted, place or 0)


async def give_up(turn: Turn) -> None:
    """They want it to go nowhere: said, with the words, so that they can be used again."""
    unsorted = _waiting(turn)
    turn.state.unsorted = None
    turn.rest()
    turn.say("which.dropped", *((line("words", text=unsorted.text),) if unsorted.text else ()), buttons=MENU)


def remind(turn: Turn) -> None:
    """Below whatever else was said: it still waits."""
    if turn.state.step is not Step.WHICH or turn.reply is None:
        return
    rows = turn.reply.buttons
    if not any(button.data.startswith(TO) for row in rows for button in row):
        unsorted = _waiting(turn)
        waits = line("which.waits", text=_short(unsorted.text)) if unsorted.text else line("which.waits_file")
        turn.say(waits, buttons=(*rows, *_buttons(turn, unsorted)))


async def _put(turn: Turn, unsorted: Unsorted, place: int) -> None:
    """To the appeal of that id, or to the draft where it is 0; what can't be taken there goes on waiting."""
    if place == 0:
        await _to_draft(turn, unsorted)
        return
    turn.state.unsorted = None
    if not await pass_on(turn, place, unsorted.text, unsorted.token) and not await _reopen(
        turn, place, unsorted
    ):
        number = next(each for each, appeal in unsorted.appeals.items() if appeal == place)
        unsorted.appeals.pop(number)
        turn.state.unsorted = unsorted
        turn.rest()
        _say(turn, line("answer.ended", number=number))


async def _reopen(turn: Turn, appeal_id: int, unsorted: Unsorted) -> bool:
    """What was answered is returned with these words; False where that can't be any more."""
    if not resident.reopens(turn.city, await look_up(appeal_id, turn.actor)):
        return False
    try:
        appeal = await resident.reopen(
            turn.city, appeal_id, turn.actor, text=unsorted.text, draft=unsorted.token
        )
    except Conflict:
        return False
    done(turn, appeal, "poll.reopened")
    return True


async def _to_draft(turn: Turn, unsorted: Unsorted) -> None:
    draft = turn.draft()
    if len(draft.text) + len(unsorted.text) > LONGEST:
        turn.state.step = Step.WHICH
        _say(turn, line("bad.too_long", limit=LONGEST))
        return
    turn.state.unsorted = None
    turn.rest()
    await attaching.hand_over(turn, unsorted.token, draft.token)
    draft.files = await mine.files(draft=draft.token)
    if unsorted.text:
        await drafting.add_words(turn, unsorted.text, message=unsorted.message)
    else:
        draft.wordless.append(unsorted.message)
    await drafting.show(turn)


async def _keep_file(turn: Turn, unsorted: Unsorted) -> bool:
    """Whether there was one and it is kept; otherwise the reason is said."""
    if turn.incoming.file is None:
        return False
    if sum((await mine.files(draft=unsorted.token)).values()) >= attaching.FILES:
        turn.say(line("bad.files", n=attaching.FILES))
        return False
    if not attaching.fits(turn):
        return False
    await attaching.keep_file(turn, unsorted.token)
    return True


def _new_token() -> str:
    return f"q{secrets.token_hex(4)}"


def _named(unsorted: Unsorted, text: str) -> int | None:
    """The appeal that the text names, 0 for the draft; None where it names neither."""
    if meaning(text) in {Word.NEW, Word.APART}:
        return 0
    number = named_appeal(text, asks=True) if len(text.split()) <= NAMING else None
    if number is None:
        return None
    return next((unsorted.appeals[each] for each in unsorted.appeals if _same(each, number)), None)


def _same(full: str, named: str) -> bool:
    return full == named or ("-" not in named and int(full.split("-")[1]) == int(named))


def _waiting(turn: Turn) -> Unsorted:
    assert turn.state.unsorted is not None  # noqa: S101 - WHICH is where something waits
    return turn.state.unsorted


def _say(turn: Turn, *lines: Line) -> None:
    unsorted = _waiting(turn)
    delay = attaching.ALBUM_PAUSE if turn.incoming.album else 0.0
    turn.say(*lines, buttons=_buttons(turn, unsorted), slot=f"which:{unsorted.token}", delay=delay)


def _buttons(turn: Turn, unsorted: Unsorted) -> Rows:
    draft = line("button.to_draft" if turn.state.draft else "button.to_new")
    appeals = [
        Button(line("button.to_appeal", number=number), f"{TO}{appeal}")
        for number, appeal in unsorted.appeals.items()
    ]
    return (*pairs(appeals), (Button(draft, f"{TO}draft"),))


def _short(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"
