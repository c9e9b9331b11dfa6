"""One turn, from what the resident did to the one message that answers it."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.conversation import (
    answering,
    asking,
    belonging,
    card,
    colleague,
    drafting,
    following,
    pace,
    person,
    placing,
    pressing,
    reporting,
    sorting,
    working,
)
from bot.conversation.buttons import MENU, worklist
from bot.conversation.state import WORK, Lack, Step
from bot.conversation.table import ANY_WORDS, ANYWHERE, EVERYWHERE, OF_DRAFT, STATIONS
from bot.conversation.turn import Turn
from bot.conversation.vocabulary import Word, meaning, says_something
from bot.messages import BLANK, Act, Line, Reply, line
from core.actions.linking import as_code
from core.actions.move import look_up
from core.auth import LINK_PREFIX, claim_link_token
from core.errors import ZvernysError

Handler = Callable[[Turn], Awaitable[None]]


async def advance(turn: Turn) -> None:
    """Answer one thing the resident did. What the core refuses is said in words; nothing is changed by it."""
    state = turn.state
    step, about, draft, unsorted, work = state.step, state.about, state.draft, state.unsorted, state.work
    try:
        if pace.may_go_on(turn):
            await ACTS[turn.incoming.act](turn)
            if turn.state.step is Step.IDLE:  # danger was filed out of turn: what was split off still waits
                await drafting.take_up_next(turn)
    except ZvernysError as refusal:
        state = turn.state
        state.step, state.about, state.draft, state.unsorted, state.work = step, about, draft, unsorted, work
        turn.reply = None
        turn.say(_refused(refusal))
    if turn.reply is None and turn.incoming.callback:
        turn.say("bot.ready")
    sorting.remind(turn)
    working.remind(turn)
    if turn.reply is not None:
        turn.reply = _introduced(turn, _with_way_on(turn, turn.reply))


def _introduced(turn: Turn, reply: Reply) -> Reply:
    """Who begins with what happened still hears who answers, and what becomes of their data."""
    greeted = any(each.key == "bot.greeting" for each in reply.lines)
    if greeted or not turn.first:
        return reply
    return replace(reply, lines=(*reply.lines, BLANK, line("bot.first")))


def _with_way_on(turn: Turn, reply: Reply) -> Reply:
    """The message offers what can be done next: on Viber, one without a keyboard takes it away."""
    if reply.buttons or reply.ask_location:
        return reply
    draft = turn.state.draft
    if draft is None or turn.state.step is not Step.DRAFT:
        return replace(reply, buttons=MENU[:1], menu=True)
    prompt = asking.prompt(draft, turn.city)
    return replace(reply, buttons=prompt.buttons, ask_location=prompt.ask_location)


def _refused(refusal: ZvernysError) -> Line:
    params = dict(refusal.params)
    n = params.pop("n", None)
    return Line(refusal.key, params, n if isinstance(n, int) else None)


async def on_start(turn: Turn) -> None:
    payload = turn.incoming.text
    if payload.startswith(LINK_PREFIX):
        staff = await claim_link_token(payload, turn.account)
        if staff is None:
            turn.say("staff.link_expired")
        else:
            turn.say(line("staff.linked", name=staff.name), "staff.linked_work", buttons=((worklist(),),))
        return
    turn.say("bot.greeting", buttons=await colleague.menu(turn))
    if turn.state.draft is not None:
        turn.rest()
    if turn.state.step is Step.DRAFT:
        await drafting.show(turn)


async def on_text(turn: Turn) -> None:
    text = turn.incoming.text
    word = meaning(text)
    if word in EVERYWHERE:
        await EVERYWHERE[word].do(turn, [])
    elif text.startswith("/"):
        turn.say("bad.command", buttons=MENU)
    elif code := as_code(text):
        await person.take_code(turn, code)
    elif await belonging.belongs_elsewhere(turn):
        return
    elif not says_something(text) and not _digits_may_do(turn):
        turn.say("bad.no_words")
    else:
        _drop_question(turn)
        await STATIONS[turn.state.step].words(turn)


def _digits_may_do(turn: Turn) -> bool:
    """Where a house number alone is an answer."""
    draft = turn.state.draft
    asked = card.missing(draft, turn.city) if draft is not None and turn.state.step is Step.DRAFT else None
    return turn.state.step in {Step.ANSWER, Step.LOCATE, Step.WHICH} | WORK or asked in ANY_WORDS


def _drop_question(turn: Turn) -> None:
    """Who goes on with something else has not said yes to what can't be undone."""
    says = meaning(turn.incoming.text) if turn.incoming.file is None else None
    if turn.state.step is Step.WITHDRAW and says not in {Word.YES, Word.NO}:
        turn.rest()
        turn.say("withdraw.kept")


async def on_edit(turn: Turn) -> None:
    """An edit of the draft's words, or a report's, changes it; one of what was sent can't be taken back."""
    if not await drafting.edit_words(turn) and not await reporting.edited(turn):
        turn.say("bad.edit_late")


async def on_file(turn: Turn) -> None:
    if not await answering.more_of_album(turn) and not await belonging.belongs_elsewhere(turn):
        _drop_question(turn)
        await STATIONS[turn.state.step].files(turn)


async def on_location(turn: Turn) -> None:
    if turn.state.step is Step.LOCATE:
        await STATIONS[Step.LOCATE].words(turn)
    elif turn.state.step in WORK:  # of an appeal that has its place: no draft begins by it
        await working.show(turn, working.waiting(turn), line("work.no_place"))
    elif placing.add_point(turn):
        turn.rest()
        await drafting.show(turn, added=True)


async def on_moved(turn: Turn) -> None:
    """A live location goes on: nobody takes notice but a draft that has no place at all."""
    draft, lat, lon = turn.state.draft, turn.incoming.lat, turn.incoming.lon
    if draft is None or draft.again or lat is None or lon is None or turn.state.step is not Step.DRAFT:
        return
    if card.missing(draft, turn.city) is Lack.PLACE and turn.city.understander.inside(lat, lon):
        await on_location(turn)


async def on_button(turn: Turn) -> None:
    """Do what the button says. One of a finished step, or of another's draft, is answered, not obeyed."""
    action, *arguments = turn.incoming.button.split(":")
    try:
        if action in OF_DRAFT:
            await _press_of_draft(turn, action, arguments)
        elif action in ANYWHERE:
            await ANYWHERE[action].do(turn, arguments)
        else:
            await pressing.stale(turn)
    except (ValueError, IndexError):
        turn.reply = None
        await pressing.stale(turn)


async def _press_of_draft(turn: Turn, action: str, arguments: list[str]) -> None:
    draft, filed = turn.state.draft, turn.state.filed
    if filed is not None and [action, *arguments] == ["send", filed.token]:
        await following.show_one(turn, await look_up(filed.appeal, turn.actor))
    elif draft is None or arguments[:1] != [draft.token]:
        await pressing.stale(turn)
    else:
        await OF_DRAFT[action].do(turn, draft, arguments[1:])


async def on_other(turn: Turn) -> None:
    turn.say("bad.type", slot="bad.type")


async def on_left(turn: Turn) -> None:
    """Nobody is there to hear an answer; the account was marked when the update was taken."""


ACTS: dict[Act, Handler] = {
    Act.START: on_start,
    Act.TEXT: on_text,
    Act.EDIT: on_edit,
    Act.FILE: on_file,
    Act.LOCATION: on_location,
    Act.MOVED: on_moved,
    Act.BUTTON: on_button,
    Act.OTHER: on_other,
    Act.LEFT: on_left,
    Act.CAME_BACK: on_left,
}
