"""What the channels could not hand over, and what is held back on purpose.

Updates nobody could read, messages nobody could deliver, and those to residents that wait for the morning,
for the resident to write, or for money.
"""

from dataclasses import dataclass

from core import clock
from core.holding import Manners, Why
from core.models import Inbox, InboxState, Outbox, OutboxState
from core.releasing import paid_since

SHOWN = 100


@dataclass(frozen=True, slots=True)
class HandOver:
    """Newest first, the first hundred of each; the rest shows as these are dealt with."""

    parked: tuple[Inbox, ...]
    failed: tuple[Outbox, ...]  # each with `account` and `appeal`
    held: tuple[Outbox, ...]  # likewise
    paid: int  # messages this month that cost money


async def hand_over(manners: Manners) -> HandOver:
    """For the desk alone: the route refuses others."""
    held = Outbox.filter(state=OutboxState.HELD, held_for__in=(Why.QUIET, Why.SESSION, Why.BUDGET))
    failed = Outbox.filter(state=OutboxState.FAILED)
    return HandOver(
        parked=tuple(await Inbox.filter(state=InboxState.PARKED).order_by("-id").limit(SHOWN)),
        failed=tuple(await failed.order_by("-id").limit(SHOWN).select_related("account", "appeal")),
        held=tuple(
            await held.exclude(kind__startswith="staff.")
            .order_by("-id")
            .limit(SHOWN)
            .select_related("account", "appeal")
        ),
        paid=await paid_since(manners.month(clock.now())[0]),
    )
