"""An officer needs more time, or says that it isn't theirs: each with the reason, in their words."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from bot.conversation import colleague, working, worklist
from bot.conversation.buttons import shown
from bot.conversation.buttons import worklist as own_list
from bot.conversation.days import day_in
from bot.conversation.state import Step, Work
from bot.conversation.turn import Turn
from bot.conversation.vocabulary import Word, meaning
from bot.messages import line
from bot.text import LONGEST
from core import clock
from core.actions.actor import Actor
from core.actions.decline import decline
from core.actions.need_time import need_time, request_in
from core.errors import Conflict, Invalid
from core.models import Appeal
from core.queries import mine
from core.workflow import Verb


async def ask_time(turn: Turn, arguments: list[str]) -> None:
    """Why, and then until when; not while an earlier request waits for its answer."""
    actor, appeal = await colleague.theirs(turn, int(arguments[0]))
    if colleague.can(Verb.NEED_TIME, appeal, actor) and request_in(appeal, await mine.history(appeal)):
        turn.say("need_time.already", buttons=((shown(appeal.id),),))
        return
    work = await working.begin(turn, appeal.id, Step.NEED_TIME)
    if work is not None:
        turn.state.step, turn.state.work = Step.NEED_TIME, work
        await working.show(turn, work)


async def time_words(turn: Turn) -> None:
    """The reason; after that, the day."""
    work, text = working.waiting(turn), turn.incoming.text
    acts = await _said(turn, work)
    if acts is None:
        return
    if not work.texts:
        work.texts.append([turn.incoming.message_id, text])
        await working.show(turn, work)
        return
    today, begins = _counted(turn, acts[1])
    if (day := day_in(text, today, begins)) is None:
        await working.show(turn, work, line("later.no_day"))
    else:
        await _ask_for(turn, work, *acts, (day - today).days)


async def until(turn: Turn, arguments: list[str]) -> None:
    """So many days more than the deadline has, or from today where it has passed."""
    work = turn.state.work
    if work is None or work.step != Step.NEED_TIME or arguments[1:2] != [work.token] or not work.texts:
        actor, appeal = await colleague.theirs(turn, int(arguments[0]))
        await worklist.stands(turn, appeal, actor)
        return
    if (more := int(arguments[2])) not in working.DAYS:
        raise ValueError(arguments)
    acts = await working.still(turn, work)
    if acts is None:
        return
    today, begins = _counted(turn, acts[1])
    await _ask_for(turn, work, *acts, (begins - today).days + more)


def _counted(turn: Turn, appeal: Appeal) -> tuple[date, date]:
    """Today, and the day from which more days are counted: the deadline's, or today where it has passed."""
    zone, due = ZoneInfo(turn.city.pack.timezone), appeal.due_at
    today = clock.now().astimezone(zone).date()
    return today, max(today, due.astimezone(zone).date()) if due else today


async def _ask_for(turn: Turn, work: Work, actor: Actor, appeal: Appeal, days: int) -> None:
    """Time until so many days from today."""
    zone = ZoneInfo(turn.city.pack.timezone)
    day = clock.now().astimezone(zone).date() + timedelta(days=days)
    try:
        appeal = await need_time(
            turn.city, appeal.id, actor, expected=appeal.version, until=day, reason=work.text
        )
    except Conflict:
        if await working.still(turn, work) is not None:
            await working.show(turn, work, line("work.again"))
        return
    except Invalid as refusal:
        await working.show(turn, work, line(refusal.key, **refusal.params))
        return
    worklist.did(actor, Verb.NEED_TIME, appeal)
    working.end(turn)
    due = request_in(appeal, await mine.history(appeal))
    until = due.until.isoformat() if due else ""
    turn.say(line("later.sent", number=appeal.number, due=until), buttons=((own_list(),),), appeal=appeal.id)


async def ask_why(turn: Turn, arguments: list[str]) -> None:
    """Why it isn't theirs; who answers instead, the desk finds out."""
    work = await working.begin(turn, int(arguments[0]), Step.DECLINE)
    if work is not None:
        turn.state.step, turn.state.work = Step.DECLINE, work
        await working.show(turn, work)


async def decline_words(turn: Turn) -> None:
    """The reason sends it back at once."""
    work, text = working.waiting(turn), turn.incoming.text
    acts = await _said(turn, work)
    if acts is None:
        return
    actor, appeal = acts
    try:
        appeal = await decline(turn.city, appeal.id, actor, expected=appeal.version, reason=text)
    except Conflict:
        if await working.still(turn, work) is not None:
            await working.show(turn, work, line("work.again"))
        return
    worklist.did(actor, Verb.DECLINE, appeal)
    working.end(turn)
    turn.say(line("decline.sent", number=appeal.number), buttons=((own_list(),),), appeal=appeal.id)


async def file(turn: Turn) -> None:
    """The reason is words; those below a photo are some."""
    work = working.waiting(turn)
    if turn.incoming.text:
        await (time_words if work.step == Step.NEED_TIME else decline_words)(turn)
    else:
        await working.show(turn, work, line("work.words_only"))


async def _said(turn: Turn, work: Work) -> tuple[Actor, Appeal] | None:
    """Who acts and on what, where the words are what was asked for; otherwise the fitting thing is done."""
    word = meaning(turn.incoming.text)
    if word is Word.NEW:
        working.put_aside(turn)
    elif word in {Word.YES, Word.NO, Word.GREETING, Word.THANKS}:
        await working.show(turn, work)
    elif len(turn.incoming.text) > LONGEST:
        turn.say(line("bad.too_long", limit=LONGEST))
    else:
        return await working.still(turn, work)
    return None
