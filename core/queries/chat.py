"""What was said last in a chat and what was asked there: to which appeal an answer most likely belongs."""

from dataclasses import dataclass

from tortoise.queryset import QuerySet

from core import db
from core.actions.actor import Actor
from core.models import Account, Appeal, Event, Outbox, OutboxState, Supporter
from core.outbox import REPLIES
from core.workflow import Status, Verb

_UNSAID = (OutboxState.HELD, OutboxState.DROPPED)
LATELY = 10  # messages
QUESTIONS = 4  # open at once, offered at most


@dataclass(frozen=True, slots=True)
class Said:
    """A message of ours; `kind` is the name of a notice, or one of REPLIES."""

    kind: str
    appeal: int | None  # that it speaks of
    slot: str


@dataclass(frozen=True, slots=True)
class Question:
    appeal: Appeal
    text: str


async def last_said(account: Account) -> Said | None:
    """The newest message to the account, or a question that came since they last spoke: what is answered."""
    rows = Outbox.filter(account_id=account.id).exclude(state__in=_UNSAID).order_by("-id")
    newest: Said | None = None
    for kind, appeal_id, slot in await rows.limit(LATELY).values_list("kind", "appeal_id", "slot"):
        said = Said(kind, appeal_id, slot)
        if said.kind == "question":
            return said
        newest = newest or said
        if said.kind in REPLIES:
            break
    return newest


async def on_screen(account: Account, outbox_id: str) -> Said | None:
    """The message that they had before them, by the id that the platform gave back; None for another's."""
    known = outbox_id.isascii() and outbox_id.isdigit() and int(outbox_id) <= db.LARGEST_ID
    return await _said(Outbox.filter(account_id=account.id, id=int(outbox_id))) if known else None


async def replied_to(account: Account, provider_id: str) -> Said | None:
    """The message of ours that they replied to."""
    return await _said(Outbox.filter(channel=account.channel, provider_id=provider_id, account_id=account.id))


async def questions(actor: Actor) -> list[Question]:
    """What the desk has asked and nobody has answered yet, the newest appeal first."""
    waits = {"status": Status.NEEDS_INFO}
    own = Appeal.filter(resident_id=actor.resident_id, account_id__not_isnull=True, **waits)
    joined = Supporter.filter(resident_id=actor.resident_id, appeal__status=Status.NEEDS_INFO)
    appeals = {each.id: each for each in await own.order_by("-id").limit(QUESTIONS)}
    rows = await joined.order_by("-appeal_id").limit(QUESTIONS).select_related("appeal")
    appeals |= {row.appeal_id: row.appeal for row in rows}
    asked = await Event.filter(appeal_id__in=list(appeals), verb=Verb.ASK).order_by("id")
    texts = {event.appeal_id: event.text for event in asked}
    newest = sorted(appeals, reverse=True)[:QUESTIONS]
    return [Question(appeals[each], texts.get(each, "")) for each in newest]


async def _said(rows: QuerySet[Outbox]) -> Said | None:
    row = await rows.order_by("-id").first()
    return Said(row.kind, row.appeal_id, row.slot) if row else None
