"""One appeal with all that belongs to it."""

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
from core.ready import Ready
from core.workflow import MARKS, Role

HISTORY = 500  # events shown at most; the newest
LETTERS = 200
PHOTOS = 100
_APPEAL = Ready(lambda key: Appeal.filter(id=key).select_related("account", "account__resident"))
_EVENTS = Ready(
    lambda appeal: Event.filter(appeal_id=appeal).order_by("-id").limit(HISTORY).select_related("staff")
)
_PHOTOS = Ready(lambda appeal: Attachment.filter(appeal_id=appeal).order_by("id").limit(PHOTOS))
_SURVEYS = Ready(lambda appeal: Survey.filter(appeal_id=appeal).order_by("round"))
# To the one who filed it; what colleagues were told is no part of it.
_LETTERS = Ready(
    lambda appeal, account: (
        Outbox.filter(appeal_id=appeal, account_id=account)
        .exclude(kind__startswith="staff.")
        .order_by("-id")
        .limit(LETTERS)
    )
)
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
    appeal = await _APPEAL.one(appeal_id)
    if appeal is None or not await exists_for(actor, appeal):
        raise NotFound("appeal.not_found")
    account = appeal.account
    return Card(
        appeal=appeal,
        account=account,
        contacts=contacts(appeal, account, actor, () if polled else await looks.of_appeal(appeal_id)),
        events=tuple(reversed(await _EVENTS(appeal_id))),
        photos=tuple(await _PHOTOS(appeal_id)),
        letters=tuple(reversed(await _LETTERS(appeal_id, appeal.account_id))) if appeal.account_id else (),
        surveys=() if polled else tuple(await _SURVEYS(appeal_id)),
        co_executors=() if polled else await co_executors_of(appeal_id),
    )


async def since(appeal: Appeal, version: int) -> tuple[Event, ...]:
    """What happened after `version`, oldest first: an action is one version and one event; marks are none."""
    steps = min(appeal.version - version, HISTORY)
    if steps <= 0:
        return ()
    moves = Event.filter(appeal_id=appeal.id).exclude(verb__in=list(MARKS))
    newest = await moves.order_by("-id").limit(steps).select_related("staff")
    return tuple(reversed(newest))


async def own_uploads(staff_id: int, role: Role, ids: tuple[int, ...]) -> tuple[int, ...]:
    """Those of `ids` that this person uploaded and that belong to no appeal yet."""
    if not ids:
        return ()
    found = await Attachment.filter(
        id__in=ids, draft=upload_mark(staff_id), role=role, appeal_id=None, state=AttachmentState.STORED
    ).values_list("id", flat=True)
    return tuple(int(str(one)) for one in found)
