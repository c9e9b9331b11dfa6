"""What the channels could not hand over: updates nobody could read, messages nobody could deliver."""

from dataclasses import dataclass

from core.models import Inbox, InboxState, Outbox, OutboxState

SHOWN = 100


@dataclass(frozen=True, slots=True)
class HandOver:
    """Newest first, the first hundred of each; the rest shows as these are dealt with."""

    parked: tuple[Inbox, ...]
    failed: tuple[Outbox, ...]  # each with `account` and `appeal`


async def hand_over() -> HandOver:
    """For the desk alone: the route refuses others."""
    return HandOver(
        parked=tuple(await Inbox.filter(state=InboxState.PARKED).order_by("-id").limit(SHOWN)),
        failed=tuple(
            await Outbox.filter(state=OutboxState.FAILED)
            .order_by("-id")
            .limit(SHOWN)
            .select_related("account", "appeal")
        ),
    )
