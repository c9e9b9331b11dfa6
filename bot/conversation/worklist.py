"""What waits for an officer of the city, and the card of each with what may be done: from the chat alone."""

from collections.abc import Sequence
from typing import Any

from tortoise.queryset import QuerySet

from bot.conversation import card, colleague
from bot.conversation.buttons import Rows, of_work, pairs, shown, worklist
from bot.conversation.turn import Turn
from bot.conversation.vocabulary import appeal_number
from bot.messages import BLANK, Button, Line, line
from bot.text import shorten
from core import clock, log
from core.actions import executor
from core.actions.absences import actor_of
from core.actions.actor import Actor
from core.actions.alarms import acknowledge
from core.actions.move import exists_for
from core.actions.need_time import request_in
from core.actions.seen import see
from core.city import City
from core.errors import Conflict, Forbidden, NotFound
from core.models import Appeal, Attachment, Event, Staff
from core.models.appeals import AttachmentKind, AttachmentState
from core.queries import mine, work
from core.workflow import Role, Status, Verb

SLOT = "work:"  # of the cards
WORDS, REASON = 2000, 1000  # characters of what residents and colleagues said that a card has room for
PHOTOS = 10  # sent at most
# What sent it back, whose words must be known.
_RETURNED = {Status.REWORK: Verb.REWORK, Status.REOPENED: Verb.REOPEN}
_log = log.get(__name__)


async def list_press(turn: Turn, arguments: list[str]) -> None:
    """The urgent first, then by the deadline, a page at a time."""
    skip = int(arguments[0]) if arguments else 0
    staff = await colleague.who(turn.account)
    if staff is None:
        raise Forbidden("work.nobody")
    page = await work.page(_executors(turn.city, staff, await colleague.acting(turn)), skip=skip)
    if not page.rows:
        turn.say("work.none" if staff.executor_id or staff.portfolio else "work.in_panel")
        return
    rows = pairs([Button(line("name.number", number=each.number), f"task:{each.id}") for each in page.rows])
    if page.onward is not None:
        rows = (*rows, (Button(line("button.work_more"), f"work:{page.onward}"),))
    turn.say(line("work.list", n=page.total), *map(_row, page.rows), buttons=rows)


def _executors(city: City, staff: Staff, actor: Actor) -> frozenset[str]:
    """Theirs and those of the absent; of a deputy mayor, all of the portfolio."""
    if actor.role is Role.EXECUTOR or not staff.portfolio:
        return actor.executors
    return frozenset(each.slug for each in city.executors.values() if each.portfolio == staff.portfolio)


def _row(each: work.Row) -> Line:
    facts: dict[str, Any] = {"number": each.number, "category": each.category, "stage": each.status.value}
    if each.due_at is None:
        return line("work.row_urgent" if each.urgent else "work.row", **facts)
    kind = ("urgent_" if each.urgent else "") + ("late" if each.due_at <= clock.now() else "due")
    return line(f"work.row_{kind}", due=each.due_at.isoformat(), **facts)


async def card_press(turn: Turn, arguments: list[str]) -> None:
    """The card; who returned the appeal hears that it was opened, as from the panel."""
    actor, appeal = await colleague.theirs(turn, int(arguments[0]))
    if await see(turn.city, appeal, actor):
        actor, appeal = await colleague.theirs(turn, appeal.id)
    await show(turn, appeal, actor)


async def show(turn: Turn, appeal: Appeal, actor: Actor, *first: Line, title: Line | None = None) -> None:
    """The card: what, where, until when, in whose words; and what may be done."""
    events = await mine.history(appeal)
    lines = [
        *first,
        *((BLANK,) if first else ()),
        title or line("work.card", number=appeal.number, stage=appeal.status.value),
    ]
    if appeal.urgent:
        lines.append(line("work.urgent"))
    lines.append(line("card.category", category=appeal.category_id))
    if appeal.address:
        lines.append(line("card.address", address=appeal.address))
    if appeal.district_id:
        lines.append(line("name.district", district=appeal.district_id))
    lines += card.files(await mine.files(appeal_id=appeal.id))
    if appeal.due_at:
        late = appeal.due_at <= clock.now()
        lines.append(line("work.late" if late else "notice.deadline", due=appeal.due_at.isoformat()))
    if asked := request_in(appeal, events):
        lines.append(line("work.time_asked", due=asked.until.isoformat()))
    lines += _said(appeal, events)
    if appeal.status is Status.REPORTED and appeal.answer:
        lines += [BLANK, line("work.reported"), line("words", text=shorten(appeal.answer, REASON))]
    buttons = await _choices(appeal, actor)
    turn.say(*lines, buttons=buttons, slot=f"{SLOT}{appeal.id}", appeal=appeal.id)


