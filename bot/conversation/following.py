"""After sending: the list of one's appeals, and the card of each with what happened and what can be done."""

from bot.conversation import card, history
from bot.conversation.buttons import MENU, Rows, pairs
from bot.conversation.turn import Turn
from bot.conversation.vocabulary import named_appeal
from bot.messages import BLANK, Button, Line, line
from core.actions import resident
from core.actions.move import look_up
from core.actions.withdraw import left
from core.errors import Conflict
from core.models import Appeal
from core.queries import mine
from core.understanding.speech import Speech, speech_of
from core.workflow import OPEN, Status


async def show_list(turn: Turn, before: int | None = None) -> None:
    """One's appeals, the newest first, a page at a time."""
    page = await mine.page(turn.actor, before=before)
    if page.appeals:
        _say_list(turn, "my.title", page)
    else:
        turn.say("my.none" if before is None else "my.no_more", buttons=MENU)


async def show_one(turn: Turn, appeal: Appeal) -> None:
    """An appeal's card: what, where, who, until when or how it ended, and what happened to it."""
    lines = [line("my.card", number=appeal.number, status=appeal.status.value)]
    lines.append(line("card.category", category=appeal.category_id))
    if appeal.address and turn.actor.sees(appeal):  # in the words of whoever filed it
        lines.append(line("card.address", address=appeal.address))
    if appeal.photos:
        lines += card.files(await mine.files(appeal_id=appeal.id))
    if appeal.executor_id:
        lines.append(line("card.executor", executor=appeal.executor_id))
    if appeal.due_at and appeal.status in OPEN:
        late = resident.overdue(appeal)
        lines.append(line("my.late" if late else "notice.deadline", due=appeal.due_at.isoformat()))
    if left(turn.actor, appeal):
        lines.append(line("my.left"))
    lines += [BLANK, *history.story(appeal, await mine.history(appeal), turn.actor)]
    if appeal.answer and appeal.status not in OPEN:
        lines += [BLANK, line("my.answer", text=appeal.answer)]
    turn.say(*lines, buttons=await _choices(turn, appeal), appeal=appeal.id)


async def _choices(turn: Turn, appeal: Appeal) -> Rows:
    """What can be done with it now, and nothing else."""
    first: Rows = ()
    offered: list[str] = []
    if appeal.status is Status.RESOLVED:
        first = ((_button("button.yes", appeal), _button("button.no", appeal)),)
    elif appeal.status in OPEN and left(turn.actor, appeal):
        offered.append("button.follow")
    elif appeal.status in OPEN:
        offered.append("button.answer" if appeal.status is Status.NEEDS_INFO else "button.add")
    elif resident.reopens(turn.city, appeal):
        if appeal.status is Status.CLOSED and await mine.stars(turn.actor, appeal) is None:
            offered.append("button.rate")
        offered.append("button.disagree")
    elif appeal.duplicate_of_id is not None:
        first = ((Button(line("button.merged"), f"appeal:{appeal.duplicate_of_id}"),),)
    if await mine.photos(turn.actor, appeal):
        offered.append("button.photos")
    if appeal.status in OPEN and not left(turn.actor, appeal):
        if resident.overdue(appeal):
            offered.append("button.nudge")
        offered.append("button.withdraw" if turn.actor.sees(appeal) else "button.leave")
    return (*first, *pairs([_button(each, appeal) for each in offered]))


def _button(key: str, appeal: Appeal) -> Button:
    """Its press is named as the button is, but for two that do what another does."""
    press = {"button.add": "answer", "button.disagree": "no"}.get(key, key.removeprefix("button."))
    return Button(line(key), f"{press}:{appeal.id}")


def _say_list(turn: Turn, title: str, page: mine.Page) -> None:
    lines: list[Line] = [line(title)]
    for each in page.appeals:
        key = "my.row_joined" if each.id in page.joined else "my.row"
        key = "my.row_left" if left(turn.actor, each) else key
        lines.append(line(key, number=each.number, category=each.category_id, status=each.status.value))
    rows = pairs(
        [Button(line("name.number", number=each.number), f"appeal:{each.id}") for each in page.appeals]
    )
    if page.more:
        rows = (*rows, (Button(line("button.older"), f"my:{page.appeals[-1].id}"),))
    turn.say(*lines, buttons=rows)


async def asked_about(turn: Turn) -> bool:
    """«де моя заявка 1234?», «26-001234», «ну що там?»: answered with the card, or with what it may be."""
    text = turn.incoming.text
    asks = speech_of(text) is Speech.STATUS
    number = named_appeal(text, asks=asks)
    if number is not None:
        full = await mine.by_number(turn.actor, number)
        found = [full] if full else [] if "-" in number else await mine.numbered(turn.actor, number)
        if not found:
            return asks and await _show_own(turn)
        await _show(turn, found)
        return True
    return asks and await _show_own(turn)


async def _show_own(turn: Turn) -> bool:
    """The only one in work, or all of them."""
    in_work = await mine.in_work(turn.actor)
    if len(in_work) == 1:
        await show_one(turn, in_work[0])
    else:
        await show_list(turn)
    return True


async def _show(turn: Turn, found: list[Appeal]) -> None:
    if len(found) == 1:
        await show_one(turn, found[0])
        return
    joined = frozenset(each.id for each in found if not turn.actor.sees(each))
    _say_list(turn, "my.several", mine.Page(tuple(found), more=False, joined=joined))


async def list_press(turn: Turn, arguments: list[str]) -> None:
    await show_list(turn, int(arguments[0]) if arguments else None)


async def card_press(turn: Turn, arguments: list[str]) -> None:
    await show_one(turn, await look_up(int(arguments[0]), turn.actor))


async def photos(turn: Turn, arguments: list[str]) -> None:
    """Send back what they sent, and what shows the result."""
    appeal = await look_up(int(arguments[0]), turn.actor)
    found = await mine.photos(turn.actor, appeal)
    if found:
        more = await _choices(turn, appeal)
        turn.say(line("my.photos", number=appeal.number), photos=found, buttons=more, appeal=appeal.id)
    else:
        turn.say(line("my.no_photos", number=appeal.number), appeal=appeal.id)


async def nudge(turn: Turn, arguments: list[str]) -> None:
    """The city is late, and is reminded."""
    appeal = await look_up(int(arguments[0]), turn.actor)
    try:
        appeal = await resident.nudge(turn.city, appeal.id, turn.actor)
    except Conflict:
        await show_one(turn, await look_up(appeal.id, turn.actor))
    else:
        turn.say(line("nudge.done", number=appeal.number), appeal=appeal.id)
