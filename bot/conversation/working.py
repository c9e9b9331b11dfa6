"""What an officer is saying of an appeal: a report, why more time is needed, why it isn't theirs.

It waits apart from any draft of theirs as a resident until it is sent or given up.
"""

import secrets

from bot.conversation import card, colleague, worklist
from bot.conversation.buttons import Rows, shown
from bot.conversation.state import WORK, Step, Work
from bot.conversation.turn import Turn
from bot.messages import Button, Line, Reply, line
from core.actions.actor import Actor
from core.actions.executor import uploads
from core.errors import Forbidden, NotFound
from core.models import Appeal
from core.workflow import Verb

SLOT = "report:"
VERBS = {Step.REPORT: Verb.REPORT, Step.NEED_TIME: Verb.NEED_TIME, Step.DECLINE: Verb.DECLINE}
DAYS = (1, 3, 7)  # more than the deadline has, offered by buttons


async def begin(turn: Turn, appeal_id: int, step: Step) -> Work | None:
    """The work on that appeal, new or gone on with; None, with the reason said, where it can't be begun.

    What they have begun to say of another is not dropped unasked.
    """
    actor, appeal = await colleague.theirs(turn, appeal_id)
    if not colleague.can(VERBS[step], appeal, actor):
        await worklist.stands(turn, appeal, actor)
        return None
    begun = turn.state.work
    if begun is not None and (begun.appeal, begun.step) != (appeal.id, step) and not begun.empty:
        begun.aside = False
        turn.rest()
        turn.say(line("work.first", number=begun.number))
        await show(turn, begun)
        return None
    turn.state.album = None  # what is sent now is of this
    if begun is not None and (begun.appeal, begun.step) == (appeal.id, step):
        begun.aside = False
        return begun
    return Work(step.value, appeal.id, appeal.number, secrets.token_hex(4))


async def still(turn: Turn, work: Work) -> tuple[Actor, Appeal] | None:
    """Who acts and on what; None where that may be done no longer: how it is now is said."""
    unsent: tuple[Line, ...] = ()
    if work.texts:
        unsent = (line("work.unsent"), line("words", text=work.text))
    elif work.photos:
        unsent = (line("work.unsent_photos"),)
    try:
        actor, appeal = await colleague.theirs(turn, work.appeal)
    except (Forbidden, NotFound) as refusal:
        end(turn)
        turn.say(Line(refusal.key, refusal.params))
        turn.say(*unsent)
        return None
    if colleague.can(VERBS[Step(work.step)], appeal, actor):
        return actor, appeal
    end(turn)
    # Without the card, which may be long: no word of theirs is cut off, and no later card takes its place.
    turn.say(await colleague.now(appeal, actor), *unsent, buttons=((shown(appeal.id),),), appeal=appeal.id)
    return None


def go_on(turn: Turn, work: Work) -> None:
    """What is said in this turn is of that, whatever stood between; it is no longer aside."""
    work.aside = False
    turn.state.step, turn.state.about, turn.state.album = Step(work.step), None, None


def end(turn: Turn) -> None:
    """It is sent or given up."""
    turn.state.work = None
    turn.rest()


def waiting(turn: Turn) -> Work:
    assert turn.state.work is not None  # noqa: S101 - set with the step
    return turn.state.work


async def show(turn: Turn, work: Work, *first: Line, delay: float = 0.0) -> None:
    """What they have said so far, and what is asked next."""
    turn.of_work = True
    reply = await _prompt(turn, work)
    turn.say(*first, *reply.lines, buttons=reply.buttons, slot=reply.slot, delay=delay, appeal=work.appeal)


async def _prompt(turn: Turn, work: Work) -> Reply:
    ask = {Step.REPORT: _report, Step.NEED_TIME: _need_time, Step.DECLINE: _decline}[Step(work.step)]
    return Reply(lines=tuple(await ask(turn, work)), buttons=buttons(work), slot=f"{SLOT}{work.token}")


async def _report(turn: Turn, work: Work) -> list[Line]:
    if work.photos:  # but for those that were none when they were fetched
        sent = uploads(await colleague.acting(turn), work.photos).order_by("id")
        work.photos = [each.id for each in await sent]
    photos = len(work.photos)
    appeal = await Appeal.get(id=work.appeal)
    lines = [line("report.ask" if work.empty else "report.card", number=work.number)]
    if work.texts:
        lines.append(line("words", text=work.text))
    lines += card.files({"photo": photos})
    if not photos and turn.city.categories[appeal.category_id].needs_photo:
        lines.append(line("report.photo_needed"))
    elif not work.empty:
        lines.append(line("report.more"))
    return lines


async def _need_time(_turn: Turn, work: Work) -> list[Line]:
    if not work.texts:
        return [line("later.ask", number=work.number)]
    appeal = await Appeal.get(id=work.appeal)
    due = (line("notice.deadline", due=appeal.due_at.isoformat()),) if appeal.due_at else ()
    return [line("later.card", number=work.number), line("words", text=work.text), *due, line("later.until")]


async def _decline(_turn: Turn, work: Work) -> list[Line]:
    return [line("decline.ask", number=work.number)]


def buttons(work: Work) -> Rows:
    drop = Button(line("button.drop"), f"drop:{work.token}")
    if work.step == Step.REPORT and not work.empty:
        return ((Button(line("button.report"), f"report:{work.appeal}:{work.token}"),), (drop,))
    if work.step == Step.NEED_TIME and work.texts:
        days = (
            Button(line("button.days", n=days), f"until:{work.appeal}:{work.token}:{days}") for days in DAYS
        )
        return (tuple(days), (drop,))
    return ((drop,),)


def put_aside(turn: Turn) -> None:
    """They want to report something as a resident first."""
    work = waiting(turn)
    work.aside = True
    turn.rest()
    turn.say(line("work.aside", number=work.number))
    if turn.state.draft is None:
        turn.say("bot.ready", buttons=buttons(work))


def give_up(turn: Turn) -> None:
    """They want it to go nowhere: said, with the words, so that they can be used again."""
    work = waiting(turn)
    end(turn)
    told = (line("words", text=work.text),) if work.texts else ()
    turn.say(line("work.dropped", number=work.number), *told)


async def drop(turn: Turn, arguments: list[str]) -> None:
    """The button of it; of what is sent or given up already, a stale one."""
    if turn.state.work is None or arguments != [turn.state.work.token]:
        raise ValueError(arguments)
    give_up(turn)


def remind(turn: Turn) -> None:
    """Below whatever else was said: it still waits, and what is written next is of it."""
    if turn.state.step not in WORK or turn.reply is None:
        return
    work, rows = waiting(turn), turn.reply.buttons
    if not any(work.token in button.data for row in rows for button in row):
        turn.say(line("work.waits", number=work.number), buttons=(*rows, *buttons(work)))
