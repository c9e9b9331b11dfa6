"""What an executor's officer does to an appeal of theirs."""

from collections.abc import Collection

from tortoise.queryset import QuerySet

from core import db
from core.actions import notify
from core.actions.actor import Actor
from core.actions.checking import after_report
from core.actions.move import look_up, move, words
from core.city import City
from core.errors import Invalid
from core.models import Appeal, Attachment
from core.models.appeals import AttachmentKind, AttachmentState
from core.workflow import Status, Verb


async def start(city: City, appeal_id: int, actor: Actor, *, expected: int) -> Appeal:
    """Take it into work."""
    async with db.transaction():
        appeal, _ = await move(city, Verb.START, appeal_id, actor, expected=expected)
        await notify.resident(appeal, "started")
    return appeal


async def report(
    city: City,
    appeal_id: int,
    actor: Actor,
    *,
    expected: int,
    text: str,
    photos: tuple[int, ...] = (),
    wordless: bool = False,
) -> Appeal:
    """Say that it is done, with words and photos (ids of their own uploads, see `upload_mark`).

    `wordless`: the words are nobody's, the photos alone say it.

    No executor approves itself (KR 4.7): an operator confirms, or the resident alone where the category's
    policy leaves it to them, see checking.py. Invalid where the policy needs a photo and there is none.
    """
    text = words(text, key="report.needed")
    async with db.transaction():
        by = (await look_up(appeal_id, actor)).executor_id
        appeal, event = await move(
            city,
            Verb.REPORT,
            appeal_id,
            actor,
            expected=expected,
            text=text,
            data={"executor": by, "wordless": True} if wordless else {"executor": by},
            answer=text,
        )
        if photos:
            await uploads(actor, photos).update(appeal_id=appeal.id, event_id=event.id, draft="")
        if city.categories[appeal.category_id].needs_photo:
            shown = Attachment.filter(event_id=event.id, kind=AttachmentKind.PHOTO)
            if not await shown.exists():
                raise Invalid("photo.needed")
        appeal = await after_report(city, appeal, event)
        if appeal.status is Status.REPORTED:
            await notify.desk(appeal, "reported", occasion=str(event.id))
    return appeal


def uploads(actor: Actor, ids: Collection[int]) -> QuerySet[Attachment]:
    """Their own of these that belong to no appeal yet; one sent from a chat may still be at the platform."""
    own = Attachment.filter(id__in=list(ids), appeal_id=None, draft=upload_mark(actor.staff_id))
    return own.exclude(state=AttachmentState.REFUSED)


def upload_mark(staff_id: int | None) -> str:
    """Whose a photo is that was uploaded in the panel or sent from a chat, until its report is accepted."""
    return f"staff-{staff_id}"
