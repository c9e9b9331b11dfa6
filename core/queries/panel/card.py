"""One appeal with all that belongs to it."""

from collections.abc import Collection
from dataclasses import dataclass

from core.actions.actor import Actor
from core.actions.executor import upload_mark
from core.actions.helping import co_executors_of
from core.actions.move import exists_for
from core.errors import NotFound
from core.models import Account, Appeal, Attachment, Event, Outbox, Survey
from core.models.appeals import AttachmentState
from core.queries.panel import looks
from core.queries.panel.contacts import Contacts, contacts
from core.workflow import MARKS, Role, Verb

HISTORY = 500  # events shown at most; the newest
LETTERS = 200
DESK = frozenset({Role.OPERATOR, Role.MANAGER, Role.ADMINISTRATOR})


@dataclass(frozen=True, slots=True)
class Card:
    appeal: Appeal
    account: Account | None
    contacts: Contacts
    events: tuple[Event, ...]  # oldest first, each with `staff`
    photos: tuple[Attachment, ...]
    letters: tuple[Outbox, ...]  # to the resident, oldest first
    surveys: tuple[Survey, ...]  # one an answer, oldest first
    co_executors: tuple[str, ...]  # slugs of who helps, in the order in which they joined


async def card(actor: Actor, appeal_id: int, *, polled: bool = False) -> Card:
    """Raises NotFound where it doesn't exist for this person.

    `polled`, every few seconds: without looks, surveys and co-executors, which the living part doesn't show.
    """
    appeal = await Appeal.get_or_none(id=appeal_id).select_related("account", "account__resident")
    if appeal is None or not await exists_for(actor, appeal):
        raise NotFound("appeal.not_found")
    account = appeal.account
    return Card(
        appeal=appeal,
        account=account,
        contacts=contacts(appeal, account, actor, () if polled else await looks.of_appeal(appeal_id)),
        events=await _events(appeal_id, HISTORY),
        photos=tuple(await Attachment.filter(appeal_id=appeal_id).order_by("id").limit(100)),
        letters=await _letters(appeal),
        surveys=() if polled else tuple(await Survey.filter(appeal_id=appeal_id).order_by("round")),
        co_executors=() if polled else await co_executors_of(appeal_id),
    )


async def since(appeal: Appeal, version: int) -> tuple[Event, ...]:
    """What happened after `version`, oldest first: an action is one version and one event; marks are none."""
    steps = min(appeal.version - version, HISTORY)
    return await _events(appeal.id, steps, but=MARKS) if steps > 0 else ()


async def own_uploads(staff_id: int, role: Role, ids: tuple[int, ...]) -> tuple[int, ...]:
    """Those of `ids` that this person uploaded and that belong to no appeal yet."""
    if not ids:
        return ()
    found = await Attachment.filter(
        id__in=ids, draft=upload_mark(staff_id), role=role, appeal_id=None, state=AttachmentState.STORED
    ).values_list("id", flat=True)
    return tuple(int(str(one)) for one in found)


async def _events(appeal_id: int, last: int, *, but: Collection[Verb] = ()) -> tuple[Event, ...]:
    found = Event.filter(appeal_id=appeal_id, **({"verb__not_in": list(but)} if but else {}))
    newest = await found.order_by("-id").limit(last).select_related("staff")
    return tuple(reversed(newest))


async def _letters(appeal: Appeal) -> tuple[Outbox, ...]:
    """What was written to the one who filed it; what colleagues were told is no part of it."""
    if appeal.account_id is None:
        return ()
    newest = (
        await Outbox.filter(appeal_id=appeal.id, account_id=appeal.account_id)
        .exclude(kind__startswith="staff.")
        .order_by("-id")
        .limit(LETTERS)
    )
    return tuple(reversed(newest))
