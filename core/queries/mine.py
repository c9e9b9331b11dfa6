"""What a resident sees of their appeals: those they filed, and those they joined."""

from collections import Counter
from dataclasses import dataclass

from core import db
from core.actions.actor import Actor
from core.actions.move import exists_for
from core.models import Appeal, Attachment, Event, Resident, Supporter, Survey
from core.models.appeals import AttachmentKind, AttachmentState
from core.workflow import Role, Status, Verb

PAGE = 6
PHOTOS = 10  # shown at most: as many as an album has
HISTORY = 200  # events looked through at most; the newest
TOLD_RESULT = frozenset({Status.RESOLVED, Status.CLOSED})


@dataclass(frozen=True, slots=True)
class Page:
    """`joined` are the ids of those that somebody else filed."""

    appeals: tuple[Appeal, ...]
    more: bool
    joined: frozenset[int] = frozenset()


async def page(actor: Actor, *, before: int | None = None) -> Page:
    """The newest appeals of the resident, or those older than `before` (an id)."""
    own = Appeal.filter(resident_id=actor.resident_id)
    # Of one that was merged further they follow what it was merged into.
    supports = Supporter.filter(resident_id=actor.resident_id).exclude(appeal__status=Status.DUPLICATE)
    if before is not None:
        last = min(max(0, before), db.LARGEST_ID)
        own, supports = own.filter(id__lt=last), supports.filter(appeal_id__lt=last)
    supported = await supports.order_by("-appeal_id").limit(PAGE + 1).select_related("appeal")
    joined = {supporter.appeal_id: supporter.appeal for supporter in supported}
    filed = {appeal.id: appeal for appeal in await own.order_by("-id").limit(PAGE + 1)}
    found = sorted((joined | filed).values(), key=lambda appeal: -appeal.id)
    return Page(tuple(found[:PAGE]), len(found) > PAGE, frozenset(joined.keys() - filed.keys()))


async def files(**of: int | str) -> dict[str, int]:
    """How many of each kind a resident sent, by `appeal_id` or `draft`; those refused don't count."""
    sent = Attachment.filter(role=Role.RESIDENT, **of).exclude(state=AttachmentState.REFUSED)
    kinds = await sent.order_by("id").values_list("kind", flat=True)
    return dict(Counter(AttachmentKind(str(kind)).value for kind in kinds))


async def by_number(actor: Actor, number: str) -> Appeal | None:
    """The resident's appeal of that number; None where there is none, or it is somebody else's."""
    appeal = await Appeal.get_or_none(number=number)
    return appeal if appeal is not None and await exists_for(actor, appeal) else None


async def follows(actor: Actor, appeal_id: int) -> bool:
    """Whether the resident filed it or joined it."""
    appeal = await Appeal.get_or_none(id=appeal_id)
    return appeal is not None and await exists_for(actor, appeal)


async def numbered(actor: Actor, digits: str) -> list[Appeal]:
    """The resident's appeals whose number ends so, zeros aside: «1234» is 26-001234 and 25-001234."""
    if not 0 < len(digits) <= len("001234"):
        return []
    of_each_year = [f"{year:02d}-{int(digits):06d}" for year in range(100)]  # by the index, unlike an ending
    found = await Appeal.filter(number__in=of_each_year).order_by("-id").limit(PAGE)
    return [appeal for appeal in found if await exists_for(actor, appeal)]


async def in_work(actor: Actor, limit: int = 2) -> list[Appeal]:
    """Those of the resident's appeals that are not done with, the newest first."""
    own = Appeal.filter(resident_id=actor.resident_id, open=True, account_id__not_isnull=True)
    supports = Supporter.filter(resident_id=actor.resident_id, appeal__open=True)
    supported = await supports.order_by("-appeal_id").limit(limit).select_related("appeal")
    found = {each.id: each for each in await own.order_by("-id").limit(limit)}
    found |= {supporter.appeal_id: supporter.appeal for supporter in supported}
    return sorted(found.values(), key=lambda appeal: -appeal.id)[:limit]


async def history(appeal: Appeal) -> list[Event]:
    """What happened to it, the oldest first; which of it a resident sees is not decided here."""
    newest = await Event.filter(appeal_id=appeal.id).order_by("-id").limit(HISTORY)
    return newest[::-1]


async def photos(actor: Actor, appeal: Appeal) -> tuple[int, ...]:
    """Ids of stored photos: those the resident sent and, once they were told of it, those of the result."""
    stored = Attachment.filter(
        appeal_id=appeal.id, state=AttachmentState.STORED, kind=AttachmentKind.PHOTO
    ).order_by("id")
    own = await stored.filter(role=Role.RESIDENT, account__resident_id=actor.resident_id)
    result: list[Attachment] = []
    if appeal.status in TOLD_RESULT:
        report = await Event.filter(appeal_id=appeal.id, verb=Verb.REPORT).order_by("-id").first()
        result = await stored.filter(event_id=report.id) if report else []
    shown = [photo.id for photo in (*own, *result)]
    return tuple(shown[-PHOTOS:])


async def stars(actor: Actor, appeal: Appeal) -> int | None:
    """How many this person has given to the last result; None where they gave none."""
    if actor.sees(appeal):
        survey = await Survey.get_or_none(appeal_id=appeal.id, round=appeal.reopen_count)
        return survey.stars if survey else None
    joined = await Supporter.get_or_none(appeal_id=appeal.id, resident_id=actor.resident_id)
    return joined.stars if joined else None


async def known_as(actor: Actor) -> tuple[str, str]:
    """The resident's name and address, as they once gave them; empty where they didn't."""
    resident = await Resident.get(id=actor.resident_id)
    return resident.name, resident.address