def _said(appeal: Appeal, events: Sequence[Event]) -> list[Line]:
    """What the resident wrote, and why it came back."""
    lines: list[Line] = []
    if appeal.text:
        lines += [BLANK, line("words", text=shorten(appeal.text, WORDS))]
    verb = _RETURNED.get(appeal.status)
    why = next((each.text for each in reversed(events) if each.verb is verb and each.text), "")
    if why:
        lines += [BLANK, line(f"work.why_{appeal.status}"), line("words", text=shorten(why, REASON))]
    return lines


async def _choices(appeal: Appeal, actor: Actor) -> Rows:
    made = of_work(appeal.id)
    rows = pairs([made[verb] for verb in colleague.deeds(appeal, actor)])
    seen = []
    if appeal.lat is not None and appeal.lon is not None:
        seen.append(Button(line("button.where"), f"where:{appeal.id}"))
    if await _photos(appeal).exists():
        seen.append(Button(line("button.photos"), f"shots:{appeal.id}"))
    return (*rows, *pairs(seen), (worklist(),))


def _photos(appeal: Appeal) -> QuerySet[Attachment]:
    return Attachment.filter(appeal_id=appeal.id, kind=AttachmentKind.PHOTO, state=AttachmentState.STORED)


async def where(turn: Turn, arguments: list[str]) -> None:
    """The place on a map, from which a telephone finds the way."""
    _, appeal = await colleague.theirs(turn, int(arguments[0]))
    if appeal.lat is None or appeal.lon is None:
        raise ValueError(arguments)
    told = line("work.where", number=appeal.number)
    address = (line("card.address", address=appeal.address),) if appeal.address else ()
    turn.say(told, *address, point=(appeal.lat, appeal.lon), buttons=((shown(appeal.id),),), appeal=appeal.id)


async def photos(turn: Turn, arguments: list[str]) -> None:
    """The newest: the resident's, and those of reports."""
    _, appeal = await colleague.theirs(turn, int(arguments[0]))
    newest = await _photos(appeal).order_by("-id").limit(PHOTOS)
    if not newest:
        raise ValueError(arguments)
    found = tuple(each.id for each in reversed(newest))
    turn.say(
        line("my.photos", number=appeal.number),
        photos=found,
        buttons=((shown(appeal.id),),),
        appeal=appeal.id,
    )


async def take(turn: Turn, arguments: list[str]) -> None:
    """Into work; who comes second hears who was first."""
    actor, appeal = await colleague.theirs(turn, int(arguments[0]))
    if not colleague.can(Verb.START, appeal, actor):
        await stands(turn, appeal, actor)
        return
    try:
        appeal = await executor.start(turn.city, appeal.id, actor, expected=appeal.version)
    except (Conflict, NotFound):  # taken, or handed on, in this very moment
        actor, appeal = await colleague.theirs(turn, appeal.id)
        await stands(turn, appeal, actor)
        return
    did(actor, Verb.START, appeal)
    await show(turn, appeal, actor, line("work.taken"))


async def stands(turn: Turn, appeal: Appeal, actor: Actor) -> None:
    """Nothing was done: how it is now, who brought it there, and what may be done."""
    await show(turn, appeal, actor, title=await colleague.now(appeal, actor))


def did(actor: Actor, verb: Verb, appeal: Appeal) -> None:
    _log.info("work.did", staff=actor.staff_id, verb=verb.value, appeal=appeal.id)


async def heard(turn: Turn, arguments: list[str]) -> None:
    """Somebody on duty has heard the alarm: nobody more is called."""
    actor = await colleague.acting(turn)
    alarm = await acknowledge(turn.city, int(arguments[0]), actor)
    if alarm.appeal_id is None:
        turn.say("work.heard", buttons=((worklist(),),))
        return
    _log.info("work.heard", staff=actor.staff_id, alarm=alarm.id)
    appeal = await Appeal.get(id=alarm.appeal_id)
    if await exists_for(actor, appeal):
        await show(turn, appeal, actor, line("work.heard"))
    else:
        turn.say("work.heard", buttons=((worklist(),),))


async def asked_about(turn: Turn) -> bool:
    """A number alone, of an appeal that is theirs to work on and that they don't follow as a resident."""
    number = appeal_number(turn.incoming.text)
    if number is None or turn.incoming.text.strip(" №#.?") != number:
        return False
    staff = await colleague.who(turn.account)
    if staff is None:
        return False
    actor = await actor_of(staff)
    appeal = await Appeal.get_or_none(number=number)
    if appeal is None or await exists_for(turn.actor, appeal) or not await exists_for(actor, appeal):
        return False
    await card_press(turn, [str(appeal.id)])
    return True
