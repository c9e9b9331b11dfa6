"""A draft becomes an appeal: by the resident's word, or at once where there is danger."""

from datetime import timedelta
from typing import Any

from bot.conversation import card, pace, placing
from bot.conversation.state import Draft, Filed, Step
from bot.conversation.turn import Turn
from bot.messages import Button, Line, line
from core import clock
from core.actions.person import introduce
from core.actions.submit import Submission, submit
from core.models import Appeal
from core.workflow import STATUTORY, Kind

ADDING = timedelta(minutes=10)  # in which what sounds like an addition goes to what was just sent
ADDING_TO_DANGER = timedelta(minutes=30)


async def send(turn: Turn, draft: Draft) -> None:
    """File it; the card becomes the confirmation."""
    if not await pace.may_file(turn):
        return
    appeal = await _file(turn, draft)
    turn.say(
        *card.alarm(draft, turn.city),
        _filed(appeal),
        *(card.summary(draft) if appeal.kind not in {*STATUTORY, Kind.CONSULTATION} else ()),
        "filed.next",
        slot=card.slot(draft),
        appeal=appeal.id,
    )
    _remember(turn, draft, appeal, ADDING)


async def send_at_once(turn: Turn, draft: Draft) -> None:
    """Danger waits for nobody's word: it is filed as it stands, and what is missing is asked after that."""
    appeal = await _file(turn, draft)
    mistake = Button(line("button.mistake"), f"withdraw:{appeal.id}")
    where = (card.place_line(draft.spot),) if draft.spot else ()
    key = "danger.filed" if appeal.executor_id else "danger.filed_desk"
    turn.say(
        *card.alarm(draft, turn.city),
        line(key, number=appeal.number, executor=appeal.executor_id or ""),
        *where,
        slot=card.slot(draft),
        appeal=appeal.id,
    )
    _remember(turn, draft, appeal, ADDING_TO_DANGER, urgent=True)
    if draft.spot is None and turn.city.categories[appeal.category_id].needs_place:
        turn.ask_about(Step.LOCATE, appeal.id)
        turn.say("danger.where", buttons=((mistake,),), ask_location=True)
    else:
        turn.say("danger.more", buttons=((mistake,),))


async def _file(turn: Turn, draft: Draft) -> Appeal:
    pace.count_filed(turn)
    if draft.official:
        await introduce(turn.actor, name=draft.name, address=draft.address)
    return await submit(
        turn.city,
        turn.account,
        Submission(
            text=draft.text,
            category=draft.category or card.UNSURE,
            place=placing.place_of(draft.spot),
            kind=card.kind_of(draft),
            sure=draft.sure and draft.category is not None,
            chosen=draft.chosen and draft.sure,
            urgent=draft.urgent and not draft.official and not draft.question,
            guesses=tuple((slug, score) for slug, score in draft.guesses),
            danger_words=tuple(draft.danger_words),
            model_version=draft.model_version,
            draft=draft.token,
        ),
    )


def _filed(appeal: Appeal) -> Line:
    due = appeal.due_at.isoformat() if appeal.due_at else ""
    facts: dict[str, Any] = {"number": appeal.number, "executor": appeal.executor_id or "", "due": due}
    if appeal.kind is Kind.CONSULTATION:
        return line("filed.question", **facts)
    if appeal.kind in STATUTORY:
        return line(f"filed.{appeal.kind}", **facts)
    return line("filed.executor" if appeal.executor_id else "filed.operator", **facts)


def _remember(turn: Turn, draft: Draft, appeal: Appeal, adding: timedelta, *, urgent: bool = False) -> None:
    until = (clock.now() + adding).isoformat()
    turn.state.filed = Filed(draft.token, appeal.id, until, urgent, appeal.category_id)
    turn.forget_draft()
